import type { HexId } from '../../model/ids.ts'
import type { Root } from '../../ports/data-type.ts'
import type { DataTypeRestorer, ItemOutcome, RestoreOptions } from '../../ports/restore-target.ts'
import type { OpenRepository } from '../../repository/repository.ts'

export interface TenantRestoreCounts {
  /** Created, or in a dry run: would be. */
  created: number
  duplicates: number
  failed: number
  containers: number
  /** Bytes of the contents of created items. */
  bytes: number
}

export interface RestoredItem {
  /** From the snapshot's root, without extension. */
  readonly path: string
  readonly outcome: ItemOutcome
}

export interface TenantRestoreOptions extends RestoreOptions {
  /** Opened, index loaded. */
  readonly repository: OpenRepository
  readonly tree: HexId
  /** Folders or items to restore, from the snapshot's root; at least one. */
  readonly paths: readonly string[]
  readonly target: Root
  readonly restorers: readonly DataTypeRestorer[]
  readonly signal: AbortSignal
  readonly onItem?: (item: RestoredItem) => void
  readonly onProgress?: (counts: Readonly<TenantRestoreCounts>, current: string) => void
}

export interface TenantRestoreReport extends Readonly<TenantRestoreCounts> {
  /** Items that failed; the report per item goes to `onItem`. */
  readonly failures: readonly RestoredItem[]
  /** Folder in the target that holds what was restored. */
  readonly place: string
}
