import { describe, expect, it } from 'vitest'
import type { Root, UnlistedRoots } from '../../../src-main/engine/ports/data-type.ts'
import { createSiteLister } from '../../../src-main/graph/directory/sites.ts'
import { signal, siteWorld, type SiteWorld } from '../site/site-fixture.ts'

async function everything(world: SiteWorld): Promise<readonly (Root | UnlistedRoots)[]> {
  return await Array.fromAsync(createSiteLister(world.client, { tenant: 'contoso' }).roots(signal))
}

async function listed(world: SiteWorld): Promise<readonly Root[]> {
  const found = await everything(world)
  return found.filter((root): root is Root => !('unlisted' in root))
}

describe('the sites of a tenant', () => {
  it('are roots under host and path, subsites at every depth too, personal sites not', async () => {
    const world = await siteWorld()
    const { sites } = world
    sites.add({ path: '', displayName: 'Contoso' })
    const parent = sites.add({ path: 'sites/research', displayName: 'Research' }).id
    const sub = sites.add({ path: 'sites/research/lists', displayName: 'Called like a folder', parent }).id
    sites.add({ path: 'sites/research/lists/ä b', displayName: 'Deep', parent: sub })
    sites.add({ host: 'contoso-my.sharepoint.com', path: 'personal/ada', displayName: 'Ada', personal: true })
    const roots = await listed(world)
    expect(roots.map(({ name }) => name)).toEqual([
      'contoso.sharepoint.com',
      'contoso.sharepoint.com/sites/research',
      expect.stringMatching(/^contoso\.sharepoint\.com\/sites\/research\/lists ~[a-z2-7]{10}$/),
      expect.stringMatching(/^contoso\.sharepoint\.com\/sites\/research\/lists ~[a-z2-7]{10}\/ä b$/),
    ])
    expect(roots[1]).toMatchObject({ kind: 'site', id: parent, properties: { displayName: 'Research' } })
  })

  it('are listed once where the listing has subsites, page by page', async () => {
    const world = await siteWorld()
    const { sites } = world
    sites.listsSubsites = true
    sites.pageSize = 2
    const parent = sites.add({ path: 'sites/a', displayName: 'A' }).id
    for (const name of ['b', 'c', 'd']) sites.add({ path: `sites/a/${name}`, displayName: name, parent })
    expect((await listed(world)).map(({ properties }) => properties?.displayName)).toEqual(['A', 'b', 'c', 'd'])
  })

  it('include a locked one, and say that nobody knows what is below it', async () => {
    const world = await siteWorld()
    const { sites } = world
    const locked = sites.add({ path: 'sites/locked', displayName: 'Locked' }).id
    sites.add({ path: 'sites/locked/below', displayName: 'Below', parent: locked })
    sites.add({ path: 'sites/open', displayName: 'Open' })
    sites.lock(locked, 'locked')
    const names = (await listed(world)).map(({ name }) => name)
    expect(names).toEqual(['contoso.sharepoint.com/sites/locked', 'contoso.sharepoint.com/sites/open'])
    expect((await everything(world)).filter((one) => 'unlisted' in one)).toEqual([
      { unlisted: 'site', below: 'contoso.sharepoint.com/sites/locked', code: 'graph.locked' },
    ])
  })

  it('are not said to be gone when their listing fails', async () => {
    const world = await siteWorld('contoso', {
      faults: [{ kind: 'status', status: 500, match: { route: 'sites/{site}/sites' } }],
    })
    world.sites.add({ path: 'sites/a', displayName: 'A' })
    await expect(listed(world)).rejects.toMatchObject({ code: 'graph.service-failed' })
  })

  it('cost a request for twenty of them, and the listing', async () => {
    const world = await siteWorld()
    for (let number = 0; number < 45; number += 1)
      world.sites.add({ path: `sites/${String(number)}`, displayName: `Site ${String(number)}` })
    world.simulator.log.clear()
    expect(await listed(world)).toHaveLength(45)
    expect(world.requests()).toBe(1 + 3)
  })
})

describe('one site', () => {
  it('is found by id, by address and by name', async () => {
    const world = await siteWorld()
    const { sites, client } = world
    const root = sites.add({ path: '', displayName: 'Contoso' }).id
    const { id } = sites.add({ path: 'sites/lists/ä b', displayName: 'Research' })
    sites.add({ path: 'sites/other', displayName: 'Research and more' })
    const lister = createSiteLister(client, { tenant: 'contoso' })
    const [, name] = (await listed(world)).map((site) => site.name)
    const ways = [
      id,
      id.split(',')[1] ?? '',
      'https://contoso.sharepoint.com/sites/lists/%C3%A4%20b',
      name ?? '',
      'research',
    ]
    for (const way of ways) expect([way, (await lister.root(way, signal)).id]).toEqual([way, id])
    expect((await lister.root('https://contoso.sharepoint.com', signal)).id).toBe(root)
  })

  it('is not guessed', async () => {
    const world = await siteWorld()
    world.sites.add({ path: 'sites/a', displayName: 'Twice' })
    world.sites.add({ path: 'sites/b', displayName: 'Twice' })
    const lister = createSiteLister(world.client, { tenant: 'contoso' })
    const found = 'contoso.sharepoint.com/sites/a, contoso.sharepoint.com/sites/b'
    await expect(lister.root('twice', signal)).rejects.toMatchObject({
      code: 'restore.target-ambiguous',
      context: { found },
    })
    for (const missing of ['nobody', 'https://contoso.sharepoint.com/sites/c', ''])
      await expect(lister.root(missing, signal)).rejects.toMatchObject({ code: 'restore.target-not-found' })
  })
})
