import { isEngineError, listSnapshots, resolveSnapshot, type OpenRepository } from '../../engine/index.ts'
import type { SavedSnapshot } from '../../engine/model/snapshot.ts'
import type { Session } from './session.ts'
import { markOf } from './shard.ts'
import { findPaths } from './snapshot-paths.ts'

const LATEST = 'latest'

export interface AskedSnapshot {
  /** "latest", an id, or the beginning of one. */
  readonly name: string
  /** What is wanted of it; none, or "": everything. */
  readonly paths: readonly string[]
}

/**
 * The snapshot that a person means. Several machines make snapshots of one tenant, each of its part: the latest is then
 * the newest of the part that has the paths. Rejects as `resolveSnapshot` does.
 */
export async function findSnapshot(
  { output }: Pick<Session, 'output'>,
  repository: OpenRepository,
  { name, paths }: AskedSnapshot,
  signal: AbortSignal,
): Promise<SavedSnapshot> {
  const newest = await resolveSnapshot(repository.store, repository.sealer, name, {}, signal)
  const mark = name === LATEST ? markOf(newest.paths) : undefined
  if (mark === undefined) return newest
  if (paths.every((path) => path === '')) {
    const { index, count } = mark.shard
    output.warn(
      `The snapshot is that of shard ${index} of ${count}: it has a part of the tenant, the others have the rest.`,
    )
    return newest
  }
  await repository.ensureIndex(signal)
  for (const snapshot of [newest, ...(await newestOfOtherShards(repository, newest, signal))])
    if (await hasAll(repository, snapshot, paths, signal)) return snapshot
  return newest
}

/** The newest snapshot of each other shard of the same roots, newest first. */
async function newestOfOtherShards(
  { store, sealer }: OpenRepository,
  newest: SavedSnapshot,
  signal: AbortSignal,
): Promise<readonly SavedSnapshot[]> {
  const { snapshots } = await listSnapshots(store, sealer, signal)
  const found = new Map([[seriesOf(newest)?.shard, newest]])
  for (const snapshot of snapshots.toReversed()) {
    const series = seriesOf(snapshot)
    if (series !== undefined && series.of === seriesOf(newest)?.of && !found.has(series.shard))
      found.set(series.shard, snapshot)
  }
  return [...found.values()].slice(1)
}

/** Which shard it is, and of what: tenant, roots, number of shards. */
function seriesOf({ hostname, paths }: SavedSnapshot): { readonly shard: number; readonly of: string } | undefined {
  const mark = markOf(paths)
  if (mark === undefined) return undefined
  return { shard: mark.shard.index, of: JSON.stringify([hostname, mark.shard.count, mark.paths]) }
}

async function hasAll(
  repository: OpenRepository,
  { tree }: SavedSnapshot,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await findPaths(repository, tree, paths, signal)
    return true
  } catch (error) {
    if (isEngineError(error, 'repository.path-not-found')) return false
    throw error
  }
}
