import type { HexId } from '../model/ids.ts'
import { EngineError } from '../model/errors.ts'
import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'
import { joinPath, packId } from './encoding.ts'
import type { Difference } from './model.ts'

/** Rows that are described at a time, on one state of the database. */
const PAGE = 500

interface Span {
  readonly series: number
  /** The later snapshot has seqs up to `to`, the earlier one up to `from`. */
  readonly from: number
  readonly to: number
}

interface ItemRecord {
  readonly key: number
  readonly id_hash: number
  readonly graph_id: string
  readonly container: number
  readonly root: number
  readonly type: string
  readonly shard: string
  readonly name: string
  readonly size: number
  readonly content: Buffer | null
  readonly parts: string | null
}

interface FolderRecord {
  readonly container: number
  readonly root: number
  readonly type: string
  readonly parent_path: string
  readonly dir_name: string
  readonly properties: string
}

const OF_SERIES =
  'container IN (SELECT container.key FROM container JOIN root ON root.key = container.root WHERE root.series = @series)'

/** In the earlier snapshot and not in the later one, as this version. */
const WENT = 'last_seq >= @from AND last_seq < @to AND first_seq <= @from'
const CAME = 'first_seq > @from AND first_seq <= @to AND (last_seq IS NULL OR last_seq >= @to)'
const AT = 'first_seq <= @seq AND (last_seq IS NULL OR last_seq >= @seq)'

function prepareAll({ prepare }: Connection) {
  const columns = 'container, root.key AS root, container.type, parent_path, dir_name, properties'
  return {
    snapshot: prepare<[Buffer], { seq: number; series: number }>('SELECT seq, series FROM snapshot WHERE id = ?'),
    went: prepare<[Span], { key: number }>(
      `SELECT key FROM item INDEXED BY item_last WHERE ${WENT} AND ${OF_SERIES} ORDER BY key`,
    ),
    came: prepare<[Span], { key: number }>(
      `SELECT key FROM item INDEXED BY item_first WHERE ${CAME} AND ${OF_SERIES} ORDER BY key`,
    ),
    item: prepare<[number], ItemRecord>(
      `SELECT item.key, id_hash, item.graph_id, container, root, type, shard, name, size, content, parts
       FROM item JOIN container ON container.key = item.container WHERE item.key = ?`,
    ),
    // The hash covers root and type.
    other: prepare<[{ id_hash: number; graph_id: string; seq: number }], { key: number }>(
      `SELECT key FROM item INDEXED BY item_id WHERE id_hash = @id_hash AND graph_id = @graph_id AND ${AT}`,
    ),
    count: prepare<[{ series: number; seq: number; path: string; type: string }], { items: number }>(
      `SELECT count(*) AS items FROM item INDEXED BY item_place WHERE ${AT} AND container IN (
         SELECT container.key FROM container JOIN root ON root.key = container.root
           JOIN root_version ON root_version.root = root.key
         WHERE root.series = @series AND container.type = @type AND root_version.path = @path
           AND root_version.first_seq <= @seq AND (root_version.last_seq IS NULL OR root_version.last_seq >= @seq))`,
    ),
    folders: prepare<[{ series: number; seq: number }], FolderRecord>(
      `SELECT ${columns.replace('container,', 'version.container,')} FROM container_version AS version
         JOIN container ON container.key = version.container JOIN root ON root.key = container.root
       WHERE root.series = @series AND ${AT}`,
    ),
    rootPath: prepare<[{ root: number; seq: number }], { path: string }>(
      `SELECT path FROM root_version WHERE root = @root AND ${AT}`,
    ),
    folder: prepare<[{ container: number; seq: number }], { parent_path: string; dir_name: string }>(
      `SELECT parent_path, dir_name FROM container_version WHERE container = @container AND ${AT}`,
    ),
  }
}

type Statements = ReturnType<typeof prepareAll>

export function differenceMethods(connection: Connection): Pick<Catalog, 'differences' | 'countItemsAt'> {
  const statements = prepareAll(connection)

  function spanOf(from: HexId, to: HexId): Span {
    const [one, other] = [from, to].map((id) => statements.snapshot.get(packId(id)))
    if (one === undefined || other === undefined) throw new EngineError('repository.snapshot-not-found')
    if (one.series !== other.series || one.seq > other.seq)
      throw new EngineError('usage', { context: { reason: 'different-series' } })
    return { series: one.series, from: one.seq, to: other.seq }
  }

  return {
    countItemsAt: (snapshot, rootPath, type) =>
      connection.read(() => {
        const found = statements.snapshot.get(packId(snapshot))
        if (found === undefined) throw new EngineError('repository.snapshot-not-found')
        return statements.count.get({ ...found, path: rootPath, type })?.items ?? 0
      }),
    *differences(from, to) {
      const { span, folders, went, came } = connection.read(() => {
        const found = spanOf(from, to)
        return {
          span: found,
          folders: folderDifferences(statements, found),
          went: statements.went.all(found).map(({ key }) => key),
          came: statements.came.all(found).map(({ key }) => key),
        }
      })
      yield* folders
      yield* described(connection, went, (key) => wentDifference(statements, span, key))
      yield* described(connection, came, (key) => cameDifference(statements, span, key))
    },
  }
}

function* described(
  { read }: Connection,
  keys: readonly number[],
  describe: (key: number) => Difference | undefined,
): Generator<Difference, void, undefined> {
  for (let at = 0; at < keys.length; at += PAGE)
    yield* read(() => keys.slice(at, at + PAGE).flatMap((key) => describe(key) ?? []))
}

/** Deleted, moved or changed. */
function wentDifference(statements: Statements, { from, to }: Span, key: number): Difference | undefined {
  const item = statements.item.get(key)
  if (item === undefined) return undefined
  const { id_hash, graph_id, type } = item
  const path = itemPath(statements, item, from)
  const later = statements.other.get({ id_hash, graph_id, seq: to })
  const now = later === undefined ? undefined : statements.item.get(later.key)
  if (now === undefined) return { kind: 'deleted', what: 'item', type, path, size: item.size }
  const content = !sameContent(item, now)
  const place = item.container !== now.container || item.shard !== now.shard || item.name !== now.name
  const common = { what: 'item', type, path: itemPath(statements, now, to), size: now.size } as const
  if (!place) return { kind: 'changed', ...common, content }
  return content ? { kind: 'changed', ...common, content, from: path } : { kind: 'moved', ...common, from: path }
}

/** Added; whatever was there before is told already. */
function cameDifference(statements: Statements, { from, to }: Span, key: number): Difference | undefined {
  const item = statements.item.get(key)
  if (item === undefined) return undefined
  const { id_hash, graph_id, type, size } = item
  if (statements.other.get({ id_hash, graph_id, seq: from }) !== undefined) return undefined
  return { kind: 'added', what: 'item', type, path: itemPath(statements, item, to), size }
}

function sameContent(one: ItemRecord, other: ItemRecord): boolean {
  const same =
    one.content === null || other.content === null ? one.content === other.content : one.content.equals(other.content)
  return same && one.parts === other.parts
}

/** What is in a folder that moved is not told one by one: it is where it was. */
function folderDifferences(statements: Statements, { series, from, to }: Span): readonly Difference[] {
  const before = foldersOf(statements.folders.all({ series, seq: from }))
  const after = foldersOf(statements.folders.all({ series, seq: to }))
  const differences: Difference[] = []
  for (const [container, folder] of before.byContainer) {
    const { type } = folder
    const path = folderPath(statements, folder, from)
    const now = after.byContainer.get(container)
    if (now === undefined) differences.push({ kind: 'deleted', what: 'folder', type, path, size: 0 })
    else {
      const common = { what: 'folder', type, path: folderPath(statements, now, to), size: 0 } as const
      // A folder in one that moved did not move itself.
      const moved = now.dir_name !== folder.dir_name || isElsewhere(folder, now, before, after)
      if (moved) differences.push({ kind: 'moved', ...common, from: path })
      else if (now.properties !== folder.properties) differences.push({ kind: 'changed', ...common, content: false })
    }
  }
  for (const [container, folder] of after.byContainer)
    if (!before.byContainer.has(container))
      differences.push({
        kind: 'added',
        what: 'folder',
        type: folder.type,
        path: folderPath(statements, folder, to),
        size: 0,
      })
  return differences
}

interface Folders {
  readonly byContainer: ReadonlyMap<number, FolderRecord>
  /** Containers by where they are. */
  readonly byPlace: ReadonlyMap<string, number>
}

function foldersOf(records: readonly FolderRecord[]): Folders {
  return {
    byContainer: new Map(records.map((folder) => [folder.container, folder])),
    byPlace: new Map(
      records.map(({ root, type, parent_path, dir_name, container }) => [
        placeKey(root, type, joinPath(parent_path, dir_name)),
        container,
      ]),
    ),
  }
}

function placeKey(root: number, type: string, path: string): string {
  return `${root}/${type}/${path}`
}

/** Whether the folder above is another one now. */
function isElsewhere(folder: FolderRecord, now: FolderRecord, before: Folders, after: Folders): boolean {
  const above = ({ root, type, parent_path }: FolderRecord, folders: Folders): number | undefined =>
    folders.byPlace.get(placeKey(root, type, parent_path))
  return folder.parent_path !== now.parent_path && above(folder, before) !== above(now, after)
}

function folderPath(statements: Statements, { root, type, parent_path, dir_name }: FolderRecord, seq: number): string {
  return joinPath(statements.rootPath.get({ root, seq })?.path ?? '', type, parent_path, dir_name)
}

function itemPath(statements: Statements, item: ItemRecord, seq: number): string {
  const { root, container, type, shard, name } = item
  // None for items directly in the type's folder.
  const folder = statements.folder.get({ container, seq })
  const above = statements.rootPath.get({ root, seq })?.path ?? ''
  return joinPath(above, type, folder?.parent_path ?? '', folder?.dir_name ?? '', shard, name)
}
