export interface RowRange {
  readonly from: number
  /** Not in the range itself. */
  readonly to: number
}

/** Which rows of a list are selected, as ranges: a million rows cost no more than one. */
export class Selection {
  #ranges = $state.raw<readonly RowRange[]>([])
  readonly #size = $derived(this.#ranges.reduce((sum, { from, to }) => sum + to - from, 0))

  /** In order, apart from one another. */
  get ranges(): readonly RowRange[] {
    return this.#ranges
  }

  get size(): number {
    return this.#size
  }

  has(index: number): boolean {
    let low = 0
    let high = this.#ranges.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const range = this.#ranges[middle]
      if (range === undefined) return false
      if (index < range.from) high = middle - 1
      else if (index >= range.to) low = middle + 1
      else return true
    }
    return false
  }

  only(index: number): void {
    this.#ranges = [{ from: index, to: index + 1 }]
  }

  toggle(index: number): void {
    if (this.has(index)) this.#ranges = without(this.#ranges, { from: index, to: index + 1 })
    else this.#ranges = joined([...this.#ranges, { from: index, to: index + 1 }])
  }

  /** Adds the rows between two, both of them included, in whichever order. */
  extend(one: number, other: number): void {
    this.#ranges = joined([...this.#ranges, { from: Math.min(one, other), to: Math.max(one, other) + 1 }])
  }

  all(count: number): void {
    this.#ranges = count > 0 ? [{ from: 0, to: count }] : []
  }

  clear(): void {
    this.#ranges = []
  }
}

function without(ranges: readonly RowRange[], gone: RowRange): readonly RowRange[] {
  return ranges
    .flatMap((range) => [
      { from: range.from, to: Math.min(range.to, gone.from) },
      { from: Math.max(range.from, gone.to), to: range.to },
    ])
    .filter(({ from, to }) => from < to)
}

function joined(ranges: readonly RowRange[]): readonly RowRange[] {
  const result: RowRange[] = []
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const before = result.at(-1)
    if (before === undefined || range.from > before.to) result.push(range)
    else result[result.length - 1] = { from: before.from, to: Math.max(before.to, range.to) }
  }
  return result
}
