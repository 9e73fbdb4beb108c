import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'
import type { ItemFailure } from './model.ts'
import type { Runs } from './runs.ts'

type Methods = Pick<Catalog, 'failures' | 'addFailure' | 'removeFailure'>

interface FailureRecord {
  readonly key: number
  readonly container: string
  readonly code: string
  readonly first_seq: number
}

/**
 * Failures are versioned like items: an abandoned run may have removed one because the item went through, and its
 * success is undone too. Without the failure nobody would try the item again.
 */
export function failureMethods(connection: Connection, runs: Runs): Methods {
  const { prepare, read, write } = connection
  const all = prepare<[number, string], { container: string; graph_id: string; code: string }>(
    `SELECT container, graph_id, code FROM failure WHERE root = ? AND type = ? AND last_seq IS NULL
     ORDER BY container, graph_id`,
  )
  const current = prepare<[number, string, string], FailureRecord>(
    `SELECT key, container, code, first_seq FROM failure
     WHERE root = ? AND type = ? AND graph_id = ? AND last_seq IS NULL`,
  )
  const insert = prepare<[number, string, string, string, string, number]>(
    'INSERT INTO failure (root, type, graph_id, container, code, first_seq) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const remove = prepare<[number]>('DELETE FROM failure WHERE key = ?')
  const close = prepare<[number, number]>('UPDATE failure SET last_seq = ? - 1 WHERE key = ?')

  /** Outside a run (seq 0) there is nothing to go back to. */
  function end(failure: FailureRecord, seq: number): void {
    if (seq === 0 || failure.first_seq === seq) remove.run(failure.key)
    else close.run(seq, failure.key)
  }

  function add(root: number, type: string, { graphId, container, code }: ItemFailure): void {
    const seq = runs.seqOf(root)
    const known = current.get(root, type, graphId)
    if (known?.container === container && known.code === code) return
    if (known !== undefined) end(known, seq)
    insert.run(root, type, graphId, container, code, seq)
  }

  return {
    failures: (root, type) =>
      read(() => all.all(root, type).map(({ container, graph_id, code }) => ({ container, graphId: graph_id, code }))),
    addFailure: (root, type, failure) => write(() => add(root, type, failure)),
    removeFailure: (root, type, graphId) =>
      write(() => {
        const known = current.get(root, type, graphId)
        if (known !== undefined) end(known, runs.seqOf(root))
      }),
  }
}
