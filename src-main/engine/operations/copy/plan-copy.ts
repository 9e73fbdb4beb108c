import { UsedBlobs } from '../../repository/used-blobs.ts'
import { chooseCopies } from './choose-snapshots.ts'
import type { CopyOptions, PlannedCopy, UncopiedSnapshot } from './model.ts'

/**
 * What `copySnapshots` would do, found out from both indexes and the source's trees. Writes nothing, and needs no lock
 * that keeps others from writing. A snapshot of which something is missing shows in `failed`; damage in the blobs
 * themselves shows only when they are copied. Rejects as `copySnapshots` does.
 */
export async function planCopy(
  options: Pick<CopyOptions, 'from' | 'to' | 'ids' | 'signal' | 'onProgress'>,
): Promise<PlannedCopy> {
  const { from, to, signal, onProgress } = options
  const { missing, present, failed } = await chooseCopies(options)
  const walk = new UsedBlobs(from)
  const harmed: UncopiedSnapshot[] = []
  let blobs = 0
  let bytes = 0
  const onMarked = (slots: Iterable<number>): void => {
    for (const slot of slots) {
      const there = to.table.find(from.table.idBytes(slot), from.table.type(slot))
      if (there >= 0 && to.table.isStored(there)) continue
      blobs++
      bytes += from.table.location(slot).length
    }
  }
  try {
    for (const [at, { id, tree }] of missing.entries()) {
      const [finding] = await walk.mark([tree], { signal, onMarked })
      if (finding !== undefined) harmed.push({ source: id, code: finding.code })
      onProgress?.({ snapshots: present.length + at + 1, total: present.length + missing.length, bytes: 0 })
    }
  } finally {
    await walk.close()
  }
  const planned = missing.map(({ id }) => id).filter((id) => !harmed.some(({ source }) => source === id))
  return { snapshots: planned, present, failed: [...failed, ...harmed], blobs, bytes }
}
