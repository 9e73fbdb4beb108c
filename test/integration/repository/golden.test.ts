import { readFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { checkRepository } from '../../../src-main/engine/operations/check/check.ts'
import { restoreToFolder } from '../../../src-main/engine/operations/restore/to-folder.ts'
import { openRepository, type OpenRepository } from '../../../src-main/engine/repository/repository.ts'
import { listSnapshots } from '../../../src-main/engine/repository/snapshots.ts'
import { entriesIn, type Entry } from './folders.ts'

const ROOT = fileURLToPath(new URL('../../fixtures/repositories/', import.meta.url))

interface Manifest {
  readonly passphrase: string
  /** Ids of the snapshots, oldest first. */
  readonly repositories: Readonly<Record<string, readonly string[]>>
  /** What the first and the second snapshot hold. */
  readonly contents: readonly Readonly<Record<string, Entry>>[]
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'manifest.json'), 'utf8')) as Manifest

describe.each(Object.entries(manifest.repositories))('the golden repository %s', (name, ids) => {
  let folder: string
  let repository: OpenRepository

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-golden-'))
    // A copy: not even a lock is to be left in the original.
    await cp(join(ROOT, name), join(folder, 'repository'), { recursive: true })
    const store = createLocalFolder(join(folder, 'repository'))
    repository = await openRepository({ store, passphrase: manifest.passphrase })
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('has its two snapshots', async () => {
    const { snapshots, damaged } = await listSnapshots(repository.store, repository.sealer)
    expect(damaged).toEqual([])
    expect(snapshots.map(({ id }) => id)).toEqual(ids)
    expect(snapshots.map(({ hostname, tags }) => ({ hostname, tags }))).toEqual(
      ids.map(() => ({ hostname: 'golden', tags: ['golden'] })),
    )
  })

  it('passes the check of all data', async () => {
    const report = await checkRepository({ repository, readData: true })
    expect(report).toMatchObject({ findings: [], snapshots: 2, packs: 4, unusedPacks: 0 })
    expect(report.bytesRead).toBeGreaterThan(3_000_000)
  })

  it('restores both snapshots exactly', async () => {
    const { snapshots } = await listSnapshots(repository.store, repository.sealer)
    for (const [i, { tree }] of snapshots.entries()) {
      const target = join(folder, 'restored', String(i))
      const report = await restoreToFolder({ repository, tree, paths: [], target })
      expect(report.findings).toEqual([])
      expect(await entriesIn(target)).toEqual(manifest.contents[i])
      const isFile = (entry: Entry): boolean => 'sha256' in entry || 'link' in entry
      expect(report.files).toBe(Object.values(manifest.contents[i] ?? {}).filter(isFile).length)
    }
  })
})
