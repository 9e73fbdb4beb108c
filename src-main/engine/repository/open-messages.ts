import type { SealingKey } from '../crypto/seal.ts'
import type { ErrorCode } from '../model/errors.ts'
import type { HexId } from '../model/ids.ts'
import type { TableSegment } from './blob-table.ts'

/** Blobs of one pack, by numbers: offset in the given bytes, sealed length, plain length if compressed else 0. */
export interface BlobList {
  readonly places: Int32Array
  /** 32 bytes each. */
  readonly ids: Uint8Array
}

export const PLACE_WORDS = 3

/** Opens every blob of a whole pack, compares its hash, and the pack's header and hash with what is expected. */
export interface VerifyPack {
  readonly kind: 'verify'
  readonly memory: ArrayBuffer
  /** Bytes of the pack in it. */
  readonly length: number
  /** The pack's name: SHA-256 of its bytes. */
  readonly id: Uint8Array
  /** What the index says is in it. */
  readonly blobs: BlobList
}

export interface VerifyFinding {
  readonly code: ErrorCode
  /** Index in the request's list; undefined if it concerns the whole pack. */
  readonly blob: number | undefined
}

/** A file that blobs are written to. */
export interface ExtractFile {
  readonly path: string
  /** True if one blob is the whole file: it is created. Otherwise it is there already, and the blob goes to its place. */
  readonly whole: boolean
  /** Milliseconds since 1970, for whole files. */
  readonly mtime: number
  /** Permission bits, for whole files. */
  readonly mode: number
}

/** Opens blobs and writes them into files. */
export interface ExtractBlobs {
  readonly kind: 'extract'
  readonly memory: ArrayBuffer
  /** Bytes of the pack's range in it. */
  readonly length: number
  readonly blobs: BlobList
  /** Blob index, file index, position in the file. */
  readonly writes: Float64Array
  readonly files: readonly ExtractFile[]
}

export const WRITE_WORDS = 3

export interface ExtractFinding {
  readonly file: number
  readonly code: ErrorCode
}

/** Opens trees and marks what they refer to in the set that the worker was started with. */
export interface MarkTrees {
  readonly kind: 'mark'
  readonly memory: ArrayBuffer
  /** Bytes of the pack's range in it. */
  readonly length: number
  readonly blobs: BlobList
}

export interface MarkFinding {
  /** A blob that is referred to and not there, or a tree that cannot be read. */
  readonly id: HexId
  readonly code: ErrorCode
}

export type OpenRequest = VerifyPack | ExtractBlobs | MarkTrees

export interface OpenAnswers {
  verify: { readonly findings: readonly VerifyFinding[]; readonly blobs: number; readonly bytes: number }
  extract: {
    /** Files (by index) that could not be written or whose blob is damaged. */
    readonly findings: readonly ExtractFinding[]
    /** Files that were there already, with the same content. */
    readonly present: readonly number[]
    readonly bytes: number
  }
  /** Slots of those that this request was the first to mark, and what is not there or cannot be read. */
  mark: {
    readonly trees: Int32Array<ArrayBuffer>
    readonly data: Int32Array<ArrayBuffer>
    readonly findings: readonly MarkFinding[]
  }
}

export interface ToOpenWorker {
  readonly id: number
  readonly request: OpenRequest
}

export interface FromOpenWorker {
  readonly id: number
  readonly answer?: OpenAnswers[keyof OpenAnswers]
  /** The request's memory, to be used again. */
  readonly memory: ArrayBuffer
  readonly failure?: { readonly code: ErrorCode }
}

/** The blob table, and the set of its slots that is to be filled (see SlotSet). */
export interface MarkMemory {
  readonly segments: readonly TableSegment[]
  readonly used: SharedArrayBuffer
}

export interface OpenWorkerData {
  readonly key: SealingKey
  /** For requests of the kind `mark`. */
  readonly marks?: MarkMemory
}
