import type { Connection } from './connection.ts'
import { closeRanges } from './ranges.ts'

/**
 * Up to so many hits, their items are looked up and sorted. With more, the items are walked from the newest on, each
 * looked up among the hits: that costs little however many items there are of each hit.
 */
const FEW = 4000

/** Of so many of the newest items it is looked up first which are hits: with a frequent word they fill a page. */
const NEWEST = 2000

/**
 * Texts are numbered as they are read, so the newest items' numbers often lie close together. Where they do not, their
 * hits cost as much as all of them: each range may cost a pass over the whole word list.
 */
const CLOSE = { ranges: 3, span: 50_000 }

type Values = Record<string, string | number>

export interface Conditions {
  /** On columns of `item`. */
  readonly sql: string
  readonly values: Values
  /** Where the items come from (what follows FROM) that are few enough to be sorted; otherwise all are walked. */
  readonly source?: string
}

interface Candidate {
  readonly key: number
  readonly time: number
  readonly text_key: number | null
}

const NEWEST_FIRST = 'ORDER BY item.time DESC, item.key DESC'
const BY_TIME = 'item INDEXED BY item_time'
const BY_TEXT = 'text CROSS JOIN item INDEXED BY item_text ON item.text_key = text.rowid'

/** What every item is older than. */
const BEGINNING = { time: Number.MAX_SAFE_INTEGER, key: Number.MAX_SAFE_INTEGER }

type Candidates = Iterable<{ readonly key: number }>

/** Finds the keys of the items that a query may mean, newest first, as far as the caller reads on. */
export function openCandidates(connection: Connection) {
  const { prepare } = connection
  const countHits = prepare<[string, number], { hits: number }>(
    'SELECT count(*) AS hits FROM (SELECT 1 FROM text WHERE text MATCH ? LIMIT ?)',
  )
  // Numbers are bound as REAL, which FTS5 would not take for a place to begin or to end.
  const hitsBetween = prepare<[string, number, number], { key: number }>(
    'SELECT rowid AS key FROM text WHERE text MATCH ? AND rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)',
  )
  const forgetHits = prepare<[]>('DELETE FROM hit')
  const keepHits = prepare<[string]>('INSERT INTO hit (key) SELECT rowid FROM text WHERE text MATCH ?')

  function keys(from: string, where: string, values: Values): Candidates {
    return prepare<[Values], { key: number }>(`SELECT item.key FROM ${from} WHERE ${where} ${NEWEST_FIRST}`).iterate(
      values,
    )
  }

  function newest({ sql, values, source = BY_TIME }: Conditions): readonly Candidate[] {
    const columns = 'item.key, item.time, item.text_key'
    return prepare<[Values], Candidate>(
      `SELECT ${columns} FROM ${source} WHERE ${sql} ${NEWEST_FIRST} LIMIT ${String(NEWEST)}`,
    ).all(values)
  }

  /** Which of the items are hits; undefined if it is not cheap to say. */
  function hitsAmong(items: readonly Candidate[], match: string): readonly Candidate[] | undefined {
    const texts = items.flatMap(({ text_key }) => text_key ?? [])
    const ranges = closeRanges(texts, CLOSE)
    if (ranges === undefined) return undefined
    const hits = new Set(ranges.flatMap(({ first, last }) => hitsBetween.all(match, first, last).map(({ key }) => key)))
    return items.filter(({ text_key }) => text_key !== null && hits.has(text_key))
  }

  function olderHits({ time, key }: Pick<Candidate, 'time' | 'key'>, match: string, asked: Conditions): Candidates {
    forgetHits.run()
    keepHits.run(match)
    const older = '(item.time, item.key) < (@olderTime, @olderKey)'
    const where = `${asked.sql} AND ${older} AND item.text_key IN (SELECT key FROM hit)`
    return keys(asked.source ?? BY_TIME, where, { ...asked.values, olderTime: time, olderKey: key })
  }

  function* ofMany(match: string, asked: Conditions): Generator<{ readonly key: number }, void, undefined> {
    const items = newest(asked)
    const hits = hitsAmong(items, match)
    yield* hits ?? []
    const last = hits === undefined ? BEGINNING : items.at(NEWEST - 1)
    if (last !== undefined) yield* olderHits(last, match, asked)
  }

  return (match: string | undefined, asked: Conditions): Candidates => {
    const { sql, values, source = BY_TIME } = asked
    if (match === undefined) return keys(source, sql, values)
    const hits = countHits.get(match, FEW + 1)?.hits ?? 0
    if (hits > FEW) return ofMany(match, asked)
    return keys(BY_TEXT, `text MATCH @match AND ${sql}`, { ...values, match })
  }
}
