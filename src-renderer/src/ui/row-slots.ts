/** A row that shows, and the element that shows it. */
export interface SlottedRow {
  readonly slot: number
  readonly index: number
}

/** Gives new rows the elements of rows that are gone: to fill an element costs a fraction of making one. */
export class RowSlots {
  #slots: ReadonlyMap<number, number> = new Map()
  #next = 0

  /** A row keeps its slot from one call to the next. */
  assign(indexes: readonly number[]): readonly SlottedRow[] {
    const wanted = new Set(indexes)
    const free = [...this.#slots].filter(([index]) => !wanted.has(index)).map(([, slot]) => slot)
    let taken = 0
    const rows = indexes.map((index) => ({ index, slot: this.#slots.get(index) ?? free[taken++] ?? this.#next++ }))
    this.#slots = new Map(rows.map(({ index, slot }) => [index, slot]))
    return rows
  }
}

/** What each slot showed last, for rows that wait for theirs. */
export class SlotContents<T> {
  readonly #contents = new Map<number, T>()

  /** What there is to show in a slot: its item, or hidden the one before. */
  of(slot: number, item: T | undefined): T | undefined {
    if (item === undefined) return this.#contents.get(slot)
    this.#contents.set(slot, item)
    return item
  }
}
