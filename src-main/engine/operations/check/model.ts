import type { ErrorCode } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { OpenRepository } from '../../repository/repository.ts'

export interface CheckFinding {
  readonly code: ErrorCode
  /** What is concerned: kind of file, its id or path. */
  readonly subject: 'index' | 'pack' | 'blob' | 'snapshot' | 'tree'
  readonly id: string
  /** A snapshot that it harms, where that is known. */
  readonly snapshot?: HexId
  /** Path in that snapshot. */
  readonly path?: string
}

/** A snapshot that a damaged pack touches. */
export interface TouchedSnapshot {
  readonly snapshot: HexId
  /** Files and folders that cannot be restored from it, or not as a whole. */
  readonly items: number
  /** Their paths; of very many, the first ones. A folder stands for everything in it. */
  readonly paths: readonly string[]
}

/** A pack that is missing, or of which something is not what it must be. */
export interface DamagedPack {
  readonly id: HexId
  readonly code: ErrorCode
  /** Oldest first. None: nothing that any snapshot needs is damaged. */
  readonly snapshots: readonly TouchedSnapshot[]
}

export interface CheckReport {
  readonly findings: readonly CheckFinding[]
  readonly damagedPacks: readonly DamagedPack[]
  /** Key files whose content is not what their names stand for: another one opened the repository, or this one did. */
  readonly damagedKeys: readonly HexId[]
  readonly snapshots: number
  readonly packs: number
  readonly blobs: number
  /** Packs that no index names: left behind by an interrupted run, harmless. */
  readonly unusedPacks: number
  /** Packs that were read as a whole. */
  readonly packsRead: number
  /** Plain bytes of the blobs that were read and compared. */
  readonly bytesRead: number
}

export interface CheckProgress {
  readonly stage: 'index' | 'trees' | 'packs'
  readonly done: number
  readonly total: number
}

/**
 * A part of the packs, chosen by their ids:
 * - part 1 to `of` (256 at most), the same packs as restic's `--read-data-subset=part/of`;
 * - about so many percent; with a `turn` that the caller counts up by one from check to check, they go round all packs.
 */
export type DataSubset =
  { readonly part: number; readonly of: number } | { readonly percent: number; readonly turn: number }

export interface CheckOptions {
  /** Opened. Its index is read anew. */
  readonly repository: OpenRepository
  /** Read every pack, or some, open every blob in it and compare all hashes. */
  readonly readData: boolean | DataSubset
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: CheckProgress) => void
}
