import type { Catalog } from './catalog.ts'
import { openCandidates, type Conditions } from './candidates.ts'
import type { Connection } from './connection.ts'
import type { FindQuery, FoundItem } from './model.ts'
import { EngineError } from '../model/errors.ts'
import { packId } from './encoding.ts'
import { openFound } from './found.ts'
import { openInside, wasInside } from './inside.ts'
import { matchExpression } from './match.ts'

/** Rows that only a run under way has are in no snapshot. */
const UNFINISHED = '(SELECT seq FROM snapshot WHERE id IS NULL)'

const IN_SNAPSHOT = `item.first_seq <= @seq AND (item.last_seq IS NULL OR item.last_seq >= @seq)
  AND item.container IN (
    SELECT container.key FROM container JOIN root ON root.key = container.root WHERE root.series = @series
  )`

const OF_TYPE = 'item.container IN (SELECT key FROM container WHERE type = @type)'

interface AskedSnapshot {
  readonly seq: number
  readonly series: number
}

/** Up to so many items of a folder are sorted; with more, enough of all items are its own that they can be walked. */
const SMALL_FOLDER = 20_000

const ALWAYS = { from: 0, to: Number.MAX_SAFE_INTEGER }

function conditions(query: FindQuery, snapshot: AskedSnapshot | undefined): Conditions {
  const { after, before, type, attachment, folder } = query
  const parts: Conditions[] = []
  if (after !== undefined) parts.push({ sql: 'item.time >= @after', values: { after } })
  if (before !== undefined) parts.push({ sql: 'item.time < @before', values: { before } })
  if (attachment !== undefined) {
    parts.push({ sql: 'item.has_attachments = @attachment', values: { attachment: attachment ? 1 : 0 } })
  }
  if (type !== undefined) parts.push({ sql: OF_TYPE, values: { type } })
  if (folder !== undefined) parts.push({ sql: wasInside('item'), values: {} })
  if (snapshot !== undefined) parts.push({ sql: IN_SNAPSHOT, values: { ...snapshot } })
  else parts.push({ sql: `item.first_seq NOT IN ${UNFINISHED}`, values: {} })
  return {
    sql: parts.map(({ sql }) => sql).join(' AND '),
    values: Object.assign({}, ...parts.map((p) => p.values)) as Conditions['values'],
  }
}

/** The versions of an item that have the same text. The hash covers root and type. */
const SAME = `FROM item JOIN item AS same INDEXED BY item_id
  ON same.id_hash = item.id_hash AND same.graph_id = item.graph_id AND same.text_key IS item.text_key
  WHERE item.key = ? AND same.first_seq NOT IN ${UNFINISHED}`

function openVersions({ prepare }: Connection) {
  const newer = prepare<[number]>(`SELECT 1 ${SAME} AND same.key > item.key`)
  const newerInside = prepare<[number]>(`SELECT 1 ${SAME} AND same.key > item.key AND ${wasInside('same')}`)
  const newest = prepare<[number], { key: number }>(`SELECT max(same.key) AS key ${SAME}`)

  return {
    /** Whether no newer version with the same text fits the folder, too: that one would stand for it. */
    stands: (key: number, inFolder: boolean) => (inFolder ? newerInside : newer).get(key) === undefined,
    /** The version that tells where the item was last: it may have left the folder that was asked for. */
    newest: (key: number) => newest.get(key)?.key ?? key,
  }
}

export function searchMethods(connection: Connection): Pick<Catalog, 'find'> {
  const snapshotOf = connection.prepare<[Buffer], AskedSnapshot>('SELECT seq, series FROM snapshot WHERE id = ?')
  const candidates = openCandidates(connection)
  const inside = openInside(connection)
  const versions = openVersions(connection)
  const found = openFound(connection)

  function asked(query: FindQuery): AskedSnapshot | undefined {
    if (query.snapshot === undefined) return undefined
    const snapshot = snapshotOf.get(packId(query.snapshot))
    if (snapshot === undefined) throw new EngineError('repository.snapshot-not-found')
    return snapshot
  }

  /** Where to look for items if a folder is asked for; undefined if it never had one. */
  function enter({ folder }: FindQuery, snapshot: AskedSnapshot | undefined): Pick<Conditions, 'source'> | undefined {
    if (folder === undefined) return {}
    inside.fill(folder, snapshot === undefined ? ALWAYS : { from: snapshot.seq, to: snapshot.seq })
    const items = inside.count(SMALL_FOLDER + 1)
    if (items === 0) return undefined
    return items > SMALL_FOLDER ? {} : { source: inside.source() }
  }

  /** Of an item, a snapshot has one version. */
  function* meant(query: FindQuery, keys: Iterable<{ readonly key: number }>): Generator<number, void, undefined> {
    const inFolder = query.folder !== undefined
    for (const { key } of keys)
      if (query.snapshot !== undefined) yield key
      else if (versions.stands(key, inFolder)) yield inFolder ? versions.newest(key) : key
  }

  function find(query: FindQuery): readonly FoundItem[] {
    const snapshot = asked(query)
    const match = matchExpression(query)
    if (match === '' || query.limit <= 0) return []
    const where = enter(query, snapshot)
    if (where === undefined) return []
    const keys = candidates(match, { ...conditions(query, snapshot), ...where })
    const page = meant(query, keys)
      .drop(query.offset ?? 0)
      .take(query.limit)
    return page.map((key) => found(key, snapshot?.seq)).toArray()
  }

  return { find: (query) => connection.read(() => find(query)) }
}
