import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import { catalogFile } from '../../../src-main/engine/operations/catalog/open-updated.ts'
import { nodeAt } from '../../../src-main/engine/operations/restore/walk-tree.ts'
import { PASSPHRASE } from '../../support/backup-scene.ts'
import { catalogRows } from '../../support/catalog-rows.ts'
import type { Tenant } from './tenants.ts'

/** Stands for everything that a snapshot holds in a folder. */
export async function storedTree({ scene }: Tenant, { tree }: BackupReport, path: string): Promise<unknown> {
  return (await nodeAt(await scene.open(), tree, path))?.subtree
}

/** The catalog that the runs left is the one that the repository alone gives. */
export async function expectCatalogAsRebuilt({ scene }: Tenant): Promise<void> {
  const repository = await scene.open()
  const profile = join(scene.folder, 'rebuilt')
  ;(await scene.catalog(repository, profile)).close()
  const rows = (place: string): readonly string[] => catalogRows(catalogFile(place, repository.config.id))
  expect(rows(scene.profile)).toEqual(rows(profile))
}

/** The repository, checked by restic with all its data. */
export function expectSound({ scene }: Tenant): void {
  const env = { ...process.env, RESTIC_PASSWORD: PASSPHRASE }
  const args = ['-r', scene.repository, 'check', '--no-cache', '--read-data']
  const { error, status, stderr } = spawnSync('restic', args, { env, encoding: 'utf8' })
  if (error !== undefined) process.stdout.write('restic is not installed: the repository was not checked with it\n')
  else expect(stderr === '' ? status : stderr).toBe(0)
}
