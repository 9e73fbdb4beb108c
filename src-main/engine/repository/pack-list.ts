import type { HexId } from '../model/ids.ts'

/** What the index files say about a pack, blobs included that are read from another pack. */
export interface PackExtent {
  readonly count: number
  /** Where the last blob ends, in bytes. */
  readonly end: number
}

/** The packs that the indexes name, by number (as the blob table keeps them) and by id. */
export class PackList {
  readonly #extents = new Map<number, PackExtent>()
  readonly #ids: HexId[] = []
  readonly #numbers = new Map<HexId, number>()

  get count(): number {
    return this.#ids.length
  }

  /** The pack's number, given now if it has none yet. */
  add(id: HexId): number {
    const known = this.#numbers.get(id)
    if (known !== undefined) return known
    this.#ids.push(id)
    this.#numbers.set(id, this.#ids.length - 1)
    return this.#ids.length - 1
  }

  /** Notes what an index file says about the pack; a second one that names it adds to it. */
  extend(number: number, count: number, end: number): void {
    const known = this.extent(number)
    this.#extents.set(number, { count: known.count + count, end: Math.max(known.end, end) })
  }

  extent(number: number): PackExtent {
    return this.#extents.get(number) ?? { count: 0, end: 0 }
  }

  id(number: number): HexId {
    const id = this.#ids[number]
    if (id === undefined) throw new RangeError('no pack of that number')
    return id
  }

  number(id: HexId): number | undefined {
    return this.#numbers.get(id)
  }

  ids(): readonly HexId[] {
    return this.#ids
  }
}

/** Where a pack lies in a repository. */
export function packName(id: HexId): string {
  return `data/${id.slice(0, 2)}/${id}`
}
