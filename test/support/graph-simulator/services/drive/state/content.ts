import { createHash } from 'node:crypto'
import { seededRandom } from '../../../random.ts'
import { QuickXorHash } from './quick-xor-hash.ts'

/** The bytes of a file, held or made when they are asked for. */
export interface FileContent {
  readonly size: number
  /** Base64. */
  quickXorHash(): string
  /** Upper-case hex. */
  sha1(): string
  /** The bytes from `start` up to, not including, `end`, in pieces. */
  read(start: number, end: number): Iterable<Uint8Array>
}

/** Content that is made from a number instead of being held: a file of any size costs nothing. */
export interface GeneratedFile {
  readonly size: number
  readonly seed: number
}

/** What a test gives as content. */
export type ContentInput = string | Uint8Array | GeneratedFile

export function contentFrom(input: ContentInput): FileContent {
  if (typeof input === 'string') return heldContent([Buffer.from(input)])
  return input instanceof Uint8Array ? heldContent([input]) : generatedContent(input)
}

/** All of a content at once; for small files. */
export function bytesOf(content: FileContent): Buffer {
  return Buffer.concat([...content.read(0, content.size)])
}

export function heldContent(pieces: readonly Uint8Array[]): FileContent {
  return new HeldContent(pieces)
}

/** Hashes are worked out when they are first asked for. */
abstract class HashedContent implements FileContent {
  readonly size: number
  private quickXor: string | undefined
  private sha: string | undefined

  constructor(size: number) {
    this.size = size
  }

  quickXorHash(): string {
    return (this.quickXor ??= this.makeQuickXorHash())
  }

  sha1(): string {
    if (this.sha !== undefined) return this.sha
    const hash = createHash('sha1')
    for (const piece of this.read(0, this.size)) hash.update(piece)
    return (this.sha = hash.digest('hex').toUpperCase())
  }

  abstract read(start: number, end: number): Iterable<Uint8Array>
  protected abstract makeQuickXorHash(): string
}

class HeldContent extends HashedContent {
  private readonly pieces: readonly Uint8Array[]

  constructor(pieces: readonly Uint8Array[]) {
    super(pieces.reduce((sum, piece) => sum + piece.length, 0))
    this.pieces = pieces
  }

  *read(start: number, end: number): Generator<Uint8Array> {
    let at = 0
    for (const piece of this.pieces) {
      const from = Math.max(start - at, 0)
      const to = Math.min(end - at, piece.length)
      if (from < to) yield piece.subarray(from, to)
      at += piece.length
    }
  }

  protected makeQuickXorHash(): string {
    const hash = new QuickXorHash()
    for (const piece of this.pieces) hash.update(piece)
    return hash.digest()
  }
}

/**
 * Blocks of pseudo-random bytes that differ in a number at their beginning. The block's length is a multiple of 160, so
 * that all blocks meet in the same cells of the hash, which therefore needs the numbers only and not the bytes.
 */
const blockBytes = 16_000
const blocksAtOnce = 16
const stampBytes = 8
const mark = Buffer.from('HFGC')
const headBytes = 16

function generatedContent({ size, seed }: GeneratedFile): FileContent {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError('A size is a whole number')
  return new GeneratedContent(size, seed)
}

class GeneratedContent extends HashedContent {
  private readonly seed: number

  constructor(size: number, seed: number) {
    super(size)
    this.seed = seed
  }

  read(start: number, end: number): Iterable<Uint8Array> {
    return generatedBytes(this.seed, start, Math.min(end, this.size))
  }

  protected makeQuickXorHash(): string {
    return generatedHash(this.seed, this.size)
  }
}

/** The bytes of a generated file of endless length. */
function* generatedBytes(seed: number, start: number, end: number): Generator<Uint8Array> {
  const base = baseBlock(seed, end)
  for (let at = start; at < end;) {
    const first = Math.floor(at / blockBytes)
    const count = Math.min(blocksAtOnce, Math.ceil(end / blockBytes) - first)
    const made = Buffer.allocUnsafe(count * base.length)
    for (let index = 0; index < count; index++) {
      base.copy(made, index * blockBytes)
      stamp(made, index * blockBytes, first + index)
    }
    const from = at - first * blockBytes
    const to = Math.min(made.length, end - first * blockBytes)
    yield made.subarray(from, to)
    at += to - from
  }
}

function generatedHash(seed: number, size: number): string {
  const hash = new QuickXorHash()
  const whole = Math.floor(size / blockBytes)
  if (whole % 2 === 1) hash.skip(0, new QuickXorHash().update(baseBlock(seed, blockBytes)).state())
  hash.skip(whole * blockBytes, new QuickXorHash().update(combinedStamps(whole)).state())
  for (const piece of generatedBytes(seed, whole * blockBytes, size)) hash.update(piece)
  return hash.digest()
}

/** The stamps of the first `count` blocks, XORed. */
function combinedStamps(count: number): Buffer {
  const combined = Buffer.alloc(stampBytes)
  const one = Buffer.alloc(stampBytes)
  for (let number = 0; number < count; number++) {
    stamp(one, 0, number)
    for (let index = 0; index < stampBytes; index++) combined[index] = (combined[index] ?? 0) ^ (one[index] ?? 0)
  }
  return combined
}

function stamp(target: Buffer, at: number, number: number): void {
  target.writeUInt32LE(number % 0x1_0000_0000, at)
  target.writeUInt32LE(Math.floor(number / 0x1_0000_0000), at + 4)
}

const recent: { readonly seed: number; readonly block: Buffer }[] = []
const recentBlocks = 8

/** The block that all blocks are made from, or as much of it as a short file needs (and a whole head). */
function baseBlock(seed: number, wanted: number): Buffer {
  const length = Math.max(Math.min(Math.ceil(wanted / 4) * 4, blockBytes), headBytes)
  const known = recent.find((one) => one.seed === seed && one.block.length >= length)
  if (known !== undefined) return known.block
  const block = Buffer.alloc(length)
  const random = seededRandom(seed)
  for (let at = headBytes; at < length; at += 4) block.writeUInt32LE(random.below(0x1_0000_0000), at)
  mark.copy(block, stampBytes)
  block.writeUInt32LE(seed >>> 0, stampBytes + mark.length)
  recent.unshift({ seed, block })
  recent.length = Math.min(recent.length, recentBlocks)
  return block
}

/**
 * Content on its way in. Bytes of a generated file are recognised and not held, so that even a file of many GB can be
 * uploaded to the simulator.
 */
export class GrowingContent {
  size = 0
  private seed: number | undefined
  private readonly pieces: Uint8Array[] = []

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    if (this.size === 0) this.seed = seedOf(bytes)
    if (this.seed !== undefined && !continues(this.seed, this.size, bytes)) {
      this.pieces.push(...generatedBytes(this.seed, 0, this.size))
      this.seed = undefined
    }
    if (this.seed === undefined) this.pieces.push(bytes)
    this.size += bytes.length
  }

  /** Bytes that had to be kept. */
  get heldBytes(): number {
    return this.pieces.reduce((sum, piece) => sum + piece.length, 0)
  }

  finish(): FileContent {
    return this.seed === undefined ? heldContent(this.pieces) : generatedContent({ size: this.size, seed: this.seed })
  }
}

function seedOf(bytes: Uint8Array): number | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, headBytes))
  if (head.length < headBytes || !head.subarray(stampBytes, stampBytes + mark.length).equals(mark)) return undefined
  return head.readUInt32LE(stampBytes + mark.length)
}

function continues(seed: number, offset: number, bytes: Uint8Array): boolean {
  let at = 0
  for (const piece of generatedBytes(seed, offset, offset + bytes.length)) {
    if (Buffer.compare(piece, bytes.subarray(at, at + piece.length)) !== 0) return false
    at += piece.length
  }
  return true
}
