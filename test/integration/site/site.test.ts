import { describe, expect, it } from 'vitest'
import type { OnRequest } from '../../../src-main/engine/ports/restore-target.ts'
import { siteDescriber, siteReader } from '../../../src-main/graph/site/reader.ts'
import { siteRestorer } from '../../../src-main/graph/site/restorer.ts'
import { readHeld, restoreHeld, type HeldType } from '../../support/adapter-round.ts'
import { signal, siteWorld, type SiteWorld } from './site-fixture.ts'

const application = { id: '89ea5c94-7736-4e25-95ad-3fa95f62b66e', displayName: 'Time Manager' }

function addSite({ sites }: SiteWorld): string {
  const { id } = sites.add({ path: 'sites/research', displayName: 'Research', description: 'All of it' })
  sites.addColumn(id, { name: 'Cost', number: { decimalPlaces: 'two' } })
  sites.addContentType(id, { name: 'Report' })
  sites.grant(id, { roles: ['read'], application })
  return id
}

const read = (world: SiteWorld, id: string, before?: HeldType): Promise<HeldType> =>
  readHeld(siteReader(world.client), world.siteRoot(id), before)

function itemOf(held: HeldType, id: string): HeldType['items'][number] | undefined {
  return held.items.find((item) => item.id === id)
}

async function outcomes(
  world: SiteWorld,
  id: string,
  held: HeldType,
  onRequest: readonly OnRequest[] = [],
): Promise<ReadonlyMap<string, unknown>> {
  const { client } = world
  const options = { onRequest: new Set(onRequest) }
  return await restoreHeld(siteRestorer(client), siteReader(client), held, world.siteRoot(id), options)
}

describe('what a site says of itself', () => {
  it('is read with its columns, content types and grants, in one batch', async () => {
    const world = await siteWorld()
    const id = addSite(world)
    world.simulator.log.clear()
    const held = await read(world, id)
    expect(world.requests()).toBe(1)
    expect(held.items.map((item) => item.id)).toEqual(['site', 'columns', 'contentTypes', 'permissions'])
    expect(itemOf(held, 'site')?.metadata).toMatchObject({
      'o365:Type': 'site',
      'o365:Name': 'Research',
      properties: { siteId: id, displayName: 'Research', description: 'All of it' },
    })
    const columns = JSON.parse(Buffer.from(itemOf(held, 'columns')?.content ?? []).toString()) as unknown
    expect(columns).toMatchObject([{ name: 'Cost', number: { decimalPlaces: 'two' } }])
    expect(itemOf(held, 'permissions')?.metadata).toMatchObject({
      properties: { value: [{ roles: ['read'], grantedToIdentitiesV2: [{ application }] }] },
    })
    expect(await siteDescriber.searchText(itemOf(held, 'site')?.metadata ?? {}, new Uint8Array(0))).toContain(
      'All of it',
    )
  })

  it('is the same again although something in the site was changed', async () => {
    const world = await siteWorld()
    const id = addSite(world)
    const first = await read(world, id)
    world.sites.touch(world.sites.known(id))
    const second = await read(world, id, first)
    for (const item of first.items) expect(itemOf(second, item.id)).toBe(item)
    world.sites.rename(id, 'Research and more')
    const third = await read(world, id, second)
    expect(itemOf(third, 'site')?.metadata).toMatchObject({ 'o365:Name': 'Research and more' })
    expect(itemOf(third, 'columns')).toBe(itemOf(first, 'columns'))
  })

  it('says that its library is stored with the group, if it is', async () => {
    const world = await siteWorld()
    const group = world.groups.add({ displayName: 'Crew' }).id
    const { id } = world.sites.add({ path: 'sites/crew', displayName: 'Crew', group })
    const noticesWith = async (
      groups: readonly string[],
      before?: HeldType,
    ): Promise<[HeldType, readonly string[]]> => {
      const reader = siteReader(world.client, { hasGroup: (one) => groups.includes(one) })
      const held = await readHeld(reader, world.siteRoot(id), before)
      return [held, siteDescriber.notices?.(itemOf(held, 'site')?.metadata ?? {}) ?? []]
    }
    const [held, alone] = await noticesWith([])
    expect(alone).toEqual([])
    expect(itemOf(held, 'site')?.metadata).toMatchObject({
      properties: { library: { name: 'Documents', owner: { group: { id: group } } } },
    })
    const [, beside] = await noticesWith([group], held)
    expect(beside).toEqual(['library-with-group'])
  })

  it('is complete without any library', async () => {
    const world = await siteWorld()
    const { id } = world.sites.add({ path: 'sites/bare', displayName: 'Bare', library: false })
    expect(itemOf(await read(world, id), 'site')?.metadata.properties).not.toHaveProperty('library')
  })

  it('has no grants where the sign-in may not see them, and asks for them once', async () => {
    const world = await siteWorld('contoso', { app: { roles: ['Sites.Read.All'] } })
    const [one, two] = [addSite(world), world.sites.add({ path: 'sites/two', displayName: 'Two' }).id]
    const reader = siteReader(world.client)
    const held = await readHeld(reader, world.siteRoot(one))
    await readHeld(reader, world.siteRoot(two))
    expect(held.items.map((item) => item.id)).toEqual(['site', 'columns', 'contentTypes'])
    expect(world.asked().filter((route) => route.endsWith('permissions'))).toHaveLength(1)
  })

  it('keeps the grants that it had when they are withheld later', async () => {
    const world = await siteWorld()
    const id = addSite(world)
    const first = await read(world, id)
    world.simulator.faults.add({ kind: 'status', status: 403, match: { route: 'sites/{site}/permissions' } })
    const second = await read(world, id, first)
    expect(itemOf(second, 'permissions')).toBe(itemOf(first, 'permissions'))
  })

  it('is not refreshed while Graph is in trouble', async () => {
    const world = await siteWorld()
    const id = addSite(world)
    world.simulator.faults.add({ kind: 'status', status: 500, match: { route: 'sites/{site}/columns' } })
    await expect(read(world, id)).rejects.toMatchObject({ code: 'graph.service-failed' })
  })

  it.each([
    ['locked', 'graph.locked'],
    ['denied', 'graph.forbidden'],
    [undefined, 'graph.root-gone'],
  ] as const)('is absent of a site that is %s', async (lock, code) => {
    const world = await siteWorld()
    const id = addSite(world)
    const root = world.siteRoot(id)
    if (lock === undefined) world.sites.remove(id)
    else world.sites.lock(id, lock)
    await expect(siteReader(world.client).containers(root, undefined, signal)).rejects.toMatchObject({ code })
  })

  it('can be read one by one', async () => {
    const world = await siteWorld()
    const id = addSite(world)
    const reader = siteReader(world.client)
    const again = await reader.item(world.siteRoot(id), 'columns', signal)
    expect(again).toMatchObject({ container: 'settings', properties: { id: 'columns', count: 1 } })
    await expect(reader.item(world.siteRoot(id), 'other', signal)).rejects.toMatchObject({ code: 'graph.not-found' })
  })
})

describe('a restore into a site', () => {
  it('changes nothing unless asked for, and says so', async () => {
    const world = await siteWorld()
    const held = await read(world, addSite(world))
    const other = await siteWorld('fabrikam')
    const id = other.sites.add({ path: 'sites/new', displayName: 'New' }).id
    expect(Object.fromEntries(await outcomes(other, id, held))).toEqual({
      site: { kind: 'skipped', code: 'site-settings-not-restored' },
      columns: { kind: 'skipped', code: 'site-schema-not-restored' },
      contentTypes: { kind: 'skipped', code: 'site-schema-not-restored' },
      permissions: { kind: 'skipped', code: 'only-on-request' },
    })
    expect(other.sites.known(id).displayName).toBe('New')
    expect(other.simulator.log.entries({ method: 'POST' }).filter(({ route }) => route.startsWith('sites'))).toEqual([])
  })

  it('gives applications their access when asked for, once', async () => {
    const world = await siteWorld()
    const held = await read(world, addSite(world))
    const id = world.sites.add({ path: 'sites/new', displayName: 'New' }).id
    const given = async (): Promise<unknown> => (await outcomes(world, id, held, ['permissions'])).get('permissions')
    expect(await given()).toMatchObject({ kind: 'created' })
    expect(world.sites.known(id).permissions).toMatchObject([{ roles: ['read'], application }])
    expect(await given()).toEqual({ kind: 'duplicate' })
    expect(world.sites.known(id).permissions).toHaveLength(1)
  })

  it('says which application Graph refused', async () => {
    const world = await siteWorld()
    const held = await read(world, addSite(world))
    const id = world.sites.add({ path: 'sites/new', displayName: 'New' }).id
    const match = { method: 'POST', route: 'sites/{site}/permissions' }
    world.simulator.faults.add({ kind: 'status', status: 400, match })
    const result = (await outcomes(world, id, held, ['permissions'])).get('permissions')
    expect(result).toEqual({ kind: 'skipped', code: 'site-grant-refused' })
  })
})
