import { chmodSync, existsSync, lstatSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { directoryNode, fileNode } from '../../../../src-main/engine/operations/backup/layout.ts'
import { restoreToFolder } from '../../../../src-main/engine/operations/restore/to-folder.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { createFaultyStore } from '../../../support/faulty-store.ts'
import { filesIn, makeScene, noise, withWriter } from '../repository/writer-scene.ts'
import { COUNT, expectAllBut, leaves, onDisk, opened, restore } from './restore-scene.ts'
import { CONTENT, TIME, makeSnapshot, type SnapshotScene } from './snapshot-scene.ts'

const LEAF = 'folder/deeper/leaf'

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

describe('a restore to a folder', () => {
  it('writes everything, with times and modes, into a folder that it makes', async () => {
    const progress: number[] = []
    target = join(folder, 'not', 'there', 'yet')
    const report = await restore(made, target, { onProgress: ({ bytes }) => progress.push(bytes) })
    expect(report).toEqual({ files: COUNT, bytes: report.bytes, present: 0, directories: 3, findings: [] })
    expectAllBut(target, [])
    for (const path of ['small', 'parts', 'empty', 'folder', 'folder/deeper', LEAF, 'link']) {
      const { mtimeMs, mode } = lstatSync(join(target, path))
      expect(Math.floor(mtimeMs), path).toBe(Date.parse(TIME))
      if (path !== 'link') expect(mode & 0o777, path).toBe(path.startsWith('folder') && path !== LEAF ? 0o700 : 0o600)
    }
    expect(report.bytes).toBe(
      [...leaves(CONTENT).values()].reduce((sum, leaf) => sum + (typeof leaf === 'string' ? 0 : leaf.length), 0),
    )
    expect(progress.length).toBeGreaterThan(0)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
  })

  it('reads the index by itself and needs no lock, no write', async () => {
    const store = createFaultyStore(made.memory)
    await restoreToFolder({ repository: opened(made, store), tree: made.tree, paths: [], target })
    expect(new Set(store.calls.map(({ method }) => method))).toEqual(new Set(['list', 'get']))
  })

  it('reads every pack once, with requests for what lies together', async () => {
    const store = createFaultyStore(made.memory)
    await restoreToFolder({ repository: opened(made, store), tree: made.tree, paths: [], target })
    const packs = store.calls
      .filter(({ method, name }) => method === 'get' && name.startsWith('data/'))
      .map(({ name }) => name)
    expect(packs.length).toBeLessThanOrEqual(filesIn(made.memory, 'data').length + 2)
  })

  it('restores chosen paths only, with the folders above them', async () => {
    const report = await restore(made, target, { paths: ['folder/deeper', '/small/'] })
    expect(report).toMatchObject({ files: 3, directories: 1, findings: [] })
    expect(onDisk(target)).toEqual({
      folder: {
        deeper: { leaf: new Uint8Array(CONTENT.folder.deeper.leaf), 'same as small': new Uint8Array(CONTENT.small) },
      },
      small: new Uint8Array(CONTENT.small),
    })
    expect(await restore(made, target, { paths: [''] })).toMatchObject({ files: COUNT - 3, present: 3, findings: [] })
    expectAllBut(target, [])
  })

  it('writes nothing if a chosen path is not in the snapshot', async () => {
    for (const path of ['nowhere', 'folder/nowhere', 'small/below a file', '..', 'folder/..'])
      await expectCode(restore(made, target, { paths: ['small', path] }), 'repository.path-not-found')
    expect(existsSync(target)).toBe(false)
  })

  it('keeps times to the microsecond, also before 1970 and of the year 1', async () => {
    const scene = makeScene()
    const times = {
      exact: '2026-03-04T05:06:07Z',
      milli: '2023-11-14T22:30:00.123Z',
      micro: '2023-11-14T22:30:00.122999906+01:00',
      early: '1969-12-31T23:59:58.75Z',
      none: '0001-01-01T00:00:00Z',
    }
    const tree = await withWriter(scene.repository, async (writer) => {
      const long = noise(1_500_000, 'long')
      const stored = await writer.add(long, false)
      const one = await writer.add(Buffer.from('one'), false)
      const nodes = Object.entries(times).flatMap(([name, time]) => [
        fileNode(`${name} a`, one.blobs, 3, time),
        fileNode(`${name} b`, stored.blobs, long.length, time),
      ])
      const id = writer.addTree({ nodes: nodes.sort((a, b) => (a.name < b.name ? -1 : 1)) })
      await writer.checkpoint()
      return id
    })
    const report = await restoreToFolder({ repository: opened(scene), tree, paths: [], target })
    expect(report.findings).toEqual([])
    const micros = (name: string): number => Number(lstatSync(join(target, name), { bigint: true }).mtimeNs / 1000n)
    for (const kind of ['a', 'b']) {
      expect(micros(`exact ${kind}`)).toBe(Date.parse(times.exact) * 1000)
      expect(micros(`milli ${kind}`)).toBe(Date.parse(times.milli) * 1000)
      expect(micros(`micro ${kind}`)).toBe(Date.parse(times.micro) * 1000 + 999)
      expect(Math.floor(micros(`early ${kind}`) / 1000)).toBe(Date.parse(times.early))
    }
  })

  it('gives modes that forbid writing to files of several blobs, too', async () => {
    const scene = makeScene()
    const tree = await withWriter(scene.repository, async (writer) => {
      const { blobs } = await writer.add(noise(1_500_000, 'mode'), false)
      const file = { ...fileNode('read only', blobs, 1_500_000, TIME), mode: 0o440 }
      const inner = writer.addTree({ nodes: [file, { ...file, name: 'script', mode: 0o755 }] })
      const id = writer.addTree({ nodes: [{ ...directoryNode('closed', inner, TIME), mode: 0x80000000 + 0o550 }] })
      await writer.checkpoint()
      return id
    })
    await restoreToFolder({ repository: opened(scene), tree, paths: [], target })
    const modeOf = (path: string): number => lstatSync(join(target, path)).mode & 0o777
    expect([modeOf('closed'), modeOf('closed/read only'), modeOf('closed/script')]).toEqual([0o550, 0o440, 0o755])
    chmodSync(join(target, 'closed'), 0o700)
  })
})
