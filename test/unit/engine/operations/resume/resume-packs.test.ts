import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../../../src-main/engine/model/errors.ts'
import type { HexId } from '../../../../../src-main/engine/model/ids.ts'
import { checkRepository } from '../../../../../src-main/engine/operations/check/check.ts'
import { resumePacks } from '../../../../../src-main/engine/operations/resume/resume-packs.ts'
import type { PackSpool } from '../../../../../src-main/engine/ports/pack-spool.ts'
import type { OpenRepository } from '../../../../../src-main/engine/repository/repository.ts'
import { createMemoryStore, type MemoryStore } from '../../../../support/memory-store.ts'
import { filesIn, makeScene, MIB, noise, withWriter, type Scene } from '../../repository/writer-scene.ts'

/** A spool in memory, and what is left in it. */
interface Left extends PackSpool {
  readonly kept: Map<HexId, Uint8Array>
  readonly noted: Set<HexId>
}

function leftOf(kept: ReadonlyMap<HexId, Uint8Array> = new Map(), noted: Iterable<HexId> = []): Left {
  const left = { kept: new Map(kept), noted: new Set(noted) }
  return {
    ...left,
    unfinished: () => Promise.resolve([...left.kept.keys()]),
    read: (pack) => Promise.resolve(left.kept.get(pack)),
    drop: (pack) => Promise.resolve(void left.kept.delete(pack)),
    arrived: () => Promise.resolve([...left.noted]),
    forgetArrived: () => {
      left.noted.clear()
      return Promise.resolve()
    },
  }
}

const content = noise(3 * MIB, 'content')
const packIn = (name: string): HexId => name.slice(name.lastIndexOf('/') + 1) as HexId

/** A repository whose writer was killed when its packs were there, and before an index was. */
async function killed(): Promise<{ readonly scene: Scene; readonly packs: ReadonlyMap<HexId, Uint8Array> }> {
  const scene = makeScene()
  await withWriter(scene.repository, async (writer) => {
    await writer.add(content, false)
    await writer.checkpoint()
  })
  const { files } = scene.memory
  const names = filesIn(scene.memory, 'data')
  for (const name of filesIn(scene.memory, 'index')) files.delete(name)
  return { scene, packs: new Map(names.map((name) => [packIn(name), files.get(name) ?? new Uint8Array()])) }
}

/** What storing the content again adds, in bytes. */
async function addedAgain(repository: OpenRepository): Promise<number> {
  return await withWriter(repository, async (writer) => {
    await writer.add(content, false)
    await writer.checkpoint()
    return writer.counts.addedPacked
  })
}

function removeData(memory: MemoryStore): void {
  for (const name of filesIn(memory, 'data')) memory.files.delete(name)
}

describe('packs that an earlier process left', () => {
  it('are stored and listed, so that their blobs count as stored, for others too', async () => {
    const { scene, packs } = await killed()
    removeData(scene.memory)
    const repository = await scene.reopen()
    const left = leftOf(packs)
    expect(await resumePacks({ repository, spool: left })).toEqual({ finished: packs.size, indexed: 0, dropped: 0 })
    expect([left.kept.size, filesIn(scene.memory, 'index').length]).toEqual([0, 1])
    expect(await addedAgain(repository)).toBe(0)
    expect(await addedAgain(await scene.reopen())).toBe(0)
    const report = await checkRepository({
      repository: await scene.reopen(),
      readData: true,
      signal: new AbortController().signal,
    })
    expect(report.findings).toEqual([])
  })

  it('are not uploaded if they are there, kept or only noted', async () => {
    for (const isNoted of [false, true]) {
      const { scene, packs } = await killed()
      const repository = await scene.reopen()
      const puts: string[] = []
      const put = scene.memory.put.bind(scene.memory)
      scene.memory.put = (name, parts, signal) => {
        puts.push(name)
        return put(name, parts, signal)
      }
      const left = isNoted ? leftOf(new Map(), packs.keys()) : leftOf(packs)
      expect(await resumePacks({ repository, spool: left })).toEqual({ finished: 0, indexed: packs.size, dropped: 0 })
      expect(puts.filter((name) => !name.startsWith('index/'))).toEqual([])
      expect([left.kept.size, left.noted.size]).toEqual([0, 0])
      expect(await addedAgain(repository)).toBe(0)
    }
  })

  it('are stored again where only a part of them is', async () => {
    const { scene, packs } = await killed()
    for (const name of filesIn(scene.memory, 'data')) scene.memory.files.set(name, Uint8Array.of(1, 2, 3))
    const repository = await scene.reopen()
    expect(await resumePacks({ repository, spool: leftOf(packs) })).toMatchObject({ finished: packs.size })
    for (const [pack, bytes] of packs) expect(scene.memory.files.get(`data/${pack.slice(0, 2)}/${pack}`)).toEqual(bytes)
  })

  it('write nothing where an index names them already', async () => {
    const { scene, packs } = await killed()
    await resumePacks({ repository: await scene.reopen(), spool: leftOf(packs) })
    const before = [...scene.memory.files.keys()]
    const left = leftOf(packs, packs.keys())
    const nothing = { finished: 0, indexed: 0, dropped: 0 }
    expect(await resumePacks({ repository: await scene.reopen(), spool: left })).toEqual(nothing)
    expect([...scene.memory.files.keys()]).toEqual(before)
    expect([left.kept.size, left.noted.size]).toEqual([0, 0])
  })

  it('are dropped when they are cut short, changed, unreadable, of another repository, or gone', async () => {
    const { packs } = await killed()
    const other = makeScene()
    const [pack, bytes] = [...packs][0] ?? []
    if (pack === undefined || bytes === undefined) throw new Error('no pack')
    const changed = Uint8Array.from(bytes)
    changed[9] = (changed[9] ?? 0) ^ 1
    for (const content of [bytes.subarray(0, -1), changed, bytes]) {
      const left = leftOf(new Map([[pack, content]]))
      expect(await resumePacks({ repository: other.repository, spool: left })).toMatchObject({ dropped: 1 })
      expect([left.kept.size, other.memory.files.size]).toEqual([0, 0])
    }
    const unreadable = { ...leftOf(packs), read: () => Promise.resolve(undefined) }
    expect(await resumePacks({ repository: other.repository, spool: unreadable })).toMatchObject({
      dropped: packs.size,
    })
    const pruned = leftOf(new Map(), [pack])
    expect(await resumePacks({ repository: other.repository, spool: pruned })).toMatchObject({ indexed: 0 })
    expect([pruned.noted.size, other.memory.files.size]).toEqual([0, 0])
  })

  it('stay where they are when the store fails, or the lock is lost before the index is written', async () => {
    const { scene, packs } = await killed()
    removeData(scene.memory)
    const left = leftOf(packs, packs.keys())
    const lost = new Error('lost')
    const repository = await scene.reopen()
    await expect(resumePacks({ repository, spool: left, confirmLock: () => Promise.reject(lost) })).rejects.toBe(lost)
    expect([left.kept.size, left.noted.size, filesIn(scene.memory, 'index')]).toEqual([packs.size, packs.size, []])
    expect(await resumePacks({ repository: await scene.reopen(), spool: left })).toMatchObject({ indexed: packs.size })
  })

  it('are left for the next time while the store cannot take them, and the run goes on', async () => {
    const { scene, packs } = await killed()
    removeData(scene.memory)
    const repository = await scene.reopen()
    const put = scene.memory.put.bind(scene.memory)
    scene.memory.put = () => Promise.reject(new EngineError('store.unreachable', { retry: 'later' }))
    const left = leftOf(packs)
    expect(await resumePacks({ repository, spool: left })).toEqual({ finished: 0, indexed: 0, dropped: 0 })
    expect(left.kept.size).toBe(packs.size)
    scene.memory.put = () => Promise.reject(new EngineError('store.full'))
    await expect(resumePacks({ repository, spool: left })).rejects.toMatchObject({ code: 'store.full' })
    expect(left.kept.size).toBe(packs.size)
    // The run has sealed anew what is in them.
    scene.memory.put = put
    expect(await addedAgain(repository)).toBeGreaterThan(0)
    const others = await scene.reopen()
    expect(await resumePacks({ repository: others, spool: left })).toEqual({
      finished: 0,
      indexed: 0,
      dropped: packs.size,
    })
    expect(left.kept.size).toBe(0)
  })

  it('cost nothing when there are none', async () => {
    const memory = createMemoryStore()
    const { repository } = makeScene(() => ({
      ...memory,
      list: () => {
        throw new Error('asked for the index')
      },
    }))
    expect(await resumePacks({ repository, spool: leftOf() })).toEqual({ finished: 0, indexed: 0, dropped: 0 })
  })
})
