import { hash } from 'node:crypto'
import { EngineError } from '../model/errors.ts'
import { SEAL_OVERHEAD, SEAL_PREFIX, type Sealer } from '../crypto/seal.ts'
import { compressBound, type Zstd } from '../crypto/zstd.ts'
import { openBlob } from './blob-codec.ts'
import type { BlobTable, BlobType } from './blob-table.ts'
import { headerBound, readHeader, writeHeader, type PackedBlob } from './pack-format.ts'

/** A pack that is complete and checked, not stored yet. */
export interface FinishedPack {
  readonly id: Uint8Array
  readonly type: BlobType
  readonly buffer: ArrayBuffer
  readonly length: number
  /** The blob table's slots of its blobs. */
  readonly slots: Int32Array
}

export interface PackBuilderOptions {
  readonly packSize: number
  readonly selfCheck: boolean
  readonly sealer: Sealer
  readonly zstd: Zstd
  readonly table: BlobTable
  /** A buffer of at least that many bytes, zeroed or not. */
  readonly buffer: (bytes: number) => ArrayBuffer
  readonly onPack: (pack: FinishedPack) => void
}

/** Fills packs of one blob type. */
export class PackBuilder {
  readonly #options: PackBuilderOptions
  readonly #type: BlobType
  #pack: Uint8Array<ArrayBuffer> | undefined
  #length = 0
  #blobs: PackedBlob[] = []
  #slots: number[] = []

  constructor(type: BlobType, options: PackBuilderOptions) {
    this.#type = type
    this.#options = options
  }

  /** Adds a blob that the caller has claimed; gives its sealed length in bytes. */
  add(slot: number, id: Uint8Array, plain: Uint8Array): number {
    const bound = compressBound(plain.length)
    const pack = this.#room(bound + SEAL_OVERHEAD)
    const offset = this.#length
    const room = pack.subarray(offset + SEAL_PREFIX, offset + SEAL_PREFIX + bound)
    // Compressed and encrypted in its place: no other memory is touched.
    const compressed = this.#options.zstd.compressInto(plain, room)
    const uncompressedLength = compressed >= 0 && compressed < plain.length ? plain.length : 0
    const bytes = uncompressedLength > 0 ? room.subarray(0, compressed) : plain
    const length = this.#options.sealer.sealInto(pack, offset, bytes)
    const blob = { type: this.#type, id: id.slice(), offset, length, uncompressedLength }
    if (this.#options.selfCheck) this.#checkBlob(pack, blob)
    this.#length += length
    this.#blobs.push(blob)
    this.#slots.push(slot)
    if (this.#length >= this.#options.packSize) this.finish()
    return length
  }

  /** Closes the open pack, if there is one. */
  finish(): void {
    const pack = this.#pack
    if (pack === undefined || this.#blobs.length === 0) return
    const { sealer, table, selfCheck, onPack } = this.#options
    const length = writeHeader(pack, this.#length, this.#blobs, sealer)
    const whole = pack.subarray(0, length)
    if (selfCheck) this.#checkHeader(whole)
    const id = hash('sha256', whole, 'buffer')
    for (const [i, { offset, length, uncompressedLength }] of this.#blobs.entries())
      table.setPlace(this.#slots[i] ?? -1, offset, length, uncompressedLength)
    const finished = { id, type: this.#type, buffer: pack.buffer, length, slots: Int32Array.from(this.#slots) }
    this.#pack = undefined
    this.#length = 0
    this.#blobs = []
    this.#slots = []
    onPack(finished)
  }

  /** The open pack, with room for that many bytes more and the header. */
  #room(bytes: number): Uint8Array<ArrayBuffer> {
    const needed = this.#length + bytes + headerBound(this.#blobs.length + 1)
    if (this.#pack !== undefined && needed <= this.#pack.length) return this.#pack
    this.finish()
    this.#pack = new Uint8Array(this.#options.buffer(bytes + headerBound(1)))
    return this.#pack
  }

  #checkBlob(pack: Uint8Array, blob: PackedBlob): void {
    const { sealer, zstd } = this.#options
    const plain = openBlob(pack.subarray(blob.offset, blob.offset + blob.length), blob, sealer, zstd)
    if (plain === undefined) throw new EngineError('repository.self-check-failed', { context: { part: 'blob' } })
  }

  #readBack(pack: Uint8Array): readonly PackedBlob[] {
    try {
      return readHeader(pack, this.#options.sealer)
    } catch (error) {
      throw headerFailure(error)
    }
  }

  #checkHeader(pack: Uint8Array): void {
    const read = this.#readBack(pack)
    const same = read.every((blob, i) => Buffer.compare(blob.id, this.#blobs[i]?.id ?? new Uint8Array()) === 0)
    if (!same || read.length !== this.#blobs.length) throw headerFailure()
  }
}

function headerFailure(cause?: unknown): EngineError {
  return new EngineError('repository.self-check-failed', { context: { part: 'header' }, cause })
}
