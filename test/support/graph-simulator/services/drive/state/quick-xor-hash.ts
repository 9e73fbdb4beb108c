const registerBits = 160
const registerBytes = registerBits / 8
const shift = 11
const lengthAt = 12

/**
 * QuickXorHash: byte i is XORed into a 160-bit register, rotated by 11*i bits; at the end the length goes into the
 * last 8 bytes. 11 and 160 have no common divisor, so bytes 160 apart meet in the same place: one cell for each
 * position within 160 bytes is all that has to be kept.
 * Source: https://learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash
 */
export class QuickXorHash {
  private readonly cells = new Uint8Array(registerBits)
  private length = 0

  /** Goes on with further bytes. */
  update(bytes: Uint8Array): this {
    const { cells } = this
    let cell = this.length % registerBits
    // Counted, not iterated: uploads of gigabytes pass by here, and an iterator takes ten times as long.
    const end = bytes.length
    for (let at = 0; at < end; at++) {
      cells[cell] = (cells[cell] ?? 0) ^ (bytes[at] ?? 0)
      cell = cell + 1 === registerBits ? 0 : cell + 1
    }
    this.length += bytes.length
    return this
  }

  /** Counts bytes whose contribution is known: `cells` is what they leave behind when they begin at a multiple of 160. */
  skip(length: number, cells: Uint8Array): this {
    if (this.length % registerBits !== 0) throw new RangeError('Only from a multiple of 160 on')
    for (let index = 0; index < registerBits; index++)
      this.cells[index] = (this.cells[index] ?? 0) ^ (cells[index] ?? 0)
    this.length += length
    return this
  }

  /** What the bytes so far leave behind, for `skip`. */
  state(): Uint8Array {
    return this.cells.slice()
  }

  /** Base64, as Graph writes it. */
  digest(): string {
    const register = Buffer.alloc(registerBytes)
    for (let index = 0; index < registerBits; index++) {
      const value = this.cells[index] ?? 0
      const bit = (index * shift) % registerBits
      const at = bit >> 3
      const next = (at + 1) % registerBytes
      register[at] = (register[at] ?? 0) ^ ((value << (bit & 7)) & 0xff)
      register[next] = (register[next] ?? 0) ^ (value >> (8 - (bit & 7)))
    }
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(this.length))
    for (const [index, byte] of length.entries()) {
      register[lengthAt + index] = (register[lengthAt + index] ?? 0) ^ byte
    }
    return register.toString('base64')
  }
}
