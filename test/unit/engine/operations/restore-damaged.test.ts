import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '../../../../src-main/engine/model/errors.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { filesIn, sha256 } from '../repository/writer-scene.ts'
import { COUNT, blobsOf, copyOf, expectAllBut, filesOfPack, leaves, opened, restore } from './restore-scene.ts'
import {
  CONTENT,
  change,
  entryOf,
  flip,
  makeSnapshot,
  placeOf,
  rewriteIndex,
  type SnapshotScene,
} from './snapshot-scene.ts'

const LEAF = 'folder/deeper/leaf'
const leafBlob = sha256(CONTENT.folder.deeper.leaf)

let made: SnapshotScene
let folder: string
let target: string

beforeAll(async () => {
  made = await makeSnapshot()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-restore-'))
  target = join(folder, 'target')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('a restore from a damaged repository', () => {
  it('restores all files but those of a missing pack, whichever it is', async () => {
    for (const name of filesIn(made.memory, 'data')) {
      const affected = await filesOfPack(made, name)
      if (affected.length === 0) continue
      const scene = copyOf(made)
      change(scene, name, () => undefined)
      rmSync(target, { recursive: true, force: true })
      const report = await restore(scene, target)
      expect(report.findings.map(({ path }) => path).sort()).toEqual(affected)
      expect(new Set(report.findings.map(({ code }) => code))).toEqual(new Set(['repository.pack-missing']))
      expect(report.files).toBe(COUNT - affected.length)
      expectAllBut(target, affected)
    }
  })

  it('restores all files but those whose blob is damaged', async () => {
    const scene = copyOf(made)
    const { pack, offset } = placeOf(made.repository, leafBlob)
    flip(scene, pack, offset + 30)
    expect((await restore(scene, target)).findings).toEqual([{ path: LEAF, code: 'repository.blob-damaged' }])
    expectAllBut(target, [LEAF])
  })

  it('restores all files but those whose blob was cut off', async () => {
    const scene = copyOf(made)
    const { pack, offset, length } = placeOf(made.repository, leafBlob)
    change(scene, pack, (bytes) => bytes.slice(0, offset + length - 1))
    const { findings } = await restore(scene, target)
    expect(findings).toContainEqual({ path: LEAF, code: 'repository.blob-damaged' })
    expectAllBut(
      target,
      findings.map(({ path }) => path),
    )
  })

  it('leaves no part of a long file of which a part is damaged', async () => {
    const scene = copyOf(made)
    const [first] = await blobsOf(made, 'with parts/longer parts')
    const { pack, offset } = placeOf(made.repository, first)
    flip(scene, pack, offset + 30)
    const affected = ['parts', 'with parts/longer parts', 'with parts/same parts']
    const { findings } = await restore(scene, target)
    expect(findings.map(({ path, code }) => `${path} ${code}`).sort()).toEqual(
      affected.map((path) => `${path} repository.blob-damaged`),
    )
    expectAllBut(target, affected)
  })

  it('keeps a file that is there though the repository lacks its blobs', async () => {
    const scene = copyOf(made)
    const [, second] = await blobsOf(made, 'parts')
    await rewriteIndex(scene, (index) => {
      for (const pack of index.packs) pack.blobs = pack.blobs.filter(({ id }) => id !== leafBlob && id !== second)
    })
    mkdirSync(join(target, 'folder/deeper'), { recursive: true })
    for (const path of ['parts', LEAF]) writeFileSync(join(target, path), 'the only copy')
    const { findings } = await restore(scene, target)
    expect(findings).toContainEqual({ path: 'parts', code: 'repository.blob-missing' })
    expect(findings).toContainEqual({ path: LEAF, code: 'repository.blob-missing' })
    for (const path of ['parts', LEAF]) expect(readFileSync(join(target, path), 'utf8')).toBe('the only copy')
  })

  it('keeps a long file that is there and cannot be compared', async () => {
    const scene = copyOf(made)
    const [first] = await blobsOf(made, 'parts')
    change(scene, placeOf(made.repository, first).pack, () => undefined)
    mkdirSync(target)
    writeFileSync(join(target, 'parts'), CONTENT.parts)
    const { findings } = await restore(scene, target)
    expect(findings).toContainEqual({ path: 'parts', code: 'repository.pack-missing' })
    expect(readFileSync(join(target, 'parts')).equals(CONTENT.parts)).toBe(true)
  })

  it('reports a folder whose tree is gone, and restores the others', async () => {
    const repository = opened(made)
    await repository.loadIndex()
    const tree = (await repository.tree(made.tree)).nodes.find(({ name }) => name === 'folder')?.subtree
    const scene = copyOf(made)
    await rewriteIndex(scene, (index) => {
      for (const pack of index.packs) pack.blobs = pack.blobs.filter(({ id }) => id !== tree)
    })
    expect((await restore(scene, target)).findings).toEqual([{ path: 'folder', code: 'repository.blob-missing' }])
    expectAllBut(
      target,
      [...leaves(CONTENT).keys()].filter((path) => path.startsWith('folder/')),
    )
  })

  it('rejects with a name when the tree of the snapshot itself cannot be read', async () => {
    const { pack, offset } = placeOf(made.repository, made.tree, 'tree')
    const missing = copyOf(made)
    change(missing, pack, () => undefined)
    await expectCode(restore(missing, target), 'repository.pack-missing')
    const damaged = copyOf(made)
    flip(damaged, pack, offset)
    await expectCode(restore(damaged, target), 'repository.blob-damaged')
    const unindexed = copyOf(made)
    for (const name of filesIn(unindexed.memory, 'index')) unindexed.memory.files.delete(name)
    await expectCode(restore(unindexed, target), 'repository.blob-missing')
    const spoilt = copyOf(made)
    flip(spoilt, filesIn(spoilt.memory, 'index')[0] ?? '', 30)
    await expectCode(restore(spoilt, target), 'repository.index-damaged')
  })

  it('never writes the bytes of another blob, whatever the index says', async () => {
    const wrongs: ((index: Parameters<Parameters<typeof rewriteIndex>[1]>[0]) => void)[] = [
      // Two blobs in one place.
      (index) => {
        const [leaf, other] = [entryOf(index, leafBlob), entryOf(index, sha256(CONTENT.folder.inner))]
        const { offset, length } = other
        for (const pack of index.packs) pack.blobs = pack.blobs.filter((blob) => blob !== leaf)
        const pack = index.packs.find(({ blobs }) => blobs.includes(other))
        pack?.blobs.unshift({ ...leaf, offset, length })
        pack?.blobs.push({ ...leaf, offset, length })
      },
      (index) => void Object.assign(entryOf(index, leafBlob), { uncompressed_length: 60_000 }),
      (index) => void Object.assign(entryOf(index, leafBlob), { offset: 0xffffffff }),
      (index) => void Object.assign(entryOf(index, leafBlob), { length: 0xffffffff }),
      (index) => void Object.assign(entryOf(index, leafBlob), { length: 0 }),
    ]
    for (const wrong of wrongs) {
      const scene = copyOf(made)
      await rewriteIndex(scene, wrong)
      rmSync(target, { recursive: true, force: true })
      expect((await restore(scene, target)).findings).toEqual([{ path: LEAF, code: 'repository.blob-damaged' }])
      expectAllBut(target, [LEAF])
    }
  })

  it('does not put parts where a wrong plain length says', async () => {
    const spec = { long: Buffer.concat([Buffer.alloc(9 << 20, 'compressible '), Buffer.from('the end')]) }
    const fresh = await makeSnapshot(spec)
    const [first] = await blobsOf(fresh, 'long')
    await rewriteIndex(fresh, (index) => {
      const entry = entryOf(index, first)
      entry.uncompressed_length = (entry.uncompressed_length ?? 0) + 1
    })
    const report = await restore(fresh, target)
    expect(report.findings).toEqual([{ path: 'long', code: 'repository.blob-damaged' }])
    expect(existsSync(join(target, 'long'))).toBe(false)
  })

  it('restores all that is not damaged, and reports all that is, wherever a bit flips', async () => {
    const packs = filesIn(made.memory, 'data')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...packs), fc.nat(), fc.nat(7), async (name, at, bit) => {
        const scene = copyOf(made)
        flip(scene, name, at % (scene.memory.files.get(name)?.length ?? 1), bit)
        rmSync(target, { recursive: true, force: true })
        try {
          const { findings } = await restore(scene, target)
          const paths = [...leaves(CONTENT).keys()]
          const missing = findings.flatMap(({ path }) =>
            paths.filter((leaf) => leaf === path || leaf.startsWith(`${path}/`)),
          )
          expectAllBut(target, missing)
        } catch (error) {
          // The snapshot's own tree.
          expect(error).toBeInstanceOf(EngineError)
          expect((error as EngineError).code).toBe('repository.blob-damaged')
        }
      }),
      { numRuns: 8 },
    )
  })
})
