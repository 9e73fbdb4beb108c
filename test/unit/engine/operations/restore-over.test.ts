import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectCode } from '../../../support/destination-conformance.ts'
import { noise } from '../repository/writer-scene.ts'
import { COUNT, describePlace, expectAllBut, restore } from './restore-scene.ts'
import { CONTENT, makeSnapshot, type SnapshotScene, type Spec } from './snapshot-scene.ts'

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

describe('a restore over what is there', () => {
  it('finds everything present the second time and writes nothing', async () => {
    await restore(made, target)
    const before = lstatSync(join(target, 'parts')).ctimeMs
    expect(await restore(made, target)).toMatchObject({ files: 0, present: COUNT, findings: [], bytes: 0 })
    expect(lstatSync(join(target, 'parts')).ctimeMs).toBe(before)
    expectAllBut(target, [])
  })

  it('goes on where an earlier one ended', async () => {
    await restore(made, target)
    rmSync(join(target, 'parts'))
    rmSync(join(target, 'folder'), { recursive: true })
    expect(await restore(made, target)).toMatchObject({ files: 4, present: COUNT - 4, findings: [] })
    expectAllBut(target, [])
  })

  it('leaves everything else as it is and reports it', async () => {
    const long = noise(2_000_000, 'parts')
    const cases: Record<string, readonly [Uint8Array | string, (path: string) => void]> = {
      'another file of the same length': [Buffer.from('small'), (path) => writeFileSync(path, 'SMALL')],
      'a longer file': [CONTENT.text, (path) => writeFileSync(path, Buffer.concat([CONTENT.text, Buffer.from('!')]))],
      'an empty file': [CONTENT.text, (path) => writeFileSync(path, '')],
      'a file in the place of an empty one': [new Uint8Array(0), (path) => writeFileSync(path, 'not empty')],
      'another long file': [long, (path) => writeFileSync(path, noise(2_000_000, 'other'))],
      'the beginning of a long file': [long, (path) => writeFileSync(path, long.subarray(0, 1_500_000))],
      'a longer long file': [long, (path) => writeFileSync(path, Buffer.concat([long, Buffer.from('!')]))],
      'a folder': [Buffer.from('small'), (path) => mkdirSync(path)],
      'a folder in the place of a long file': [long, (path) => mkdirSync(path)],
      'a link to an equal file': [CONTENT.text, (path) => linkToEqual(path, CONTENT.text)],
      'a link to an equal long file': [long, (path) => linkToEqual(path, long)],
      'a link that leads nowhere': [Buffer.from('small'), (path) => symlinkSync('nowhere', path)],
      'another link': ['-> somewhere', (path) => symlinkSync('elsewhere', path)],
      'a file in the place of a link': ['-> somewhere', (path) => writeFileSync(path, 'somewhere')],
    }
    const spec: Spec = Object.fromEntries(Object.entries(cases).map(([name, [content]]) => [name, content]))
    const scene = await makeSnapshot({ ...spec, free: Buffer.from('free'), 'free and long': long })
    mkdirSync(target)
    for (const [name, [, put]] of Object.entries(cases)) put(join(target, name))
    const before = Object.keys(cases).map((name) => describePlace(join(target, name)))
    const report = await restore(scene, target)
    expect(report.findings.map(({ path }) => path).sort()).toEqual(Object.keys(cases).sort())
    expect(new Set(report.findings.map(({ code }) => code))).toEqual(new Set(['restore.target-exists']))
    expect(Object.keys(cases).map((name) => describePlace(join(target, name)))).toEqual(before)
    expect(report).toMatchObject({ files: 2, present: 0 })
    expect(readFileSync(join(target, 'free and long')).equals(long)).toBe(true)
  })

  it('leaves a pipe as it is, without waiting for who writes into it', async () => {
    mkdirSync(target)
    for (const name of ['small', 'parts']) spawnSync('mkfifo', [join(target, name)])
    if (!existsSync(join(target, 'small'))) {
      process.stderr.write('skipped: no mkfifo here\n')
      return
    }
    const report = await restore(made, target)
    expect(report.findings.map(({ path, code }) => `${path} ${code}`).sort()).toEqual([
      'parts restore.target-exists',
      'small restore.target-exists',
    ])
    expect(lstatSync(join(target, 'small')).isFIFO()).toBe(true)
  })

  it('reports a folder whose name a file has, once, and restores the rest', async () => {
    mkdirSync(target)
    writeFileSync(join(target, 'folder'), 'a file')
    const report = await restore(made, target)
    expect(report.findings).toEqual([{ path: 'folder', code: 'restore.target-exists' }])
    expect(report.files).toBe(COUNT - 3)
    expect(readFileSync(join(target, 'folder'), 'utf8')).toBe('a file')
  })

  it('writes nothing through a link that has the name of a folder', async () => {
    const elsewhere = join(folder, 'elsewhere')
    mkdirSync(elsewhere)
    mkdirSync(target)
    symlinkSync(elsewhere, join(target, 'folder'))
    const report = await restore(made, target)
    expect(report.findings).toEqual([{ path: 'folder', code: 'restore.target-exists' }])
    expect(readdirSync(elsewhere)).toEqual([])
    const chosen = await restore(made, target, { paths: [LEAF] })
    expect(chosen).toMatchObject({ files: 0, findings: [{ path: LEAF, code: 'restore.target-exists' }] })
    expect(readdirSync(elsewhere)).toEqual([])
  })

  it('follows a link that the user names as the target', async () => {
    mkdirSync(join(folder, 'real'))
    symlinkSync('real', target)
    expect((await restore(made, target)).findings).toEqual([])
    expect(existsSync(join(folder, 'real', 'small'))).toBe(true)
  })

  it('keeps the mode of folders that were there', async () => {
    mkdirSync(join(target, 'folder'), { recursive: true })
    chmodSync(join(target, 'folder'), 0o755)
    await restore(made, target)
    expect(lstatSync(join(target, 'folder')).mode & 0o777).toBe(0o755)
    expect(lstatSync(join(target, 'folder/deeper')).mode & 0o777).toBe(0o700)
  })

  it('says so if the target itself is a file', async () => {
    writeFileSync(target, 'a file')
    await expectCode(restore(made, target), 'restore.target-exists')
    expect(readFileSync(target, 'utf8')).toBe('a file')
  })
})

function linkToEqual(path: string, content: Uint8Array): void {
  const equal = join(folder, `equal ${content.length}`)
  writeFileSync(equal, content)
  symlinkSync(equal, path)
}
