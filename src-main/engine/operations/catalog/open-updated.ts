import { join } from 'node:path'
import type { Catalog } from '../../catalog/catalog.ts'
import { openCatalog, removeCatalog } from '../../catalog/open.ts'
import { isEngineError } from '../../model/errors.ts'
import type { ByRootKind, ItemDescriber } from '../../ports/data-type.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { listSnapshots } from '../../repository/snapshots.ts'
import type { CatalogProgress } from './model.ts'
import { isUpToDate, updateCatalog } from './update.ts'

export interface OpenUpdatedOptions {
  /** Its index is loaded if that was not done. */
  readonly repository: OpenRepository
  readonly file: string
  readonly describers: ByRootKind<ItemDescriber>
  readonly signal: AbortSignal
  readonly onProgress?: (progress: CatalogProgress) => void
}

/** Where the catalog of a repository lies within a profile. */
export function catalogFile(profile: string, repositoryId: string): string {
  return join(profile, 'catalogs', `${repositoryId}.sqlite`)
}

/** Opens the catalog and brings it in step with the repository; one that is missing or damaged is built anew. */
export async function openUpdatedCatalog(options: OpenUpdatedOptions): Promise<Catalog> {
  try {
    return await open(options)
  } catch (error) {
    if (!isEngineError(error, 'catalog.damaged')) throw error
    removeCatalog(options.file)
    return await open(options)
  }
}

async function open({ repository, file, describers, signal, onProgress }: OpenUpdatedOptions): Promise<Catalog> {
  const catalog = openCatalog(file, { repositoryId: repository.config.id })
  try {
    const { snapshots } = await listSnapshots(repository.store, repository.sealer, signal)
    if (isUpToDate(catalog, snapshots)) return catalog
    await repository.ensureIndex(signal)
    const progress = onProgress === undefined ? {} : { onProgress }
    await updateCatalog({ repository, catalog, describers, snapshots, signal, ...progress })
    return catalog
  } catch (error) {
    catalog.close()
    throw error
  }
}
