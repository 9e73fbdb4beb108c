import { EngineError } from '../model/errors.ts'
import type { HexId } from '../model/ids.ts'
import { rootOf } from '../model/root-path.ts'
import type { Connection } from './connection.ts'
import type { ContainerKeys } from './containers.ts'
import { joinPath, packId, splitPath } from './encoding.ts'

export interface SnapshotPlace {
  readonly seq: number
  readonly series: number
}

/** A data type's folder of a root, or a folder below it. */
export interface TypePlace extends SnapshotPlace {
  readonly root: number
  readonly type: string
  /** Below the data type's folder; "" for that itself. */
  readonly inner: string
  /** The whole path, without slashes around it. */
  readonly path: string
}

/** Finds what paths of finished snapshots lead to. */
export interface Places {
  /** Throws `repository.snapshot-not-found`. */
  snapshot(id: HexId): SnapshotPlace
  /** Two roots may have one path; empty for a path that is in no data type. */
  typePlaces(snapshot: SnapshotPlace, path: string): readonly TypePlace[]
  /** Keys of the containers that a place names; the data type's folder may hold items too. */
  containers(place: TypePlace): readonly number[]
  /** How many items a container has in a finished snapshot. */
  count(seq: number, container: number): number
  /** The same for all containers of a data type. */
  countType(seq: number, root: number, type: string): number
}

export const VISIBLE = 'first_seq <= @seq AND (last_seq IS NULL OR last_seq >= @seq)'

/** Counts kept in mind: those of the folders that somebody looks at. */
const COUNTS_KNOWN = 20_000

/** A finished snapshot never changes, so what was counted once holds. */
function openCounts({ prepare }: Connection): Pick<Places, 'count' | 'countType'> {
  const one = prepare<[{ seq: number; container: number }], { items: number }>(
    `SELECT count(*) AS items FROM item INDEXED BY item_newest WHERE container = @container AND ${VISIBLE}`,
  )
  const ofType = prepare<[{ seq: number; root: number; type: string }], { items: number }>(
    `SELECT count(*) AS items FROM item INDEXED BY item_newest
     WHERE container IN (SELECT key FROM container WHERE root = @root AND type = @type) AND ${VISIBLE}`,
  )
  const known = new Map<string, number>()

  function counted(name: string, count: () => { readonly items: number } | undefined): number {
    const items = known.get(name) ?? count()?.items ?? 0
    if (known.size >= COUNTS_KNOWN) known.clear()
    known.set(name, items)
    return items
  }

  return {
    count: (seq, container) => counted(`${seq}/${container}`, () => one.get({ seq, container })),
    countType: (seq, root, type) => counted(`${seq}/${root}/${type}`, () => ofType.get({ seq, root, type })),
  }
}

export function openPlaces(connection: Connection, keys: ContainerKeys): Places {
  const { prepare } = connection
  const snapshotOf = prepare<[Buffer], SnapshotPlace>('SELECT seq, series FROM snapshot WHERE id = ?')
  const roots = prepare<[SnapshotPlace & { path: string }], { key: number }>(
    `SELECT root.key FROM root JOIN root_version AS version ON version.root = root.key
     WHERE root.series = @series AND version.path = @path AND ${VISIBLE}`,
  )
  const at = prepare<[{ seq: number; root: number; type: string; parent: string; name: string }], { key: number }>(
    `SELECT container AS key FROM container_version
     WHERE root = @root AND type = @type AND parent_path = @parent AND dir_name = @name AND ${VISIBLE}`,
  )

  function snapshot(id: HexId): SnapshotPlace {
    const found = snapshotOf.get(packId(id))
    if (found === undefined) throw new EngineError('repository.snapshot-not-found')
    return found
  }

  function typePlaces(of: SnapshotPlace, path: string): readonly TypePlace[] {
    const rooted = rootOf(path)
    const [type, ...names] = rooted?.rest ?? []
    if (rooted === undefined || type === undefined) return []
    const place = { ...of, type, inner: names.join('/'), path: joinPath(rooted.root, type, ...names) }
    return roots.all({ ...of, path: rooted.root }).map(({ key }) => ({ ...place, root: key }))
  }

  function containers({ seq, root, type, inner }: TypePlace): readonly number[] {
    if (inner === '') return [keys.find(root, type, '')].filter((key) => key !== undefined)
    const [parent, name] = splitPath(inner)
    return at.all({ seq, root, type, parent, name }).map(({ key }) => key)
  }

  return { snapshot, typePlaces, containers, ...openCounts(connection) }
}
