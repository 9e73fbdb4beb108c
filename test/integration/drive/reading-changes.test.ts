import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readHeld, type HeldType } from '../../support/adapter-round.ts'
import {
  ada,
  closeWorlds,
  comparable,
  itemNamed,
  pathsOf,
  read,
  requestsOf,
  signal,
  startDriveWorld,
  textOf,
  type DriveWorld,
} from './reading-fixture.ts'

const deltaRoute = 'GET drives/{drive}/items/{item}/delta'

async function seeded(): Promise<DriveWorld> {
  const world = await startDriveWorld()
  for (const path of ['a.txt', 'One/b.txt', 'One/Two/c.txt', 'One/Two/Three/d.txt', 'Other/e.txt'])
    world.drives.addFile(ada, path, `text of ${path}`)
  return world
}

/** The next run's reading is what a reading from the start would be; gives the contents that it read. */
async function followed(
  world: DriveWorld,
  before: HeldType,
): Promise<{ held: HeldType; contents: number; requests: number }> {
  const { result: held, requests } = await requestsOf(world, () => read(world, before))
  expect(comparable(held)).toEqual(comparable(await read(world)))
  const contents = requests.filter((request) => request.endsWith('/download')).length
  return { held, contents, requests: requests.length }
}

describe('changes of a drive', () => {
  it('new, edited, renamed, moved and deleted files', async () => {
    const world = await seeded()
    const { drives } = world
    let held = await read(world)
    const steps: readonly [() => void, number][] = [
      [() => drives.addFile(ada, 'One/new.txt', 'new'), 1],
      [
        () => {
          drives.edit(ada, 'One/b.txt', 'edited')
        },
        1,
      ],
      [
        () => {
          drives.rename(ada, 'One/b.txt', 'B renamed.txt')
        },
        0,
      ],
      [
        () => {
          drives.move(ada, 'One/B renamed.txt', 'Other')
        },
        0,
      ],
      [
        () => {
          drives.delete(ada, 'Other/B renamed.txt')
        },
        0,
      ],
      [
        () => {
          drives.delete(ada, 'a.txt', { permanent: true })
        },
        0,
      ],
      [
        () => {
          drives.setFacets(ada, 'Other/e.txt', {}, 'described')
        },
        0,
      ],
    ]
    for (const [step, contents] of steps) {
      step()
      const after = await followed(world, held)
      expect(after).toMatchObject({ contents, requests: contents + 1 })
      held = after.held
    }
    expect(pathsOf(held)).toEqual([
      'OneDrive/files/One/Two/Three/d.txt',
      'OneDrive/files/One/Two/c.txt',
      'OneDrive/files/One/new.txt',
      'OneDrive/files/Other/e.txt',
    ])
  })

  it('a renamed or moved folder costs the listing and nothing else, however much is in it', async () => {
    const world = await seeded()
    world.drives.addFiles(ada, 'One/Many', { count: 300, size: 10 })
    const before = await read(world)
    world.drives.rename(ada, 'One', 'Uno')
    const renamed = await followed(world, before)
    expect(renamed).toMatchObject({ contents: 0, requests: 1 })
    world.drives.move(ada, 'Uno', 'Other')
    const moved = await followed(world, renamed.held)
    expect(moved).toMatchObject({ contents: 0, requests: 1 })
    expect(pathsOf(moved.held)).toContain('OneDrive/files/Other/Uno/Two/Three/d.txt')
  })

  it('folders that are deleted, emptied, made anew and moved into each other at the same time', async () => {
    const world = await seeded()
    const { drives } = world
    const before = await read(world)
    drives.move(ada, 'One/Two/Three', 'Other')
    drives.delete(ada, 'One')
    drives.addFile(ada, 'One/Two/c.txt', 'another one')
    drives.move(ada, 'Other/Three', 'One/Two')
    drives.rename(ada, 'Other', 'One more')
    drives.move(ada, 'One', 'One more')
    const { held, contents } = await followed(world, before)
    expect(contents).toBe(1)
    expect(pathsOf(held)).toEqual([
      'OneDrive/files/One more/One/Two/Three/d.txt',
      'OneDrive/files/One more/One/Two/c.txt',
      'OneDrive/files/One more/e.txt',
      'OneDrive/files/a.txt',
    ])
  })

  it('whatever the delta says of the children of deleted folders', async () => {
    for (const deletedChildren of ['all', 'none', 'some'] as const) {
      const world = await seeded()
      world.drives.behave(ada, { deletedChildren })
      const before = await read(world)
      world.drives.move(ada, 'One/Two/c.txt', '')
      world.drives.delete(ada, 'One')
      const { held } = await followed(world, before)
      expect(pathsOf(held)).toEqual(['OneDrive/files/Other/e.txt', 'OneDrive/files/a.txt', 'OneDrive/files/c.txt'])
    }
  })

  it('with small pages, empty ones and repeated entries, and changes while it is read', async () => {
    const world = await startDriveWorld({ delta: { emptyPageEvery: 2, repeatEvery: 1 } })
    world.drives.addFiles(ada, 'Many', { count: 2_500, size: 3 })
    let pages = 0
    const listing = world.reader.containers(world.root, undefined, signal)
    const entries = world.simulator.log
    while (entries.count({ route: 'drives/{drive}/items/{item}/delta' }) < 1) await new Promise(setImmediate)
    world.drives.rename(ada, 'Many', 'More')
    world.drives.delete(ada, 'More/000003.bin')
    const { containers } = await listing
    const folder = containers.find(({ name }) => name === 'More')
    let files = 0
    for await (const page of world.reader.changes(
      world.root,
      folder ?? { id: '', parentId: '', name: '', properties: {} },
      {},
      signal,
    )) {
      pages++
      files += page.changes.length
    }
    await world.reader.finished?.(world.root)
    expect(folder?.items).toBe(2_499)
    expect({ files, pages: pages > 10 }).toEqual({ files: 2_499, pages: true })
  })

  it('a dead cursor means listing everything, and reading nothing that is known', async () => {
    const world = await seeded()
    const before = await read(world)
    world.drives.delete(ada, 'One/b.txt')
    world.drives.addFile(ada, 'One/f.txt', 'new')
    world.drives.breakCursors(ada)
    const last = { containers: before.containers, cursor: before.listingCursor }
    const listing = await world.reader.containers(world.root, last, signal)
    for (const container of listing.containers) {
      const pages = world.reader.changes(world.root, container, { cursor: 'listed' }, signal)
      await expect(pages[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'graph.cursor-lost' })
    }
    const { result, requests } = await requestsOf(world, () => read(world, { ...before, cursors: new Map() }))
    expect(comparable(result)).toEqual(comparable(await read(world)))
    expect(requests.filter((request) => request.endsWith('/download'))).toHaveLength(1)
    expect(requests.filter((request) => request === deltaRoute)).toHaveLength(2)
  })

  it('a folder whose reading was interrupted is asked for when the listing does not repeat it', async () => {
    const world = await seeded()
    const before = await read(world)
    world.drives.edit(ada, 'One/Two/c.txt', 'edited')
    const cursors = new Map([...before.cursors].filter(([id]) => !isFolder(before, id, 'One')))
    const { result, requests } = await requestsOf(world, () => read(world, { ...before, cursors }))
    expect(comparable(result)).toEqual(comparable(await read(world)))
    expect(requests.filter((request) => request === 'GET drives/{drive}/items/{item}/children')).toHaveLength(1)
    expect(textOf(itemNamed(result, 'c.txt').content)).toBe('edited')
  })

  it('goes on after a run that never came to its end', async () => {
    const world = await seeded()
    const before = await read(world)
    world.drives.addFile(ada, 'Brand new/f.txt', 'new')
    world.drives.rename(ada, 'Other', 'Else')
    const cut = await readHeld(world.reader, world.root, before)
    // The engine keeps the cursor from before, and the folders that it knows by now.
    world.drives.delete(ada, 'Brand new')
    const again = await read(world, { ...cut, listingCursor: before.listingCursor })
    expect(comparable(again)).toEqual(comparable(await read(world)))
  })
})

function isFolder(held: HeldType, id: string, name: string): boolean {
  return held.containers.some((container) => container.id === id && container.name === name)
}

type Edit = (world: DriveWorld) => void

const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(list.length, 1)]

/** Random things that people do; what Graph refuses (a folder into itself) does not happen. */
const edits: fc.Arbitrary<Edit> = fc
  .record({
    what: fc.constantFrom('file', 'folder', 'edit', 'rename', 'move', 'delete', 'share', 'notebook'),
    one: fc.nat(99),
    other: fc.nat(99),
  })
  .map(({ what, one, other }) => (world: DriveWorld) => {
    const { drives } = world
    const all = drives
      .dump(ada)
      .map(({ path }) => path)
      .filter((path) => path !== '')
    const folders = ['', ...all.filter((path) => drives.item(ada, path).isContainer)]
    const item = pick(all, one)
    const folder = pick(folders, other) ?? ''
    const name = `n${String(one)}-${String(other)}`
    try {
      if (what === 'file') drives.addFile(ada, `${folder}/${name}.txt`, name)
      else if (what === 'folder') drives.addFolder(ada, `${folder}/${name}`)
      else if (what === 'notebook') drives.addNotebook(ada, `${folder}/${name}`)
      else if (item === undefined) return
      else if (what === 'edit') drives.edit(ada, item, name)
      else if (what === 'rename') drives.rename(ada, item, name)
      else if (what === 'move') drives.move(ada, item, folder)
      else if (what === 'share') shareFile(world, item)
      else drives.delete(ada, item, { permanent: other % 2 === 0 })
    } catch {
      // Refused: nothing happened.
    }
  })

/** Not folders: what is in them inherits the link, and no delta tells of that. */
function shareFile({ drives }: DriveWorld, path: string): void {
  if (drives.item(ada, path).kind === 'file') drives.shareByLink(ada, path, { type: 'view', scope: 'organization' })
}

describe('any changes', () => {
  it('come to the same as reading everything anew', async () => {
    const rounds = fc.array(fc.array(edits, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 })
    const behaviour = fc.record({
      deletedChildren: fc.constantFrom('all', 'none', 'some'),
      deltaWithoutHashes: fc.constantFrom('none', 'some'),
    })
    await fc.assert(
      fc.asyncProperty(rounds, behaviour, async (sequence, behaves) => {
        const world = await seeded()
        try {
          world.drives.behave(ada, behaves)
          let held = await read(world)
          for (const round of sequence) {
            for (const edit of round) edit(world)
            held = await read(world, held)
            expect(comparable(held)).toEqual(comparable(await read(world)))
          }
        } finally {
          await closeWorlds()
        }
      }),
      { numRuns: 60, seed: 20_261_122, endOnFailure: true },
    )
  })
})
