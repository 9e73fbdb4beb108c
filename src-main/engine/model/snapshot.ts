import type { HexId } from './ids.ts'

/** What a run read and wrote; restic 0.17 and later shows it. */
export interface SnapshotSummary {
  readonly backup_start: string
  readonly backup_end: string
  readonly files_new: number
  readonly files_changed: number
  readonly files_unmodified: number
  readonly dirs_new: number
  readonly dirs_changed: number
  readonly dirs_unmodified: number
  readonly data_blobs: number
  readonly tree_blobs: number
  /** Bytes, before compression. */
  readonly data_added: number
  /** Bytes as stored. */
  readonly data_added_packed: number
  readonly total_files_processed: number
  readonly total_bytes_processed: number
}

/** A snapshot file, as restic's format has it. */
export interface Snapshot {
  readonly time: string
  readonly parent?: HexId
  readonly tree: HexId
  readonly paths: readonly string[]
  readonly hostname: string
  readonly username: string
  readonly uid?: number
  readonly gid?: number
  readonly excludes?: readonly string[]
  readonly tags?: readonly string[]
  readonly original?: HexId
  readonly program_version?: string
  readonly summary?: SnapshotSummary
}

export interface SavedSnapshot extends Snapshot {
  readonly id: HexId
}
