import type { HexId } from '../../model/ids.ts'
import type { ItemDescriber, Root } from '../../ports/data-type.ts'
import type { DataTypeRestorer, ItemOutcome, RestoreOptions, RestoreRemark } from '../../ports/restore-target.ts'
import type { ContentFilter } from '../backup/model.ts'
import type { OpenRepository } from '../../repository/repository.ts'

export interface TenantRestoreCounts {
  /** Created, or in a dry run: would be. */
  created: number
  duplicates: number
  /** Left out on purpose: not asked for, or nothing that Graph takes. */
  skipped: number
  failed: number
  /** Items with a remark: something of them did not come back as it was. */
  remarked: number
  containers: number
  /** Bytes of the contents and parts of created items. */
  bytes: number
  /** Requests that creating takes, as estimated by the data types. */
  requests: number
}

export interface RestoredItem {
  /** From the snapshot's root, without extension. */
  readonly path: string
  readonly outcome: ItemOutcome
}

/** What did not come back of a container as it was; its path in the target. */
export interface RemarkedContainer {
  readonly path: string
  readonly remarks: readonly RestoreRemark[]
}

export interface TenantRestoreOptions extends RestoreOptions {
  /** Opened, index loaded. */
  readonly repository: OpenRepository
  readonly tree: HexId
  /** Folders or items to restore, from the snapshot's root; at least one. */
  readonly paths: readonly string[]
  readonly target: Root
  readonly restorers: readonly DataTypeRestorer[]
  /** Describers of the restorers' data types. */
  readonly describers: readonly ItemDescriber[]
  /** What of the paths is restored; without it, everything. */
  readonly filter?: Pick<ContentFilter, 'takesContainer' | 'takesItem'>
  readonly signal: AbortSignal
  readonly onItem?: (item: RestoredItem) => void
  readonly onContainer?: (container: RemarkedContainer) => void
  readonly onProgress?: (counts: Readonly<TenantRestoreCounts>, current: string) => void
}

export interface TenantRestoreReport extends Readonly<TenantRestoreCounts> {
  /** Items that failed; the report per item goes to `onItem`. */
  readonly failures: readonly RestoredItem[]
  /** Folder in the target that holds what was restored. */
  readonly place: string
}
