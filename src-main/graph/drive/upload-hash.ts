import { createHash } from 'node:crypto'
import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { QuickXorHash } from '../client/quick-xor-hash.ts'
import type { ContentHashes } from './restore-facts.ts'

/** Hashes of a content whose ranges pass by in order; a range that passes again is not counted again. */
export class RunningHash {
  readonly #quickXor = new QuickXorHash()
  readonly #sha1 = createHash('sha1')
  #length = 0

  /** `bytes` stand at `position` of the content. */
  add(position: number, bytes: Uint8Array): void {
    const known = this.#length - position
    // Behind a gap nothing can be said any more: `hashes` then tells so.
    if (known < 0 || known >= bytes.byteLength) return
    const fresh = bytes.subarray(known)
    this.#quickXor.update(fresh)
    this.#sha1.update(fresh)
    this.#length += fresh.byteLength
  }

  /** The hashes of a content of `size` bytes; undefined if not all of it passed by. Called once. */
  hashes(size: number): ContentHashes | undefined {
    if (this.#length !== size) return undefined
    return { quickXorHash: this.#quickXor.digest(), sha1Hash: this.#sha1.digest('hex').toUpperCase() }
  }
}

/** Reads a stored content once through. */
export async function storedHashes(file: StoredFile, signal: AbortSignal): Promise<ContentHashes> {
  const hash = new RunningHash()
  let position = 0
  for await (const part of file.stream(signal)) {
    hash.add(position, part)
    position += part.byteLength
  }
  return hash.hashes(position) ?? {}
}
