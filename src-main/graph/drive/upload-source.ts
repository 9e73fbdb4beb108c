import { EngineError } from '../../engine/model/errors.ts'
import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { storedHashes, RunningHash } from './upload-hash.ts'
import type { ContentHashes } from './restore-facts.ts'

const empty = new Uint8Array(0)

/**
 * A stored content as an upload takes it: range after range, and again from anywhere after a break. Holds one range and
 * one part of the stored stream in memory.
 */
export class UploadSource {
  readonly size: number
  readonly #file: StoredFile
  readonly #signal: AbortSignal
  readonly #hash = new RunningHash()
  #hashes: ContentHashes | undefined
  #parts: AsyncIterator<Uint8Array> | undefined
  #rest = empty as Uint8Array
  #at = 0

  constructor(file: StoredFile, signal: AbortSignal) {
    this.#file = file
    this.#signal = signal
    this.size = file.size
  }

  /** `length` bytes from `from` on, all of them there. */
  async range(from: number, length: number): Promise<Uint8Array> {
    if (this.#parts === undefined || from !== this.#at) await this.#open(from)
    const range = new Uint8Array(length)
    for (let filled = 0; filled < length;) {
      if (this.#rest.byteLength === 0) this.#rest = await this.#next()
      const taken = this.#rest.subarray(0, length - filled)
      range.set(taken, filled)
      filled += taken.byteLength
      this.#rest = this.#rest.subarray(taken.byteLength)
    }
    this.#at = from + length
    this.#hash.add(from, range)
    return range
  }

  /** Hashes of the whole content; it is read again only if not all of it went up from here. */
  async hashes(): Promise<ContentHashes> {
    this.#hashes ??= this.#hash.hashes(this.size) ?? (await storedHashes(this.#file, this.#signal))
    return this.#hashes
  }

  async close(): Promise<void> {
    const parts = this.#parts
    this.#parts = undefined
    this.#rest = empty
    await parts?.return?.()
  }

  async #open(from: number): Promise<void> {
    await this.close()
    this.#parts = this.#file.stream(this.#signal, from)[Symbol.asyncIterator]()
    this.#at = from
  }

  async #next(): Promise<Uint8Array> {
    const next = await this.#parts?.next()
    // What the snapshot says of the file's size is not true.
    if (next?.done !== false) throw new EngineError('repository.tree-damaged', { context: { reason: 'file-size' } })
    return next.value
  }
}
