import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseGraphDestination } from '../../../src-main/destinations/graph-drive/urls.ts'
import type { EngineError } from '../../../src-main/engine/model/errors.ts'
import { errorSentence } from '../../../src-shared/text/errors.ts'
import { expectCode } from '../../support/destination-conformance.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/index.ts'
import { ada, adasToken, startScene, type DriveScene } from './graph-drive-fixture.ts'

const content = [Uint8Array.of(1, 2, 3)]
let scene: DriveScene

beforeEach(async () => {
  scene = await startScene()
})
afterEach(() => scene.close())

/** Writes a file through the URL and gives the paths of what is in the drive then. */
async function written(url: string, drive: string): Promise<readonly string[]> {
  const store = scene.store(parseGraphDestination(url).place)
  await store.prepare()
  await store.put('config', content)
  expect([...(await store.get('config'))]).toEqual([1, 2, 3])
  return scene.drives.dump(drive).map(({ path }) => path)
}

async function refused(url: string): Promise<EngineError> {
  return await expectCode(scene.store(parseGraphDestination(url).place).prepare(), 'store.no-drive')
}

function sentence({ code, context }: EngineError): string {
  return errorSentence(code, context)
}

describe('onedrivev2://', () => {
  it('finds a drive by its id, or as that of a user', async () => {
    const { user } = scene.ids
    expect(await written(`onedrivev2://One/C%23?drive-id=${user}`, user)).toContain('One/C#/config')
    expect(await written(`onedrivev2://Two?user=${ada}`, user)).toContain('Two/config')
  })

  it('finds the drive of whoever signed in', async () => {
    const client = scene.anotherClient({ token: () => adasToken(scene) })
    const store = scene.store(parseGraphDestination('onedrivev2://Mine').place, { client })
    await store.prepare()
    await store.put('config', content)
    expect(scene.drives.dump(scene.ids.user).map(({ path }) => path)).toContain('Mine/config')
  })

  it('says what is missing', async () => {
    expect((await refused('onedrivev2://B')).context.reason).toBe('nobody-signed-in')
    const unknown = await refused('onedrivev2://B?drive-id=b!nothing')
    expect(sentence(unknown)).toContain('There is no drive b!nothing')
    scene.drives.removeDrive(ada)
    expect((await refused(`onedrivev2://B?user=${ada}`)).context.reason).toBe('user-without-drive')
  })

  it('looks again after a search that failed', async () => {
    scene.simulator.faults.add({ kind: 'status', status: 500, count: 6 })
    const store = scene.store(parseGraphDestination(`onedrivev2://B?user=${ada}`).place)
    await expectCode(store.prepare(), 'store.unreachable')
    const cancelling = new AbortController()
    const cancelled = store.size('config', cancelling.signal)
    const other = store.prepare()
    cancelling.abort()
    await expectCode(cancelled, 'cancelled')
    await other
  })
})

describe('msgroup://', () => {
  it('finds a group by id, by address and by both', async () => {
    const { id, mail } = scene.group
    const email = encodeURIComponent(mail)
    expect(await written(`msgroup://One?group-id=${id}`, scene.ids.group)).toContain('One/config')
    expect(await written(`msgroup://Two?group-email=${mail}`, scene.ids.group)).toContain('Two/config')
    const upper = email.toUpperCase().replace('%2B', '%2b')
    expect(await written(`msgroup://Three?group-id=${id}&group-email=${upper}`, scene.ids.group)).toContain(
      'Three/config',
    )
  })

  it('finds a group by one of its further addresses', async () => {
    const groups = groupDirectory(scene.simulator.tenant)
    groups.set(scene.group.id, { proxyAddresses: ['SMTP:backups+1@contoso.example', "smtp:o'neil@contoso.example"] })
    expect(await written("msgroup://B?group-email=o'neil@contoso.example", scene.ids.group)).toContain('B/config')
  })

  it('names both when id and address lead to different groups', async () => {
    const other = groupDirectory(scene.simulator.tenant).add({ displayName: 'Other', mail: 'other@contoso.example' })
    const error = await refused(`msgroup://B?group-id=${scene.group.id}&group-email=other@contoso.example`)
    expect(error.context).toEqual({
      reason: 'groups-differ',
      groupId: scene.group.id,
      groupEmail: 'other@contoso.example',
      found: other.id,
    })
    for (const part of [scene.group.id, 'other@contoso.example', other.id]) expect(sentence(error)).toContain(part)
  })

  it('says which one is not there', async () => {
    const none = '00000000-0000-4000-8000-000000000000'
    expect(sentence(await refused(`msgroup://B?group-id=${none}`))).toContain(none)
    expect(sentence(await refused('msgroup://B?group-id=nonsense'))).toContain('nonsense')
    expect(sentence(await refused('msgroup://B?group-email=no@contoso.example'))).toContain('no@contoso.example')
    const half = await refused(`msgroup://B?group-id=${scene.group.id}&group-email=no@contoso.example`)
    expect([half.context.reason, half.context.group]).toEqual(['group-not-found', 'no@contoso.example'])
  })

  it('says that several fit, and takes the id to choose', async () => {
    const twin = groupDirectory(scene.simulator.tenant).add({ displayName: 'Twin', mail: scene.group.mail })
    const error = await refused(`msgroup://B?group-email=${scene.group.mail}`)
    expect(error.context.reason).toBe('group-ambiguous')
    for (const id of [twin.id, scene.group.id]) expect(sentence(error)).toContain(id)
    const both = `msgroup://B?group-email=${scene.group.mail}&group-id=${scene.group.id}`
    expect(await written(both, scene.ids.group)).toContain('B/config')
  })

  it('says that a group has no files', async () => {
    const group = groupDirectory(scene.simulator.tenant).add({ displayName: 'Security', unified: false })
    expect((await refused(`msgroup://B?group-id=${group.id}`)).context.reason).toBe('group-without-drive')
  })
})

describe('sharepoint://', () => {
  const host = 'sharepoint://contoso.sharepoint.com'

  it('finds site, library and folder in the path', async () => {
    const library = encodeURIComponent('Safe & sound #1')
    expect(await written(`${host}/sites/it/${library}/A/B`, scene.ids.library)).toContain('A/B/config')
    expect(await written(`${host}/SITES/It/${library.toLowerCase()}/C`, scene.ids.library)).toContain('C/config')
  })

  it('finds a library by the name that it has in addresses, in the root site and in subsites', async () => {
    const { tenant } = scene.simulator
    const sites = siteDirectory(tenant)
    const drives = (site: string): string => scene.drives.ofSite(site)[0]?.id ?? ''
    const root = sites.byPath('contoso.sharepoint.com', '') ?? sites.add({ path: '', displayName: 'Root' })
    const above = sites.byPath('contoso.sharepoint.com', 'sites/it')
    const sub = sites.add({ path: 'sites/it/sub', displayName: 'Sub', ...(above ? { parent: above.id } : {}) })
    expect(await written(`${host}/Documents/R`, drives(root.id))).toContain('R/config')
    expect(await written(`${host}/Shared%20Documents/S`, drives(root.id))).toContain('S/config')
    expect(await written(`${host}/sites/it/sub/Documents/T`, drives(sub.id))).toContain('T/config')
  })

  it('takes site-id and drive-id, which have to fit the path', async () => {
    const site = siteDirectory(scene.simulator.tenant).byPath('contoso.sharepoint.com', 'sites/it')?.id ?? ''
    const path = `${host}/sites/it/${encodeURIComponent('Safe & sound #1')}`
    expect(await written(`${path}/A?site-id=${site}`, scene.ids.library)).toContain('A/config')
    expect(await written(`${path}/B?drive-id=${scene.ids.library}`, scene.ids.library)).toContain('B/config')
    const differing = await refused(`${host}/sites/it/Documents/B?drive-id=${scene.ids.library}`)
    expect(differing.context.reason).toBe('library-differs')
    expect(sentence(differing)).toContain(scene.ids.library)
    expect((await refused(`${host}/sites/backups/Documents/B?site-id=${site}`)).context.reason).toBe('sites-differ')
    expect((await refused(`${path}/B?site-id=nonsense`)).context.reason).toBe('site-not-found')
    expect((await refused(`${path}/B?drive-id=nonsense`)).context.reason).toBe('drive-not-found')
  })

  it('says what is missing', async () => {
    expect(sentence(await refused(`${host}/sites/none/Documents/B`))).toContain(
      'no site contoso.sharepoint.com/sites/none',
    )
    const library = await refused(`${host}/sites/it/Nothing/B`)
    expect(sentence(library)).toContain('contoso.sharepoint.com/sites/it has no library "Nothing"')
    expect((await refused(`${host}/sites/it`)).context.reason).toBe('no-library-named')
  })
})
