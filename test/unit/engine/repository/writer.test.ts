import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../../src-main/engine/model/errors.ts'
import type { Tree } from '../../../../src-main/engine/model/tree.ts'
import { checkRepository } from '../../../../src-main/engine/operations/check/check.ts'
import { fileNode } from '../../../../src-main/engine/operations/backup/layout.ts'
import { loadUnpacked } from '../../../../src-main/engine/repository/unpacked-file.ts'
import { RepositoryWriter } from '../../../../src-main/engine/repository/writer.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { createFaultyStore, cutAfterWrites, failWhere, type FaultyStore } from '../../../support/faulty-store.ts'
import { attachment, mail, textPart } from '../chunking/contents.ts'
import { MIB, filesIn, inParts, makeScene, noise, sha256, withWriter, type Scene } from './writer-scene.ts'

const FULL = new EngineError('store.full')
const SMALL_PACKS = { packSize: 64 << 10 }

interface IndexFile {
  readonly packs: readonly { readonly blobs: readonly unknown[] }[]
}

function faultyScene(): Scene & { readonly faulty: FaultyStore } {
  let faulty: FaultyStore | undefined
  const scene = makeScene((memory) => (faulty = createFaultyStore(memory)))
  if (faulty === undefined) throw new Error('no store')
  return { ...scene, faulty }
}

const PARTS: readonly (readonly [string, readonly number[]])[] = [
  ['0 bytes', [1]],
  ['1 byte', [1]],
  ['100 KB', [1, 7, 4096, 0, 65_537]],
  ['20 MB', [1, 65_536, 3, 1_000_003]],
  ['60 MB', [13 * MIB + 1, 0, 5, 999_983, 17 * MIB]],
]
const SIZES: Readonly<Record<string, number>> = {
  '0 bytes': 0,
  '1 byte': 1,
  '100 KB': 100_000,
  '20 MB': 20_000_000,
  '60 MB': 60_000_000,
}

describe('a content in parts', () => {
  it.each(PARTS)('of %s comes back byte for byte, in the same blobs as in one piece', async (name, parts) => {
    const content = noise(SIZES[name] ?? 0, name)
    const scene = makeScene()
    await withWriter(scene.repository, async (writer) => {
      const stored = await writer.add(inParts(content, parts), false)
      expect(stored.size).toBe(content.length)
      const before = { ...writer.counts }
      const whole = await writer.fill(false, content.length, (target) => {
        target.set(content)
      })
      expect(whole).toEqual(stored)
      expect(writer.counts).toEqual(before)
      await writer.checkpoint()
      const opened = await scene.reopen()
      expect(content.equals(await opened.content(stored.blobs))).toBe(true)
    })
  })

  it.each(['\n', '\r\n'])('is cut like a whole mail if it is one, across windows too', async (newline) => {
    const files = [noise(9 * MIB, 'a'), noise(14 * MIB, 'b'), noise(1 * MIB, 'c')].map((bytes, i) =>
      attachment(bytes, String(i)),
    )
    const content = mail('Subject: large', [textPart('x'), ...files], newline)
    const scene = makeScene()
    await withWriter(scene.repository, async (writer) => {
      const whole = await writer.add(content, true)
      const before = writer.counts.dataBlobs
      const stored = await writer.add(inParts(content, [1 * MIB, 777_777]), true)
      expect(stored).toEqual(whole)
      expect(writer.counts.dataBlobs).toBe(before)
    })
  })

  it('that breaks off rejects with its own error, and the writer goes on', async () => {
    const scene = makeScene()
    await withWriter(scene.repository, async (writer) => {
      const broken = async function* (): AsyncGenerator<Uint8Array> {
        yield await Promise.resolve(noise(30 * MIB, 'broken'))
        throw new EngineError('graph.stalled')
      }
      await expectCode(writer.add(broken(), false), 'graph.stalled')
      const { blobs } = await writer.add(Buffer.from('next'), false)
      await writer.checkpoint()
      expect(Buffer.from(await (await scene.reopen()).content(blobs)).toString()).toBe('next')
    })
  })
})

describe('a repository writer', () => {
  it('takes a content that is too large for one copy in windows', async () => {
    const content = noise(65 * MIB, 'large')
    const scene = makeScene()
    await withWriter(scene.repository, async (writer) => {
      const stored = await writer.add(content, false)
      expect(await writer.add(inParts(content, [MIB]), false)).toEqual(stored)
      await writer.checkpoint()
      expect(content.equals(await (await scene.reopen()).content(stored.blobs))).toBe(true)
    })
  })

  it('refuses a content whose length its threads could not be told', async () => {
    const { repository } = makeScene()
    await withWriter(repository, async (writer) => {
      const untouched = (): never => {
        throw new Error('memory was taken')
      }
      await expectCode(writer.fill(false, 2 ** 31, untouched), 'internal')
    })
  })

  it('stores a blob once: in a batch, in several, and in several runs', async () => {
    const scene = makeScene()
    const content = noise(300_000, 'twice')
    const counts = await withWriter(scene.repository, async (writer) => {
      const together = await Promise.all(Array.from({ length: 20 }, () => writer.add(content, false)))
      await writer.checkpoint()
      for (let i = 0; i < 5; i++) together.push(await writer.add(content, false))
      expect(new Set(together.flatMap(({ blobs }) => blobs))).toEqual(new Set([sha256(content)]))
      await writer.checkpoint()
      return { ...writer.counts }
    })
    expect(counts).toMatchObject({ dataBlobs: 1, treeBlobs: 0, added: content.length })
    const again = await scene.reopen()
    await withWriter(again, async (writer) => {
      await writer.add(content, false)
      await writer.checkpoint()
      expect(writer.counts.dataBlobs).toBe(0)
    })
    expect(filesIn(scene.memory, 'data').length).toBe(1)
    expect(filesIn(scene.memory, 'index').length).toBe(1)
  })

  it('stores a tree once, apart from data with the same bytes', async () => {
    const scene = makeScene()
    const tree: Tree = { nodes: [fileNode('a', [], 0, '2026-01-01T00:00:00Z')] }
    await withWriter(scene.repository, async (writer) => {
      const id = writer.addTree(tree)
      expect(writer.addTree(tree)).toBe(id)
      await writer.checkpoint()
      expect(writer.addTree(tree)).toBe(id)
      const bytes = await scene.repository.blob(id, 'tree')
      expect((await writer.add(bytes, false)).blobs).toEqual([id])
      await writer.checkpoint()
      expect(writer.counts).toMatchObject({ dataBlobs: 1, treeBlobs: 1 })
      const opened = await scene.reopen()
      expect((await opened.tree(id)).nodes.map(({ name }) => name)).toEqual(['a'])
      expect(Buffer.compare(await opened.blob(id, 'data'), bytes)).toBe(0)
    })
  })

  it('says nothing about what it stored before the checkpoint', async () => {
    const scene = makeScene()
    await withWriter(
      scene.repository,
      async (writer) => {
        const { blobs } = await writer.add(noise(500_000, 'early'), false)
        const [blob] = blobs
        if (blob === undefined) throw new Error('no blob')
        expect(filesIn(scene.memory, 'index')).toEqual([])
        const before = await scene.reopen()
        expect(before.has(blob, 'data')).toBe(false)
        await expectCode(before.blob(blob, 'data'), 'repository.blob-missing')
        await writer.checkpoint()
        expect((await scene.reopen()).has(blob, 'data')).toBe(true)
      },
      SMALL_PACKS,
    )
  })

  it('writes no index and no pack at a checkpoint without anything new', async () => {
    const scene = makeScene()
    await withWriter(scene.repository, async (writer) => {
      await writer.checkpoint()
      await writer.add(Buffer.from('once'), false)
      await writer.checkpoint()
      await writer.checkpoint()
    })
    expect(scene.memory.files.size).toBe(2)
  })

  it('writes an index by itself after 50,000 blobs, and the rest at the checkpoint', async () => {
    const scene = makeScene()
    await withWriter(
      scene.repository,
      async (writer) => {
        for (let at = 0; at < 60_000; at += 1000) {
          await writer.ready()
          await Promise.all(Array.from({ length: 1000 }, (_, i) => writer.add(Buffer.from(`mail ${at + i}`), true)))
        }
        await writer.checkpoint()
      },
      SMALL_PACKS,
    )
    const counts: number[] = []
    for (const name of filesIn(scene.memory, 'index')) {
      const index = (await loadUnpacked(scene.memory, scene.repository.sealer, name)) as IndexFile
      counts.push(index.packs.flatMap(({ blobs }) => blobs).length)
    }
    expect(counts[0]).toBeGreaterThanOrEqual(50_000)
    expect(counts[0]).toBeLessThan(55_000)
    expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(60_000)
    // The first index came before the last packs.
    const names = [...scene.memory.files.keys()]
    expect(names.findIndex((name) => name.startsWith('index/'))).toBeLessThan(names.length - 2)
    expect((await scene.reopen()).table.size).toBe(60_000)
  })

  it('leaves a sound repository wherever the store is cut off, and the next run completes it', async () => {
    const contents = Array.from({ length: 30 }, (_, i) => noise(40_000 + i, `cut ${i}`))
    for (let writes = 0; writes <= 15; writes += 3) {
      const scene = faultyScene()
      scene.faulty.follow(cutAfterWrites(writes))
      const run = withWriter(
        scene.repository,
        async (writer) => {
          for (const [i, content] of contents.entries()) {
            await writer.add(content, false)
            if (i % 10 === 9) await writer.checkpoint()
          }
        },
        SMALL_PACKS,
      )
      await expectCode(run, 'store.unreachable')
      const left = await scene.reopen()
      expect((await checkRepository({ repository: left, readData: true })).findings).toEqual([])
      // The same process goes on with the same repository.
      scene.faulty.follow(() => undefined)
      const blobs = await withWriter(scene.repository, async (writer) => {
        const stored = await Promise.all(contents.map((content) => writer.add(content, false)))
        await writer.checkpoint()
        return stored.map((one) => one.blobs)
      })
      const opened = await scene.reopen()
      for (const [i, ids] of blobs.entries()) expect(contents[i]?.equals(await opened.content(ids))).toBe(true)
      expect((await checkRepository({ repository: opened, readData: true })).findings).toEqual([])
    }
  })

  it('stores again what an earlier writer of the same repository did not bring to a checkpoint', async () => {
    const scene = makeScene()
    const content = noise(200_000, 'lost')
    const abandoned = new RepositoryWriter(scene.repository, SMALL_PACKS, 2)
    await abandoned.add(content, false)
    abandoned.addTree({ nodes: [] })
    await abandoned.close()
    await withWriter(scene.repository, async (writer) => {
      const { blobs } = await writer.add(content, false)
      const tree = writer.addTree({ nodes: [] })
      await writer.checkpoint()
      expect(writer.counts).toMatchObject({ dataBlobs: 1, treeBlobs: 1 })
      const opened = await scene.reopen()
      expect(content.equals(await opened.content(blobs))).toBe(true)
      expect((await opened.tree(tree)).nodes).toEqual([])
    })
  })

  it('is the only one of its repository until it is closed', async () => {
    const { repository } = makeScene()
    const first = new RepositoryWriter(repository)
    expect(() => new RepositoryWriter(repository)).toThrow('internal')
    await first.close()
    await first.close()
    await new RepositoryWriter(repository).close()
  })

  it('rejects everything after it was closed', async () => {
    const { repository } = makeScene()
    const writer = new RepositoryWriter(repository, {}, 1)
    await writer.add(Buffer.from('before'), false)
    await writer.close()
    await expectCode(writer.add(Buffer.from('after'), false), 'cancelled')
    await expectCode(writer.checkpoint(), 'cancelled')
    await expectCode(writer.ready(), 'cancelled')
  })
})

describe('a repository writer before a store that is full', () => {
  it('rejects what waits and what comes, each once, and closes', async () => {
    const scene = faultyScene()
    scene.faulty.follow(failWhere(({ name }) => name.startsWith('data/'), FULL))
    const writer = new RepositoryWriter(scene.repository, SMALL_PACKS, 2)
    const adds = Array.from({ length: 40 }, (_, i) =>
      writer.fill(false, 200_000, (target) => target.set(noise(200_000, `full ${i}`))),
    )
    const outcomes = await Promise.allSettled([...adds, writer.checkpoint()])
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
    expect(reasons.length).toBeGreaterThan(0)
    expect(reasons.every((reason) => reason === FULL)).toBe(true)
    expect(outcomes.at(-1)?.status).toBe('rejected')
    for (const late of [writer.checkpoint(), writer.ready(), writer.add(Buffer.from('late'), false)])
      await expectCode(late, 'store.full')
    await writer.close()
    expect(filesIn(scene.memory, 'index')).toEqual([])
  })

  it('rejects the checkpoint if the index cannot be written, and the next writer writes one', async () => {
    const scene = faultyScene()
    scene.faulty.follow(failWhere(({ name, method }) => method === 'put' && name.startsWith('index/'), FULL))
    const content = noise(100_000, 'index')
    const writer = new RepositoryWriter(scene.repository, {}, 2)
    await writer.add(content, false)
    await expectCode(writer.checkpoint(), 'store.full')
    await expectCode(writer.checkpoint(), 'store.full')
    await writer.close()
    scene.faulty.follow(() => undefined)
    await withWriter(scene.repository, async (next) => {
      const { blobs } = await next.add(content, false)
      await next.checkpoint()
      expect(content.equals(await (await scene.reopen()).content(blobs))).toBe(true)
    })
  })

  it('stops storing when it is closed: nothing is written afterwards', async () => {
    const scene = faultyScene()
    scene.faulty.follow(({ name }) =>
      name.startsWith('data/') ? { kind: 'hold', until: new Promise(() => undefined) } : undefined,
    )
    const writer = new RepositoryWriter(scene.repository, SMALL_PACKS, 2)
    await writer.add(noise(300_000, 'held'), false)
    const checkpoint = expectCode(writer.checkpoint(), 'cancelled')
    await writer.close()
    await checkpoint
    expect(scene.memory.files.size).toBe(0)
  })
})

describe('back-pressure', () => {
  it('holds when batches wait for the threads', async () => {
    const { repository } = makeScene()
    await withWriter(repository, async (writer) => {
      const adds: Promise<unknown>[] = []
      let accepted = 0
      while (writer.isReady) {
        const content = noise(5 * MIB, `batch ${accepted++}`)
        adds.push(writer.fill(false, content.length, (target) => target.set(content)))
      }
      // Two batches for each of two threads, and the one that is open.
      expect(accepted).toBeLessThanOrEqual(5)
      await writer.ready()
      expect(writer.isReady).toBe(true)
      await Promise.all(adds)
    })
  })

  it('holds sooner when contents are large: their bytes count, not only their number', async () => {
    const { repository } = makeScene()
    await withWriter(repository, async (writer) => {
      const adds: Promise<unknown>[] = []
      while (writer.isReady) adds.push(writer.fill(false, 20 * MIB, (target) => target.fill(adds.length)))
      // One on its way is as much as four usual batches; another is still open.
      expect(adds.length).toBeLessThanOrEqual(2)
      await Promise.all(adds)
      expect(writer.isReady).toBe(true)
    })
  })

  it('holds when the store is slow, though all threads are idle, and ends when it goes on', async () => {
    const scene = faultyScene()
    const { promise: until, resolve: release } = Promise.withResolvers<undefined>()
    scene.faulty.follow(({ name }) => (name.startsWith('data/') ? { kind: 'hold', until } : undefined))
    await withWriter(
      scene.repository,
      async (writer) => {
        let accepted = 0
        // Every content is sealed and its pack sent before the next is looked at.
        while (writer.isReady && accepted < 50) {
          const content = noise(300_000, `slow ${accepted++}`)
          await writer.fill(false, content.length, (target) => target.set(content))
        }
        expect(accepted).toBeLessThanOrEqual(6)
        const ready = writer.ready()
        release(undefined)
        await ready
        await writer.checkpoint()
        const report = await checkRepository({ repository: await scene.reopen(), readData: true })
        expect(report).toMatchObject({ findings: [], blobs: accepted })
      },
      SMALL_PACKS,
    )
  })
})
