import type { Sealer } from '../crypto/seal.ts'
import type { HexId } from '../model/ids.ts'
import type { DestinationStore } from '../ports/destination-store.ts'
import { SCAN_WORDS } from './index-scan.ts'
import type { ListedPack } from './index-writer.ts'
import { headerBytes, readHeader } from './pack-format.ts'
import { packName } from './pack-list.ts'

/** Holds the header of most packs. */
const TAIL = 64 << 10

/**
 * What a pack's own header says is in it. Rejects with repository.pack-truncated or repository.pack-damaged, or with the
 * store's error.
 */
export async function loadPackHeader(
  store: DestinationStore,
  sealer: Sealer,
  id: HexId,
  size: number,
  signal?: AbortSignal,
): Promise<ListedPack> {
  const end = async (length: number): Promise<Uint8Array> => {
    const offset = Math.max(0, size - length)
    return store.get(packName(id), { offset, length: size - offset }, signal)
  }
  let tail = await end(TAIL)
  const needed = headerBytes(tail)
  if (needed > tail.length && needed <= size) tail = await end(needed)
  return listedHeader(id, tail, sealer, size)
}

/** The same of a pack that is in memory, or of its end if it is `size` bytes long. Throws what `readHeader` throws. */
export function listedHeader(id: HexId, pack: Uint8Array, sealer: Sealer, size = pack.length): ListedPack {
  const blobs = readHeader(pack, sealer, size)
  const ids = new Uint8Array(blobs.length * 32)
  const places = new Uint32Array(blobs.length * SCAN_WORDS)
  for (const [i, blob] of blobs.entries()) {
    ids.set(blob.id, i * 32)
    places.set([blob.type === 'tree' ? 1 : 0, blob.offset, blob.length, blob.uncompressedLength], i * SCAN_WORDS)
  }
  return { id, ids, places }
}
