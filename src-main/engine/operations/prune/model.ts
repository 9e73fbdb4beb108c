import type { HexId } from '../../model/ids.ts'
import type { OpenRepository } from '../../repository/repository.ts'

/** Bytes that need not be given back: of all that is stored afterwards, or in numbers. */
export type UnusedLimit = { readonly percent: number } | { readonly bytes: number }

export interface PruneLimits {
  /** Unused bytes up to this are left in packs that are used in part. Default 5 percent, as restic. */
  readonly maxUnused?: UnusedLimit
  /** Bytes of packs that are written anew at most; what is left is for the next time. */
  readonly maxRepackBytes?: number
  /** Bytes from which on a new pack is closed. Default 16 MiB. */
  readonly packSize?: number
}

export interface PruneProgress {
  readonly stage: 'index' | 'trees' | 'repack' | 'delete'
  readonly done: number
  /** 0 while it is not known. For `repack`: bytes. */
  readonly total: number
}

export interface PlanOptions extends PruneLimits {
  /** Opened. Its index is read anew: what was read before the lock was held may be wrong by now. */
  readonly repository: OpenRepository
  /** Snapshots that count as gone. */
  readonly without?: ReadonlySet<HexId>
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: PruneProgress) => void
}

export interface PruneOptions extends PlanOptions {
  /** Only find out what would be done. Needs no exclusive lock. */
  readonly dryRun?: boolean
  /** Rejects if the repository's exclusive lock is lost: asked before an index is written and before each deletion. */
  readonly confirmLock?: () => Promise<void>
}

/** What a prune does, or would do. */
export interface PruneFigures {
  readonly snapshots: number
  readonly packs: {
    readonly total: number
    /** Without any used blob. */
    readonly removed: number
    /** Written anew without what is not used, or because they are small. */
    readonly repacked: number
    /** That no index names: left behind by an interrupted run. */
    readonly unnamed: number
  }
  readonly blobs: {
    /** Different ones. */
    readonly total: number
    readonly used: number
    /** Further copies of a blob in other packs. */
    readonly duplicates: number
  }
  readonly bytes: {
    /** Of all packs. */
    readonly total: number
    /** In packs that go as a whole. */
    readonly removed: number
    /** Of packs that are written anew. */
    readonly repacked: number
    /** By which all packs together become smaller. */
    readonly freed: number
    /** Not used, and staying. */
    readonly unusedAfter: number
  }
}

export interface PruneReport extends PruneFigures {
  readonly dryRun: boolean
  /** Index files that were replaced, and those that replace them. */
  readonly indexFiles: { readonly removed: number; readonly written: number }
}
