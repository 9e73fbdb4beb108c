import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import { created, writes } from './outcomes.ts'
import { sideEffects } from './side-effects.ts'
import { closeTenants, restoreInto, snapshot, startSource, startTenant, type Tenant } from './tenants.ts'

let from: Tenant
let stored: BackupReport

beforeAll(async () => {
  from = await startSource()
  stored = await snapshot(from)
})

afterAll(closeTenants)

describe('everything, restored to the same user', () => {
  it('where it was, is there already: nothing is written but what had been deleted for good', async () => {
    from.simulator.log.clear()
    const restored = await restoreInto(from, from, stored)
    expect(created(restored).map((path) => path.split('/').slice(2, 4))).toEqual([['mailbox', 'Recoverable Items']])
    expect(restored.report.failures).toEqual([])
    expect(writes(from).map((route) => route.split('/').slice(2).join('/'))).toEqual([
      'mailFolders/{folder}/childFolders',
      'mailFolders/{folder}/messages',
    ])
    expect(sideEffects(from)).toEqual({})
  })

  it('into a folder for it, is made once, and nothing that was there is touched', async () => {
    const options = { targetFolder: 'Restored', onRequest: new Set<never>() }
    const before = await snapshot(from)
    const restored = await restoreInto(from, from, stored, options)
    expect(restored.report.failures).toEqual([])
    expect(sideEffects(from)).toEqual({})
    expect(created(await restoreInto(from, from, stored, options))).toEqual([])
    const { removed, unread, changed, items } = await snapshot(from)
    expect({ removed, unread, changed }).toEqual({ removed: 0, unread: [], changed: items - before.items })
  })
})

describe('everything, restored to somebody in another tenant', () => {
  it('without being asked for, changes no setting, profile or permission', async () => {
    const to = await startTenant('fabrikam.example')
    const options = { onRequest: new Set<never>(), people: () => undefined }
    const restored = await restoreInto(to, from, stored, options)
    expect(restored.report.failures).toEqual([])
    const left = restored.items.flatMap(({ path, outcome }) => (outcome.kind === 'skipped' ? [path.split('/')[2]] : []))
    expect(new Set(left)).toEqual(new Set(['chats', 'mailbox-settings', 'onedrive', 'profile']))
    expect(sideEffects(to)).toEqual({})
    const touching =
      /mailboxSettings|messageRules|calendarPermissions|invite|createLink|users\/\{user\}(\/photo\/\$value)?$/
    expect(writes(to).filter((route) => touching.test(route))).toEqual([])
    expect(created(await restoreInto(to, from, stored, options))).toEqual([])
  })

  it('whose mailbox speaks another language, goes into the folders of the same role', async () => {
    const to = await startTenant('fabrikam.example', {}, 'de')
    const restored = await restoreInto(to, from, stored)
    expect(restored.report.failures).toEqual([])
    expect(created(restored).length).toBe(stored.items - restored.report.skipped)
    const { tenant } = to.simulator
    const names = new Set(tenant.folders(to.root.name).map(({ displayName }) => displayName))
    expect(['Inbox', 'Sent Items', 'Drafts', 'Deleted Items'].filter((name) => names.has(name))).toEqual([])
    expect(tenant.messages(to.root.name, 'inbox').length).toBe(
      from.simulator.tenant.messages(from.root.name, 'inbox').length,
    )
    expect(created(await restoreInto(to, from, stored))).toEqual([])
  })
})
