import { isHexId, type HexId } from '../model/ids.ts'
import type { BlobType } from './blob-table.ts'

/** A pack of an index file; its blobs are those from `first` up to `end`. */
export interface ScannedPack {
  readonly id: HexId
  readonly first: number
  readonly end: number
}

/** An index file's content in flat memory: as objects, that of a large repository takes hundreds of megabytes. */
export interface ScannedIndex {
  readonly packs: readonly ScannedPack[]
  /** 32 bytes per blob. */
  readonly ids: Uint8Array
  /** Per blob: 1 for a tree, 0 for data; offset; length; plain length if compressed, else 0. */
  readonly places: Uint32Array
}

export const SCAN_WORDS = 4

/** No blob takes fewer bytes of JSON. */
const SHORTEST_BLOB = 100
const ID_BYTES = 32
const MAX_WORD = 0xffffffff

const text = (literal: string): Uint8Array => Buffer.from(literal)
const START = text('{"packs":[')
const ID = text('{"id":"')
const BLOBS = text('","blobs":[')
const TYPE = text('","type":"')
const OFFSET = text('","offset":')
const LENGTH = text(',"length":')
const UNCOMPRESSED = text(',"uncompressed_length":')
const TYPES: readonly (readonly [Uint8Array, BlobType])[] = [
  [text('data'), 'data'],
  [text('tree'), 'tree'],
]

const COMMA = 0x2c
const BRACKET = 0x5d
const BRACE = 0x7d
const ZERO = 0x30
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d])

/** Value of a hexadecimal digit by its character, 255 for every other character. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code))
  return digit < 0 ? 255 : digit
})

/**
 * Reads an index file's JSON if it is written exactly as restic and this program write it. Undefined if it is not:
 * then it may be JSON with other fields, in another order, or no JSON at all, which is for a real parser to tell.
 */
export function scanIndex(json: Uint8Array): ScannedIndex | undefined {
  const scan = new Scan(json)
  return scan.read() ? { packs: scan.packs, ids: scan.ids, places: scan.places } : undefined
}

class Scan {
  readonly packs: ScannedPack[] = []
  readonly ids: Uint8Array
  readonly places: Uint32Array
  readonly #json: Uint8Array
  #at = 0
  #blobs = 0

  constructor(json: Uint8Array) {
    const most = Math.ceil(json.length / SHORTEST_BLOB)
    this.#json = json
    this.ids = new Uint8Array(most * ID_BYTES)
    this.places = new Uint32Array(most * SCAN_WORDS)
  }

  read(): boolean {
    if (!this.#skip(START) || !this.#list(() => this.#pack()) || !this.#is(BRACE)) return false
    while (BLANKS.has(this.#json[this.#at] ?? 0)) this.#at++
    return this.#at === this.#json.length
  }

  /** Items with commas between them, up to the closing bracket. */
  #list(item: () => boolean): boolean {
    if (this.#is(BRACKET)) return true
    do if (!item()) return false
    while (this.#is(COMMA))
    return this.#is(BRACKET)
  }

  #pack(): boolean {
    if (!this.#skip(ID)) return false
    const { buffer, byteOffset, byteLength } = this.#json
    // A range of a Buffer, not a Buffer of the range: the text may end in it.
    const id = Buffer.from(buffer, byteOffset, byteLength).toString('latin1', this.#at, this.#at + 2 * ID_BYTES)
    this.#at += 2 * ID_BYTES
    const first = this.#blobs
    if (!isHexId(id) || !this.#skip(BLOBS) || !this.#list(() => this.#blob()) || !this.#is(BRACE)) return false
    this.packs.push({ id, first, end: this.#blobs })
    return true
  }

  #blob(): boolean {
    const at = this.#blobs * SCAN_WORDS
    if (at >= this.places.length || !this.#skip(ID) || !this.#blobId() || !this.#skip(TYPE)) return false
    const type = TYPES.find(([name]) => this.#skip(name))
    if (type === undefined) return false
    this.places[at] = type[1] === 'tree' ? 1 : 0
    if (!this.#skip(OFFSET) || !this.#number(at + 1) || !this.#skip(LENGTH) || !this.#number(at + 2)) return false
    if (this.#skip(UNCOMPRESSED) && !this.#number(at + 3)) return false
    this.#blobs++
    return this.#is(BRACE)
  }

  #blobId(): boolean {
    const start = this.#blobs * ID_BYTES
    let bad = 0
    for (let i = 0; i < ID_BYTES; i++) {
      const high = DIGITS[this.#json[this.#at + 2 * i] ?? 0] ?? 255
      const low = DIGITS[this.#json[this.#at + 2 * i + 1] ?? 0] ?? 255
      bad |= high | low
      this.ids[start + i] = (high << 4) | low
    }
    this.#at += 2 * ID_BYTES
    return bad < 16
  }

  #number(word: number): boolean {
    const start = this.#at
    let value = 0
    for (let digit = this.#digit(); digit >= 0 && digit <= 9; digit = this.#digit()) {
      value = value * 10 + digit
      this.#at++
    }
    const digits = this.#at - start
    // JSON knows no leading zeros; what follows a number that is not a whole one is not what is expected next.
    if (digits === 0 || value > MAX_WORD || (digits > 1 && this.#json[start] === ZERO)) return false
    this.places[word] = value
    return true
  }

  #digit(): number {
    return (this.#json[this.#at] ?? 0) - ZERO
  }

  #is(code: number): boolean {
    if (this.#json[this.#at] !== code) return false
    this.#at++
    return true
  }

  #skip(literal: Uint8Array): boolean {
    for (let i = 0; i < literal.length; i++) if (this.#json[this.#at + i] !== literal[i]) return false
    this.#at += literal.length
    return true
  }
}
