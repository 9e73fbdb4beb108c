import type { ErrorCode } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { SavedSnapshot } from '../../model/snapshot.ts'
import type { OpenRepository } from '../../repository/repository.ts'

export interface CopyProgress {
  /** Snapshots that are done with, and all. */
  readonly snapshots: number
  readonly total: number
  /** Bytes read from the source so far, as stored. */
  readonly bytes: number
}

export interface CopyOptions {
  /** Opened and locked by the caller (shared). Its index is read anew. */
  readonly from: OpenRepository
  /** Opened and locked by the caller (shared): another repository. Its index is read anew. */
  readonly to: OpenRepository
  /** Default: all. */
  readonly ids?: readonly HexId[]
  /** Rejects if the lock on the target is lost: asked before anything that others see is written. */
  readonly confirmLock?: () => Promise<void>
  /** Bytes from which on a new pack is closed. Default 16 MiB. */
  readonly packSize?: number
  /** Bytes after which what was copied is made durable at the end of a snapshot. Default 256 MiB. */
  readonly checkpointBytes?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: CopyProgress) => void
}

export interface CopiedSnapshot {
  /** In the source. */
  readonly source: HexId
  /** In the target. */
  readonly target: HexId
}

/** A snapshot that cannot be copied as a whole, and so was not. */
export interface UncopiedSnapshot {
  readonly source: HexId
  /** What is wrong with it in the source. */
  readonly code: ErrorCode
}

export interface CopyReport {
  readonly copied: readonly CopiedSnapshot[]
  /** Snapshots that were there already. */
  readonly present: readonly CopiedSnapshot[]
  readonly failed: readonly UncopiedSnapshot[]
  /** New in the target, with the packs' headers. */
  readonly blobs: number
  readonly bytes: number
}

/** What there is to copy. */
export interface ChosenCopies {
  /** Oldest first, if none were named. */
  readonly missing: readonly SavedSnapshot[]
  readonly present: readonly CopiedSnapshot[]
  readonly failed: readonly UncopiedSnapshot[]
}

/** What a copy would do. */
export interface PlannedCopy {
  /** In the source. */
  readonly snapshots: readonly HexId[]
  readonly present: readonly CopiedSnapshot[]
  readonly failed: readonly UncopiedSnapshot[]
  /** That the target lacks; bytes as they are stored in the source, without headers of packs. */
  readonly blobs: number
  readonly bytes: number
}
