import { hexId, type HexId } from '../model/ids.ts'

export type BlobType = 'data' | 'tree'

/** Where a blob is: pack number (see BlobTable.pack), bytes from the pack's start, sealed length, plain length. */
export interface BlobLocation {
  readonly pack: number
  readonly offset: number
  readonly length: number
  /** Plain length if the blob is compressed, else 0. */
  readonly uncompressedLength: number
}

/** A part of the table: memory that all threads share, and how many slots it has. */
export interface TableSegment {
  readonly words: SharedArrayBuffer
  readonly capacity: number
}

// A slot is 14 words: state, type and size, place, and the id's 32 bytes.
const SLOT_WORDS = 14
const STATE = 0
const TYPE = 1
const PACK = 2
const OFFSET = 3
const LENGTH = 4
const UNCOMPRESSED = 5
const ID = 6
const ID_WORDS = 8

const EMPTY = 0
const WRITING = 1
const READY = 2

// A type that no blob has: the slot of one that was given up. It stays used, so that what lies behind it is found.
const FORGOTTEN = 2

// Behind the slots: the number of used ones.
const FOOTER_WORDS = 1
const FULL = 0.75

interface Segment extends TableSegment {
  readonly view: Int32Array<SharedArrayBuffer>
  readonly bytes: Uint8Array<SharedArrayBuffer>
  /** Number of slots in the segments before this one. */
  readonly base: number
}

/**
 * Every blob that the repository has or that this run is about to store, in memory shared by all threads, so that no
 * two threads store one blob twice. Open addressing over the first word of the SHA-256; 56 bytes a slot (a JavaScript
 * Map takes 300). It grows by further segments, since a table that other threads read cannot be moved.
 */
export class BlobTable {
  readonly #segments: Segment[] = []

  constructor(segments: readonly TableSegment[] = []) {
    for (const segment of segments) this.attach(segment)
  }

  /** All segments, to be handed to another thread. */
  get segments(): readonly TableSegment[] {
    return this.#segments.map(({ words, capacity }) => ({ words, capacity }))
  }

  /** Number of slots, used or not: every slot is below it. */
  get slots(): number {
    return this.#segments.reduce((sum, { capacity }) => sum + capacity, 0)
  }

  get size(): number {
    return this.#segments.reduce((sum, segment) => sum + used(segment), 0)
  }

  /** Uses a segment that another thread added. Segments must be attached in the order in which they were made. */
  attach(segment: TableSegment): void {
    const base = this.#segments.reduce((sum, { capacity }) => sum + capacity, 0)
    const view = new Int32Array(segment.words)
    this.#segments.push({ ...segment, view, bytes: new Uint8Array(segment.words), base })
  }

  /** Makes room for `more` blobs; gives the segment that was added for it, if one was. */
  reserve(more: number): TableSegment | undefined {
    const last = this.#segments.at(-1)
    if (last !== undefined && last.capacity * FULL - used(last) >= more) return undefined
    const capacity = Math.ceil(Math.max(more / FULL, this.size / 2, 1 << 14))
    const segment = { words: new SharedArrayBuffer((capacity * SLOT_WORDS + FOOTER_WORDS) * 4), capacity }
    this.attach(segment)
    return segment
  }

  /** The blob's slot, or -1. */
  find(id: Uint8Array, type: BlobType): number {
    const words = idWords(id)
    for (const segment of this.#segments) {
      const slot = findIn(segment, words, code(type))
      if (slot >= 0) return segment.base + slot
    }
    return -1
  }

  /**
   * Takes the blob for this caller. Gives its slot if it is new, or -1 if somebody has it already. A thread that has not
   * attached the newest segment yet may take a blob that is being claimed there: it is then stored twice, which the
   * format allows.
   */
  claim(id: Uint8Array, type: BlobType): number {
    const words = idWords(id)
    const last = this.#segments.at(-1)
    if (last === undefined) throw new RangeError('blob table without room: reserve first')
    for (const segment of this.#segments) {
      if (segment !== last && findIn(segment, words, code(type)) >= 0) return -1
    }
    const slot = claimIn(last, words, code(type))
    return slot < 0 ? -1 : last.base + slot
  }

  /** Whether the blob is in a pack that is stored (not only claimed). */
  isStored(slot: number): boolean {
    const { view, at } = this.#slot(slot)
    return Atomics.load(view, at + PACK) !== 0
  }

  location(slot: number): BlobLocation {
    const { view, at } = this.#slot(slot)
    return {
      pack: Atomics.load(view, at + PACK) - 1,
      offset: word(view, at + OFFSET),
      length: word(view, at + LENGTH),
      uncompressedLength: word(view, at + UNCOMPRESSED),
    }
  }

  /** The place within a pack that is not stored yet. */
  setPlace(slot: number, offset: number, length: number, uncompressedLength: number): void {
    const { view, at } = this.#slot(slot)
    view[at + OFFSET] = offset
    view[at + LENGTH] = length
    view[at + UNCOMPRESSED] = uncompressedLength
  }

  /** From now on the blob can be read. */
  setPack(slot: number, pack: number): void {
    const { view, at } = this.#slot(slot)
    Atomics.store(view, at + PACK, pack + 1)
  }

  /** Gives up a blob: it counts as new again. Only while no other thread uses the table. */
  forget(slot: number): void {
    const { view, at } = this.#slot(slot)
    view[at + TYPE] = FORGOTTEN
    Atomics.store(view, at + PACK, 0)
  }

  /** Gives up all blobs that were claimed and are not stored. Only while no other thread uses the table. */
  forgetUnstored(): void {
    for (const { view, capacity } of this.#segments) {
      for (let slot = 0; slot < capacity; slot++) {
        const at = slot * SLOT_WORDS
        if (view[at + STATE] === EMPTY || view[at + PACK] !== 0) continue
        view[at + TYPE] = FORGOTTEN
        // A thread that was stopped in the middle of a claim would keep everybody waiting.
        Atomics.store(view, at + STATE, READY)
      }
    }
  }

  id(slot: number): HexId {
    return hexId(this.idBytes(slot))
  }

  idBytes(slot: number): Uint8Array<ArrayBuffer> {
    const { segment, at } = this.#slot(slot)
    return segment.bytes.slice((at + ID) * 4, (at + ID + ID_WORDS) * 4)
  }

  type(slot: number): BlobType {
    const { view, at } = this.#slot(slot)
    return view[at + TYPE] === code('tree') ? 'tree' : 'data'
  }

  /** Slots of all blobs that are stored. */
  *stored(): IterableIterator<number> {
    for (const segment of this.#segments) {
      for (let slot = 0; slot < segment.capacity; slot++) {
        const at = slot * SLOT_WORDS
        if (segment.view[at + STATE] === READY && segment.view[at + PACK] !== 0) yield segment.base + slot
      }
    }
  }

  #slot(slot: number): { segment: Segment; view: Int32Array<SharedArrayBuffer>; at: number } {
    for (const segment of this.#segments) {
      const inside = slot - segment.base
      if (inside < segment.capacity) return { segment, view: segment.view, at: inside * SLOT_WORDS }
    }
    throw new RangeError('no such slot in the blob table')
  }
}

function code(type: BlobType): number {
  return type === 'tree' ? 1 : 0
}

function word(view: Int32Array, at: number): number {
  return (view[at] ?? 0) >>> 0
}

function used(segment: Segment): number {
  return Atomics.load(segment.view, segment.capacity * SLOT_WORDS)
}

const scratch = new Int32Array(ID_WORDS)
const scratchBytes = new Uint8Array(scratch.buffer)

function idWords(id: Uint8Array): Int32Array {
  scratchBytes.set(id)
  return scratch
}

function firstSlot(words: Int32Array, capacity: number): number {
  return Math.floor((word(words, 0) / 0x1_0000_0000) * capacity)
}

function holds(view: Int32Array<SharedArrayBuffer>, at: number, words: Int32Array, type: number): boolean {
  if (view[at + TYPE] !== type) return false
  for (let i = 0; i < ID_WORDS; i++) if (view[at + ID + i] !== words[i]) return false
  return true
}

/** The state once nobody is writing the slot: a claim takes nanoseconds, so waiting is spinning. */
function settled(view: Int32Array<SharedArrayBuffer>, at: number): number {
  let state = Atomics.load(view, at + STATE)
  while (state === WRITING) state = Atomics.load(view, at + STATE)
  return state
}

function findIn(segment: Segment, words: Int32Array, type: number): number {
  const { view, capacity } = segment
  for (let slot = firstSlot(words, capacity), left = capacity; left > 0; left--) {
    const at = slot * SLOT_WORDS
    if (settled(view, at) === EMPTY) return -1
    if (holds(view, at, words, type)) return slot
    slot = slot + 1 === capacity ? 0 : slot + 1
  }
  return -1
}

function claimIn(segment: Segment, words: Int32Array, type: number): number {
  const { view, capacity } = segment
  for (let slot = firstSlot(words, capacity), left = capacity; left > 0; left--) {
    const at = slot * SLOT_WORDS
    if (settled(view, at) === EMPTY && Atomics.compareExchange(view, at + STATE, EMPTY, WRITING) === EMPTY) {
      view[at + TYPE] = type
      view.set(words, at + ID)
      Atomics.store(view, at + STATE, READY)
      Atomics.add(view, capacity * SLOT_WORDS, 1)
      return slot
    }
    if (settled(view, at) === READY && holds(view, at, words, type)) return -1
    slot = slot + 1 === capacity ? 0 : slot + 1
  }
  throw new RangeError('blob table is full: reserve first')
}
