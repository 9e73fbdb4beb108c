import type { HexId } from '../../model/ids.ts'
import type { OpenRepository } from '../../repository/repository.ts'

/** What the indexes say about a pack. */
export interface PackContents {
  readonly id: HexId
  /** Slots of the blob table; blobs that are read from another pack have none. */
  readonly slots: readonly number[]
  /** Number of blobs, all of them. */
  readonly count: number
  /** Where the last blob ends, in bytes. */
  readonly end: number
}

export function packContents({ table, packs }: OpenRepository): PackContents[] {
  const slots: number[][] = packs.ids().map(() => [])
  const ends = new Float64Array(packs.count)
  for (const slot of table.stored()) {
    const { pack, offset, length } = table.location(slot)
    slots[pack]?.push(slot)
    ends[pack] = Math.max(ends[pack] ?? 0, offset + length)
  }
  return packs.ids().map((id, number) => {
    const own = slots[number] ?? []
    const { count, end } = packs.extent(number)
    return { id, slots: own, count: Math.max(own.length, count), end: Math.max(ends[number] ?? 0, end) }
  })
}
