import type { Connection } from './connection.ts'
import { rootOf } from '../model/root-path.ts'
import { joinPath, splitPath } from './encoding.ts'

/** The first and the last snapshot (`seq`) that are asked about. */
export interface Period {
  readonly from: number
  readonly to: number
}

/** Fills `inside`, as far as a folder has been anywhere. */
export interface Inside {
  /** `path` as listings and found items show it: of a kind of roots, a root, a data type, a container, or a month. */
  fill(path: string, period: Period): void
  /** Where to look up the versions of items that its containers ever had: what follows FROM. */
  source(): string
  /** How many those are, counted up to a limit. */
  count(limit: number): number
}

/** Later than every snapshot. */
const STILL = Number.MAX_SAFE_INTEGER

/** The shape of shards. A folder may be called so too: then both are meant. */
const MONTH = /^\d{4}-\d{2}$/

const BY_CONTAINER = `(SELECT DISTINCT container FROM inside) AS folder
  CROSS JOIN item INDEXED BY item_newest ON item.container = folder.container`
const BY_MONTH = `(SELECT DISTINCT container, shard FROM inside) AS folder
  CROSS JOIN item INDEXED BY item_place ON item.container = folder.container AND item.shard = folder.shard`

/** Whether an item (that table, or its alias) lay in the folder in one of the snapshots. */
export function wasInside(item: string): string {
  return `EXISTS (
    SELECT 1 FROM inside
    WHERE inside.container = ${item}.container AND inside.first_seq <= coalesce(${item}.last_seq, ${STILL})
      AND inside.last_seq >= ${item}.first_seq AND (inside.shard = '' OR inside.shard = ${item}.shard))`
}

/**
 * The first and the last finished snapshot in which versions hold together. Without the snapshots themselves as ends,
 * an item and a path that met only in a forgotten one would count.
 */
function span(...versions: readonly string[]): string {
  const begins = versions.map((version) => `${version}.first_seq`).join(', ')
  const ends = versions.map((version) => `coalesce(${version}.last_seq, ${STILL})`).join(', ')
  const finished = 'SELECT seq FROM snapshot WHERE series = root.series AND id IS NOT NULL'
  return `(${finished} AND seq >= max(@from, ${begins}) ORDER BY seq LIMIT 1) AS first_seq,
    (${finished} AND seq <= min(@to, ${ends}) ORDER BY seq DESC LIMIT 1) AS last_seq`
}

const ROOTS = 'root_version AS home JOIN root ON root.key = home.root'

/** Paths below one begin with it and "/", and "0" is what comes after "/". */
function below(column: string, path: string): string {
  return `(${column} >= ${path} || '/' AND ${column} < ${path} || '0')`
}

const insert = (found: string, shard: string): string =>
  `INSERT OR IGNORE INTO inside (container, first_seq, last_seq, shard)
   SELECT container, first_seq, last_seq, ${shard} FROM (${found}) WHERE first_seq <= last_seq`

/** Roots of a path, or below it: sites lie in each other, and all of a kind in the kind. */
const OF_ROOTS = `SELECT container.key AS container, first_seq, last_seq
  FROM (SELECT root.key AS root, ${span('home')} FROM ${ROOTS}
        WHERE home.path = @root OR ${below('home.path', '@root')}) AS found
  JOIN container ON container.root = found.root`

const OF_TYPE = `SELECT container.key AS container, ${span('home')}
  FROM ${ROOTS} JOIN container ON container.root = root.key
  WHERE home.path = @root AND container.type = @type`

const AT_PATH = `SELECT version.container, ${span('home', 'version')}
  FROM ${ROOTS} JOIN container_version AS version ON version.root = root.key AND version.type = @type
  WHERE home.path = @root AND version.parent_path = @parent AND version.dir_name = @name`

const BELOW_PATH = `SELECT version.container, ${span('home', 'version')}
  FROM ${ROOTS} JOIN container_version AS version ON version.root = root.key AND version.type = @type
  WHERE home.path = @root AND (version.parent_path = @inner OR ${below('version.parent_path', '@inner')})`

type Values = Period & Partial<Record<'root' | 'type' | 'inner' | 'parent' | 'name' | 'month', string>>

export function openInside({ prepare }: Connection): Inside {
  const forget = prepare<[]>('DELETE FROM inside')
  const ofRoots = prepare<[Values]>(insert(OF_ROOTS, "''"))
  const ofType = prepare<[Values]>(insert(OF_TYPE, "''"))
  const atPath = prepare<[Values]>(insert(AT_PATH, "''"))
  const belowPath = prepare<[Values]>(insert(BELOW_PATH, "''"))
  const monthOfType = prepare<[Values]>(insert(`${OF_TYPE} AND container.graph_id = ''`, '@month'))
  const monthAtPath = prepare<[Values]>(insert(AT_PATH, '@month'))
  const hasContainer = prepare<[]>("SELECT 1 FROM inside WHERE shard = '' LIMIT 1")

  function source(): string {
    return hasContainer.get() === undefined ? BY_MONTH : BY_CONTAINER
  }

  function count(limit: number): number {
    const counted = `SELECT count(*) AS items FROM (SELECT 1 FROM ${source()} LIMIT ?)`
    return prepare<[number], { items: number }>(counted).get(limit)?.items ?? 0
  }

  function fillContainers(values: Values, inner: string): void {
    const [parent, name] = splitPath(inner)
    atPath.run({ ...values, parent, name })
    belowPath.run({ ...values, inner })
    if (MONTH.test(name)) fillMonth(values, parent, name)
  }

  function fillMonth(values: Values, path: string, month: string): void {
    const [parent, name] = splitPath(path)
    if (path === '') monthOfType.run({ ...values, month })
    else monthAtPath.run({ ...values, parent, name, month })
  }

  function fill(asked: string, period: Period): void {
    forget.run()
    const path = joinPath(...asked.split('/'))
    const rooted = rootOf(path)
    const [type, ...names] = rooted?.rest ?? []
    if (rooted === undefined || type === undefined) ofRoots.run({ ...period, root: path })
    else if (names.length === 0) ofType.run({ ...period, root: rooted.root, type })
    else fillContainers({ ...period, root: rooted.root, type }, names.join('/'))
  }

  return { fill, source, count }
}
