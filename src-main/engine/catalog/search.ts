import type { Catalog } from './catalog.ts'
import { openCandidates, type Conditions } from './candidates.ts'
import type { Connection } from './connection.ts'
import type { FindQuery, FoundItem } from './model.ts'
import { EngineError } from '../model/errors.ts'
import { packId } from './encoding.ts'
import { openFound } from './found.ts'
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

function conditions(query: FindQuery, snapshot: AskedSnapshot | undefined): Conditions {
  const { after, before, type, attachment } = query
  const parts: Conditions[] = []
  if (after !== undefined) parts.push({ sql: 'item.time >= @after', values: { after } })
  if (before !== undefined) parts.push({ sql: 'item.time < @before', values: { before } })
  if (attachment !== undefined) {
    parts.push({ sql: 'item.has_attachments = @attachment', values: { attachment: attachment ? 1 : 0 } })
  }
  if (type !== undefined) parts.push({ sql: OF_TYPE, values: { type } })
  if (snapshot !== undefined) parts.push({ sql: IN_SNAPSHOT, values: { ...snapshot } })
  else parts.push({ sql: `item.first_seq NOT IN ${UNFINISHED}`, values: {} })
  return {
    sql: parts.map(({ sql }) => sql).join(' AND '),
    values: Object.assign({}, ...parts.map((p) => p.values)) as Conditions['values'],
  }
}

/** Whether no newer version of the same item has the same text: that one would stand for it. */
function openIsNewest(connection: Connection): (key: number) => boolean {
  // The hash covers root and type.
  const newer = connection.prepare<[number]>(
    `SELECT 1 FROM item JOIN item AS newer INDEXED BY item_id
       ON newer.id_hash = item.id_hash AND newer.graph_id = item.graph_id AND newer.text_key IS item.text_key
     WHERE item.key = ? AND newer.key > item.key AND newer.first_seq NOT IN ${UNFINISHED}`,
  )
  return (key) => newer.get(key) === undefined
}

export function searchMethods(connection: Connection): Pick<Catalog, 'find'> {
  const snapshotOf = connection.prepare<[Buffer], AskedSnapshot>('SELECT seq, series FROM snapshot WHERE id = ?')
  const candidates = openCandidates(connection)
  const isNewest = openIsNewest(connection)
  const found = openFound(connection)

  function asked(query: FindQuery): AskedSnapshot | undefined {
    if (query.snapshot === undefined) return undefined
    const snapshot = snapshotOf.get(packId(query.snapshot))
    if (snapshot === undefined) throw new EngineError('repository.snapshot-not-found')
    return snapshot
  }

  function find(query: FindQuery): readonly FoundItem[] {
    const snapshot = asked(query)
    const match = matchExpression(query)
    if (match === '' || query.limit <= 0) return []
    const meant = Iterator.from(candidates(match, conditions(query, snapshot)))
      .map(({ key }) => key)
      // Of an item, a snapshot has one version.
      .filter((key) => snapshot !== undefined || isNewest(key))
    const page = meant.drop(query.offset ?? 0).take(query.limit)
    return page.map((key) => found(key, snapshot?.seq)).toArray()
  }

  return { find: (query) => connection.read(() => find(query)) }
}
