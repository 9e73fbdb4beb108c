import { SEAL_OVERHEAD } from '../../crypto/seal.ts'
import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import { entryBytes, headerBound } from '../../repository/pack-format.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import type { SlotSet } from '../../repository/slot-set.ts'
import type { PackUsage } from './plan-packs.ts'

const DATA = 1
const TREE = 2

/**
 * How much of each pack is used, by pack number. Throws repository.pack-truncated (context: pack) for a pack that is
 * shorter than what it must hold, if any of that is used.
 */
export function packUsages(
  { table, packs }: OpenRepository,
  used: SlotSet,
  sizes: ReadonlyMap<HexId, number>,
): PackUsage[] {
  const usedBytes = new Float64Array(packs.count)
  const ends = new Float64Array(packs.count)
  const kinds = new Uint8Array(packs.count)
  for (const slot of table.stored()) {
    const { pack, offset, length, uncompressedLength } = table.location(slot)
    kinds[pack] = (kinds[pack] ?? 0) | (table.type(slot) === 'tree' ? TREE : DATA)
    if (!used.has(slot)) continue
    usedBytes[pack] = (usedBytes[pack] ?? 0) + length + entryBytes(uncompressedLength > 0)
    ends[pack] = Math.max(ends[pack] ?? 0, offset + length)
  }
  return packs.ids().map((id, number) => {
    const bytes = sizes.get(id) ?? 0
    const inUse = usedBytes[number] ?? 0
    if (inUse > 0 && bytes < (ends[number] ?? 0) + SEAL_OVERHEAD)
      throw new EngineError('repository.pack-truncated', { context: { pack: id } })
    const kind = kinds[number] === TREE ? 'tree' : kinds[number] === (TREE | DATA) ? 'mixed' : 'data'
    return { bytes, used: inUse, unused: Math.max(0, bytes - inUse - headerBound(0)), kind }
  })
}
