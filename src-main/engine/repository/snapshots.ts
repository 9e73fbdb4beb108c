import type { Sealer } from '../crypto/seal.ts'
import { EngineError, isEngineError } from '../model/errors.ts'
import { isHexId, type HexId } from '../model/ids.ts'
import type { SavedSnapshot, Snapshot } from '../model/snapshot.ts'
import type { DestinationStore } from '../ports/destination-store.ts'
import { compareTimes, goTime } from './rfc3339.ts'
import { damagedFile, listIds, loadUnpacked, saveUnpacked } from './unpacked-file.ts'

/** Which snapshots are meant; what is left out does not matter. */
export interface SnapshotFilter {
  readonly host?: string
  /** The snapshot has all of them. */
  readonly paths?: readonly string[]
  /** And no others. */
  readonly onlyPaths?: boolean
  /** The snapshot has all of them. */
  readonly tags?: readonly string[]
}

export interface SnapshotList {
  /** Oldest first. */
  readonly snapshots: readonly SavedSnapshot[]
  /** The damage of those that cannot be read (context: file). */
  readonly damaged: readonly EngineError[]
}

const FOLDER = 'snapshots'
const PARALLEL_READS = 8
const SHORTEST_PREFIX = 4
const OPTIONAL: ReadonlySet<string> = new Set(['parent', 'excludes', 'tags', 'original', 'summary'])

/** Stores a snapshot, with any fields that it has beyond the known ones, and gives its id. */
export function saveSnapshot(
  store: DestinationStore,
  sealer: Sealer,
  snapshot: Snapshot | SavedSnapshot,
  signal?: AbortSignal,
): Promise<HexId> {
  const time = goTime(snapshot.time)
  if (time === undefined) throw new EngineError('internal', { context: { what: 'snapshot', reason: 'time' } })
  const json = JSON.stringify({ ...snapshot, time, id: undefined })
  return saveUnpacked(store, sealer, FOLDER, json, signal)
}

/** Reads a snapshot. Rejects with repository.snapshot-not-found or repository.snapshot-damaged. */
export async function loadSnapshot(
  store: DestinationStore,
  sealer: Sealer,
  id: HexId,
  signal?: AbortSignal,
): Promise<SavedSnapshot> {
  const name = `${FOLDER}/${id}`
  try {
    return { ...readSnapshot(name, await loadUnpacked(store, sealer, name, signal)), id }
  } catch (error) {
    if (isEngineError(error, 'store.not-found')) throw notFound('no such id', error)
    throw error
  }
}

/** Reads all snapshots. One that is damaged does not hide the others. */
export async function listSnapshots(
  store: DestinationStore,
  sealer: Sealer,
  signal?: AbortSignal,
): Promise<SnapshotList> {
  const ids = await listIds(store, FOLDER, signal)
  const snapshots: SavedSnapshot[] = []
  const damaged: EngineError[] = []
  let next = 0
  const readSome = async (): Promise<void> => {
    for (let id = ids[next++]; id !== undefined; id = ids[next++]) {
      try {
        snapshots.push(await loadSnapshot(store, sealer, id, signal))
      } catch (error) {
        if (isEngineError(error, 'repository.snapshot-damaged')) damaged.push(error)
        else if (!isEngineError(error, 'repository.snapshot-not-found')) throw error // removed meanwhile
      }
    }
  }
  await Promise.all(Array.from({ length: PARALLEL_READS }, readSome))
  snapshots.sort((a, b) => compareTimes(a.time, b.time) || (a.id < b.id ? -1 : 1))
  return { snapshots, damaged }
}

/** The newest of the snapshots that the filter lets through. */
export function latestSnapshot(
  snapshots: readonly SavedSnapshot[],
  filter: SnapshotFilter = {},
): SavedSnapshot | undefined {
  return snapshots.reduce<SavedSnapshot | undefined>((latest, snapshot) => {
    if (!matches(snapshot, filter)) return latest
    return latest === undefined || compareTimes(snapshot.time, latest.time) >= 0 ? snapshot : latest
  }, undefined)
}

/** Whether the filter lets the snapshot through. */
export function matches(
  snapshot: Snapshot,
  { host, paths = [], onlyPaths = false, tags = [] }: SnapshotFilter,
): boolean {
  if (host !== undefined && snapshot.hostname !== host) return false
  if (!paths.every((path) => snapshot.paths.includes(path))) return false
  if (onlyPaths && !snapshot.paths.every((path) => paths.includes(path))) return false
  return tags.every((tag) => snapshot.tags?.includes(tag) === true)
}

/**
 * The snapshot that a person names: "latest" (within the filter), an id, or the beginning of one (4 digits or more).
 * Rejects with repository.snapshot-not-found (context: reason), repository.snapshot-ambiguous (context: matches), or
 * repository.snapshot-damaged; "latest" does so if any snapshot is damaged, as that could be the latest.
 */
export async function resolveSnapshot(
  store: DestinationStore,
  sealer: Sealer,
  name: string,
  filter: SnapshotFilter = {},
  signal?: AbortSignal,
): Promise<SavedSnapshot> {
  if (name === 'latest') return resolveLatest(store, sealer, filter, signal)
  const prefix = name.toLowerCase()
  if (isHexId(prefix)) return loadSnapshot(store, sealer, prefix, signal)
  if (!/^[0-9a-f]+$/.test(prefix)) throw notFound('not an id')
  if (prefix.length < SHORTEST_PREFIX) throw notFound('too short')
  const [id, ...others] = (await listIds(store, FOLDER, signal)).filter((candidate) => candidate.startsWith(prefix))
  if (id === undefined) throw notFound('no such id')
  if (others.length > 0)
    throw new EngineError('repository.snapshot-ambiguous', { context: { matches: others.length + 1 } })
  return loadSnapshot(store, sealer, id, signal)
}

async function resolveLatest(
  store: DestinationStore,
  sealer: Sealer,
  filter: SnapshotFilter,
  signal?: AbortSignal,
): Promise<SavedSnapshot> {
  const { snapshots, damaged } = await listSnapshots(store, sealer, signal)
  if (damaged[0] !== undefined) throw damaged[0]
  const latest = latestSnapshot(snapshots, filter)
  if (latest === undefined) throw notFound(snapshots.length === 0 ? 'no snapshots' : 'none that fits')
  return latest
}

/** Where a snapshot lies in a repository. */
export function snapshotName(id: HexId): string {
  return `${FOLDER}/${id}`
}

/** Removes a snapshot file; what only it refers to stays until a prune. */
export function removeSnapshot(store: DestinationStore, id: HexId, signal?: AbortSignal): Promise<void> {
  return store.remove(snapshotName(id), signal)
}

/** Checks the fields that have a meaning here; the others stay as they are. */
function readSnapshot(name: string, value: unknown): Snapshot {
  const fields = value as Readonly<Record<string, unknown>>
  const { time, tree, paths, hostname = '', username = '' } = fields
  if (typeof time !== 'string' || goTime(time) === undefined) throw damagedFile(name, 'time')
  if (!isHexId(tree)) throw damagedFile(name, 'tree')
  if (typeof hostname !== 'string' || typeof username !== 'string') throw damagedFile(name, 'names')
  const lists = { paths: paths ?? [], tags: fields.tags ?? [], excludes: fields.excludes ?? [] }
  for (const [field, list] of Object.entries(lists)) if (!isStringList(list)) throw damagedFile(name, field)
  for (const field of ['parent', 'original']) {
    const id = fields[field] ?? undefined
    if (id !== undefined && !isHexId(id)) throw damagedFile(name, field)
  }
  const set = Object.entries(fields).filter(([field, content]) => content !== null || !OPTIONAL.has(field))
  return { ...Object.fromEntries(set), time, tree, paths: lists.paths as readonly string[], hostname, username }
}

function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function notFound(reason: string, cause?: unknown): EngineError {
  return new EngineError('repository.snapshot-not-found', { context: { reason }, cause })
}
