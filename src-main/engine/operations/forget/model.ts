import type { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { SavedSnapshot } from '../../model/snapshot.ts'
import type { Clock } from '../../ports/clock.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import type { SnapshotFilter } from '../../repository/snapshots.ts'
import type { PruneFigures, PruneLimits, PruneProgress } from '../prune/model.ts'
import type { Kept, RetentionPolicy } from './policy.ts'

/** What snapshots have in common that are of one series. */
export type GroupField = 'host' | 'paths' | 'tags'

export interface SnapshotGroup {
  /** Undefined if groups do not go by it. */
  readonly host: string | undefined
  readonly paths: readonly string[] | undefined
  readonly tags: readonly string[] | undefined
  readonly snapshots: readonly SavedSnapshot[]
}

export interface ForgottenGroup extends Omit<SnapshotGroup, 'snapshots'> {
  /** Newest first. */
  readonly keep: readonly Kept[]
  /** Newest first. */
  readonly remove: readonly SavedSnapshot[]
}

export interface ForgetOptions {
  /** Opened. */
  readonly repository: OpenRepository
  /** Applied to each group on its own. */
  readonly policy: RetentionPolicy
  /** Default: by host and paths, as restic. Empty: all snapshots are one group. */
  readonly groupBy?: readonly GroupField[]
  /** Others are left alone. */
  readonly filter?: SnapshotFilter
  readonly clock: Pick<Clock, 'now'>
  /** Only find out what would go. Needs no exclusive lock. */
  readonly dryRun?: boolean
  /** Whether to find out how many bytes a prune would free then, which reads all trees. Default true. */
  readonly countBytes?: boolean
  /** Of that prune. */
  readonly limits?: PruneLimits
  /** Rejects if the repository's exclusive lock is lost: asked before each deletion. */
  readonly confirmLock?: () => Promise<void>
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: PruneProgress) => void
}

export interface ForgetReport {
  readonly dryRun: boolean
  readonly groups: readonly ForgottenGroup[]
  /** Ids of all snapshots that went, or would go. */
  readonly removed: readonly HexId[]
  /** Snapshot files that cannot be read: they stay, and while they do nothing can be pruned. */
  readonly damaged: readonly EngineError[]
  /**
   * What a prune does once these snapshots are gone: `bytes.freed`, above all. Undefined if it was not asked for, or if
   * nothing can be pruned: see `pruneFailure`.
   */
  readonly prune: PruneFigures | undefined
  /** The damage because of which nothing can be pruned. */
  readonly pruneFailure: EngineError | undefined
}
