import { createCipheriv } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import { copySnapshots } from '../../../src-main/engine/operations/copy/copy-snapshots.ts'
import type { CopyReport } from '../../../src-main/engine/operations/copy/model.ts'
import { packName } from '../../../src-main/engine/repository/pack-list.ts'
import { listSnapshots, saveSnapshot } from '../../../src-main/engine/repository/snapshots.ts'
import { expectCode } from '../../support/destination-conformance.ts'
import { AgingRepository, expectIntact } from '../prune/aging-repository.ts'
import { hasRestic, PASSPHRASE, restic } from '../repository/restic.ts'

let source: AgingRepository
const made: AgingRepository[] = []

beforeAll(async () => {
  source = new AgingRepository(11)
  await source.init()
  await source.age(8)
})
afterAll(() => {
  for (const one of [source, ...made]) one.remove()
})

async function target(): Promise<AgingRepository> {
  const aging = new AgingRepository()
  made.push(aging)
  await aging.init()
  return aging
}

function copyOfSource(): AgingRepository {
  const aging = source.copy()
  made.push(aging)
  return aging
}

/** Copies, and notes what the target's new snapshots must hold. */
async function copy(from: AgingRepository, to: AgingRepository, ids?: readonly HexId[]): Promise<CopyReport> {
  const report = await copySnapshots({
    from: await from.open(),
    to: await to.open(),
    packSize: 200_000,
    checkpointBytes: 500_000,
    ...(ids === undefined ? {} : { ids }),
  })
  for (const one of report.copied) to.contents.set(one.target, from.contents.get(one.source) ?? {})
  return report
}

const intact = (aging: AgingRepository): Promise<void> =>
  expectIntact(aging, { snapshots: new Set(aging.contents.keys()) })

describe('a copy', () => {
  it('brings all snapshots into a repository with another key, and nothing the second time', async () => {
    const to = await target()
    const report = await copy(source, to)
    expect(report).toMatchObject({ present: [], failed: [] })
    expect(report.copied.map(({ source: id }) => id)).toEqual([...source.contents.keys()])
    await intact(to)
    const [theirs, ours] = await Promise.all([source.open(), to.open()])
    const { snapshots } = await listSnapshots(theirs.store, theirs.sealer)
    const copied = (await listSnapshots(ours.store, ours.sealer)).snapshots
    expect(copied.map(({ id: _, original, ...fields }) => [original, fields])).toEqual(
      snapshots.map(({ id, parent: _, ...fields }) => [id, fields]),
    )
    const again = await copy(source, to)
    expect(again).toMatchObject({ copied: [], failed: [], blobs: 0, bytes: 0 })
    expect(again.present).toEqual(report.copied)
  })

  it('brings the chosen ones, then the others, storing no blob twice', async () => {
    const to = await target()
    const [first, , third] = [...source.contents.keys()]
    if (first === undefined || third === undefined) throw new Error('no snapshots')
    await copy(source, to, [third, first, third])
    await intact(to)
    expect(to.contents.size).toBe(2)
    await copy(source, to)
    await intact(to)
    const repository = await to.open()
    await repository.loadIndex()
    const listed = repository.packs.ids().reduce((sum, _, number) => sum + repository.packs.extent(number).count, 0)
    expect(listed).toBe(repository.table.size)
  })

  it('goes on with the copy of a copy, and back, as the same snapshots', async () => {
    const [second, third] = [await target(), await target()]
    await copy(source, second)
    expect(await copy(second, third)).toMatchObject({ present: [], failed: [] })
    expect((await copy(source, third)).copied).toEqual([])
    expect((await copy(third, source)).copied).toEqual([])
  })

  it.runIf(hasRestic)('is known again by restic, and knows what restic has copied', async () => {
    process.env.RESTIC_FROM_PASSWORD = PASSPHRASE
    const command = ['copy', '--from-repo', source.place]
    const [ours, theirs] = [await target(), await target()]
    await copy(source, ours)
    const said = await restic(ours.place, command)
    expect(said.match(/was already copied/g)).toHaveLength(source.contents.size)
    await intact(ours)
    await restic(theirs.place, command)
    expect((await copy(source, theirs)).present).toHaveLength(source.contents.size)
  })

  it('copies a snapshot again whose tags were changed', async () => {
    const from = copyOfSource()
    const to = await target()
    await copy(from, to)
    const repository = await from.open()
    const [oldest] = (await listSnapshots(repository.store, repository.sealer)).snapshots
    if (oldest === undefined) throw new Error('no snapshots')
    const changed = { ...oldest, tags: ['kept'], original: oldest.id }
    const id = await saveSnapshot(repository.store, repository.sealer, changed)
    from.contents.set(id, from.contents.get(oldest.id) ?? {})
    expect((await copy(from, to)).copied.map((one) => one.source)).toEqual([id])
    await intact(to)
  })

  it('refuses a repository as its own target, and a snapshot that is not there', async () => {
    await expectCode(copySnapshots({ from: await source.open(), to: await source.open() }), 'usage')
    const ids = ['0'.repeat(64) as HexId]
    await expectCode(
      copySnapshots({ from: await source.open(), to: await (await target()).open(), ids }),
      'repository.snapshot-not-found',
    )
  })

  it('leaves out the snapshots that need something damaged, and brings the others', async () => {
    const from = copyOfSource()
    const repository = await from.open()
    await repository.loadIndex()
    // A blob that some snapshots need and others do not.
    const latest = [...from.contents.entries()].at(-1)?.[1] ?? {}
    const first = [...from.contents.values()][0] ?? {}
    const onlyFirst = Object.values(first).find((hash) => !Object.values(latest).includes(hash))
    const slot = [...repository.table.stored()].find((candidate) => repository.table.id(candidate) === onlyFirst)
    if (slot === undefined) throw new Error('no such blob')
    const { pack, offset, length } = repository.table.location(slot)
    const name = packName(repository.packs.id(pack))
    const bytes = await from.store.get(name)
    bytes.set(createCipheriv('aes-128-ecb', Buffer.alloc(16), null).update(Buffer.alloc(16)), offset + length - 16)
    await from.store.put(name, [bytes])
    const harmed = [...from.contents]
      .filter(([, files]) => Object.values(files).includes(onlyFirst ?? ''))
      .map(([id]) => id)
    expect(harmed.length).toBeGreaterThan(0)
    expect(harmed.length).toBeLessThan(from.contents.size)
    const to = await target()
    const report = await copy(from, to)
    expect(report.failed).toEqual(harmed.map((id) => ({ source: id, code: 'repository.blob-damaged' })))
    expect(report.copied).toHaveLength(from.contents.size - harmed.length)
    await intact(to)
  })
})
