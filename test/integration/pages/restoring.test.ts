import { describe, expect, it } from 'vitest'
import type { ItemOutcome, RestoreOptions } from '../../../src-main/engine/ports/restore-target.ts'
import { pagesReader } from '../../../src-main/graph/pages/reader.ts'
import { pagesRestorer } from '../../../src-main/graph/pages/restorer.ts'
import { restoreHeld, type HeldType } from '../../support/adapter-round.ts'
import type { StoredPage } from '../../support/graph-simulator/services/sites/index.ts'
import { siteWorld, type SiteWorld } from '../site/site-fixture.ts'
import { draft, layoutWith, readPages, siteWithPages, welcome } from './pages-fixture.ts'

async function restore(
  world: SiteWorld,
  id: string,
  held: HeldType,
  options: Partial<RestoreOptions> = {},
): Promise<readonly ItemOutcome[]> {
  const { client } = world
  const outcomes = await restoreHeld(pagesRestorer(client), pagesReader(client), held, world.siteRoot(id), options)
  return [...outcomes.values()]
}

const kinds = (outcomes: readonly ItemOutcome[]): readonly string[] => outcomes.map(({ kind }) => kind)

const remarks = (outcome: ItemOutcome | undefined): readonly string[] =>
  outcome !== undefined && 'remarks' in outcome ? (outcome.remarks ?? []).map(({ code }) => code) : []

async function snapshot(): Promise<HeldType> {
  const world = await siteWorld()
  return await readPages(world, siteWithPages(world))
}

async function emptySite(faults: Parameters<typeof siteWorld>[1] = {}): Promise<{ world: SiteWorld; id: string }> {
  const world = await siteWorld('fabrikam', faults)
  return { world, id: world.sites.add({ path: 'sites/new', displayName: 'New' }).id }
}

/**
 * Not compared: id, eTag and version, addresses, times and people, which the server gives (Graph takes none of them); the
 * publishing state, since pages come back as drafts.
 */
function comparable(page: StoredPage): object {
  const { id: _id, version: _version, createdAt: _created, modifiedAt: _modified, ...rest } = page
  const { createdBy: _createdBy, modifiedBy: _modifiedBy, isPublished: _published, ...compared } = rest
  return compared
}

describe('pages', () => {
  it('come back into an empty site of another tenant as they were, as drafts', async () => {
    const source = await siteWorld()
    const from = siteWithPages(source)
    const held = await readPages(source, from)
    const { world, id } = await emptySite()
    const outcomes = await restore(world, id, held, { targetFolder: '/' })
    expect(kinds(outcomes)).toEqual(['created', 'created', 'created'])
    expect(remarks(outcomes[0])).toEqual(['page-restored-as-draft', 'page-parts-point-to-source'])
    expect(world.sites.pages(id).map(comparable)).toEqual(source.sites.pages(from).map(comparable))
    expect(world.sites.pages(id).every(({ isPublished }) => !isPublished)).toBe(true)
  })

  it('are made once, by the second restore and by one into the site that they come from', async () => {
    const source = await siteWorld()
    const from = siteWithPages(source)
    const held = await readPages(source, from)
    expect(kinds(await restore(source, from, held))).toEqual(['duplicate', 'duplicate', 'duplicate'])
    const { world, id } = await emptySite()
    await restore(world, id, held)
    expect(kinds(await restore(world, id, held))).toEqual(['duplicate', 'duplicate', 'duplicate'])
    expect(world.sites.pages(id)).toHaveLength(3)
  })

  it('come back after an incremental reading, too', async () => {
    const source = await siteWorld()
    const from = siteWithPages(source)
    const first = await readPages(source, from)
    const [page] = source.sites.pages(from)
    source.sites.editPage(from, page?.id ?? '', { canvasLayout: layoutWith('<p>Changed</p>') })
    const held = await readPages(source, from, first)
    const { world, id } = await emptySite()
    await restore(world, id, held)
    const byName = (one: object, other: object): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)
    const [there, here] = [world.sites.pages(id), source.sites.pages(from)].map((all) =>
      all.map(comparable).sort(byName),
    )
    expect(there).toEqual(here)
  })

  it('keep what is there: a page of the name that shows something else stays', async () => {
    const held = await snapshot()
    const { world, id } = await emptySite()
    world.sites.addPage(id, { ...welcome, canvasLayout: layoutWith('<p>Something else</p>') })
    const outcomes = await restore(world, id, held)
    expect(kinds(outcomes)).toEqual(['created', 'created', 'created'])
    expect(remarks(outcomes[0])).toContain('name-taken')
    const names = world.sites.pages(id).map(({ name }) => name)
    expect(names).toEqual(['Welcome.aspx', 'Welcome (restored).aspx', 'Plans.aspx', 'News.aspx'])
    expect(kinds(await restore(world, id, held))).toEqual(['duplicate', 'duplicate', 'duplicate'])
  })

  it('are only looked for in a dry run', async () => {
    const held = await snapshot()
    const { world, id } = await emptySite()
    world.sites.addPage(id, draft)
    expect(kinds(await restore(world, id, held, { dryRun: true }))).toEqual(['created', 'duplicate', 'created'])
    expect(world.sites.pages(id)).toHaveLength(1)
  })

  it('are made again, beside those that are there, when existing ones are to be ignored', async () => {
    const held = await snapshot()
    const { world, id } = await emptySite()
    await restore(world, id, held)
    expect(kinds(await restore(world, id, held, { ignoreExisting: true }))).toEqual(['created', 'created', 'created'])
    expect(world.sites.pages(id)).toHaveLength(6)
  })

  it.each(['reset-after', 'done-but-failed'] as const)(
    'are made once although the answer got lost (%s)',
    async (kind) => {
      const held = await snapshot()
      const match = { method: 'POST', route: 'sites/{site}/pages' }
      const { world, id } = await emptySite({ faults: [{ kind, match, perPath: 2, status: 500 }] })
      expect(kinds(await restore(world, id, held))).toEqual(['created', 'created', 'created'])
      expect(world.sites.pages(id)).toHaveLength(3)
    },
  )

  it('lose their title area where Graph does not take it, and say so', async () => {
    const held = await snapshot()
    const match = { method: 'POST', route: 'sites/{site}/pages' }
    const { world, id } = await emptySite({ faults: [{ kind: 'status', match, status: 400, count: 1 }] })
    const outcomes = await restore(world, id, held)
    expect(remarks(outcomes[0])).toContain('page-title-area-lost')
    expect(world.sites.pages(id)[0]).toMatchObject({ title: welcome.title, titleArea: undefined })
  })

  it('that Graph does not make are left out, as all are where there is no place for them', async () => {
    const source = await siteWorld()
    const from = siteWithPages(source)
    source.sites.addPage(from, { name: 'System.aspx', title: 'System', pageLayout: 'microsoftReserved' })
    const held = await readPages(source, from)
    const { world, id } = await emptySite()
    expect((await restore(world, id, held)).at(-1)).toEqual({ kind: 'skipped', code: 'page-kind-not-restored' })
    world.sites.known(id).hasPages = false
    expect((await restore(world, id, held))[0]).toEqual({ kind: 'skipped', code: 'site-without-pages' })
  })

  it('say that the site is gone or locked', async () => {
    const held = await snapshot()
    const { world, id } = await emptySite()
    world.sites.lock(id, 'read-only')
    expect((await restore(world, id, held))[0]).toMatchObject({ kind: 'failed', code: 'graph.locked' })
    const root = world.siteRoot(id)
    world.sites.remove(id)
    const restored = restoreHeld(pagesRestorer(world.client), pagesReader(world.client), held, root)
    await expect(restored).rejects.toMatchObject({ code: 'graph.root-gone' })
  })
})
