import { hash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { EngineError } from '../../../../../src-main/engine/model/errors.ts'
import type { HexId } from '../../../../../src-main/engine/model/ids.ts'
import { checkRepository } from '../../../../../src-main/engine/operations/check/check.ts'
import { forgetSnapshots } from '../../../../../src-main/engine/operations/forget/forget.ts'
import type { PruneOptions, PruneReport } from '../../../../../src-main/engine/operations/prune/model.ts'
import { prune } from '../../../../../src-main/engine/operations/prune/prune.ts'
import { walkTree } from '../../../../../src-main/engine/operations/restore/walk-tree.ts'
import type { DestinationStore } from '../../../../../src-main/engine/ports/destination-store.ts'
import { OpenRepository } from '../../../../../src-main/engine/repository/repository.ts'
import { listSnapshots, saveSnapshot, snapshotName } from '../../../../../src-main/engine/repository/snapshots.ts'
import { codeOf, expectCode } from '../../../../support/destination-conformance.ts'
import { createFaultyStore, cutAfterWrites } from '../../../../support/faulty-store.ts'
import { createMemoryStore, type MemoryStore } from '../../../../support/memory-store.ts'
import { filesIn, makeScene, noise, withWriter } from '../../repository/writer-scene.ts'
import { addSnapshot, flip, placeOf, rewriteIndex, storeFolder, type Spec } from '../snapshot-scene.ts'

const ALL = { maxUnused: { bytes: 0 } } as const
const { key, config } = makeScene().repository
let made: MemoryStore
/** Oldest first. */
const trees: HexId[] = []
let snapshots: readonly HexId[]

/** Files of a day: some are always there, some change every other day, some are of that day only. */
function day(number: number): Spec {
  const files: Record<string, Uint8Array> = {}
  for (let i = 0; i < 8; i++) {
    files[`always ${String(i)}`] = noise(9_000, `always ${String(i)}`)
    files[`sometimes ${String(i)}`] = noise(9_000, `sometimes ${String(i)} ${String(Math.floor(number / 2))}`)
    files[`today ${String(i)}`] = noise(9_000, `today ${String(i)} ${String(number)}`)
  }
  return { [`folder ${String(number % 2)}`]: files, same: { file: files['always 0'] ?? new Uint8Array(0) } }
}

beforeAll(async () => {
  made = createMemoryStore()
  for (let number = 0; number < 5; number++) {
    const repository = open(made)
    await repository.loadIndex()
    const tree = await withWriter(
      repository,
      async (writer) => {
        const id = await storeFolder(writer, day(number))
        await writer.checkpoint()
        return id
      },
      { packSize: 50_000 },
    )
    trees.push(tree)
    const time = new Date(Date.UTC(2026, 0, 1 + number)).toISOString()
    await saveSnapshot(made, repository.sealer, { time, tree, paths: ['/'], hostname: 'test', username: 'test' })
  }
  snapshots = (await listSnapshots(made, open(made).sealer)).snapshots.map(({ id }) => id)
})

function open(store: DestinationStore): OpenRepository {
  return new OpenRepository(store, key, config)
}

function copy(): MemoryStore {
  return createMemoryStore(new Map([...made.files].map(([name, bytes]) => [name, bytes.slice()])))
}

/** A copy of which only the last two snapshots are left. */
function forgotten(): MemoryStore {
  const memory = copy()
  for (const id of snapshots.slice(0, -2)) memory.files.delete(snapshotName(id))
  return memory
}

async function contentsOf(repository: OpenRepository, tree: HexId): Promise<Record<string, string>> {
  await repository.ensureIndex()
  const contents: Record<string, string> = {}
  for await (const { path, node, failure } of walkTree(repository, tree)) {
    if (failure !== undefined) throw failure
    if (node.type === 'file') contents[path] = hash('sha256', await repository.content(node.content ?? []))
  }
  return contents
}

/** Nothing is wrong, and the snapshots hold what they held. */
async function expectWhole(store: DestinationStore, count: number): Promise<void> {
  const repository = open(store)
  const { snapshots: there } = await listSnapshots(store, repository.sealer)
  expect(there.length).toBeGreaterThanOrEqual(count)
  expect((await checkRepository({ repository, readData: true })).findings).toEqual([])
  for (const { tree } of there) expect(await contentsOf(repository, tree)).toEqual(await contentsOf(open(made), tree))
}

const run = (store: DestinationStore, options: Partial<PruneOptions> = {}): Promise<PruneReport> =>
  prune({ repository: open(store), ...ALL, packSize: 50_000, ...options })

/** What a prune that has nothing to do says. */
const NOTHING = { packs: { removed: 0, repacked: 0, unnamed: 0 }, bytes: { freed: 0, unusedAfter: 0 } }

describe('a prune', () => {
  it('is whole wherever it is cut off, and the next one has cleaned up', { timeout: 300_000 }, async () => {
    // Which packs are written together is not the same in every run: cut until a run gets through.
    let cut = 0
    for (; ; cut += 2) {
      const memory = forgotten()
      const failure = await run(createFaultyStore(memory, cutAfterWrites(cut))).then(
        () => undefined,
        (error: unknown) => error,
      )
      await expectWhole(memory, 2)
      if (failure === undefined) break
      expect(codeOf(failure)).toBe('store.unreachable')
      await run(memory)
      await expectWhole(memory, 2)
      expect(await run(memory, { dryRun: true })).toMatchObject(NOTHING)
    }
    expect(cut).toBeGreaterThan(15)
  })

  it('writes no index and deletes nothing once the lock is lost', { timeout: 120_000 }, async () => {
    let asked = 0
    const count = async (): Promise<void> => {
      await Promise.resolve()
      asked++
    }
    await run(forgotten(), { confirmLock: count })
    expect(asked).toBeGreaterThan(10)
    for (let left = 0; left < asked; left += 4) {
      const memory = forgotten()
      const store = createFaultyStore(memory)
      let confirmed = 0
      let lostAt: number | undefined
      const confirmLock = async (): Promise<void> => {
        await Promise.resolve()
        if (confirmed++ < left) return
        lostAt ??= store.calls.length
        throw new EngineError('repository.lock-lost')
      }
      await expectCode(run(store, { confirmLock }), 'repository.lock-lost')
      const after = store.calls.slice(lostAt).filter(({ method }) => method === 'remove' || method === 'put')
      // What had been confirmed just before may be under way.
      expect(after.length).toBeLessThan(4)
      await expectWhole(memory, 2)
    }
  })

  it('says in a dry run what it would do, and changes nothing', async () => {
    const memory = forgotten()
    const store = createFaultyStore(memory)
    const would = await run(store, { dryRun: true })
    expect(store.calls.some(({ method }) => method === 'put' || method === 'remove')).toBe(false)
    const done = await run(memory)
    expect({ ...done, dryRun: true, indexFiles: would.indexFiles }).toEqual(would)
    const stored = filesIn(memory, 'data').reduce((sum, name) => sum + (memory.files.get(name)?.length ?? 0), 0)
    // Up to the ends of new packs.
    expect(Math.abs(done.bytes.total - done.bytes.freed - stored)).toBeLessThan(1_000)
  })

  it('with a limit for what may stay unused or be written keeps to it', async () => {
    const lax = await run(forgotten(), { maxUnused: { percent: 100 }, dryRun: true })
    expect(lax.bytes.unusedAfter).toBeGreaterThan(0)
    const part = Math.floor(lax.bytes.unusedAfter / 2)
    const memory = forgotten()
    const some = await run(memory, { maxUnused: { bytes: part } })
    expect(some.bytes.unusedAfter).toBeLessThanOrEqual(part)
    expect(some.bytes.unusedAfter).toBeGreaterThan(0)
    await expectWhole(memory, 2)
    const small = forgotten()
    const little = await run(small, { maxRepackBytes: 120_000 })
    expect(little.bytes.repacked).toBeLessThanOrEqual(120_000)
    expect(little.bytes.repacked).toBeGreaterThan(0)
    await expectWhole(small, 2)
  })

  it('keeps everything when no snapshot is gone, and removes everything when all are', async () => {
    const whole = copy()
    expect(await run(whole)).toMatchObject(NOTHING)
    await expectWhole(whole, 5)
    for (const id of snapshots) whole.files.delete(snapshotName(id))
    const report = await run(whole)
    expect(report.blobs.used).toBe(0)
    expect([...filesIn(whole, 'data'), ...filesIn(whole, 'index')]).toEqual([])
    expect(report.bytes.freed).toBe(report.bytes.total)
  })

  it('removes packs that no index names, and leaves files alone that are no packs', async () => {
    const memory = copy()
    memory.files.set(`data/00/${'00'.repeat(32)}`, new Uint8Array(5))
    memory.files.set('data/00/notes.txt', new Uint8Array(5))
    const report = await run(memory)
    expect(report.packs).toMatchObject({ unnamed: 1, removed: 0, repacked: 0 })
    expect(report.bytes.freed).toBe(5)
    expect(memory.files.has('data/00/notes.txt')).toBe(true)
    expect(memory.files.has(`data/00/${'00'.repeat(32)}`)).toBe(false)
  })

  it('leaves one copy of what two writers stored at the same time', async () => {
    const memory = copy()
    const [one, other] = [open(memory), open(memory)]
    for (const repository of [one, other]) await repository.loadIndex()
    for (const repository of [one, other])
      await withWriter(repository, async (writer) => {
        const tree = await storeFolder(writer, day(9))
        await writer.checkpoint()
        await addSnapshot(repository, tree)
      })
    const report = await run(memory)
    expect(report.blobs.duplicates).toBeGreaterThan(8)
    expect(report.packs.removed).toBeGreaterThan(0)
    expect(await run(memory)).toMatchObject({ ...NOTHING, blobs: { duplicates: 0 } })
    expect((await checkRepository({ repository: open(memory), readData: true })).findings).toEqual([])
  })

  it('copes with a pack that several index files name', async () => {
    const memory = forgotten()
    const scene = { memory, repository: open(memory), reopen: () => Promise.resolve(open(memory)) }
    const before = new Map([...memory.files].filter(([name]) => name.startsWith('index/')))
    await rewriteIndex(scene, () => undefined)
    for (const [name, bytes] of before) memory.files.set(name, bytes)
    const report = await run(memory)
    expect(report.blobs.duplicates).toBe(0)
    await expectWhole(memory, 2)
    expect(await run(memory)).toMatchObject(NOTHING)
  })

  it('reads the index anew: what was stored after it was opened stays', async () => {
    const memory = forgotten()
    const opened = open(memory)
    await opened.loadIndex()
    const other = open(memory)
    await other.loadIndex()
    const tree = await withWriter(other, async (writer) => {
      const id = await storeFolder(writer, day(8))
      await writer.checkpoint()
      return id
    })
    await addSnapshot(other, tree)
    const expected = await contentsOf(other, tree)
    await prune({ repository: opened, ...ALL })
    expect(await contentsOf(opened, tree)).toEqual(expected)
    expect((await checkRepository({ repository: open(memory), readData: true })).findings).toEqual([])
  })

  it('ends when the user says stop', async () => {
    const stop = new AbortController()
    const memory = forgotten()
    const store = createFaultyStore(memory, ({ method, name }) => {
      if (method === 'put' && name.startsWith('data/')) stop.abort(new EngineError('cancelled'))
      return undefined
    })
    await expectCode(run(store, { signal: stop.signal }), 'cancelled')
    await expectWhole(memory, 2)
  })

  it('tells how far it is', async () => {
    const stages: string[] = []
    await run(forgotten(), {
      onProgress: ({ stage, done, total }) => {
        if (total > 0) expect(done).toBeLessThanOrEqual(total)
        stages.push(stage)
      },
    })
    expect([...new Set(stages)]).toEqual(['index', 'trees', 'repack', 'delete'])
  })
})

describe('a prune of a damaged repository removes nothing when', () => {
  const unchanged = async (memory: MemoryStore, code: EngineError['code']): Promise<void> => {
    const before = [...memory.files.keys()].sort()
    await expectCode(run(memory), code)
    expect([...memory.files.keys()].sort()).toEqual(before)
  }
  const used = async (memory: MemoryStore) => {
    const repository = open(memory)
    await repository.loadIndex()
    return placeOf(repository, trees.at(-1) ?? trees[0] ?? ('' as HexId), 'tree')
  }

  it('a tree is damaged', async () => {
    const memory = forgotten()
    const { pack, offset } = await used(memory)
    flip({ memory }, pack, offset + 20)
    await unchanged(memory, 'repository.blob-damaged')
  })

  it('a pack is cut short', async () => {
    const memory = forgotten()
    const repository = open(memory)
    await repository.loadIndex()
    const always = hash('sha256', noise(9_000, 'always 7')) as HexId
    const { pack, offset } = placeOf(repository, always)
    memory.files.set(pack, memory.files.get(pack)?.slice(0, offset + 100) ?? new Uint8Array(0))
    await unchanged(memory, 'repository.pack-truncated')
  })

  it('a blob that would be written anew is damaged', async () => {
    const memory = forgotten()
    const repository = open(memory)
    await repository.loadIndex()
    const always = hash('sha256', noise(9_000, 'always 3')) as HexId
    const { pack, offset } = placeOf(repository, always)
    flip({ memory }, pack, offset + 50)
    const before = [...memory.files.keys()]
    await expectCode(run(memory), 'repository.blob-damaged')
    expect(before.filter((name) => !memory.files.has(name))).toEqual([])
  })
})

describe('forgetting', () => {
  const clock = { now: () => Date.UTC(2026, 5, 1) }

  it('removes what the policy does not keep, and says what a prune would free then', async () => {
    const memory = copy()
    const repository = open(memory)
    const options = { repository, policy: { last: 2 }, clock, limits: ALL } as const
    const would = await forgetSnapshots({ ...options, dryRun: true })
    expect(would.removed).toEqual(snapshots.slice(0, 3).toReversed())
    expect(filesIn(memory, 'snapshots')).toHaveLength(5)
    expect(would.groups).toHaveLength(1)
    expect(would.groups[0]).toMatchObject({ host: 'test', paths: ['/'], keep: [{ reasons: ['last snapshot'] }, {}] })
    const done = await forgetSnapshots(options)
    expect({ ...done, dryRun: true }).toEqual(would)
    expect(
      filesIn(memory, 'snapshots')
        .map((name) => name.slice(10))
        .sort(),
    ).toEqual(snapshots.slice(-2).toSorted())
    const { bytes } = await run(memory, { dryRun: true })
    expect(would.prune?.bytes).toEqual(bytes)
    expect(bytes.freed).toBeGreaterThan(0)
  })

  it('leaves alone what the filter does not mean', async () => {
    const memory = copy()
    const options = { repository: open(memory), policy: { last: 1 }, clock, countBytes: false }
    expect((await forgetSnapshots({ ...options, filter: { host: 'another' } })).groups).toEqual([])
    expect((await forgetSnapshots({ ...options, filter: { host: 'test' } })).removed).toHaveLength(4)
  })

  it('refuses a policy that keeps nothing, and confirms the lock before each snapshot', async () => {
    const memory = copy()
    await expectCode(forgetSnapshots({ repository: open(memory), policy: {}, clock }), 'usage')
    const confirmLock = () => Promise.reject(new EngineError('repository.lock-lost'))
    const options = { repository: open(memory), policy: { last: 1 }, clock, confirmLock }
    await expectCode(forgetSnapshots(options), 'repository.lock-lost')
    expect(filesIn(memory, 'snapshots')).toHaveLength(5)
  })

  it('goes on beside a damaged snapshot, which stays, and says that nothing can be pruned', async () => {
    const memory = copy()
    flip({ memory }, snapshotName(snapshots[1] ?? ('' as HexId)), 40)
    const report = await forgetSnapshots({ repository: open(memory), policy: { last: 1 }, clock })
    expect(report.removed).toHaveLength(3)
    expect(report.damaged).toHaveLength(1)
    expect(report.prune).toBeUndefined()
    expect(report.pruneFailure?.code).toBe('repository.snapshot-damaged')
    expect(filesIn(memory, 'snapshots')).toHaveLength(2)
  })
})
