import type { HexId } from '../model/ids.ts'
import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'
import type { ContainerKeys } from './containers.ts'
import type { ListedEntry } from './model.ts'
import { EngineError } from '../model/errors.ts'
import { compareNames, joinPath, packId, splitPath } from './encoding.ts'

type Page = Parameters<Catalog['list']>[2]

/** Where items are: a container's shard ("" for the container itself). */
interface Place {
  readonly container: number
  readonly shard: string
}

/** What one path leads to. Several things may share a path: a shard and a folder of that name, two roots. */
interface Level {
  readonly folders: Set<string>
  readonly places: Place[]
  found: boolean
}

interface RootPath {
  readonly key: number
  readonly path: string
}

interface ItemLine {
  readonly name: string
  readonly time: number
  readonly size: number
  readonly title: string
  readonly sender: string
  readonly recipients: string
}

const VISIBLE = 'first_seq <= @seq AND (last_seq IS NULL OR last_seq >= @seq)'

/** Whether one of two paths is the other, or a folder above it. */
const ON_THE_WAY = `(@path = '' OR path = @path OR substr(path, 1, length(@path) + 1) = @path || '/'
  OR substr(@path, 1, length(path) + 1) = path || '/')`

/** Jumps from shard to shard through the index, instead of reading every item. */
const SHARDS = `
WITH RECURSIVE shards (shard) AS (
  SELECT min(shard) FROM item WHERE container = @container AND shard > ''
  UNION ALL
  SELECT (SELECT min(shard) FROM item WHERE container = @container AND shard > shards.shard)
  FROM shards WHERE shards.shard IS NOT NULL
)
SELECT shard FROM shards WHERE shard IS NOT NULL AND EXISTS (
  SELECT 1 FROM item INDEXED BY item_place WHERE container = @container AND shard = shards.shard AND ${VISIBLE}
)`

interface InSnapshot {
  readonly seq: number
}

function prepareAll({ prepare }: Connection) {
  return {
    snapshot: prepare<[Buffer], { seq: number; series: number }>('SELECT seq, series FROM snapshot WHERE id = ?'),
    roots: prepare<[InSnapshot & { series: number; path: string }], RootPath>(
      `SELECT root.key, version.path FROM root JOIN root_version AS version ON version.root = root.key
       WHERE root.series = @series AND ${VISIBLE} AND ${ON_THE_WAY}`,
    ),
    types: prepare<[InSnapshot & { root: number }], { type: string }>(
      `SELECT DISTINCT type FROM container_version WHERE root = @root AND ${VISIBLE}
       UNION SELECT type FROM container WHERE root = @root AND graph_id = '' AND EXISTS (
         SELECT 1 FROM item INDEXED BY item_place WHERE container = container.key AND ${VISIBLE})`,
    ),
    below: prepare<[InSnapshot & { root: number; type: string; path: string }], { dir_name: string }>(
      `SELECT dir_name FROM container_version
       WHERE root = @root AND type = @type AND parent_path = @path AND ${VISIBLE}`,
    ),
    at: prepare<[InSnapshot & { root: number; type: string; parent: string; name: string }], { container: number }>(
      `SELECT container FROM container_version
       WHERE root = @root AND type = @type AND parent_path = @parent AND dir_name = @name AND ${VISIBLE}`,
    ),
    shards: prepare<[InSnapshot & { container: number }], { shard: string }>(SHARDS),
    hasItems: prepare<[InSnapshot & Place]>(
      `SELECT 1 FROM item INDEXED BY item_place WHERE container = @container AND shard = @shard AND ${VISIBLE} LIMIT 1`,
    ),
    // The page is cut in the index; only its rows are read.
    items: prepare<[InSnapshot & Place & Page], ItemLine>(
      `SELECT name, time, size, title, sender, recipients FROM item WHERE key IN (
         SELECT key FROM item INDEXED BY item_place WHERE container = @container AND shard = @shard AND ${VISIBLE}
         ORDER BY name, key LIMIT @limit OFFSET @offset
       ) ORDER BY name, key`,
    ),
  }
}

type Statements = ReturnType<typeof prepareAll>

/** Looks up what the paths of one snapshot lead to. */
function openLevels(statements: Statements, keys: ContainerKeys) {
  function addContainer(level: Level, seq: number, container: number): void {
    level.found = true
    level.places.push({ container, shard: '' })
    for (const { shard } of statements.shards.all({ seq, container })) level.folders.add(shard)
  }

  /** The containers that a path below the type's folder names; the folder itself may hold items too. */
  function containersAt(seq: number, root: number, type: string, path: string): readonly number[] {
    if (path === '') return [keys.find(root, type, '')].filter((key) => key !== undefined)
    const [parent, name] = splitPath(path)
    return statements.at.all({ seq, root, type, parent, name }).map(({ container }) => container)
  }

  function addBelowRoot(level: Level, seq: number, root: number, path: string): void {
    const [type = '', ...rest] = path.split('/')
    const inner = rest.join('/')
    const below = statements.below.all({ seq, root, type, path: inner })
    for (const { dir_name } of below) level.folders.add(dir_name)
    if (below.length > 0) level.found = true
    for (const container of containersAt(seq, root, type, inner)) addContainer(level, seq, container)
    if (inner === '') return
    const [parent, shard] = splitPath(inner)
    for (const container of containersAt(seq, root, type, parent)) {
      if (statements.hasItems.get({ seq, container, shard }) === undefined) continue
      level.found = true
      level.places.push({ container, shard })
    }
  }

  function addRoot(level: Level, seq: number, root: RootPath, path: string): void {
    if (root.path === path) {
      level.found = true
      for (const { type } of statements.types.all({ seq, root: root.key })) level.folders.add(type)
    } else if (path === '' || root.path.startsWith(`${path}/`)) {
      level.found = true
      const rest = path === '' ? root.path : root.path.slice(path.length + 1)
      level.folders.add(rest.split('/', 1)[0] ?? rest)
    } else addBelowRoot(level, seq, root.key, path.slice(root.path.length + 1))
  }

  return (snapshot: { seq: number; series: number }, path: string): Level => {
    const level: Level = { folders: new Set(), places: [], found: path === '' }
    for (const root of statements.roots.all({ ...snapshot, path })) addRoot(level, snapshot.seq, root, path)
    return level
  }
}

function folderEntry(path: string, name: string): ListedEntry {
  const absent = { time: undefined, size: undefined, title: undefined, from: undefined, to: undefined }
  return { kind: 'folder', name, path: joinPath(path, name), ...absent }
}

function itemEntry(path: string, line: ItemLine): ListedEntry {
  const { name, time, size, title, sender, recipients } = line
  return { kind: 'item', name, path: joinPath(path, name), time, size, title, from: sender, to: recipients }
}

/** A page of the items in some places, usually one. */
function itemPage(statements: Statements, seq: number, places: readonly Place[], page: Page): readonly ItemLine[] {
  const [only, ...others] = places
  if (only === undefined || page.limit <= 0) return []
  if (others.length === 0) return statements.items.all({ seq, ...only, ...page })
  const reach = { limit: page.offset + page.limit, offset: 0 }
  return places
    .flatMap((place) => statements.items.all({ seq, ...place, ...reach }))
    .sort((a, b) => compareNames(a.name, b.name))
    .slice(page.offset, page.offset + page.limit)
}

export function listMethods(connection: Connection, keys: ContainerKeys): Pick<Catalog, 'list'> {
  const statements = prepareAll(connection)
  const levelAt = openLevels(statements, keys)

  function list(id: HexId, asked: string, page: Page): readonly ListedEntry[] {
    const snapshot = statements.snapshot.get(packId(id))
    if (snapshot === undefined) throw new EngineError('repository.snapshot-not-found')
    const path = joinPath(...asked.split('/'))
    const level = levelAt(snapshot, path)
    if (!level.found) throw new EngineError('repository.path-not-found')
    const folders = [...level.folders].sort(compareNames)
    const shown = folders.slice(page.offset, page.offset + page.limit).map((name) => folderEntry(path, name))
    const rest = { limit: page.limit - shown.length, offset: Math.max(0, page.offset - folders.length) }
    const items = itemPage(statements, snapshot.seq, level.places, rest)
    return [...shown, ...items.map((line) => itemEntry(path, line))]
  }

  return { list: (id, path, page) => connection.read(() => list(id, path, page)) }
}
