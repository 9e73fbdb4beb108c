import type { HexId } from '../model/ids.ts'
import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'
import type { CatalogSnapshot } from './model.ts'
import type { Texts } from './texts.ts'
import { EngineError } from '../model/errors.ts'
import { hexId } from '../model/ids.ts'
import { packId } from './encoding.ts'
import { VERSIONED } from './schema.ts'

/** Which runs are under way. */
export interface Runs {
  /** Throws unless `seq` is the run under way of the root's series. */
  require(seq: number, root: number): void
  /** The run under way of the root's series, 0 if there is none. */
  seqOf(root: number): number
  /** Like `Catalog.abandonRun`, inside a write. */
  abandon(series: number): void
  /** To be called when a run has ended. */
  forget(): void
}

type Methods = Pick<Catalog, 'series' | 'snapshots' | 'base' | 'beginRun' | 'finishRun' | 'abandonRun' | 'checkpoint'>

interface SnapshotRecord {
  readonly seq: number
  readonly series: number
  readonly id: Buffer
  readonly time: number
  readonly tree: Buffer
}

const SNAPSHOT = 'SELECT seq, series, id, time, tree FROM snapshot WHERE id IS NOT NULL'

function snapshotOf(record: SnapshotRecord): CatalogSnapshot {
  return { ...record, id: hexId(record.id), tree: hexId(record.tree) }
}

function refused(reason: string): EngineError {
  return new EngineError('internal', { context: { reason } })
}

function openAbandon(connection: Connection, texts: Texts): Runs['abandon'] {
  const { prepare } = connection
  const run = prepare<[number], { seq: number }>('SELECT seq FROM snapshot WHERE series = ? AND id IS NULL')
  const undone = VERSIONED.map(({ table }) => prepare<[number]>(`DELETE FROM ${table} WHERE first_seq = ?`))
  const reopened = VERSIONED.map(({ table }) =>
    prepare<[number]>(`UPDATE ${table} SET last_seq = NULL WHERE last_seq = ? - 1`),
  )
  const cursors = prepare<[number]>('UPDATE container SET cursor = NULL, cursor_seq = NULL WHERE cursor_seq = ?')
  const ofSeries = 'root IN (SELECT key FROM root WHERE series = ?)'
  const marks = prepare<[number]>(`DELETE FROM seen WHERE container IN (SELECT key FROM container WHERE ${ofSeries})`)
  const listings = prepare<[number]>(
    `UPDATE container SET next = NULL, done_in = NULL, listing_from = NULL WHERE ${ofSeries}`,
  )
  const forgotten = prepare<[number]>('DELETE FROM snapshot WHERE seq = ?')

  return (series) => {
    const seq = run.get(series)?.seq
    if (seq === undefined) return
    for (const statement of [...undone, ...reopened, cursors]) statement.run(seq)
    for (const statement of [marks, listings]) statement.run(series)
    forgotten.run(seq)
    texts.sweep()
  }
}

export function openRuns(connection: Connection, texts: Texts): Runs {
  const { prepare } = connection
  const runOf = prepare<[number], { seq: number }>(
    `SELECT snapshot.seq FROM root JOIN snapshot ON snapshot.series = root.series AND snapshot.id IS NULL
     WHERE root.key = ?`,
  )
  // Asked for with every item.
  const known = new Map<number, number>()
  const abandon = openAbandon(connection, texts)

  function seqOf(root: number): number {
    const seq = known.get(root) ?? runOf.get(root)?.seq ?? 0
    if (seq !== 0) known.set(root, seq)
    return seq
  }

  function require(seq: number, root: number): void {
    if (seqOf(root) !== seq) throw refused('no-such-run')
  }

  function abandonAndForget(series: number): void {
    abandon(series)
    known.clear()
  }

  return { seqOf, require, abandon: abandonAndForget, forget: () => known.clear() }
}

/** What a run added and took away again, and failures that are over: nobody can ask for them any more. */
function openPurge(connection: Connection, texts: Texts): (seq: number) => void {
  const { prepare } = connection
  const empty = 'WHERE last_seq = @seq - 1 AND first_seq = @seq'
  const items = prepare<[{ seq: number }], { text_key: number | null }>(`DELETE FROM item ${empty} RETURNING text_key`)
  const others = ['root_version', 'container_version'].map((table) =>
    prepare<[{ seq: number }]>(`DELETE FROM ${table} ${empty}`),
  )
  const failures = prepare<[{ seq: number }]>('DELETE FROM failure WHERE last_seq = @seq - 1')

  return (seq) => {
    for (const { text_key } of items.all({ seq })) texts.release(text_key)
    for (const statement of [...others, failures]) statement.run({ seq })
    texts.dropUnused()
  }
}

function openFinish(connection: Connection, runs: Runs, texts: Texts, running: Set<number>): Catalog['finishRun'] {
  const { prepare } = connection
  const known = prepare<[number], { seq: number }>('SELECT seq FROM snapshot WHERE seq = ? AND id IS NULL')
  const finished = prepare<[Buffer, number, Buffer, number]>(
    'UPDATE snapshot SET id = ?, time = ?, tree = ? WHERE seq = ?',
  )
  const purge = openPurge(connection, texts)
  return (seq, snapshot: { readonly id: HexId; readonly time: number; readonly tree: HexId }) =>
    connection.write(() => {
      if (known.get(seq) === undefined) throw refused('no-such-run')
      finished.run(packId(snapshot.id), snapshot.time, packId(snapshot.tree), seq)
      purge(seq)
      running.delete(seq)
      runs.forget()
    })
}

export function runMethods(connection: Connection, runs: Runs, texts: Texts): Methods {
  const { prepare, read, write } = connection
  /** Begun by this process: no other process gets between its transactions. */
  const running = new Set<number>()
  const addSeries = prepare<[string, string]>('INSERT INTO series (host, paths) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const findSeries = prepare<[string, string], { key: number }>('SELECT key FROM series WHERE host = ? AND paths = ?')
  const all = prepare<[], SnapshotRecord>(`${SNAPSHOT} ORDER BY seq`)
  const some = prepare<[number], SnapshotRecord>(`${SNAPSHOT} AND series = ? ORDER BY seq`)
  const newest = prepare<[number], SnapshotRecord>(`${SNAPSHOT} AND series = ? ORDER BY seq DESC LIMIT 1`)
  const run = prepare<[number], { seq: number }>('SELECT seq FROM snapshot WHERE series = ? AND id IS NULL')
  const begin = prepare<[number, number], { seq: number }>(
    'INSERT INTO snapshot (series, time) VALUES (?, ?) RETURNING seq',
  )

  function series(host: string, paths: string): number {
    const found = read(() => findSeries.get(host, paths)) ?? write(() => addAndFind(host, paths))
    return found.key
  }

  function addAndFind(host: string, paths: string): { key: number } {
    addSeries.run(host, paths)
    const added = findSeries.get(host, paths)
    if (added === undefined) throw refused('no-such-series')
    return added
  }

  function beginRun(of: number, time: number): { readonly seq: number; readonly resumed: boolean } {
    return write(() => {
      const resumed = run.get(of)
      const { seq } = resumed ?? begin.all(of, time)[0] ?? { seq: 0 }
      running.add(seq)
      return { seq, resumed: resumed !== undefined }
    })
  }

  return {
    series: ({ host, paths }) => series(host, JSON.stringify([...new Set(paths)].sort())),
    snapshots: (of) => read(() => (of === undefined ? all.all() : some.all(of)).map(snapshotOf)),
    base: (of) => read(() => newest.all(of).map(snapshotOf)[0]),
    beginRun,
    finishRun: openFinish(connection, runs, texts, running),
    abandonRun: (of) => write(() => runs.abandon(of)),
    checkpoint: () => connection.commit(running.size > 0),
  }
}
