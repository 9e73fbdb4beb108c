import { describe, expect, it } from 'vitest'
import type { DataTypeReader, Root } from '../../../src-main/engine/ports/data-type.ts'
import { driveReader, groupFilesDescriber, librariesDescriber } from '../../../src-main/graph/drive/reader.ts'
import { siteDrives } from '../../../src-main/graph/drive/site-drives.ts'
import { groupDrives } from '../../../src-main/graph/drive/user-drives.ts'
import { readHeld, type HeldType } from '../../support/adapter-round.ts'
import { signal, siteWorld, type SiteWorld } from '../site/site-fixture.ts'
import { pathsOf } from './reading-fixture.ts'

function librariesOf({ client }: SiteWorld, groups: readonly string[] = []): DataTypeReader {
  const hasGroup = (id: string): boolean => groups.includes(id)
  return driveReader(client, { folder: librariesDescriber.folder, drives: siteDrives(client, { hasGroup }) })
}

function filesOf({ client }: SiteWorld): DataTypeReader {
  return driveReader(client, { folder: groupFilesDescriber.folder, drives: groupDrives(client) })
}

function tops(held: HeldType): Readonly<Record<string, unknown>> {
  const drives = held.containers.filter(({ parentId }) => parentId === undefined)
  return Object.fromEntries(drives.map(({ name, properties }) => [name, properties['o365:DefaultDrive']]))
}

async function researchSite(world: SiteWorld): Promise<{ readonly root: Root; readonly papers: string }> {
  const { sites, drives } = world
  const { id } = sites.add({ path: 'sites/research', displayName: 'Research' })
  const papers = sites.addLibrary(id, 'Papers')
  drives.addFile(drives.ofSite(id)[0]?.id ?? '', 'a/one.txt', 'one')
  drives.addFile(papers, 'two.txt', 'two')
  return await Promise.resolve({ root: world.siteRoot(id), papers })
}

describe('the libraries of a site', () => {
  it('are read with all their files, the default one marked', async () => {
    const world = await siteWorld()
    const { root } = await researchSite(world)
    const held = await readHeld(librariesOf(world), root)
    expect(tops(held)).toEqual({ Documents: true, Papers: false })
    expect(pathsOf(held)).toEqual(['Documents/files/a/one.txt', 'Papers/files/two.txt'])
  })

  it('cost a request for all of them and one for each when nothing changed, all in one batch', async () => {
    const world = await siteWorld()
    const { root } = await researchSite(world)
    const reader = librariesOf(world)
    const first = await readHeld(reader, root)
    world.asked()
    const second = await readHeld(reader, root, first)
    expect(world.asked().toSorted()).toEqual([
      'GET drives/{drive}/items/{item}/delta',
      'GET drives/{drive}/items/{item}/delta',
      'GET sites/{site}/drives',
    ])
    expect(second.containers).toEqual(first.containers)
    expect(second.items).toEqual(first.items)
    await readHeld(reader, root, second)
    expect(world.requests()).toBe(1)
  })

  it('are followed when they come, are renamed, change and go', async () => {
    const world = await siteWorld()
    const { sites, drives } = world
    const { root, papers } = await researchSite(world)
    const reader = librariesOf(world)
    const first = await readHeld(reader, root)
    const plans = sites.addLibrary(root.id, 'Plans')
    drives.addFile(plans, 'three.txt', 'three')
    drives.edit(papers, 'two.txt', 'changed')
    const second = await readHeld(reader, root, first)
    expect(tops(second)).toEqual({ Documents: true, Papers: false, Plans: false })
    expect(pathsOf(second)).toContain('Plans/files/three.txt')
    drives.dropDrive(papers)
    const third = await readHeld(reader, root, second)
    expect(pathsOf(third)).toEqual(['Documents/files/a/one.txt', 'Plans/files/three.txt'])
  })

  it('leave out what is stored with the group, and nothing else of its site', async () => {
    const world = await siteWorld()
    const { sites, groups, drives } = world
    const group = groups.add({ displayName: 'Crew' })
    const { id } = sites.add({ path: 'sites/crew', displayName: 'Crew', group: group.id })
    const [files] = drives.ofSite(id)
    drives.addFile(files?.id ?? '', 'shared.txt', 'once')
    drives.addFile(sites.addLibrary(id, 'Further'), 'more.txt', 'more')
    const ofGroup = await readHeld(filesOf(world), { kind: 'group', id: group.id, name: 'crew' })
    expect(pathsOf(ofGroup)).toEqual(['Documents/files/shared.txt'])
    const reader = librariesOf(world, [group.id])
    const ofSite = await readHeld(reader, world.siteRoot(id))
    expect(pathsOf(ofSite)).toEqual(['Further/files/more.txt'])
    world.asked()
    const again = await readHeld(reader, world.siteRoot(id), ofSite)
    expect(world.asked()).toHaveLength(2)
    expect(pathsOf(again)).toEqual(['Further/files/more.txt'])
  })

  it('come back to the site when the group is not read any more, and leave it when it is', async () => {
    const world = await siteWorld()
    const { sites, groups, drives } = world
    const group = groups.add({ displayName: 'Crew' })
    const { id } = sites.add({ path: 'sites/crew', displayName: 'Crew', group: group.id })
    drives.addFile(drives.ofSite(id)[0]?.id ?? '', 'shared.txt', 'once')
    const root = world.siteRoot(id)
    const alone = await readHeld(librariesOf(world), root)
    expect(pathsOf(alone)).toEqual(['Documents/files/shared.txt'])
    const beside = await readHeld(librariesOf(world, [group.id]), root, alone)
    expect(pathsOf(beside)).toEqual([])
    const back = await readHeld(librariesOf(world), root, beside)
    expect(pathsOf(back)).toEqual(['Documents/files/shared.txt'])
  })

  it('do not keep each other from being read', async () => {
    const world = await siteWorld()
    const { root, papers } = await researchSite(world)
    const reader = librariesOf(world)
    const first = await readHeld(reader, root)
    world.simulator.faults.add({ kind: 'status', status: 500, match: { path: `${papers}/root/delta` } })
    const last = { containers: first.containers, cursor: first.listingCursor }
    const listing = await reader.containers(root, last, signal)
    const outcomes = await Promise.all(
      listing.containers.map(async (container) => {
        try {
          await Array.fromAsync(reader.changes(root, container, { cursor: 'listed' }, signal))
          return 'read'
        } catch (error) {
          return (error as { readonly code?: string }).code
        }
      }),
    )
    await reader.finished?.(root)
    // Said once, of the library itself; what is known of its folders stays.
    expect(outcomes.filter((outcome) => outcome !== 'read')).toEqual(['graph.service-failed'])
    expect(listing.containers.map(({ id }) => id)).toEqual(first.containers.map(({ id }) => id))
  })

  it('may be none', async () => {
    const world = await siteWorld()
    const { id } = world.sites.add({ path: 'sites/bare', displayName: 'Bare', library: false })
    const held = await readHeld(librariesOf(world), world.siteRoot(id))
    expect(held.containers).toEqual([])
    world.asked()
    await readHeld(librariesOf(world), world.siteRoot(id), held)
    expect(world.asked()).toEqual(['GET sites/{site}/drives'])
  })

  it.each([
    ['locked', 'graph.locked'],
    ['denied', 'graph.forbidden'],
    [undefined, 'graph.root-gone'],
  ] as const)('of a site that is %s are absent, at once', async (lock, code) => {
    const world = await siteWorld()
    const { root } = await researchSite(world)
    if (lock === undefined) world.sites.remove(root.id)
    else world.sites.lock(root.id, lock)
    world.asked()
    await expect(librariesOf(world).containers(root, undefined, signal)).rejects.toMatchObject({ code })
    expect(world.asked()).toHaveLength(1)
  })
})

describe('the files of a group', () => {
  it('are absent without a site', async () => {
    const world = await siteWorld()
    const { id } = world.groups.add({ displayName: 'Crew' })
    const listing = filesOf(world).containers({ kind: 'group', id, name: 'crew' }, undefined, signal)
    await expect(listing).rejects.toMatchObject({ code: 'graph.no-site' })
  })

  it('cost one request when nothing changed', async () => {
    const world = await siteWorld()
    const { id } = world.groups.add({ displayName: 'Crew' })
    world.sites.add({ path: 'sites/crew', displayName: 'Crew', group: id })
    const root: Root = { kind: 'group', id, name: 'crew' }
    const held = await readHeld(filesOf(world), root)
    world.asked()
    await readHeld(filesOf(world), root, held)
    expect(world.asked()).toEqual(['GET drives/{drive}/items/{item}/delta'])
  })
})
