import { SCAN_WORDS } from './index-scan.ts'
import type { BlobType } from './blob-table.ts'
import type { PackedBlob } from './pack-format.ts'

const FIRST_ROOM = 256
const ID_BYTES = 32

/** The blobs of a pack that is being filled, in flat memory: as objects, those of a pack of tiny ones take 30 MB. */
export class PackEntries implements Iterable<PackedBlob> {
  readonly #type: BlobType
  #ids = new Uint8Array(FIRST_ROOM * ID_BYTES)
  #places = new Uint32Array(FIRST_ROOM * SCAN_WORDS)
  #slots = new Int32Array(FIRST_ROOM)
  #count = 0

  constructor(type: BlobType) {
    this.#type = type
  }

  get length(): number {
    return this.#count
  }

  /** The blob table's slots. */
  get slots(): Int32Array<ArrayBuffer> {
    return this.#slots.slice(0, this.#count)
  }

  /** 32 bytes per blob. */
  get ids(): Uint8Array<ArrayBuffer> {
    return this.#ids.slice(0, this.#count * ID_BYTES)
  }

  /** Per blob: 1 for a tree, 0 for data; offset; length; plain length if compressed, else 0. */
  get places(): Uint32Array<ArrayBuffer> {
    return this.#places.slice(0, this.#count * SCAN_WORDS)
  }

  add(slot: number, { id, offset, length, uncompressedLength }: PackedBlob): void {
    if (this.#count === this.#slots.length) this.#grow()
    const at = this.#count++
    this.#slots[at] = slot
    this.#ids.set(id, at * ID_BYTES)
    this.#places.set([this.#type === 'tree' ? 1 : 0, offset, length, uncompressedLength], at * SCAN_WORDS)
  }

  clear(): void {
    this.#count = 0
  }

  at(index: number): PackedBlob {
    const [, offset = 0, length = 0, uncompressedLength = 0] = this.#places.subarray(index * SCAN_WORDS)
    const id = this.#ids.subarray(index * ID_BYTES, (index + 1) * ID_BYTES)
    return { type: this.#type, id, offset, length, uncompressedLength }
  }

  *[Symbol.iterator](): IterableIterator<PackedBlob> {
    for (let index = 0; index < this.#count; index++) yield this.at(index)
  }

  #grow(): void {
    const [ids, places, slots] = [this.#ids, this.#places, this.#slots]
    this.#ids = new Uint8Array(2 * ids.length)
    this.#places = new Uint32Array(2 * places.length)
    this.#slots = new Int32Array(2 * slots.length)
    this.#ids.set(ids)
    this.#places.set(places)
    this.#slots.set(slots)
  }
}
