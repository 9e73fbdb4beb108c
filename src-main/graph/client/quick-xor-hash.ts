/** Bits that the hash is turned by from one byte to the next. */
const turn = 11

const hashBits = 160
const hashBytes = hashBits / 8

/** After so many bytes the turning begins anew: bytes that far apart meet in the same place. */
const period = 160
const words = period / 4

/** Bytes that are folded at a time: a whole number of periods that stays in the processor's cache. */
const scratchBytes = period * 256

/**
 * QuickXorHash, the hash that OneDrive and SharePoint give of every file's content: each byte is XORed into a ring of
 * 160 bits, 11 bits further than the byte before it; the length goes into the last 64 bits.
 *
 * XOR does not mind the order, so what goes to the same place is folded word by word first, and turned into its
 * place only at the end. The hash finds damage, no forgery.
 * https://learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash
 */
export class QuickXorHash {
  readonly #folded = new Int32Array(words)
  readonly #bytes = new Uint8Array(this.#folded.buffer)
  #scratch: Uint8Array<ArrayBuffer> | undefined
  #length = 0

  update(bytes: Uint8Array): this {
    const head = Math.min(bytes.length, (period - (this.#length % period)) % period)
    this.#foldBytes(bytes.subarray(0, head))
    const whole = Math.floor((bytes.length - head) / period) * period
    this.#foldPeriods(bytes.subarray(head, head + whole))
    this.#foldBytes(bytes.subarray(head + whole))
    return this
  }

  /** Base64, as Graph writes it. More may be added afterwards. */
  digest(): string {
    const hash = Buffer.alloc(hashBytes)
    for (const [place, byte] of this.#bytes.entries()) turnInto(hash, byte, (place * turn) % hashBits)
    const end = hashBytes - 8
    hash.writeBigUInt64LE(hash.readBigUInt64LE(end) ^ BigInt(this.#length), end)
    return hash.toString('base64')
  }

  #foldBytes(bytes: Uint8Array): void {
    const folded = this.#bytes
    let place = this.#length % period
    for (const byte of bytes) {
      folded[place] = (folded[place] ?? 0) ^ byte
      place = place + 1 === period ? 0 : place + 1
    }
    this.#length += bytes.length
  }

  /** Whole periods, from the beginning of one. */
  #foldPeriods(bytes: Uint8Array): void {
    this.#length += bytes.length
    if (bytes.byteOffset % 4 === 0) {
      this.#foldWords(bytes)
      return
    }
    this.#scratch ??= new Uint8Array(scratchBytes)
    for (let at = 0; at < bytes.length; at += scratchBytes) {
      const part = bytes.subarray(at, at + scratchBytes)
      this.#scratch.set(part)
      this.#foldWords(this.#scratch.subarray(0, part.length))
    }
  }

  #foldWords(bytes: Uint8Array): void {
    const source = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    for (let from = 0; from < source.length; from += scratchBytes / 4)
      foldColumns(this.#folded, source, from, Math.min(source.length, from + scratchBytes / 4))
  }
}

/** Four columns at a time, down through the block: they stay in registers. */
function foldColumns(folded: Int32Array, source: Int32Array, from: number, to: number): void {
  for (let column = 0; column < words; column += 4) {
    let [a, b, c, d] = [0, 0, 0, 0]
    for (let at = from + column; at < to; at += words) {
      a ^= source[at] ?? 0
      b ^= source[at + 1] ?? 0
      c ^= source[at + 2] ?? 0
      d ^= source[at + 3] ?? 0
    }
    folded[column] = (folded[column] ?? 0) ^ a
    folded[column + 1] = (folded[column + 1] ?? 0) ^ b
    folded[column + 2] = (folded[column + 2] ?? 0) ^ c
    folded[column + 3] = (folded[column + 3] ?? 0) ^ d
  }
}

/** XORs a byte into the ring, its lowest bit at `bit`. */
function turnInto(hash: Buffer, byte: number, bit: number): void {
  const at = bit >> 3
  const wide = byte << (bit & 7)
  const next = (at + 1) % hashBytes
  hash[at] = (hash[at] ?? 0) ^ (wide & 0xff)
  hash[next] = (hash[next] ?? 0) ^ (wide >> 8)
}
