import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'

type Value = string | number | Buffer | null
type Row = Readonly<Record<string, Value>>

interface Snapshots {
  readonly seqs: readonly number[]
  readonly ids: readonly string[]
}

/** From one snapshot of a series to another, by their places in its list of finished snapshots. */
interface Span {
  readonly first: number
  readonly last: number
}

const SERIES = 'JOIN series ON series.key = root.series'

/** All that a version says, beside internal keys. `series` and the seqs are taken off again below. */
const VERSIONS = {
  root: `SELECT root.series AS s, first_seq, last_seq, series.host, series.paths, root.graph_id, path
    FROM root_version JOIN root ON root.key = root_version.root ${SERIES}`,
  container: `SELECT root.series AS s, first_seq, last_seq, series.host, series.paths, root.graph_id AS root, v.type,
      container.graph_id, v.parent, v.parent_path, v.dir_name, v.properties
    FROM container_version AS v JOIN container ON container.key = v.container
      JOIN root ON root.key = container.root ${SERIES}`,
  item: `SELECT root.series AS s, first_seq, last_seq, series.host, series.paths, root.graph_id AS root, container.type,
      container.graph_id AS container, item.graph_id, change_key, name, shard, time, size, has_attachments, title, sender,
      recipients, metadata_size, metadata, content, text_key
    FROM item JOIN container ON container.key = item.container JOIN root ON root.key = container.root ${SERIES}`,
}

const STATE = {
  snapshot: `SELECT series.host, series.paths, id, time, tree FROM snapshot AS root ${SERIES} WHERE id IS NOT NULL`,
  cursor: `SELECT series.host, series.paths, root.graph_id AS root, type, container.graph_id AS container, cursor
    FROM container JOIN root ON root.key = container.root ${SERIES} WHERE cursor IS NOT NULL`,
  failure: `SELECT series.host, series.paths, root.graph_id AS root, type, container, failure.graph_id, code
    FROM failure JOIN root ON root.key = failure.root ${SERIES} WHERE last_seq IS NULL`,
}

/** What the full-text index holds of each text, as a digest of its words and their places. */
function textDigests(db: Database.Database): ReadonlyMap<number, string> {
  db.exec(`CREATE VIRTUAL TABLE temp.word USING fts5vocab (main, text, instance)`)
  const words = db.prepare<[], { doc: number; place: string }>(
    `SELECT doc, col || ':' || offset || ':' || term AS place FROM temp.word ORDER BY doc, col, offset`,
  )
  const places = Map.groupBy(words.all(), ({ doc }) => doc)
  const digest = (lines: readonly { readonly place: string }[]) =>
    createHash('sha256')
      .update(JSON.stringify(lines.map(({ place }) => place)))
      .digest('hex')
  return new Map([...places].map(([doc, lines]) => [doc, digest(lines)]))
}

function snapshotsBySeries(db: Database.Database): ReadonlyMap<number, Snapshots> {
  const all = db
    .prepare<[], { series: number; seq: number; id: Buffer }>(
      'SELECT series, seq, id FROM snapshot WHERE id IS NOT NULL ORDER BY seq',
    )
    .all()
  const grouped = Map.groupBy(all, ({ series }) => series)
  return new Map(
    [...grouped].map(([series, rows]) => [
      series,
      { seqs: rows.map(({ seq }) => seq), ids: rows.map(({ id }) => id.toString('hex')) },
    ]),
  )
}

function plain(value: Value | undefined): string | number | null {
  return Buffer.isBuffer(value) ? value.toString('hex') : (value ?? null)
}

function line(kind: string, row: Row): string {
  return `${kind} ${JSON.stringify(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])))}`
}

/** A version that ends where an equal one begins is one with it: nobody who reads snapshots can tell them apart. */
function joined(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = []
  for (const span of [...spans].sort((a, b) => a.first - b.first)) {
    const before = result.at(-1)
    if (before !== undefined && span.first <= before.last + 1) {
      result[result.length - 1] = { first: before.first, last: Math.max(before.last, span.last) }
    } else result.push(span)
  }
  return result
}

function spanOf({ seqs }: Snapshots, first: Value | undefined, last: Value | undefined): Span {
  const begin = seqs.findIndex((seq) => seq >= Number(first))
  const end = last === null ? seqs.length - 1 : seqs.findLastIndex((seq) => seq <= Number(last))
  return { first: begin < 0 ? seqs.length : begin, last: end }
}

function versionLines(db: Database.Database, kind: keyof typeof VERSIONS): readonly string[] {
  const snapshots = snapshotsBySeries(db)
  const digests = kind === 'item' ? textDigests(db) : new Map<number, string>()
  const spans = new Map<string, { readonly ids: readonly string[]; readonly spans: Span[] }>()
  for (const { s, first_seq, last_seq, text_key, ...row } of db.prepare<[], Row>(VERSIONS[kind]).all()) {
    const known = snapshots.get(Number(s)) ?? { seqs: [], ids: [] }
    const span = spanOf(known, first_seq, last_seq)
    if (span.first > span.last) continue
    const text = typeof text_key === 'number' ? { text: digests.get(text_key) ?? 'no words' } : {}
    const entry = line(kind, { ...row, ...text })
    const entries = spans.get(entry) ?? { ids: known.ids, spans: [] }
    entries.spans.push(span)
    spans.set(entry, entries)
  }
  return [...spans].flatMap(([entry, { ids, spans: all }]) =>
    joined(all).map(({ first, last }) => `${entry} from ${ids[first] ?? ''} to ${ids[last] ?? ''}`),
  )
}

/**
 * Everything that a catalog file says about finished snapshots, and its cursors and failures, as sorted lines without
 * internal keys: two catalogs with the same lines are the same. What was not made durable does not show, nor does a
 * run under way (its cursors and failures do). Each line begins with snapshot, root, container, item, cursor or failure.
 */
export function catalogRows(file: string): readonly string[] {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    const state = Object.entries(STATE).flatMap(([kind, sql]) =>
      db
        .prepare<[], Row>(sql)
        .all()
        .map((row) => line(kind, row)),
    )
    const kinds = ['root', 'container', 'item'] as const
    return [...state, ...kinds.flatMap((kind) => versionLines(db, kind))].sort()
  } finally {
    db.close()
  }
}
