import { ENTRY_KINDS, type EntryKind } from './seal-messages.ts'

export const BATCH_BYTES = 4 << 20
const BATCH_ENTRIES = 2048

/** Ids of a content's blobs, in order: 32 bytes each. */
export type ContentIds = Uint8Array

interface Waiting {
  readonly resolve: (ids: ContentIds) => void
  readonly reject: (error: Error) => void
}

/** Contents gathered in one buffer, to cross to a worker in one message. */
export class Batch {
  readonly buffer: ArrayBuffer
  readonly #bytes: Uint8Array<ArrayBuffer>
  readonly #entries: number[] = []
  readonly #waiting: Waiting[] = []
  #length = 0

  constructor(buffer: ArrayBuffer) {
    this.buffer = buffer
    this.#bytes = new Uint8Array(buffer)
  }

  get entries(): Int32Array {
    return Int32Array.from(this.#entries)
  }

  /** Bytes in use. */
  get length(): number {
    return this.#length
  }

  get count(): number {
    return this.#waiting.length
  }

  get isFull(): boolean {
    return this.#waiting.length >= BATCH_ENTRIES
  }

  hasRoom(bytes: number): boolean {
    return !this.isFull && this.#length + bytes <= this.#bytes.length
  }

  /** Lets `fill` write a content of `size` bytes into the buffer. */
  add(kind: EntryKind, size: number, fill: (target: Uint8Array<ArrayBuffer>) => void): Promise<ContentIds> {
    fill(this.#bytes.subarray(this.#length, this.#length + size))
    this.#entries.push(this.#length, size, ENTRY_KINDS.indexOf(kind))
    this.#length += size
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
    })
  }

  /** Hands every content its blobs' ids. */
  resolve(blobs: Int32Array, ids: Uint8Array): void {
    let at = 0
    for (const [i, { resolve }] of this.#waiting.entries()) {
      const end = at + (blobs[i] ?? 0) * 32
      resolve(ids.subarray(at, end))
      at = end
    }
  }

  reject(error: Error): void {
    for (const { reject } of this.#waiting) reject(error)
  }
}
