import type { EngineError, ErrorCode } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { OpenRepository } from '../../repository/repository.ts'

export interface RepairProgress {
  readonly stage: 'index' | 'packs' | 'snapshots' | 'delete'
  readonly done: number
  /** 0 while it is not known. */
  readonly total: number
}

export interface RepairOptions {
  /** Opened. Its index is read anew. */
  readonly repository: OpenRepository
  /** Only find out what would be done. Needs no exclusive lock. */
  readonly dryRun?: boolean
  /** Rejects if the repository's exclusive lock is lost: asked before anything is written or deleted. */
  readonly confirmLock?: () => Promise<void>
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RepairProgress) => void
}

export interface RepairIndexOptions extends RepairOptions {
  /** Believe the headers of all packs, and no index: slower. Without it, only of those that no index can be right about. */
  readonly readAllPacks?: boolean
}

export interface UnreadablePack {
  readonly id: HexId
  readonly code: ErrorCode
}

export interface RepairIndexReport {
  /** Index files that could not be read; they are removed. */
  readonly damagedIndexes: readonly HexId[]
  /** Packs that the index named and that are not there: it names them no longer. */
  readonly missingPacks: readonly HexId[]
  /** Packs whose blobs are listed as their own headers say. */
  readonly readPacks: readonly HexId[]
  /**
   * Packs whose header cannot be read. What an index says of them stays, as far as they are long enough; what only the
   * header knew is lost.
   */
  readonly unreadablePacks: readonly UnreadablePack[]
  readonly indexFiles: { readonly removed: number; readonly written: number }
}

export interface RepairPacksOptions extends RepairOptions {
  /** As a check that read all data names them. */
  readonly packs: readonly HexId[]
  /** Bytes from which on a new pack is closed. Default 16 MiB. */
  readonly packSize?: number
}

export interface RepairPacksReport {
  /** Packs that were replaced. */
  readonly packs: readonly HexId[]
  /** Blobs that were readable in them and are in new packs now. */
  readonly saved: number
  /** Blobs that were not, and that no other pack has. */
  readonly lost: readonly HexId[]
}

export interface RepairSnapshotsOptions extends RepairOptions {
  /** Default: all. */
  readonly ids?: readonly HexId[]
  /** Blobs that count as not there although the index names them: their damage is known. */
  readonly lost?: ReadonlySet<HexId>
  /** Of the new snapshots, beside those of the old ones. Default "repaired". */
  readonly tag?: string
  /** Removes the damaged snapshots once the new ones are stored. */
  readonly removeOriginals?: boolean
}

export interface RepairedSnapshot {
  readonly source: HexId
  /** Undefined in a dry run. */
  readonly target: HexId | undefined
  /** Files and folders that the new one lacks. */
  readonly items: number
  /** Their paths; of very many, the first ones. A folder stands for everything in it. */
  readonly paths: readonly string[]
}

export interface RepairSnapshotsReport {
  /** Snapshots of which everything is there. */
  readonly sound: number
  readonly repaired: readonly RepairedSnapshot[]
  /** Snapshots whose own tree cannot be read: nothing of them can be saved. They stay unless originals go. */
  readonly lost: readonly HexId[]
  /** Snapshot files that cannot be read. They stay unless originals go. */
  readonly damaged: readonly EngineError[]
  readonly removed: readonly HexId[]
}
