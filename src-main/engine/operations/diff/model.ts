import type { Catalog } from '../../catalog/catalog.ts'
import type { SavedSnapshot } from '../../model/snapshot.ts'
import type { OpenRepository } from '../../repository/repository.ts'

export interface DiffOptions {
  /** Opened, index loaded. */
  readonly repository: OpenRepository
  /** In step with the repository. */
  readonly catalog: Catalog
  /** In either order of time. */
  readonly from: SavedSnapshot
  readonly to: SavedSnapshot
  readonly signal: AbortSignal
}

/** How many of each; folders count, too. */
export interface DifferenceCounts {
  added: number
  changed: number
  moved: number
  deleted: number
}
