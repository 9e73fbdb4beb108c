import type { Catalog } from '../../catalog/catalog.ts'
import { EngineError } from '../../model/errors.ts'
import type { SavedSnapshot } from '../../model/snapshot.ts'
import { SNAPSHOT_TAG } from '../backup/layout.ts'
import type { UpdateOptions } from './model.ts'
import { SnapshotIndexer } from './snapshot-indexer.ts'

/** Whether the catalog knows exactly the snapshots that the repository has. */
export function isUpToDate(catalog: Catalog, snapshots: readonly SavedSnapshot[]): boolean {
  const known = new Set(catalog.snapshots().map(({ id }) => id))
  const ours = snapshots.filter(isOurs)
  return ours.length === known.size && ours.every(({ id }) => known.has(id))
}

/**
 * Brings the catalog in step with the repository: forgets snapshots that are gone and reads those that are new, each
 * by its difference to the one before. The index must be loaded. Rejects with catalog.damaged if only a rebuild helps.
 */
export async function updateCatalog(options: UpdateOptions): Promise<void> {
  const { catalog, onProgress, signal } = options
  const ours = options.snapshots.filter(isOurs).sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
  const there = new Set(ours.map(({ id }) => id))
  const known = catalog.snapshots().map(({ id }) => id)
  catalog.dropSnapshots(known.filter((id) => !there.has(id)))
  catalog.checkpoint()
  const missing = ours.filter(({ id }) => !known.includes(id))
  let items = 0
  for (const [done, snapshot] of missing.entries()) {
    signal.throwIfAborted()
    await indexSnapshot(options, snapshot, () => {
      onProgress?.({ snapshots: missing.length, done, items: ++items })
    })
  }
}

function isOurs({ tags }: SavedSnapshot): boolean {
  return tags?.includes(SNAPSHOT_TAG) === true
}

async function indexSnapshot(options: UpdateOptions, snapshot: SavedSnapshot, onItem: () => void): Promise<void> {
  const { catalog } = options
  const series = catalog.series({ host: snapshot.hostname, paths: snapshot.paths })
  const time = Date.parse(snapshot.time)
  const base = catalog.base(series)
  if (base !== undefined && base.time > time)
    throw new EngineError('catalog.damaged', { context: { reason: 'an older snapshot has come' } })
  // Whatever a run here had begun, another machine has gone on from the same snapshot.
  catalog.abandonRun(series)
  const { seq } = catalog.beginRun(series, time)
  await new SnapshotIndexer({ ...options, snapshot, series, seq, base, onItem }).run()
  catalog.finishRun(seq, { id: snapshot.id, time, tree: snapshot.tree })
  catalog.checkpoint()
}
