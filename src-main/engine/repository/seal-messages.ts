import type { SealingKey } from '../crypto/seal.ts'
import type { ErrorCode, ErrorContext } from '../model/errors.ts'
import type { BlobType, TableSegment } from './blob-table.ts'

/** How blobs are made and packed. */
export interface SealOptions {
  /** zstd level. */
  readonly level: number
  /** Open every sealed blob again and compare its hash before it is written. */
  readonly selfCheck: boolean
  /** Bytes from which on a pack is closed. */
  readonly packSize: number
}

export interface SealWorkerData extends SealOptions {
  readonly key: SealingKey
  readonly polynomial: string
  readonly segments: readonly TableSegment[]
}

/** What a batch's entry is: a content, a mail to be cut at its parts, a blob that was cut already, or a tree (one blob). */
export type EntryKind = 'content' | 'mail' | 'blob' | 'tree'

export const ENTRY_KINDS: readonly EntryKind[] = ['content', 'mail', 'blob', 'tree']
/** An entry is three numbers: offset, length, index of its kind. */
export const ENTRY_WORDS = 3

export type ToSealWorker =
  | {
      readonly kind: 'batch'
      readonly batch: number
      readonly buffer: ArrayBuffer
      readonly entries: Int32Array
      /** Segments that were added to the blob table since the last message. */
      readonly segments: readonly TableSegment[]
    }
  | { readonly kind: 'flush'; readonly flush: number }
  /** A pack's buffer to be used again. */
  | { readonly kind: 'spare'; readonly buffer: ArrayBuffer }

/** What a batch added to the repository. */
export interface SealCounts {
  dataBlobs: number
  treeBlobs: number
  /** Plain bytes of new blobs. */
  added: number
  /** The same as stored. */
  addedPacked: number
}

export type FromSealWorker =
  | {
      readonly kind: 'batch'
      readonly batch: number
      readonly buffer: ArrayBuffer
      /** For each entry the number of its blobs. */
      readonly blobs: Int32Array
      /** Their ids, 32 bytes each. */
      readonly ids: Uint8Array
      readonly counts: SealCounts
    }
  | {
      readonly kind: 'pack'
      readonly id: Uint8Array
      readonly type: BlobType
      readonly buffer: ArrayBuffer
      readonly length: number
      readonly slots: Int32Array
    }
  | { readonly kind: 'flushed'; readonly flush: number }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly context: ErrorContext }
