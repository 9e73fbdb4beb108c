import { existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import { saveUnpacked } from '../../../../src-main/engine/repository/unpacked-file.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { makeScene, noise, sha256, withWriter, type Scene } from '../repository/writer-scene.ts'
import { onDisk, restore } from './restore-scene.ts'
import { makeSnapshot, storeFolder, type SnapshotScene } from './snapshot-scene.ts'

let folder: string
let target: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-restore-'))
  target = join(folder, 'target')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('names that lead elsewhere', () => {
  /** A snapshot whose tree has these nodes, whatever they are. */
  async function crafted(names: readonly string[], more: readonly object[] = []): Promise<SnapshotScene> {
    const scene = makeScene()
    const tree = await withWriter(scene.repository, async (writer) => {
      const inner = await storeFolder(writer, { inside: Buffer.from('inside') })
      const { blobs } = await writer.add(Buffer.from('evil'), false)
      const nodes = names.flatMap((name) => [
        { name, type: 'file', mode: 0o600, content: blobs, size: 4 },
        { name, type: 'dir', mode: 0x80000000 + 0o700, subtree: inner },
      ])
      const link = { name: 'way', type: 'symlink', linktarget: join(folder, 'outside') }
      const text = JSON.stringify({
        nodes: [
          ...nodes,
          { name: 'good', type: 'file', content: blobs, size: 4 },
          link,
          ...more.map((node) => ({ ...node, subtree: inner })),
        ],
      })
      const id = await addRawTree(scene, text)
      await writer.checkpoint()
      return id
    })
    return { ...scene, tree, snapshot: tree }
  }

  it('are refused, and the rest is restored', async () => {
    mkdirSync(join(folder, 'outside'))
    const names = ['..', '.', '', '../outside', 'a/b', '/etc', 'a/../../outside', 'zero\\x00byte', '../../outside/x']
    const scene = await crafted(names)
    const report = await restore(scene, target)
    expect(report.findings.length).toBe(2 * names.length)
    expect(new Set(report.findings.map(({ code }) => code))).toEqual(new Set(['restore.unsafe-name']))
    expect(readdirSync(target).sort()).toEqual(['good', 'way'])
    expect(readdirSync(join(folder, 'outside'))).toEqual([])
    expect(readdirSync(folder).sort()).toEqual(['outside', 'target'])
  })

  it('do not get through a link of the same name', async () => {
    mkdirSync(join(folder, 'outside'))
    const scene = await crafted([], [{ name: 'way', type: 'dir', mode: 0x80000000 + 0o700 }])
    const report = await restore(scene, target)
    expect(report.findings).toEqual([{ path: 'way', code: 'restore.unsafe-name' }])
    expect(readdirSync(join(folder, 'outside'))).toEqual([])
  })

  it('are not found as chosen paths, and do not keep others from being found', async () => {
    const scene = await crafted(['..', '../outside'])
    for (const path of ['../outside', '..', 'way/inside'])
      await expectCode(restore(scene, target, { paths: [path] }), 'repository.path-not-found')
    expect(existsSync(target)).toBe(false)
    expect(await restore(scene, target, { paths: ['good'] })).toMatchObject({ files: 1, findings: [] })
  })

  it('that are no UTF-8 are written as the bytes they are', async () => {
    const name = 'raw \udcff\udcfe'
    const scene = await makeSnapshot({
      [name]: Buffer.from('one blob'),
      'folder \udce9': {
        'long \udc80': noise(1_500_000, 'raw'),
        'link \udc81': '-> to \udc82',
        empty: new Uint8Array(0),
      },
    })
    expect((await restore(scene, target)).findings).toEqual([])
    expect(await restore(scene, target)).toMatchObject({ present: 4, files: 0, findings: [] })
    const bytes = readdirSync(target, { encoding: 'buffer' }).map((entry) => entry.toString('latin1'))
    expect(bytes.sort()).toEqual(['folder \xe9', 'raw \xff\xfe'])
    const inner = Buffer.concat([Buffer.from(`${target}/folder `), Buffer.of(0xe9)])
    expect(
      readdirSync(inner, { encoding: 'buffer' })
        .map((entry) => entry.toString('latin1'))
        .sort(),
    ).toEqual(['empty', 'link \x81', 'long \x80'])
    const link = Buffer.concat([inner, Buffer.from('/link '), Buffer.of(0x81)])
    expect(readlinkSync(link, 'buffer').toString('latin1')).toBe('to \x82')
  })

  it('that the disk does not take are reported, the rest is restored', async () => {
    const scene = await makeSnapshot({
      ['n'.repeat(300)]: Buffer.from('too long'),
      ['d'.repeat(300)]: { x: Buffer.from('x') },
      good: Buffer.from('good'),
    })
    const report = await restore(scene, target)
    expect(report.findings.map(({ path, code }) => `${path.slice(0, 1)} ${code}`).sort()).toEqual([
      'd store.failed',
      'n store.failed',
    ])
    expect(onDisk(target)).toEqual({ good: new Uint8Array(Buffer.from('good')) })
  })
})

/** Stores a tree's text as it is, in a pack and index of its own. */
async function addRawTree(scene: Scene, text: string): Promise<HexId> {
  const plain = Buffer.from(text)
  const id = sha256(plain)
  const sealed = scene.repository.sealer.seal(plain)
  const pack = sha256(sealed)
  const index = { packs: [{ id: pack, blobs: [{ id, type: 'tree', offset: 0, length: sealed.length }] }] }
  scene.memory.files.set(`data/${pack.slice(0, 2)}/${pack}`, sealed)
  await saveUnpacked(scene.memory, scene.repository.sealer, 'index', JSON.stringify(index))
  return id
}
