import type { SealingKey } from '../crypto/seal.ts'
import type { ErrorCode, ErrorContext } from '../model/errors.ts'
import type { BlobList } from './open-messages.ts'

export interface CopyWorkerData {
  readonly from: SealingKey
  /** Undefined: the same key, blobs are taken over as they are sealed. */
  readonly to: SealingKey | undefined
  /** Bytes from which on a pack is closed. */
  readonly packSize: number
}

/** Blobs that are opened, compared with their hashes and put into new packs. */
export interface CopyBlobs {
  readonly kind: 'copy'
  readonly memory: ArrayBuffer
  /** Bytes of the pack's range in it. */
  readonly length: number
  readonly blobs: BlobList
  /** Per blob: the number by which the receiver knows it, and 1 if it is a tree, else 0. */
  readonly slots: Int32Array<ArrayBuffer>
  readonly trees: Uint8Array
  /** Memory of packs that have been stored. */
  readonly spares: readonly ArrayBuffer[]
}

/** Closes the packs that are open. */
export interface FinishPacks {
  readonly kind: 'finish'
}

/** A complete pack with what an index says of it. */
export interface CopiedPack {
  /** 32 bytes. */
  readonly id: Uint8Array
  readonly buffer: ArrayBuffer
  readonly length: number
  readonly slots: Int32Array
  /** 32 bytes per blob. */
  readonly ids: Uint8Array
  /** Per blob: 1 for a tree, 0 for data; offset; length; plain length if compressed, else 0. */
  readonly places: Uint32Array
}

export interface CopyAnswer {
  readonly packs: readonly CopiedPack[]
  /** Indexes of blobs whose bytes are not what they must be: they are in no pack. */
  readonly damaged: readonly number[]
}

export interface ToCopyWorker {
  readonly id: number
  readonly request: CopyBlobs | FinishPacks
}

export interface FromCopyWorker {
  readonly id: number
  readonly answer?: CopyAnswer
  /** The request's memory, to be used again. */
  readonly memory?: ArrayBuffer
  readonly failure?: { readonly code: ErrorCode; readonly context: ErrorContext }
}
