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

export interface CheckReport {
  readonly findings: readonly CheckFinding[]
  readonly snapshots: number
  readonly packs: number
  readonly blobs: number
  /** Packs that no index names: left behind by an interrupted run, harmless. */
  readonly unusedPacks: number
  /** Plain bytes of the blobs that were read and compared. */
  readonly bytesRead: number
}

export interface CheckProgress {
  readonly stage: 'index' | 'trees' | 'packs'
  readonly done: number
  readonly total: number
}

export interface CheckOptions {
  /** Opened, index not loaded. */
  readonly repository: OpenRepository
  /** Read every pack, open every blob and compare all hashes. */
  readonly readData: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: CheckProgress) => void
}
