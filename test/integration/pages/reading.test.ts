import { describe, expect, it } from 'vitest'
import { pagesDescriber, pagesReader } from '../../../src-main/graph/pages/reader.ts'
import { signal, siteWorld } from '../site/site-fixture.ts'
import { draft, pageNamed, readPages, siteWithPages, welcome } from './pages-fixture.ts'

describe('the pages of a site', () => {
  it('are read with layout and web parts, each by a request of its own', async () => {
    const world = await siteWorld()
    const id = siteWithPages(world)
    world.asked()
    const held = await readPages(world, id)
    expect(world.asked()).toEqual([
      'GET sites/{site}/pages',
      ...Array<string>(3).fill('GET sites/{site}/pages/{page}/sitePage'),
    ])
    const { metadata } = pageNamed(held, 'Welcome.aspx')
    expect(metadata).toMatchObject({
      'o365:Type': 'sitePage',
      'o365:Name': welcome.title,
      properties: { '@odata.type': '#microsoft.graph.sitePage', canvasLayout: welcome.canvasLayout },
    })
    const text = await pagesDescriber.searchText(metadata, new Uint8Array(0))
    for (const words of ['Welcome to Research', 'Where the instruments are', 'The lighthouse at night'])
      expect(text.split('\n')).toContain(words)
    expect(pagesDescriber.row(metadata, 0)).toMatchObject({
      name: expect.stringMatching(/^Welcome ~[a-z2-7]{10}$/) as string,
      title: welcome.title,
      from: 'Ada <ada@contoso.example>',
    })
  })

  it('cost one request when nothing changed, and one more for each that did', async () => {
    const world = await siteWorld()
    const id = siteWithPages(world)
    const first = await readPages(world, id)
    world.asked()
    const second = await readPages(world, id, first)
    expect(world.asked()).toEqual(['GET sites/{site}/pages'])
    expect(second.items).toEqual(first.items)
    const [page] = world.sites.pages(id)
    world.sites.editPage(id, page?.id ?? '', { title: 'Welcome, all' })
    world.asked()
    const third = await readPages(world, id, second)
    expect(world.asked()).toHaveLength(2)
    expect(pageNamed(third, 'Welcome.aspx').metadata).toMatchObject({ 'o365:Name': 'Welcome, all' })
    world.sites.deletePage(id, page?.id ?? '')
    expect((await readPages(world, id, third)).items).toHaveLength(2)
  })

  it('are listed page by page', async () => {
    const world = await siteWorld()
    const id = siteWithPages(world)
    world.sites.pagesPerListing = 2
    expect((await readPages(world, id)).items).toHaveLength(3)
  })

  it('do not keep each other from being read', async () => {
    const world = await siteWorld()
    const id = siteWithPages(world)
    const [page] = world.sites.pages(id)
    world.sites.breakPage(id, page?.id ?? '')
    const held = await readPages(world, id)
    expect([...held.unread.keys()]).toEqual([page?.id])
    expect(held.items).toHaveLength(2)
    expect(pageNamed(held, 'Plans.aspx').metadata).toMatchObject({ 'o365:Name': draft.title })
  })

  it('may be none at all', async () => {
    const world = await siteWorld()
    const { id } = world.sites.add({ path: 'sites/classic', displayName: 'Classic' })
    world.sites.known(id).hasPages = false
    expect((await readPages(world, id)).containers).toEqual([])
  })

  it.each([
    ['locked', 'graph.locked'],
    ['denied', 'graph.forbidden'],
    [undefined, 'graph.root-gone'],
  ] as const)('are absent of a site that is %s', async (lock, code) => {
    const world = await siteWorld()
    const id = siteWithPages(world)
    const root = world.siteRoot(id)
    if (lock === undefined) world.sites.remove(id)
    else world.sites.lock(id, lock)
    await expect(pagesReader(world.client).containers(root, undefined, signal)).rejects.toMatchObject({ code })
  })
})
