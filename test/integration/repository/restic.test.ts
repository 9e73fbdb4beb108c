import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { checkRepository } from '../../../src-main/engine/operations/check/check.ts'
import { restoreToFolder, type FolderRestoreReport } from '../../../src-main/engine/operations/restore/to-folder.ts'
import { initRepository } from '../../../src-main/engine/repository/init.ts'
import { openRepository, type OpenRepository } from '../../../src-main/engine/repository/repository.ts'
import { listSnapshots } from '../../../src-main/engine/repository/snapshots.ts'
import { snapshotFolder } from '../../support/folder-snapshot.ts'
import { contentsOf, entriesIn, roomyFolder, type Entry } from './folders.ts'
import { PASSPHRASE, hasRestic, restic } from './restic.ts'
import { addUnusual, changeSource, makeSource } from './source.ts'

const CHEAP_KEY = { cost: { N: 1024, r: 8, p: 1 } }

async function expectSound(repository: OpenRepository, snapshots: number): Promise<void> {
  const report = await checkRepository({ repository, readData: true })
  expect(report.findings).toEqual([])
  expect(report.snapshots).toBe(snapshots)
}

async function restoreLatest(repository: OpenRepository, target: string, at = -1): Promise<FolderRestoreReport> {
  const { snapshots } = await listSnapshots(repository.store, repository.sealer)
  const snapshot = snapshots.at(at)
  if (snapshot === undefined) throw new Error('no snapshot')
  const report = await restoreToFolder({ repository, tree: snapshot.tree, paths: [], target })
  expect(report.findings).toEqual([])
  return report
}

/** Files with bytes, modes and times; folders and links by name. */
function filesOf(entries: Readonly<Record<string, Entry>>): Record<string, Entry> {
  return Object.fromEntries(Object.entries(entries).filter(([, entry]) => 'sha256' in entry))
}

describe.skipIf(!hasRestic)('a repository that restic made, of thousands of files, in every way of compression', () => {
  let folder: string
  let store: ReturnType<typeof createLocalFolder>
  const sources: Record<string, Entry>[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(roomyFolder(), 'holdfast-restic-made-'))
    store = createLocalFolder(join(folder, 'repository'))
    const source = join(folder, 'source')
    mkdirSync(source)
    makeSource(source)
    addUnusual(source)
    await restic(store.location, ['init', '--repository-version', '2'])
    for (const [round, compression] of ['off', 'auto', 'max'].entries()) {
      if (round > 0) changeSource(source, round)
      await restic(store.location, ['backup', '--compression', compression, '.'], { cwd: source })
      sources.push(await entriesIn(source))
    }
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('opens and passes the check of all data', async () => {
    await expectSound(await openRepository({ store, passphrase: PASSPHRASE }), 3)
  })

  it('restores every snapshot as restic does: names, bytes, modes, times, links', async () => {
    const repository = await openRepository({ store, passphrase: PASSPHRASE })
    const { snapshots } = await listSnapshots(store, repository.sealer)
    for (const [i, { id }] of snapshots.entries()) {
      const [theirs, ours] = [join(folder, `theirs ${i}`), join(folder, `ours ${i}`)]
      await restic(store.location, ['restore', id, '--target', theirs])
      const report = await restoreLatest(repository, ours, i)
      const expected = await entriesIn(theirs)
      const restored = await entriesIn(ours)
      expect(restored).toEqual(expected)
      expect(restored).toEqual(sources[i])
      expect(report.files).toBe(Object.keys(restored).filter((path) => !path.endsWith('/')).length)
      await rm(theirs, { recursive: true })
      await rm(ours, { recursive: true })
    }
  })

  it('takes a snapshot of ours, and restic restores it and goes on', async () => {
    const repository = await openRepository({ store, passphrase: PASSPHRASE })
    await repository.loadIndex()
    const source = join(folder, 'mixed')
    cpSync(join(folder, 'source', 'names'), source, { recursive: true, preserveTimestamps: true })
    const before = repository.table.size
    const { id } = await snapshotFolder(repository, source)
    // The files are in the repository already: only the tree is new.
    expect(repository.table.size).toBe(before + 1)
    await restic(store.location, ['restore', id, '--target', join(folder, 'mixed restored')])
    expect(contentsOf(await entriesIn(join(folder, 'mixed restored')))).toEqual(contentsOf(await entriesIn(source)))
    await restic(store.location, ['check', '--read-data'])
    await restic(store.location, ['forget', '--keep-last', '1', '--group-by', '', '--prune'])
    await expectSound(await openRepository({ store, passphrase: PASSPHRASE }), 1)
  })
})

describe.skipIf(!hasRestic)('a repository that Holdfast made', () => {
  let folder: string
  let source: string
  let store: ReturnType<typeof createLocalFolder>

  beforeAll(async () => {
    folder = await mkdtemp(join(roomyFolder(), 'holdfast-own-made-'))
    source = join(folder, 'source')
    mkdirSync(source)
    makeSource(source)
    store = createLocalFolder(join(folder, 'repository'))
    const repository = await initRepository({ store, passphrase: PASSPHRASE, key: CHEAP_KEY })
    await repository.loadIndex()
    await snapshotFolder(repository, source)
  })
  afterAll(() => rm(folder, { recursive: true }))

  const open = (passphrase = PASSPHRASE): Promise<OpenRepository> => openRepository({ store, passphrase })

  it('passes restic check of all data and is restored by restic as it was', async () => {
    expect(await restic(store.location, ['check', '--read-data'])).toContain('no errors were found')
    const target = join(folder, 'theirs')
    await restic(store.location, ['restore', 'latest', '--target', target])
    const restored = await entriesIn(target)
    const expected = await entriesIn(source)
    expect(contentsOf(restored)).toEqual(contentsOf(expected))
    expect(Object.keys(restored).sort()).toEqual(Object.keys(expected).sort())
    // snapshotFolder notes milliseconds and a mode of its own.
    for (const [path, entry] of Object.entries(filesOf(expected)))
      expect(restored[path]).toEqual({ ...entry, mode: '600' })
    const ours = join(folder, 'ours')
    await restoreLatest(await open(), ours)
    expect(await entriesIn(ours)).toEqual(restored)
    await rm(target, { recursive: true })
    await rm(ours, { recursive: true })
  })

  it('takes a backup by restic, then one of ours, then passes both checks', async () => {
    changeSource(source, 1)
    await restic(store.location, ['backup', '.'], { cwd: source })
    changeSource(source, 2)
    const repository = await open()
    await repository.loadIndex()
    await snapshotFolder(repository, source)
    expect(await restic(store.location, ['check', '--read-data'])).toContain('no errors were found')
    await expectSound(await open(), 3)
    const ours = join(folder, 'ours')
    await restoreLatest(await open(), ours)
    expect(contentsOf(await entriesIn(ours))).toEqual(contentsOf(await entriesIn(source)))
    await rm(ours, { recursive: true })
  })

  it('is opened by a key that restic added', async () => {
    const file = join(folder, 'second')
    writeFileSync(file, 'second passphrase')
    await restic(store.location, ['key', 'add', '--new-password-file', file])
    const repository = await open('second passphrase')
    expect(repository.config.id).toBe((await open()).config.id)
    await expect(open('third')).rejects.toThrow('repository.wrong-passphrase')
  })

  it('is still sound after restic has forgotten and pruned, and restores the same', async () => {
    const before = contentsOf(await entriesIn(source))
    const args = ['forget', '--keep-last', '1', '--group-by', '', '--prune', '--max-unused', '0']
    await restic(store.location, args)
    const repository = await open()
    await expectSound(repository, 1)
    const ours = join(folder, 'pruned')
    await restoreLatest(repository, ours)
    expect(contentsOf(await entriesIn(ours))).toEqual(before)
    // What comes now finds the rewritten packs.
    await snapshotFolder(repository, source)
    expect(await restic(store.location, ['check', '--read-data'])).toContain('no errors were found')
  })
})
