import type { HexId } from '../../model/ids.ts'
import type { BlobLocation } from '../../repository/blob-table.ts'
import { loadIndexFile } from '../../repository/index-files.ts'
import { SCAN_WORDS } from '../../repository/index-scan.ts'
import { entryBytes, headerBound } from '../../repository/pack-format.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import type { SlotSet } from '../../repository/slot-set.ts'

interface Copy extends BlobLocation {
  readonly slot: number
}

/**
 * Has blobs that several packs hold read from one that is used as a whole, if there is one: then the other can go, and
 * what an interrupted prune has written is not written again. Gives the number of further copies.
 */
export async function preferWholePacks(
  repository: OpenRepository,
  used: SlotSet,
  sizes: ReadonlyMap<HexId, number>,
  signal?: AbortSignal,
): Promise<number> {
  const { table, packs } = repository
  const listed = packs.ids().reduce((sum, _, number) => sum + packs.extent(number).count, 0)
  if (listed === table.size) return 0
  const copies = await otherCopies(repository, signal)
  const usable = usableBytes(repository, used, copies)
  const isWhole = (pack: number): boolean => (sizes.get(packs.id(pack)) ?? 0) <= (usable[pack] ?? 0) + headerBound(0)
  for (const { slot, pack, offset, length, uncompressedLength } of copies) {
    if (!used.has(slot) || isWhole(table.location(slot).pack) || !isWhole(pack)) continue
    table.setPlace(slot, offset, length, uncompressedLength)
    table.setPack(slot, pack)
  }
  return copies.length
}

/** Bytes of each pack that used blobs take, wherever those are read from. */
function usableBytes({ table, packs }: OpenRepository, used: SlotSet, copies: readonly Copy[]): Float64Array {
  const bytes = new Float64Array(packs.count)
  const add = ({ pack, length, uncompressedLength }: BlobLocation): void => {
    bytes[pack] = (bytes[pack] ?? 0) + length + entryBytes(uncompressedLength > 0)
  }
  for (const slot of table.stored()) if (used.has(slot)) add(table.location(slot))
  for (const copy of copies) if (used.has(copy.slot)) add(copy)
  return bytes
}

/** Copies of blobs that are read from another place. Index files that name a pack twice make none. */
async function otherCopies(
  { store, sealer, table, packs, indexFiles }: OpenRepository,
  signal?: AbortSignal,
): Promise<Copy[]> {
  const copies: Copy[] = []
  const known = new Set<string>()
  for (const file of indexFiles.keys()) {
    signal?.throwIfAborted()
    const index = await loadIndexFile(store, sealer, file, signal)
    for (const { id, first, end } of index.packs) {
      const pack = packs.number(id) ?? -1
      for (let blob = first; blob < end; blob++) {
        const [tree, offset = 0, length = 0, uncompressedLength = 0] = index.places.subarray(blob * SCAN_WORDS)
        const slot = table.find(index.ids.subarray(blob * 32, blob * 32 + 32), tree === 1 ? 'tree' : 'data')
        const place = table.location(slot)
        const key = `${String(pack)} ${String(offset)}`
        if ((place.pack === pack && place.offset === offset) || known.has(key)) continue
        known.add(key)
        copies.push({ slot, pack, offset, length, uncompressedLength })
      }
    }
  }
  return copies
}
