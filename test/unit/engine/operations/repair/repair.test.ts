import { beforeAll, describe, expect, it } from 'vitest'
import { EngineError } from '../../../../../src-main/engine/model/errors.ts'
import type { HexId } from '../../../../../src-main/engine/model/ids.ts'
import { checkRepository } from '../../../../../src-main/engine/operations/check/check.ts'
import { repairIndex } from '../../../../../src-main/engine/operations/repair/repair-index.ts'
import { repairPacks } from '../../../../../src-main/engine/operations/repair/repair-packs.ts'
import { repairSnapshots } from '../../../../../src-main/engine/operations/repair/repair-snapshots.ts'
import type { DestinationStore } from '../../../../../src-main/engine/ports/destination-store.ts'
import { OpenRepository } from '../../../../../src-main/engine/repository/repository.ts'
import { listSnapshots } from '../../../../../src-main/engine/repository/snapshots.ts'
import { expectCode } from '../../../../support/destination-conformance.ts'
import { createFaultyStore, cutAfterWrites } from '../../../../support/faulty-store.ts'
import { createMemoryStore, type MemoryStore } from '../../../../support/memory-store.ts'
import { filesIn, sha256 } from '../../repository/writer-scene.ts'
import {
  CONTENT,
  change,
  entryOf,
  flip,
  makeSnapshot,
  placeOf,
  rewriteIndex,
  type SnapshotScene,
} from '../snapshot-scene.ts'

const INNER = sha256(CONTENT.folder.inner)
const LEAF = sha256(CONTENT.folder.deeper.leaf)
let made: SnapshotScene

beforeAll(async () => {
  made = await makeSnapshot()
})

function copy(): SnapshotScene {
  const memory = createMemoryStore(new Map([...made.memory.files].map(([name, bytes]) => [name, bytes.slice()])))
  return { ...made, memory, repository: open(memory), reopen: () => Promise.resolve(open(memory)) }
}

function open(store: DestinationStore): OpenRepository {
  return new OpenRepository(store, made.repository.key, made.repository.config)
}

async function findings(memory: MemoryStore): Promise<readonly string[]> {
  const report = await checkRepository({ repository: open(memory), readData: true })
  return report.findings.map(({ code, path }) => `${code} ${path ?? ''}`.trim())
}

describe('repairing the index', () => {
  it('changes nothing that is right', async () => {
    const { memory } = copy()
    const before = [...memory.files.keys()]
    for (const readAllPacks of [false, true])
      expect(await repairIndex({ repository: open(memory), readAllPacks })).toEqual({
        damagedIndexes: [],
        missingPacks: [],
        readPacks: [],
        unreadablePacks: [],
        indexFiles: { removed: 0, written: 0 },
      })
    expect([...memory.files.keys()]).toEqual(before)
  })

  it('believes the packs where an index says a wrong place', async () => {
    const scene = copy()
    await rewriteIndex(scene, (index) => {
      entryOf(index, INNER).offset += 1
    })
    expect(await findings(scene.memory)).not.toEqual([])
    const report = await repairIndex({ repository: open(scene.memory), readAllPacks: true })
    expect(report.readPacks).toEqual([placeOf(made.repository, INNER).id])
    expect(await findings(scene.memory)).toEqual([])
  })

  it('finds packs that an index names in part, or none does', async () => {
    const scene = copy()
    const { id } = placeOf(made.repository, LEAF)
    await rewriteIndex(scene, (index) => {
      for (const pack of index.packs) pack.blobs = pack.blobs.filter((blob) => blob.id !== INNER)
      index.packs = index.packs.filter((pack) => pack.id !== id)
    })
    expect(await findings(scene.memory)).not.toEqual([])
    const { readPacks } = await repairIndex({ repository: open(scene.memory) })
    expect(new Set(readPacks)).toEqual(new Set([id, placeOf(made.repository, INNER).id]))
    expect(await findings(scene.memory)).toEqual([])
  })

  it('keeps what an index says of a pack whose header is damaged', async () => {
    const scene = copy()
    const { pack, id, offset, length } = placeOf(made.repository, INNER)
    change(scene, pack, (bytes) => bytes.slice(0, offset + length + 3))
    const report = await repairIndex({ repository: open(scene.memory) })
    expect(report.unreadablePacks.map((one) => one.id)).toEqual([id])
    const repository = open(scene.memory)
    await repository.loadIndex()
    expect(Buffer.from(await repository.blob(INNER, 'data')).equals(CONTENT.folder.inner)).toBe(true)
  })

  it('makes the whole index anew, and is whole wherever it is cut off', async () => {
    const start = (): MemoryStore => {
      const { memory } = copy()
      for (const name of filesIn(memory, 'index')) flip({ memory }, name, 30)
      memory.files.set(`data/00/${'00'.repeat(32)}`, new Uint8Array(100))
      return memory
    }
    const counted = createFaultyStore(start())
    const report = await repairIndex({ repository: open(counted) })
    expect(report).toMatchObject({ damagedIndexes: [{}], missingPacks: [] })
    expect(report.unreadablePacks).toEqual(
      [{ id: '00'.repeat(32), code: 'repository.pack-damaged' }].map(
        (one) => expect.objectContaining({ id: one.id }) as object,
      ),
    )
    const writes = counted.calls.filter(({ method }) => method === 'put' || method === 'remove').length
    for (let cut = 0; cut < writes; cut++) {
      const memory = start()
      await expectCode(
        repairIndex({ repository: open(createFaultyStore(memory, cutAfterWrites(cut))) }),
        'store.unreachable',
      )
      await repairIndex({ repository: open(memory) })
      expect(await findings(memory)).toEqual([])
    }
  })

  it('writes nothing without the lock', async () => {
    const { memory } = copy()
    for (const name of filesIn(memory, 'index')) flip({ memory }, name, 30)
    const before = [...memory.files.keys()]
    const confirmLock = () => Promise.reject(new EngineError('repository.lock-lost'))
    await expectCode(repairIndex({ repository: open(memory), confirmLock }), 'repository.lock-lost')
    expect([...memory.files.keys()]).toEqual(before)
  })
})

describe('saving what is in a damaged pack', () => {
  it('is whole wherever it is cut off', { timeout: 120_000 }, async () => {
    const start = (): MemoryStore => {
      const scene = copy()
      flip(scene, placeOf(made.repository, INNER).pack, placeOf(made.repository, INNER).offset + 40)
      return scene.memory
    }
    const packs = [placeOf(made.repository, INNER).id]
    const counted = createFaultyStore(start())
    const report = await repairPacks({ repository: open(counted), packs })
    expect(report).toMatchObject({ packs, lost: [INNER] })
    expect(report.saved).toBeGreaterThan(0)
    const writes = counted.calls.filter(({ method }) => method === 'put' || method === 'remove').length
    for (let cut = 0; cut < writes; cut++) {
      const memory = start()
      const cutOff = open(createFaultyStore(memory, cutAfterWrites(cut)))
      await expectCode(repairPacks({ repository: cutOff, packs }), 'store.unreachable')
      await repairPacks({ repository: open(memory), packs })
      expect(await findings(memory)).toEqual(['repository.blob-missing folder/inner'])
    }
  })

  it('passes over packs that no index names', async () => {
    const packs = ['0'.repeat(64) as HexId]
    expect(await repairPacks({ repository: open(copy().memory), packs })).toEqual({ packs: [], saved: 0, lost: [] })
  })
})

describe('repairing snapshots', () => {
  it('says in a dry run what would be lost, from damage that is known', async () => {
    const { memory } = copy()
    const before = [...memory.files.keys()]
    const lost = new Set([INNER, LEAF])
    const would = await repairSnapshots({ repository: open(memory), lost, dryRun: true })
    expect([...memory.files.keys()]).toEqual(before)
    expect(would).toMatchObject({ sound: 0, repaired: [{ source: made.snapshot, target: undefined, items: 2 }] })
    expect(would.repaired[0]?.paths.toSorted()).toEqual(['folder/deeper/leaf', 'folder/inner'])
    const done = await repairSnapshots({ repository: open(memory), lost, tag: 'mended' })
    const { snapshots } = await listSnapshots(memory, open(memory).sealer)
    const mended = snapshots.find(({ id }) => id === done.repaired[0]?.target)
    expect(mended).toMatchObject({ original: made.snapshot, tags: ['mended'] })
    expect(snapshots).toHaveLength(2)
    expect(await findings(memory)).toEqual([])
  })

  it('can do nothing for a snapshot whose own tree is gone, which goes only if that is asked for', async () => {
    const scene = copy()
    const { pack, offset } = placeOf(made.repository, made.tree, 'tree')
    flip(scene, pack, offset + 20)
    const report = await repairSnapshots({ repository: open(scene.memory) })
    expect(report).toMatchObject({ sound: 0, repaired: [], lost: [made.snapshot], removed: [] })
    const removing = await repairSnapshots({ repository: open(scene.memory), removeOriginals: true })
    expect(removing.removed).toEqual([made.snapshot])
    expect(filesIn(scene.memory, 'snapshots')).toEqual([])
  })

  it('leaves alone the snapshots that were not chosen', async () => {
    const { memory } = copy()
    const report = await repairSnapshots({ repository: open(memory), lost: new Set([INNER]), ids: [] })
    expect(report).toMatchObject({ sound: 0, repaired: [] })
  })
})
