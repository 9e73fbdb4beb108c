import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'
import type { ContainerKeys } from './containers.ts'
import type { Runs } from './runs.ts'

type Methods = Pick<Catalog, 'cursor' | 'setCursor' | 'forgetCursors' | 'progress' | 'setProgress'>

interface CursorRecord {
  readonly cursor: string | null
  readonly next: string | null
  readonly done_in: number | null
}

export function cursorMethods(connection: Connection, runs: Runs, keys: ContainerKeys): Methods {
  const { prepare, read, write } = connection
  const find = prepare<[number, string, string], CursorRecord>(
    'SELECT cursor, next, done_in FROM container WHERE root = ? AND type = ? AND graph_id = ?',
  )
  // The run is noted: when it is abandoned, the cursor is ahead of the items.
  const setCursor = prepare<[string | null, number, number]>(
    'UPDATE container SET cursor = ?, cursor_seq = ? WHERE key = ?',
  )
  const setProgress = prepare<[string | null, number | null, number]>(
    'UPDATE container SET next = ?, done_in = ? WHERE key = ?',
  )

  const forget = prepare<[number, string]>(
    'UPDATE container SET cursor = NULL, cursor_seq = NULL, next = NULL, done_in = NULL WHERE root = ? AND type = ?',
  )

  function progress(root: number, type: string, container: string): ReturnType<Catalog['progress']> {
    const found = find.get(root, type, container)
    const next = found?.next ?? undefined
    const doneIn = found?.done_in ?? undefined
    return { ...(next !== undefined && { next }), ...(doneIn !== undefined && { doneIn }) }
  }

  return {
    cursor: (root, type, container) => read(() => find.get(root, type, container)?.cursor ?? undefined),
    setCursor: (root, type, container, cursor) =>
      write(() => void setCursor.run(cursor ?? null, runs.seqOf(root), keys.ensure(root, type, container))),
    forgetCursors: (root, type) => write(() => void forget.run(root, type)),
    progress: (root, type, container) => read(() => progress(root, type, container)),
    setProgress: (root, type, container, next, doneIn) =>
      write(() => void setProgress.run(next ?? null, doneIn ?? null, keys.ensure(root, type, container))),
  }
}
