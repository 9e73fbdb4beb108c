import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import type { TenantRestoreOptions } from '../../../src-main/engine/operations/restore/tenant-model.ts'
import { remarkTexts } from '../../../src-shared/text/restore-remarks.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { plannerState } from '../../support/graph-simulator/services/planner/state.ts'
import { created, writes } from '../everything/outcomes.ts'
import { sideEffects } from '../everything/side-effects.ts'
import { withNewRepository, type Restored } from '../everything/tenants.ts'
import {
  closeShared,
  restoreShared,
  rootNamed,
  snapshotShared,
  startSharedSource,
  startSharedTarget,
  type SharedTenant,
} from './tenants.ts'

const nothing = new Set<never>()

let from: SharedTenant
let stored: BackupReport

beforeAll(async () => {
  from = await startSharedSource()
  stored = await snapshotShared(from)
})

afterAll(closeShared)

/** Group and site, one after the other. */
async function restoreBoth(
  target: SharedTenant,
  name: string,
  options: Partial<TenantRestoreOptions> = {},
): Promise<readonly Restored[]> {
  const both: Restored[] = []
  for (const kind of ['group', 'site'] as const) {
    const roots = { of: await rootNamed(from, kind, 'engines'), into: await rootNamed(target, kind, name) }
    both.push(await restoreShared(target, from, stored, roots, options))
  }
  return both
}

function leftOut(all: readonly Restored[]): ReadonlySet<string> {
  const left = all.flatMap(({ items }) =>
    items.flatMap(({ path, outcome }) => {
      const type = /\/(group|mailbox|calendar|files|teams|planner|notes|site|libraries|lists|pages)\//.exec(path)?.[1]
      return outcome.kind === 'skipped' ? [`${type ?? ''} ${outcome.code}`] : []
    }),
  )
  return new Set(left)
}

/** What Graph takes back from nobody. */
const never = [
  'mailbox conversations-are-not-restorable',
  'lists list-folder-not-restored',
  'site site-settings-not-restored',
  'site site-schema-not-restored',
]

describe('a group and its site, restored to themselves', () => {
  it('where everything was, are there already: nothing is written', async () => {
    from.simulator.log.clear()
    const restored = await restoreBoth(from, 'engines')
    expect(restored.flatMap(created)).toEqual([])
    expect(restored.flatMap(({ report }) => report.failures)).toEqual([])
    expect(writes(from)).toEqual([])
    expect(leftOut(restored)).toEqual(new Set(never))
    expect(sideEffects(from)).toEqual({})
  })

  it('into a folder for it, are made once, and nothing that was there is touched', async () => {
    const options = { targetFolder: 'Restored', onRequest: nothing }
    const fresh = await withNewRepository(from)
    const before = await snapshotShared(fresh)
    const restored = await restoreBoth(from, 'engines', options)
    expect(restored.flatMap(({ report }) => report.failures)).toEqual([])
    expect(sideEffects(from)).toEqual({})
    expect((await restoreBoth(from, 'engines', options)).flatMap(created)).toEqual([])
    const { removed, unread } = await snapshotShared(fresh)
    expect({ removed, unread }).toEqual({ removed: 0, unread: [] })
    expect(before.unread).toEqual([])
  })
})

describe('a group and its site, restored into those of another tenant', () => {
  it('without being asked for, change no member, setting or permission, and nobody hears of it', async () => {
    const to = await startSharedTarget('fabrikam.example')
    const groups = groupDirectory(to.simulator.tenant)
    const { id } = await rootNamed(to, 'group', 'machines')
    groups.get(id)?.owners.add(to.simulator.tenant.users()[0]?.id ?? '')
    const options = { onRequest: nothing, people: () => undefined }
    const restored = await restoreBoth(to, 'machines', options)
    expect(restored.flatMap(({ report }) => report.failures)).toEqual([])
    expect(sideEffects(to)).toEqual({})
    expect(to.simulator.tenant.service(plannerState).notified).toBe(0)
    expect(groups.get(id)).toMatchObject({ displayName: 'Machines', members: new Set(), photo: undefined })
    const touching =
      /\$ref|\/photo|invite|createLink|sites\/\{site\}\/permissions|^PATCH (groups\/\{group\}|teams\/\{team\})$/
    expect(writes(to).filter((route) => touching.test(route))).toEqual([])
    expect(leftOut(restored)).toEqual(
      new Set([...never, 'group only-on-request', 'teams only-on-request', 'site only-on-request']),
    )
    expect((await restoreBoth(to, 'machines', options)).flatMap(created)).toEqual([])
  })

  it('by an application alone, lack the calendar, which Graph takes from people: it is said, and the rest is there', async () => {
    const to = await startSharedTarget('fabrikam.example', {}, 'app')
    const restored = await restoreBoth(to, 'machines')
    expect(restored.flatMap(({ report }) => report.failures)).toEqual([])
    expect(leftOut(restored)).toEqual(new Set([...never, 'calendar needs-signed-in-user']))
    expect(Object.keys(remarkTexts)).toContain('needs-signed-in-user')
    expect(restored.flatMap(created).filter((path) => path.includes('/planner/')).length).toBeGreaterThan(0)
  })
})
