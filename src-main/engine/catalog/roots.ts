import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'
import type { CatalogRoot } from './model.ts'
import type { Runs } from './runs.ts'
import { EngineError } from '../model/errors.ts'

type Methods = Pick<Catalog, 'root' | 'roots' | 'rootPath' | 'removeRoot'>

interface RootRecord {
  readonly key: number
  readonly graph_id: string
  readonly path: string
}

function openPutRoot(connection: Connection): Catalog['root'] {
  const { prepare } = connection
  const seriesOf = prepare<[number], { series: number }>('SELECT series FROM snapshot WHERE seq = ? AND id IS NULL')
  const add = prepare<[number, string]>('INSERT INTO root (series, graph_id) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const find = prepare<[number, string], { key: number }>('SELECT key FROM root WHERE series = ? AND graph_id = ?')
  const current = prepare<[number], { key: number; path: string }>(
    'SELECT key, path FROM root_version WHERE root = ? AND last_seq IS NULL',
  )
  const close = prepare<[number, number]>('UPDATE root_version SET last_seq = ? - 1 WHERE key = ?')
  const open = prepare<[number, string, number]>('INSERT INTO root_version (root, path, first_seq) VALUES (?, ?, ?)')

  function putVersion(seq: number, root: number, path: string): void {
    const version = current.get(root)
    if (version?.path === path) return
    if (version !== undefined) close.run(seq, version.key)
    open.run(root, path, seq)
  }

  return (seq, graphId, path) =>
    connection.write(() => {
      const run = seriesOf.get(seq)
      if (run === undefined) throw new EngineError('internal', { context: { reason: 'no-such-run' } })
      add.run(run.series, graphId)
      const key = find.get(run.series, graphId)?.key ?? 0
      putVersion(seq, key, path)
      return { key, graphId, path }
    })
}

function openRemoveRoot(connection: Connection, runs: Runs): Catalog['removeRoot'] {
  const { prepare } = connection
  const closed = [
    'root_version SET last_seq = @seq - 1 WHERE root = @root AND last_seq IS NULL',
    'container_version SET last_seq = @seq - 1 WHERE root = @root AND last_seq IS NULL',
    'failure SET last_seq = @seq - 1 WHERE root = @root AND last_seq IS NULL',
    `item SET last_seq = @seq - 1
     WHERE container IN (SELECT key FROM container WHERE root = @root) AND last_seq IS NULL`,
    `container SET cursor = NULL, cursor_seq = NULL, next = NULL, done_in = NULL, listing_from = NULL
     WHERE root = @root`,
  ].map((change) => prepare<[{ seq?: number; root: number }]>(`UPDATE ${change}`))
  return (seq, root) =>
    connection.write(() => {
      runs.require(seq, root)
      for (const statement of closed) statement.run({ seq, root })
    })
}

export function rootMethods(connection: Connection, runs: Runs): Methods {
  const current = connection.prepare<[number], RootRecord>(
    `SELECT root.key, root.graph_id, version.path
     FROM root JOIN root_version AS version ON version.root = root.key AND version.last_seq IS NULL
     WHERE root.series = ? ORDER BY version.path, root.key`,
  )
  const pathAt = connection.prepare<[number, number, number], { path: string }>(
    'SELECT path FROM root_version WHERE root = ? AND first_seq <= ? AND (last_seq IS NULL OR last_seq >= ?)',
  )
  const rootOf = (record: RootRecord): CatalogRoot => ({
    key: record.key,
    graphId: record.graph_id,
    path: record.path,
  })
  return {
    root: openPutRoot(connection),
    roots: (series) => connection.read(() => current.all(series).map(rootOf)),
    rootPath: (seq, root) => connection.read(() => pathAt.get(root, seq, seq)?.path),
    removeRoot: openRemoveRoot(connection, runs),
  }
}
