import { MAX_CHUNK } from '../../chunking/gear.ts'
import { idBytes, type HexId } from '../../model/ids.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { PLACE_WORDS, WRITE_WORDS, type BlobList } from '../../repository/open-messages.ts'
import { SEAL_OVERHEAD } from '../../crypto/seal.ts'

/** Blobs of one pack that lie close together, and where each of them goes. */
export interface PackRange {
  readonly pack: HexId
  readonly offset: number
  readonly length: number
  readonly blobs: BlobList
  /** Blob index, file number, position in the file. */
  readonly writes: Float64Array
}

interface Write {
  readonly id: Uint8Array
  readonly offset: number
  readonly length: number
  readonly uncompressedLength: number
  readonly file: number
  readonly position: number
}

// Reading over a gap costs less than another request.
const MAX_GAP = 128 * 1024
// Small enough for all ranges under way to stay below what makes V8 collect because of memory outside its heap (64 MiB).
const MAX_RANGE = 8 << 20
/** Room for a range: one of several blobs, or a single blob of the greatest size. */
export const RANGE_BYTES = MAX_CHUNK + SEAL_OVERHEAD

/** Gathers what files need from which pack, so that every pack is read once, in order. */
export class BlobPlan {
  readonly #repository: OpenRepository
  readonly #packs = new Map<number, Write[]>()

  constructor(repository: OpenRepository) {
    this.#repository = repository
  }

  /** Adds a file's blobs; gives its size, or the first blob that the repository does not have. */
  add(file: number, blobs: readonly HexId[]): { readonly size: number } | { readonly missing: HexId } {
    const { table } = this.#repository
    const writes: [number, Write][] = []
    let position = 0
    for (const blob of blobs) {
      const id = idBytes(blob)
      const slot = table.find(id, 'data')
      if (slot < 0 || !table.isStored(slot)) return { missing: blob }
      const { pack, offset, length, uncompressedLength } = table.location(slot)
      writes.push([pack, { id, offset, length, uncompressedLength, file, position }])
      position += uncompressedLength > 0 ? uncompressedLength : length - SEAL_OVERHEAD
    }
    for (const [pack, write] of writes) this.#of(pack).push(write)
    return { size: position }
  }

  *ranges(): IterableIterator<PackRange> {
    for (const [pack, writes] of this.#packs) {
      writes.sort((a, b) => a.offset - b.offset)
      let start = 0
      for (let i = 1; i <= writes.length; i++) {
        if (i < writes.length && !this.#breaks(writes, start, i)) continue
        yield toRange(this.#repository.packs.id(pack), writes.slice(start, i))
        start = i
      }
    }
  }

  #of(pack: number): Write[] {
    let writes = this.#packs.get(pack)
    if (writes === undefined) this.#packs.set(pack, (writes = []))
    return writes
  }

  #breaks(writes: readonly Write[], start: number, at: number): boolean {
    const first = writes[start]
    const before = writes[at - 1]
    const next = writes[at]
    if (first === undefined || before === undefined || next === undefined) return true
    if (next.offset === before.offset) return false
    const gap = next.offset - (before.offset + before.length)
    return gap > MAX_GAP || next.offset + next.length - first.offset > MAX_RANGE
  }
}

function toRange(pack: HexId, sorted: readonly Write[]): PackRange {
  const start = sorted[0]?.offset ?? 0
  const places: number[] = []
  const ids: Uint8Array[] = []
  const writes = new Float64Array(sorted.length * WRITE_WORDS)
  let last: Write | undefined
  let end = start
  for (const [i, write] of sorted.entries()) {
    // A wrong index may give two blobs the same place: each is compared with its own hash.
    if (write.offset !== last?.offset || Buffer.compare(write.id, last.id) !== 0) {
      places.push(write.offset - start, write.length, write.uncompressedLength)
      ids.push(write.id)
      last = write
      end = Math.max(end, write.offset + write.length)
    }
    writes.set([places.length / PLACE_WORDS - 1, write.file, write.position], i * WRITE_WORDS)
  }
  return {
    pack,
    offset: start,
    length: end - start,
    blobs: { places: Int32Array.from(places), ids: Buffer.concat(ids) },
    writes,
  }
}
