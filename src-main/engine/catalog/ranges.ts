export interface Range {
  readonly first: number
  readonly last: number
}

export interface RangeLimits {
  readonly ranges: number
  /** How many numbers all ranges may span. */
  readonly span: number
}

/** The fewest ranges that hold all the numbers, cut where the gaps are largest; undefined if they would span too much. */
export function closeRanges(numbers: readonly number[], { ranges, span }: RangeLimits): readonly Range[] | undefined {
  const sorted = numbers.toSorted((a, b) => a - b)
  const byWidth = gapsIn(sorted).sort((a, b) => b.width - a.width)
  for (let cuts = 0; cuts < ranges; cuts++) {
    const cut = cutAt(
      sorted,
      byWidth.slice(0, cuts).map(({ at }) => at),
    )
    if (cut.reduce((sum, { first, last }) => sum + last - first + 1, 0) <= span) return cut
  }
  return undefined
}

/** `at`: the place of the number after the gap. */
function gapsIn(sorted: readonly number[]): { readonly at: number; readonly width: number }[] {
  return sorted.map((number, at) => ({ at, width: number - (sorted[at - 1] ?? number) })).slice(1)
}

function cutAt(sorted: readonly number[], places: readonly number[]): readonly Range[] {
  const ends = [...places.toSorted((a, b) => a - b), sorted.length]
  return ends.flatMap((end, nth) => {
    const [first, last] = [sorted[ends[nth - 1] ?? 0], sorted[end - 1]]
    return first === undefined || last === undefined ? [] : [{ first, last }]
  })
}
