import { describe, expect, it } from 'vitest'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import type { RestoreOptions } from '../../../src-main/engine/ports/restore-target.ts'
import type { DriveRestorer } from '../../../src-main/graph/drive/restorer.ts'
import { driveReader, groupFilesDescriber, librariesDescriber } from '../../../src-main/graph/drive/reader.ts'
import { driveRestorer } from '../../../src-main/graph/drive/restorer.ts'
import { siteDrives } from '../../../src-main/graph/drive/site-drives.ts'
import { siteDriveId, siteLibraries } from '../../../src-main/graph/drive/site-libraries.ts'
import { groupDriveId, groupDrives } from '../../../src-main/graph/drive/user-drives.ts'
import { plainRestore, readHeld, restoreHeld, type HeldType } from '../../support/adapter-round.ts'
import { signal, siteWorld, type SiteWorld } from '../site/site-fixture.ts'
import { pathsOf, textOf } from './reading-fixture.ts'

const folder = librariesDescriber.folder

function restorerOf({ client }: SiteWorld): DriveRestorer {
  return driveRestorer(client, { folder, drive: siteDriveId(client), library: siteLibraries(client) })
}

async function read(world: SiteWorld, id: string, before?: HeldType): Promise<HeldType> {
  const { client } = world
  return await readHeld(driveReader(client, { folder, drives: siteDrives(client) }), world.siteRoot(id), before)
}

async function restore(
  world: SiteWorld,
  id: string,
  held: HeldType,
  options: Partial<RestoreOptions> = {},
): Promise<Readonly<Record<string, number>>> {
  const { client } = world
  const reader = driveReader(client, { folder, drives: siteDrives(client) })
  const outcomes = await restoreHeld(restorerOf(world), reader, held, world.siteRoot(id), options)
  return Object.fromEntries(
    [...Map.groupBy(outcomes.values(), ({ kind }) => kind)].map(([kind, all]) => [kind, all.length]),
  )
}

interface Source {
  readonly world: SiteWorld
  readonly site: string
  readonly held: HeldType
}

async function source(): Promise<Source> {
  const world = await siteWorld()
  const { sites, drives } = world
  const site = sites.add({ path: 'sites/research', displayName: 'Research' }).id
  const [main] = drives.ofSite(site)
  const papers = sites.addLibrary(site, 'Papers')
  drives.addFile(main?.id ?? '', 'a/one.txt', 'one', { lastModifiedDateTime: '2020-01-02T03:04:05Z' })
  drives.addFile(papers, '2020/two.txt', 'two')
  drives.addFile(papers, 'a/one.txt', 'another one')
  return { world, site, held: await read(world, site) }
}

/** Files by path with their contents and times. */
function contents(held: HeldType): Readonly<Record<string, unknown>> {
  const texts = held.items.map((item) =>
    JSON.stringify([item.metadata['o365:LastModifiedDateTime'], textOf(item.content)]),
  )
  return { paths: pathsOf(held), texts: texts.sort() }
}

describe('libraries of a site', () => {
  it('come back into libraries of their names in an empty site of another tenant', async () => {
    const { held } = await source()
    const target = await siteWorld('fabrikam')
    const { id } = target.sites.add({ path: 'sites/new', displayName: 'New' })
    expect(await restore(target, id, held, { targetFolder: '/' })).toEqual({ created: 3 })
    const back = await read(target, id)
    expect(contents(back)).toEqual(contents(held))
    expect(target.drives.ofSite(id).map(({ name }) => name)).toEqual(['Documents', 'Papers'])
    expect(await restore(target, id, held, { targetFolder: '/' })).toEqual({ duplicate: 3 })
    expect(contents(await read(target, id, back))).toEqual(contents(held))
    expect(target.drives.sharingMails).toBe(0)
  })

  it('come back into a folder of the default library, the further ones below their names', async () => {
    const { world, site, held } = await source()
    expect(await restore(world, site, held)).toEqual({ created: 3 })
    const [main, papers] = world.drives.ofSite(site)
    const paths = world.drives.dump(main?.id ?? '').map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['Restored/a/one.txt', 'Restored/Papers/2020/two.txt']))
    expect(world.drives.dump(papers?.id ?? '').map(({ path }) => path)).not.toContain('Restored')
    expect(await restore(world, site, held)).toEqual({ duplicate: 3 })
  })

  it('are only looked for in a dry run', async () => {
    const { held } = await source()
    const target = await siteWorld('fabrikam')
    const { id } = target.sites.add({ path: 'sites/new', displayName: 'New' })
    target.simulator.log.clear()
    expect(await restore(target, id, held, { targetFolder: '/', dryRun: true })).toEqual({ created: 3 })
    const methods = target.simulator.log.entries({ path: '/v1.0' }).map(({ method }) => method)
    expect(new Set(methods)).toEqual(new Set(['GET']))
  })

  it('are made although nothing is in them', async () => {
    const target = await siteWorld('fabrikam')
    const { id } = target.sites.add({ path: 'sites/new', displayName: 'New' })
    const restorer = restorerOf(target)
    const options = { ...plainRestore, targetFolder: '/' }
    const top = await restorer.begin(target.siteRoot(id), options, signal)
    const metadata = { 'o365:Id': 'b!1', 'o365:Name': 'Empty', 'o365:DefaultDrive': false, properties: {} }
    const places = [1, 2].map(() => restorer.container(top, { dirName: 'Empty', metadata }, signal))
    expect(new Set((await Promise.all(places)).map((place) => place.id)).size).toBe(1)
    expect(target.drives.ofSite(id).map(({ name }) => name)).toEqual(['Documents', 'Empty'])
  })

  it('are made once although the answer got lost', async () => {
    const { held } = await source()
    const target = await siteWorld('fabrikam', {
      faults: [{ kind: 'reset-after', match: { method: 'POST', route: 'sites/{site}/lists' }, count: 1 }],
    })
    const { id } = target.sites.add({ path: 'sites/new', displayName: 'New' })
    expect(await restore(target, id, held, { targetFolder: '/' })).toEqual({ created: 3 })
    expect(target.drives.ofSite(id).map(({ name }) => name)).toEqual(['Documents', 'Papers'])
  })

  it('stay two where the target has a list of the name', async () => {
    const { held } = await source()
    const target = await siteWorld('fabrikam')
    const { id } = target.sites.add({ path: 'sites/new', displayName: 'New' })
    await target.client.json({
      method: 'POST',
      path: `/sites/${id}/lists`,
      body: { displayName: 'papers', list: { template: 'genericList' } },
      pool: { kind: 'drive' },
      signal,
    })
    expect(await restore(target, id, held, { targetFolder: '/' })).toEqual({ created: 3 })
    expect(target.drives.ofSite(id).map(({ name }) => name)).toEqual(['Documents', 'Papers (2)'])
    // The next restore looks for the same place again.
    expect(await restore(target, id, held, { targetFolder: '/' })).toEqual({ duplicate: 3 })
  })
})

describe('the files of a group', () => {
  it('come back into a group of another tenant', async () => {
    const world = await siteWorld()
    const group = world.groups.add({ displayName: 'Crew' }).id
    const site = world.sites.add({ path: 'sites/crew', displayName: 'Crew', group }).id
    world.drives.addFile(world.drives.ofSite(site)[0]?.id ?? '', 'a/one.txt', 'one')
    const target = await siteWorld('fabrikam')
    const there = target.groups.add({ displayName: 'New crew' }).id
    target.sites.add({ path: 'sites/newcrew', displayName: 'New crew', group: there })
    const { folder: files } = groupFilesDescriber
    const [from, to] = [world, target].map(({ client }) =>
      driveReader(client, { folder: files, drives: groupDrives(client) }),
    )
    if (from === undefined || to === undefined) throw new Error('no readers')
    const held = await readHeld(from, { kind: 'group', id: group, name: 'crew' })
    const restorer = driveRestorer(target.client, { folder: files, drive: groupDriveId(target.client) })
    const root: Root = { kind: 'group', id: there, name: 'new' }
    const outcomes = await restoreHeld(restorer, from, held, root, { targetFolder: '/' })
    expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(['created'])
    expect(contents(await readHeld(to, root))).toEqual(contents(held))
  })
})
