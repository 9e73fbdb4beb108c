import { EngineError } from '../model/errors.ts'
import type { HexId } from '../model/ids.ts'
import { rootOf } from '../model/root-path.ts'
import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'
import { joinPath } from './encoding.ts'
import type { TreeFolder } from './model.ts'
import { VISIBLE, type Places, type SnapshotPlace, type TypePlace } from './places.ts'

type Methods = Pick<Catalog, 'folders' | 'snapshotRoots' | 'seriesKey'>
type Page = Parameters<Catalog['folders']>[2]

/** A folder of which the rest is asked only when it is shown. */
type Unshown = Pick<TreeFolder, 'path' | 'name' | 'level'> & { readonly finish: () => Omit<TreeFolder, keyof Named> }
type Named = Pick<TreeFolder, 'path' | 'name' | 'level'>

interface FolderRecord {
  readonly container: number
  readonly dir_name: string
  readonly properties: string
}

/** As people sort: "Week 2" before "Week 10", whatever the case. */
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function prepareAll({ prepare }: Connection) {
  return {
    kinds: prepare<[SnapshotPlace], { kind: string }>(
      `SELECT DISTINCT substr(path, 1, instr(path, '/') - 1) AS kind
       FROM root JOIN root_version AS version ON version.root = root.key WHERE root.series = @series AND ${VISIBLE}`,
    ),
    roots: prepare<[SnapshotPlace], { root: number; path: string }>(
      `SELECT root.key AS root, path FROM root JOIN root_version AS version ON version.root = root.key
       WHERE root.series = @series AND ${VISIBLE}`,
    ),
    firstRoots: prepare<[SnapshotPlace & { limit: number }], { path: string }>(
      `SELECT path FROM root JOIN root_version AS version ON version.root = root.key
       WHERE root.series = @series AND ${VISIBLE} ORDER BY path LIMIT @limit`,
    ),
    countRoots: prepare<[SnapshotPlace], { roots: number }>(
      `SELECT count(*) AS roots FROM root JOIN root_version AS version ON version.root = root.key
       WHERE root.series = @series AND ${VISIBLE}`,
    ),
    types: prepare<[{ seq: number; root: number }], { type: string }>(
      `SELECT DISTINCT type FROM container_version WHERE root = @root AND ${VISIBLE}
       UNION SELECT type FROM container WHERE root = @root AND graph_id = '' AND EXISTS (
         SELECT 1 FROM item INDEXED BY item_newest WHERE container = container.key AND ${VISIBLE})`,
    ),
    below: prepare<[{ seq: number; root: number; type: string; path: string }], FolderRecord>(
      `SELECT container, dir_name, properties FROM container_version
       WHERE root = @root AND type = @type AND parent_path = @path AND ${VISIBLE}`,
    ),
    hasBelow: prepare<[{ seq: number; root: number; type: string; path: string }]>(
      `SELECT 1 FROM container_version
       WHERE root = @root AND type = @type AND parent_path = @path AND ${VISIBLE} LIMIT 1`,
    ),
    series: prepare<[number], { host: string; paths: string }>('SELECT host, paths FROM series WHERE key = ?'),
  }
}

type Statements = ReturnType<typeof prepareAll>

export function treeMethods(connection: Connection, places: Places): Methods {
  const statements = prepareAll(connection)

  function folders(id: HexId, asked: string, page: Page): readonly TreeFolder[] {
    const snapshot = places.snapshot(id)
    const found = foldersIn(statements, places, snapshot, joinPath(...asked.split('/')))
    if (found === undefined) throw new EngineError('repository.path-not-found')
    const query = page.query.trim().toLowerCase()
    return found
      .filter(({ name }) => query === '' || name.toLowerCase().includes(query))
      .sort((a, b) => collator.compare(a.name, b.name) || (a.path < b.path ? -1 : 1))
      .slice(page.offset, page.offset + page.limit)
      .map(({ finish, ...named }) => ({ ...named, ...finish() }))
  }

  function seriesKey(key: number): ReturnType<Catalog['seriesKey']> {
    const found = statements.series.get(key)
    if (found === undefined) throw new EngineError('internal', { context: { reason: 'no-such-series' } })
    return { host: found.host, paths: JSON.parse(found.paths) as readonly string[] }
  }

  return {
    folders: (id, path, page) => connection.read(() => folders(id, path, page)),
    snapshotRoots: (id, limit) =>
      connection.read(() => {
        const snapshot = places.snapshot(id)
        const paths = statements.firstRoots.all({ ...snapshot, limit }).map(({ path }) => path)
        return { count: statements.countRoots.get(snapshot)?.roots ?? 0, paths }
      }),
    seriesKey: (key) => connection.read(() => seriesKey(key)),
  }
}

/** Undefined if there is no such folder. */
function foldersIn(
  statements: Statements,
  places: Places,
  snapshot: SnapshotPlace,
  path: string,
): Unshown[] | undefined {
  if (path === '') return kinds(statements, snapshot)
  const rooted = rootOf(path)
  if (rooted === undefined) return rootsOfKind(statements, snapshot, path)
  if (rooted.rest.length === 0) return typesOf(statements, places, snapshot, path)
  const found = places.typePlaces(snapshot, path).filter((place) => isThere(statements, places, place))
  return found.length === 0 ? undefined : found.flatMap((place) => containersIn(statements, places, place))
}

function kinds(statements: Statements, snapshot: SnapshotPlace): Unshown[] {
  return statements.kinds.all(snapshot).map(({ kind }) => ({
    path: kind,
    name: kind,
    level: 'kind',
    finish: () => ({ hasFolders: true, items: undefined }),
  }))
}

/** Sites lie beside each other, whichever is below which. */
function rootsOfKind(statements: Statements, snapshot: SnapshotPlace, kind: string): Unshown[] | undefined {
  const roots = statements.roots.all(snapshot).filter(({ path }) => path.startsWith(`${kind}/`))
  if (roots.length === 0) return undefined
  return roots.map(({ root, path }) => ({
    path,
    name: path.slice(kind.length + 1),
    level: 'root',
    finish: () => ({
      hasFolders: statements.types.get({ seq: snapshot.seq, root }) !== undefined,
      items: undefined,
    }),
  }))
}

function typesOf(statements: Statements, places: Places, snapshot: SnapshotPlace, path: string): Unshown[] | undefined {
  const roots = statements.roots.all(snapshot).filter((root) => root.path === path)
  if (roots.length === 0) return undefined
  const { seq } = snapshot
  return roots.flatMap(({ root }) =>
    statements.types.all({ seq, root }).map(({ type }) => ({
      path: `${path}/${type}`,
      name: type,
      level: 'type' as const,
      finish: () => ({
        hasFolders: statements.hasBelow.get({ seq, root, type, path: '' }) !== undefined,
        items: places.countType(seq, root, type),
      }),
    })),
  )
}

function isThere(statements: Statements, places: Places, place: TypePlace): boolean {
  const { seq, root, type, inner } = place
  if (places.containers(place).length > 0) return true
  return inner === '' && statements.hasBelow.get({ seq, root, type, path: '' }) !== undefined
}

function containersIn(statements: Statements, places: Places, place: TypePlace): Unshown[] {
  const { seq, root, type, inner, path } = place
  return statements.below.all({ seq, root, type, path: inner }).map(({ container, dir_name, properties }) => ({
    path: joinPath(path, dir_name),
    name: nameIn(properties) ?? dir_name,
    level: 'container',
    finish: () => ({
      hasFolders: statements.hasBelow.get({ seq, root, type, path: joinPath(inner, dir_name) }) !== undefined,
      items: places.count(seq, container),
    }),
  }))
}

/** The name that the container's metadata file has. */
function nameIn(properties: string): string | undefined {
  try {
    const name = (JSON.parse(properties) as Readonly<Record<string, unknown>>)['o365:Name']
    return typeof name === 'string' && name.trim() !== '' ? name : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
