import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { EngineError } from '../../../../src-main/engine/model/errors.ts'
import { hexId, type HexId } from '../../../../src-main/engine/model/ids.ts'
import { checkRepository } from '../../../../src-main/engine/operations/check/check.ts'
import type { CheckFinding, CheckReport } from '../../../../src-main/engine/operations/check/model.ts'
import { OpenRepository } from '../../../../src-main/engine/repository/repository.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { createFaultyStore, failWhere } from '../../../support/faulty-store.ts'
import { createMemoryStore } from '../../../support/memory-store.ts'
import { filesIn, makeScene, noise, sha256, withWriter, type Scene } from '../repository/writer-scene.ts'
import {
  CONTENT,
  addSnapshot,
  change,
  entryOf,
  flip,
  makeSnapshot,
  placeOf,
  rewriteIndex,
  type SnapshotScene,
} from './snapshot-scene.ts'

let made: SnapshotScene

beforeAll(async () => {
  made = await makeSnapshot()
})

/** A copy of the repository that a test may damage. */
function copy(): SnapshotScene {
  const memory = createMemoryStore(new Map([...made.memory.files].map(([name, bytes]) => [name, bytes.slice()])))
  const { key, config } = made.repository
  const repository = new OpenRepository(memory, key, config)
  const reopen = async (): Promise<OpenRepository> => {
    const opened = new OpenRepository(memory, key, config)
    await opened.loadIndex()
    return opened
  }
  return { ...made, memory, repository, reopen }
}

async function check(scene: Scene, readData = true): Promise<CheckReport> {
  const { key, config } = scene.repository
  return checkRepository({ repository: new OpenRepository(scene.memory, key, config), readData })
}

/** Findings as text, sorted: code, subject, id, snapshot?, path. */
function said(findings: readonly CheckFinding[], { snapshot }: SnapshotScene): string[] {
  const text = ({ code, subject, id, path, snapshot: harmed }: CheckFinding): string =>
    [code, subject, id, ...(harmed === undefined ? [] : [harmed === snapshot ? 'snapshot' : harmed]), path ?? '']
      .join(' ')
      .trim()
  return findings.map(text).sort()
}

const LEAF = sha256(CONTENT.folder.deeper.leaf)
const INNER = sha256(CONTENT.folder.inner)
const SMALL = sha256(CONTENT.small)

describe('a check', () => {
  it.each([true, false])('finds nothing in a sound repository (all data: %s)', async (readData) => {
    const report = await check(made, readData)
    const data = filesIn(made.memory, 'data').length
    expect(report).toMatchObject({ findings: [], snapshots: 1, packs: data, unusedPacks: 0 })
    expect(report.blobs).toBe(made.repository.table.size)
    expect(report.bytesRead > 2_000_000).toBe(readData)
  })

  it('tells its progress and reads no pack unless it is asked to', async () => {
    const store = createFaultyStore(made.memory)
    const { key, config } = made.repository
    const stages: string[] = []
    const options = {
      repository: new OpenRepository(store, key, config),
      onProgress: ({ stage }: { stage: string }) => stages.push(stage),
    }
    await checkRepository({ ...options, readData: false })
    const trees = new Set(
      [...made.repository.table.stored()]
        .filter((slot) => made.repository.table.type(slot) === 'tree')
        .map((slot) => made.repository.packs.id(made.repository.table.location(slot).pack)),
    )
    const read = store.calls
      .filter(({ method, name }) => method === 'get' && name.startsWith('data/'))
      .map(({ name }) => name.slice(8))
    expect(read.every((id) => trees.has(id as HexId))).toBe(true)
    expect(new Set(stages)).toEqual(new Set(['trees']))
    await checkRepository({ ...options, readData: true })
    expect(new Set(stages)).toEqual(new Set(['trees', 'packs']))
    expect(store.calls.some(({ method }) => method === 'put' || method === 'remove')).toBe(false)
  })

  it('counts packs that no index names, and passes', async () => {
    const scene = copy()
    scene.memory.files.set(`data/00/${'00'.repeat(32)}`, new Uint8Array(5))
    scene.memory.files.set('data/00/notes.txt', new Uint8Array(5))
    expect(await check(scene)).toMatchObject({ findings: [], unusedPacks: 1 })
  })

  it('passes a repository in which a blob is in two packs, the last of them with nothing of its own', async () => {
    const scene = makeScene()
    const contents = [noise(70_000, 'a'), noise(70_000, 'b')]
    const second = new OpenRepository(scene.memory, scene.repository.key, scene.repository.config)
    for (const repository of [scene.repository, second])
      await withWriter(repository, async (writer) => {
        for (const content of contents) await writer.add(content, false)
        await writer.checkpoint()
      })
    expect(filesIn(scene.memory, 'data').length).toBe(2)
    for (const readData of [true, false]) expect((await check(scene, readData)).findings).toEqual([])
    // All bytes are compared, also of the pack that is not read from.
    const counts: number[] = []
    for (const pack of filesIn(scene.memory, 'data')) {
      flip(scene, pack, 100)
      const { findings } = await check(scene)
      expect(findings[0]).toEqual({ code: 'repository.pack-damaged', subject: 'pack', id: pack.slice(8) })
      counts.push(findings.length)
      flip(scene, pack, 100)
    }
    expect(counts.sort()).toEqual([1, 2])
  })

  it('rejects, and does not call it damage, when the store is out of reach or the user says stop', async () => {
    const { key, config } = made.repository
    for (const folder of ['index/', 'snapshots/', 'data/']) {
      const store = createFaultyStore(
        made.memory,
        failWhere(({ method, name }) => method === 'get' && name.startsWith(folder)),
      )
      const repository = new OpenRepository(store, key, config)
      await expectCode(checkRepository({ repository, readData: true }), 'store.unreachable')
      await expectCode(
        checkRepository({ repository: new OpenRepository(store, key, config), readData: false }),
        'store.unreachable',
      )
    }
    const stop = new AbortController()
    const store = createFaultyStore(made.memory, ({ name }) => {
      if (name.startsWith('data/')) stop.abort(new EngineError('cancelled'))
      return undefined
    })
    const repository = new OpenRepository(store, key, config)
    await expectCode(checkRepository({ repository, readData: true, signal: stop.signal }), 'cancelled')
  })
})

describe.each([true, false])('a check (all data: %s) of a repository without', (readData) => {
  it('a data pack names the pack, and every file that needs it', async () => {
    const scene = copy()
    const place = placeOf(made.repository, LEAF)
    change(scene, place.pack, () => undefined)
    const { findings } = await check(scene, readData)
    const files = said(findings, made).filter((line) => line.includes('blob'))
    expect(files).toContain(`repository.pack-missing blob ${LEAF} snapshot folder/deeper/leaf`)
    expect(findings.filter(({ subject }) => subject === 'pack')).toEqual([
      { code: 'repository.pack-missing', subject: 'pack', id: place.id },
    ])
    for (const { id, subject } of findings)
      if (subject === 'blob') expect(placeOf(made.repository, id as HexId).id).toBe(place.id)
  })

  it('the packs with trees names the snapshot and its root', async () => {
    const scene = copy()
    const place = placeOf(made.repository, made.tree, 'tree')
    change(scene, place.pack, () => undefined)
    expect(said((await check(scene, readData)).findings, made)).toEqual([
      `repository.pack-missing pack ${place.id}`,
      `repository.pack-missing tree ${made.tree} snapshot`,
    ])
  })

  it('its index names the root of the snapshot', async () => {
    const scene = copy()
    for (const name of filesIn(scene.memory, 'index')) scene.memory.files.delete(name)
    const report = await check(scene, readData)
    expect(said(report.findings, made)).toEqual([`repository.blob-missing tree ${made.tree} snapshot`])
    expect(report.unusedPacks).toBe(filesIn(made.memory, 'data').length)
  })

  it('a blob in the index names every file that has it', async () => {
    const scene = copy()
    await rewriteIndex(scene, (index) => {
      for (const pack of index.packs) pack.blobs = pack.blobs.filter(({ id }) => id !== SMALL)
    })
    const { findings } = await check(scene, readData)
    expect(said(findings, made).filter((line) => line.includes(SMALL))).toEqual([
      `repository.blob-missing blob ${SMALL} snapshot folder/deeper/same as small`,
      `repository.blob-missing blob ${SMALL} snapshot small`,
    ])
  })

  it('a tree in the index names its path', async () => {
    const scene = copy()
    const opened = await scene.reopen()
    const folder = (await opened.tree(made.tree)).nodes.find(({ name }) => name === 'folder')?.subtree
    await rewriteIndex(scene, (index) => {
      for (const pack of index.packs) pack.blobs = pack.blobs.filter(({ id }) => id !== folder)
    })
    expect(said((await check(scene, readData)).findings, made)).toContain(
      `repository.blob-missing tree ${folder ?? ''} snapshot folder`,
    )
  })
})

describe('a check finds', () => {
  it('a flipped bit in a blob: the pack, the blob, the path, nothing else', async () => {
    const scene = copy()
    const { pack, id, offset, length } = placeOf(made.repository, INNER)
    for (const at of [offset, offset + (length >> 1), offset + length - 1]) {
      const damaged = copy()
      flip(damaged, pack, at, 7)
      expect(said((await check(damaged)).findings, made)).toEqual([
        `repository.blob-damaged blob ${INNER} snapshot folder/inner`,
        `repository.pack-damaged pack ${id}`,
      ])
    }
    flip(scene, pack, offset)
    // Without reading the data it cannot be known.
    expect((await check(scene, false)).findings).toEqual([])
  })

  it('a flipped bit in a blob of several files: each of them', async () => {
    const scene = copy()
    const { nodes } = await (await scene.reopen()).tree(made.tree)
    const [first] = nodes.find(({ name }) => name === 'parts')?.content ?? []
    if (first === undefined) throw new Error('no blob')
    const { pack, offset } = placeOf(made.repository, first)
    flip(scene, pack, offset + 1000)
    const lines = said((await check(scene)).findings, made).filter((line) => line.includes('blob-damaged'))
    expect(lines).toEqual(
      ['parts', 'with parts/longer parts', 'with parts/same parts'].map(
        (path) => `repository.blob-damaged blob ${first} snapshot ${path}`,
      ),
    )
  })

  it('a flipped bit in a tree: its path', async () => {
    const scene = copy()
    const { nodes } = await (await scene.reopen()).tree(made.tree)
    const folder = nodes.find(({ name }) => name === 'folder')?.subtree
    if (folder === undefined) throw new Error('no folder')
    const { pack, offset } = placeOf(made.repository, folder, 'tree')
    flip(scene, pack, offset + 20)
    for (const readData of [true, false])
      expect(said((await check(scene, readData)).findings, made)).toContain(
        `repository.blob-damaged tree ${folder} snapshot folder`,
      )
  })

  it.each([
    ['header', -10],
    ['length of the header', -2],
  ])('a flipped bit in the %s: the pack, once; its blobs are sound', async (_, at) => {
    const scene = copy()
    const { pack, id } = placeOf(made.repository, INNER)
    flip(scene, pack, at)
    const { findings } = await check(scene)
    expect(findings.every(({ subject }) => subject === 'pack')).toBe(true)
    expect(new Set(findings.map((finding) => finding.id))).toEqual(new Set([id]))
    expect(new Set(findings.map(({ code }) => code)).size).toBe(findings.length)
  })

  it('a pack that was cut anywhere: the pack and the blobs that are gone', async () => {
    const { pack, id, offset, length } = placeOf(made.repository, INNER)
    const whole = made.memory.files.get(pack)?.length ?? 0
    for (const left of [0, 10, offset, offset + length - 1, offset + length, whole - 5, whole - 1]) {
      for (const readData of [true, false]) {
        const scene = copy()
        change(scene, pack, (bytes) => bytes.slice(0, left))
        const { findings } = await check(scene, readData)
        const packs = findings.filter(({ subject }) => subject === 'pack')
        if (readData || left < offset + length) {
          expect(packs.length).toBeGreaterThan(0)
          expect(new Set(packs.map((finding) => finding.id))).toEqual(new Set([id]))
        }
        const hit = findings.some(({ subject, path }) => subject === 'blob' && path === 'folder/inner')
        expect(hit, `${left} of ${whole} bytes left`).toBe(left < offset + length)
      }
    }
  })

  it('a pack that has grown', async () => {
    const scene = copy()
    const { pack, id } = placeOf(made.repository, INNER)
    change(scene, pack, (bytes) => Uint8Array.from(Buffer.concat([bytes, Buffer.alloc(10_000)])))
    expect(said((await check(scene, false)).findings, made)).toEqual([`repository.pack-truncated pack ${id}`])
    expect((await check(scene)).findings.every((finding) => finding.id === id)).toBe(true)
  })

  it('a damaged index, and goes on with the others', async () => {
    const scene = copy()
    const second = await scene.reopen()
    await withWriter(second, async (writer) => {
      await writer.add(noise(1000, 'more'), false)
      await writer.checkpoint()
    })
    const first = filesIn(made.memory, 'index')[0] ?? ''
    flip(scene, first, 40)
    const { findings } = await check(scene)
    expect(findings).toContainEqual({ code: 'repository.index-damaged', subject: 'index', id: first.slice(6) })
    expect(said(findings, made)).toContain(`repository.blob-missing tree ${made.tree} snapshot`)
    expect(findings.length).toBe(2)
  })

  it.each<
    [
      string,
      (offset: number, length: number) => Partial<{ offset: number; length: number; uncompressed_length: number }>,
    ]
  >([
    ['offset', (offset) => ({ offset: offset + 1 })],
    ['offset far away', () => ({ offset: 0xffffffff })],
    ['length', (_, length) => ({ length: length - 1 })],
    ['length beyond all bounds', () => ({ length: 0xffffffff })],
    ['length of nothing', () => ({ length: 0 })],
    ['plain length', () => ({ uncompressed_length: 49_999 })],
    ['plain length beyond all bounds', () => ({ uncompressed_length: 0xffffffff })],
  ])('an index with a wrong %s: the blob and its path', async (_, wrong) => {
    const scene = copy()
    const { offset, length } = placeOf(made.repository, INNER)
    await rewriteIndex(scene, (index) => {
      Object.assign(entryOf(index, INNER), wrong(offset, length))
    })
    const { findings } = await check(scene)
    expect(
      findings.filter(({ path }) => path !== undefined).map(({ subject, id, path }) => ({ subject, id, path })),
    ).toEqual([{ subject: 'blob', id: INNER, path: 'folder/inner' }])
  })

  it('a damaged snapshot, and checks the others', async () => {
    const scene = copy()
    const other = await addSnapshot(scene.repository, made.tree)
    flip(scene, `snapshots/${made.snapshot}`, 50)
    const report = await check(scene)
    expect(report.findings).toEqual([{ code: 'repository.snapshot-damaged', subject: 'snapshot', id: made.snapshot }])
    expect(report.snapshots).toBe(1)
    expect(other).not.toBe(made.snapshot)
  })

  it('a snapshot whose tree is nowhere', async () => {
    const scene = copy()
    const nowhere = hexId(noise(32, 'nowhere'))
    const other = await addSnapshot(scene.repository, nowhere)
    expect((await check(scene)).findings).toEqual([
      { code: 'repository.blob-missing', subject: 'tree', id: nowhere, snapshot: other, path: '' },
    ])
  })

  it('whatever bit is flipped in packs, index and snapshots', async () => {
    const names = [...made.memory.files.keys()]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.nat(7), async (name, at, bit) => {
        const scene = copy()
        flip(scene, name, at % (scene.memory.files.get(name)?.length ?? 1), bit)
        const { findings } = await check(scene)
        expect(findings.length).toBeGreaterThan(0)
        const id = name.slice(name.lastIndexOf('/') + 1)
        expect(findings.some((finding) => finding.id === id)).toBe(true)
      }),
      { numRuns: 8 },
    )
  })
})
