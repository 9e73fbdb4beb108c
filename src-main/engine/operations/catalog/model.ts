import type { Catalog } from '../../catalog/catalog.ts'
import type { CatalogSnapshot } from '../../catalog/model.ts'
import type { SavedSnapshot } from '../../model/snapshot.ts'
import type { ByRootKind, ItemDescriber } from '../../ports/data-type.ts'
import type { OpenRepository } from '../../repository/repository.ts'

export interface CatalogProgress {
  /** Snapshots to be read into the catalog, and those that are. */
  readonly snapshots: number
  readonly done: number
  /** Items read so far. */
  readonly items: number
}

export interface UpdateOptions {
  readonly repository: OpenRepository
  readonly catalog: Catalog
  readonly describers: ByRootKind<ItemDescriber>
  /** All snapshots of the repository. */
  readonly snapshots: readonly SavedSnapshot[]
  readonly signal: AbortSignal
  readonly onProgress?: (progress: CatalogProgress) => void
}

export interface IndexerOptions extends UpdateOptions {
  readonly snapshot: SavedSnapshot
  readonly series: number
  readonly seq: number
  readonly base: CatalogSnapshot | undefined
  readonly onItem: () => void
}
