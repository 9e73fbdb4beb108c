import type { HexId } from '../model/ids.ts'
import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'
import type { Runs } from './runs.ts'
import type { Texts } from './texts.ts'
import { packId } from './encoding.ts'
import { VERSIONED } from './schema.ts'

/** Seqs that lie between two snapshots that stay; versions valid only there go. */
interface Gap {
  readonly after: number
  readonly before: number
}

/** Between each two neighbours (0 before the first) in which a snapshot was dropped. */
function gaps(left: readonly number[], dropped: readonly number[]): readonly Gap[] {
  return left
    .map((before, index) => ({ after: left[index - 1] ?? 0, before }))
    .filter(({ after, before }) => dropped.some((seq) => seq > after && seq < before))
}

function openRollback(connection: Connection): (series: number, seq: number) => void {
  const { prepare } = connection
  const later = VERSIONED.map(({ table, ofSeries }) =>
    prepare<[number, number]>(`DELETE FROM ${table} WHERE first_seq > ? AND ${ofSeries}`),
  )
  const reopened = VERSIONED.map(({ table, ofSeries }) =>
    prepare<[number, number]>(`UPDATE ${table} SET last_seq = NULL WHERE last_seq >= ? AND ${ofSeries}`),
  )
  const cursors = prepare<[number]>(
    `UPDATE container SET cursor = NULL, cursor_seq = NULL, next = NULL, done_in = NULL, listing_from = NULL
     WHERE root IN (SELECT key FROM root WHERE series = ?)`,
  )
  return (series, seq) => {
    for (const statement of [...later, ...reopened]) statement.run(seq, series)
    cursors.run(series)
  }
}

export function dropMethods(connection: Connection, runs: Runs, texts: Texts): Pick<Catalog, 'dropSnapshots'> {
  const { prepare } = connection
  const find = prepare<[Buffer], { seq: number; series: number }>('SELECT seq, series FROM snapshot WHERE id = ?')
  const forget = prepare<[number]>('DELETE FROM snapshot WHERE seq = ?')
  const left = prepare<[number], { seq: number }>(
    'SELECT seq FROM snapshot WHERE series = ? AND id IS NOT NULL ORDER BY seq',
  )
  const between = VERSIONED.map(({ table, ofSeries }) =>
    prepare<[Gap, number]>(
      `DELETE FROM ${table} WHERE last_seq > @after AND last_seq < @before AND first_seq > @after AND ${ofSeries}`,
    ),
  )
  const rollback = openRollback(connection)

  function dropOf(series: number, dropped: readonly number[]): void {
    for (const seq of dropped) forget.run(seq)
    const kept = left.all(series).map(({ seq }) => seq)
    const newest = kept.at(-1) ?? 0
    if (dropped.some((seq) => seq > newest)) {
      runs.abandon(series)
      rollback(series, newest)
    }
    for (const gap of gaps(kept, dropped)) for (const statement of between) statement.run(gap, series)
  }

  return {
    dropSnapshots: (ids: readonly HexId[]) =>
      connection.write(() => {
        const found = ids.map((id) => find.get(packId(id))).filter((snapshot) => snapshot !== undefined)
        const bySeries = Map.groupBy(found, ({ series }) => series)
        for (const [series, snapshots] of bySeries) {
          dropOf(
            series,
            snapshots.map(({ seq }) => seq),
          )
        }
        if (bySeries.size > 0) texts.sweep()
      }),
  }
}
