/** A set of the blob table's slots, one bit each, in memory that all threads share. */
export class SlotSet {
  /** Memory to be handed to another thread. */
  readonly words: SharedArrayBuffer
  readonly #view: Int32Array<SharedArrayBuffer>

  /** An empty set of slots below that number, or the one in that memory. */
  constructor(slots: number | SharedArrayBuffer) {
    this.words = typeof slots === 'number' ? new SharedArrayBuffer(Math.ceil(slots / 32) * 4) : slots
    this.#view = new Int32Array(this.words)
  }

  /** Gives whether the slot was not in the set: of several threads that add it, one is told so. */
  add(slot: number): boolean {
    const bit = 1 << (slot & 31)
    return (Atomics.or(this.#view, slot >>> 5, bit) & bit) === 0
  }

  has(slot: number): boolean {
    return ((this.#view[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0
  }

  delete(slot: number): void {
    Atomics.and(this.#view, slot >>> 5, ~(1 << (slot & 31)))
  }
}
