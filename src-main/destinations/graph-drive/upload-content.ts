import { createHash } from 'node:crypto'
import { QuickXorHash } from '../../graph/client/quick-xor-hash.ts'
import type { ItemHashes } from './drive-requests.ts'

/** The parts of a file that is written, as an upload takes them: range after range, and again from anywhere. */
export class UploadContent {
  readonly size: number
  readonly #parts: readonly Uint8Array[]
  #quickXor: string | undefined
  readonly #digests = new Map<'sha1' | 'sha256', string>()

  constructor(parts: readonly Uint8Array[]) {
    this.#parts = parts
    this.size = parts.reduce((sum, part) => sum + part.length, 0)
  }

  /** `length` bytes from `from` on. Copied only where they come from several parts. */
  range(from: number, length: number): Uint8Array {
    const pieces: Uint8Array[] = []
    let at = 0
    for (const part of this.#parts) {
      const piece = part.subarray(Math.max(from - at, 0), Math.max(Math.min(from + length - at, part.length), 0))
      if (piece.length > 0) pieces.push(piece)
      at += part.length
      if (at >= from + length) break
    }
    const [only] = pieces
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)
  }

  /** SHA-256 in hexadecimal digits. */
  digest(): string {
    return this.#hashed('sha256')
  }

  /** Whether a file with these hashes has this content; undefined if they say nothing. */
  matches({ quickXorHash, sha256Hash, sha1Hash }: ItemHashes): boolean | undefined {
    if (isGiven(quickXorHash)) return quickXorHash === this.#quickXorHash()
    if (isGiven(sha256Hash)) return sha256Hash.toLowerCase() === this.#hashed('sha256')
    return isGiven(sha1Hash) ? sha1Hash.toLowerCase() === this.#hashed('sha1') : undefined
  }

  #quickXorHash(): string {
    if (this.#quickXor !== undefined) return this.#quickXor
    const hash = new QuickXorHash()
    for (const part of this.#parts) hash.update(part)
    return (this.#quickXor = hash.digest())
  }

  #hashed(algorithm: 'sha1' | 'sha256'): string {
    const known = this.#digests.get(algorithm)
    if (known !== undefined) return known
    const hash = createHash(algorithm)
    for (const part of this.#parts) hash.update(part)
    const digest = hash.digest('hex')
    this.#digests.set(algorithm, digest)
    return digest
  }
}

function isGiven(hash: string | undefined): hash is string {
  return hash !== undefined && hash !== ''
}
