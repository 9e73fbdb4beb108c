import { hash } from 'node:crypto'
import { EngineError } from '../model/errors.ts'
import { SEAL_OVERHEAD, SEAL_PREFIX, type Sealer } from '../crypto/seal.ts'
import { compressBound, type Zstd } from '../crypto/zstd.ts'
import { openBlob } from './blob-codec.ts'
import type { BlobTable, BlobType } from './blob-table.ts'
import { PackEntries } from './pack-entries.ts'
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

/** What an index says of it, besides. */
export interface BuiltPack extends FinishedPack {
  /** 32 bytes per blob. */
  readonly ids: Uint8Array
  /** Per blob: 1 for a tree, 0 for data; offset; length; plain length if compressed, else 0. */
  readonly places: Uint32Array
}

export interface PackBuilderOptions {
  readonly packSize: number
  readonly selfCheck: boolean
  readonly sealer: Sealer
  readonly zstd: Zstd
  /** Gets the place of every blob of a pack before the pack is given. */
  readonly table?: BlobTable
  /** A buffer of at least that many bytes, zeroed or not. */
  readonly buffer: (bytes: number) => ArrayBuffer
  readonly onPack: (pack: BuiltPack) => void
}

/** Fills packs of one blob type. */
export class PackBuilder {
  readonly #options: PackBuilderOptions
  readonly #type: BlobType
  #pack: Uint8Array<ArrayBuffer> | undefined
  #length = 0
  readonly #blobs: PackEntries

  constructor(type: BlobType, options: PackBuilderOptions) {
    this.#type = type
    this.#options = options
    this.#blobs = new PackEntries(type)
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
    const blob = { type: this.#type, id, offset, length, uncompressedLength }
    if (this.#options.selfCheck) this.#checkBlob(pack, blob)
    this.#take(slot, blob)
    return length
  }

  /** Adds a blob as another pack has it, compressed or not; it is sealed anew. `id`: of the plain bytes. */
  addPacked(slot: number, id: Uint8Array, packed: Uint8Array, uncompressedLength: number): void {
    const pack = this.#room(packed.length + SEAL_OVERHEAD)
    const offset = this.#length
    const length = this.#options.sealer.sealInto(pack, offset, packed)
    const blob = { type: this.#type, id, offset, length, uncompressedLength }
    if (this.#options.selfCheck) this.#checkBlob(pack, blob)
    this.#take(slot, blob)
  }

  /** Adds a blob as another pack of the same repository has it. The caller has opened it and compared its hash. */
  addSealed(slot: number, id: Uint8Array, sealed: Uint8Array, uncompressedLength: number): void {
    const pack = this.#room(sealed.length)
    pack.set(sealed, this.#length)
    const blob = { type: this.#type, id, offset: this.#length, length: sealed.length, uncompressedLength }
    this.#take(slot, blob)
  }

  #take(slot: number, blob: PackedBlob): void {
    this.#length += blob.length
    this.#blobs.add(slot, blob)
    if (this.#length >= this.#options.packSize) this.finish()
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
    const { slots, ids, places } = this.#blobs
    if (table !== undefined) this.#setPlaces(table)
    const finished = { id, type: this.#type, buffer: pack.buffer, length, slots, ids, places }
    this.#pack = undefined
    this.#length = 0
    this.#blobs.clear()
    onPack(finished)
  }

  #setPlaces(table: BlobTable): void {
    for (const [i, slot] of this.#blobs.slots.entries()) {
      const { offset, length, uncompressedLength } = this.#blobs.at(i)
      table.setPlace(slot, offset, length, uncompressedLength)
    }
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
    const same =
      read.length === this.#blobs.length && read.every((blob, i) => Buffer.compare(blob.id, this.#blobs.at(i).id) === 0)
    if (!same) throw headerFailure()
  }
}

function headerFailure(cause?: unknown): EngineError {
  return new EngineError('repository.self-check-failed', { context: { part: 'header' }, cause })
}
