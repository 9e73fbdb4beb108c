import type { SavedSnapshot } from '../../model/snapshot.ts'
import type { GroupField, SnapshotGroup } from './model.ts'

/** The snapshots of each series, in the order of each series' first snapshot. The order of paths or tags is none. */
export function groupSnapshots(snapshots: readonly SavedSnapshot[], by: readonly GroupField[]): SnapshotGroup[] {
  const groups = new Map<string, SnapshotGroup & { readonly snapshots: SavedSnapshot[] }>()
  for (const snapshot of snapshots) {
    const common = {
      host: by.includes('host') ? snapshot.hostname : undefined,
      paths: by.includes('paths') ? snapshot.paths.toSorted() : undefined,
      tags: by.includes('tags') ? (snapshot.tags ?? []).toSorted() : undefined,
    }
    const key = JSON.stringify([common.host, common.paths, common.tags])
    const group = groups.get(key) ?? { ...common, snapshots: [] }
    group.snapshots.push(snapshot)
    groups.set(key, group)
  }
  return [...groups.values()]
}
