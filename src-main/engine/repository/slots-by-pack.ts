import { MAX_CHUNK } from '../chunking/gear.ts'
import { SEAL_OVERHEAD } from '../crypto/seal.ts'
import type { BlobTable } from './blob-table.ts'
import { PLACE_WORDS, type BlobList } from './open-messages.ts'

// Reading over a gap costs less than another request.
const MAX_GAP = 128 * 1024
// Several are under way at a time.
const MAX_RANGE = 4 << 20
/** Room for a range: several blobs, or one of the greatest size. */
export const SLOT_RANGE_BYTES = MAX_CHUNK + SEAL_OVERHEAD

/** Slots of the blob table in the order of the packs that their blobs are in. */
export interface SlotsByPack {
  /** Slots of a pack by its number; in no order. */
  of(pack: number): Int32Array
}

/** Sorts the slots of stored blobs that `wants` picks, in memory of four bytes for each. */
export function slotsByPack(table: BlobTable, packs: number, wants: (slot: number) => boolean): SlotsByPack {
  const ends = new Int32Array(packs + 1)
  let count = 0
  for (const slot of table.stored()) {
    if (!wants(slot)) continue
    const { pack } = table.location(slot)
    ends[pack + 1] = (ends[pack + 1] ?? 0) + 1
    count++
  }
  for (let pack = 0; pack < packs; pack++) ends[pack + 1] = (ends[pack + 1] ?? 0) + (ends[pack] ?? 0)
  const starts = ends.slice()
  const slots = new Int32Array(count)
  for (const slot of table.stored()) {
    if (!wants(slot)) continue
    const { pack } = table.location(slot)
    slots[starts[pack] ?? 0] = slot
    starts[pack] = (starts[pack] ?? 0) + 1
  }
  return { of: (pack) => slots.subarray(ends[pack], ends[pack + 1]) }
}

/** A part of a pack that is read at once, and the blobs in it. */
export interface SlotRange {
  readonly offset: number
  readonly length: number
  readonly slots: Int32Array<ArrayBuffer>
  /** Offsets count from the range's start. */
  readonly blobs: BlobList
}

/** The ranges of one pack in which the blobs of these slots lie, in order. */
export function* slotRanges(table: BlobTable, slots: Iterable<number>): IterableIterator<SlotRange> {
  const placed = Array.from(slots, (slot) => ({ slot, ...table.location(slot) }))
  placed.sort((one, other) => one.offset - other.offset)
  let range: typeof placed = []
  for (const blob of placed) {
    const first = range[0]
    const last = range.at(-1)
    const apart = last !== undefined && blob.offset - (last.offset + last.length) > MAX_GAP
    if (apart || (first !== undefined && blob.offset + blob.length - first.offset > MAX_RANGE)) {
      yield rangeOf(range, table)
      range = []
    }
    range.push(blob)
  }
  if (range.length > 0) yield rangeOf(range, table)
}

interface PlacedSlot {
  readonly slot: number
  readonly offset: number
  readonly length: number
  readonly uncompressedLength: number
}

function rangeOf(range: readonly PlacedSlot[], table: BlobTable): SlotRange {
  const offset = range[0]?.offset ?? 0
  const places = new Int32Array(range.length * PLACE_WORDS)
  const ids = new Uint8Array(range.length * 32)
  let end = 0
  for (const [i, blob] of range.entries()) {
    places.set([blob.offset - offset, blob.length, blob.uncompressedLength], i * PLACE_WORDS)
    ids.set(table.idBytes(blob.slot), i * 32)
    end = Math.max(end, blob.offset + blob.length)
  }
  return { offset, length: end - offset, slots: Int32Array.from(range, ({ slot }) => slot), blobs: { places, ids } }
}
