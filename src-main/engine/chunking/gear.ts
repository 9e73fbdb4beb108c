import { createHash } from 'node:crypto'

export const MIN_CHUNK = 512 * 1024
export const MAX_CHUNK = 8 * 1024 * 1024
// 19 bits of the rolling hash decide: on average 512 KiB behind the minimum.
const CUT_MASK = 0xffffe000

/** The 256 numbers of a gear hash. */
export type GearTable = Int32Array

/**
 * A table that depends on the repository's chunker polynomial, which is secret: the lengths of the chunks then tell an
 * observer of the destination nothing about known contents.
 */
export function gearTable(polynomial: string): GearTable {
  const table = new Int32Array(256)
  for (let i = 0; i < 256; i++) {
    table[i] = createHash('sha256')
      .update(`gear ${polynomial} ${String(i)}`)
      .digest()
      .readInt32LE(0)
  }
  return table
}

/**
 * End of the chunk that begins at `start`: where the content itself says so, so that an insertion moves the ends of
 * few chunks. `end` is the end of what may be cut. Gear hashing after https://www.usenix.org/conference/atc16 (FastCDC).
 */
export function chunkEnd(bytes: Uint8Array, start: number, end: number, table: GearTable): number {
  const last = Math.min(end, start + MAX_CHUNK)
  if (end - start <= MIN_CHUNK) return end
  let hash = 0
  for (let at = start + MIN_CHUNK; at < last; at++) {
    hash = ((hash << 1) + (table[bytes[at] ?? 0] ?? 0)) | 0
    if ((hash & CUT_MASK) === 0) return at + 1
  }
  return last
}
