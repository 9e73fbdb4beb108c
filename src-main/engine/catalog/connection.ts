import Database from 'better-sqlite3'
import { EngineError } from '../model/errors.ts'
import type { ErrorCode } from '../model/errors.ts'

export type Statement<P extends unknown[], R = unknown> = Database.Statement<P, R>

/** The database with its one long write transaction. */
export interface Connection {
  /** Prepares a statement, or gives the one prepared before. */
  readonly prepare: <P extends unknown[], R = unknown>(sql: string) => Statement<P, R>
  /** Runs the work inside the write transaction, beginning it if none is open. */
  readonly write: <T>(work: () => T) => T
  /** Runs the work on one state of the database: that of the open write transaction, or the last durable one. */
  readonly read: <T>(work: () => T) => T
  /** Commits; with `hold` the next transaction begins at once, so that no other process gets between. */
  readonly commit: (hold: boolean) => void
  /** Discards what was not committed. */
  readonly close: () => void
}

const DAMAGED = /^SQLITE_(CORRUPT|NOTADB|FORMAT)/
const BUSY = /^SQLITE_(BUSY|LOCKED|PROTOCOL)/

function codeOf(sqliteCode: string): ErrorCode {
  if (DAMAGED.test(sqliteCode)) return 'catalog.damaged'
  if (BUSY.test(sqliteCode)) return 'catalog.busy'
  return sqliteCode === 'SQLITE_FULL' ? 'catalog.full' : 'catalog.failed'
}

/** The cause's message may quote stored text, so it is not part of the context. */
export function catalogError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const code = codeOf(error.code)
  const retry = code === 'catalog.busy' ? 'later' : 'never'
  return new EngineError(code, { retry, context: { sqlite: error.code }, cause: error })
}

function translated<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw catalogError(error)
  }
}

function openPrepare(db: Database.Database): Connection['prepare'] {
  const statements = new Map<string, unknown>()
  return <P extends unknown[], R>(sql: string) => {
    const known = statements.get(sql) ?? db.prepare(sql)
    statements.set(sql, known)
    // The caller names the types of the SQL that it wrote; nothing at run time could check them.
    return known as Statement<P, R>
  }
}

function onOneState<T>(db: Database.Database, work: () => T): T {
  db.exec('BEGIN')
  try {
    return work()
  } finally {
    // Nothing was written. A failure may have ended the transaction already.
    if (db.inTransaction) db.exec('COMMIT')
  }
}

/** Transactions on a database that nobody else in the process uses. */
export function connect(db: Database.Database): Connection {
  let failure: unknown

  function usable(): void {
    if (failure === undefined) return
    throw new EngineError('catalog.failed', { context: { reason: 'after-failure' }, cause: failure })
  }

  /** After a failure in the middle of a write nobody knows what was written: nothing of it may become durable. */
  function fail(error: unknown): never {
    failure = catalogError(error)
    if (db.inTransaction) db.exec('ROLLBACK')
    throw failure
  }

  function begin(): void {
    translated(() => db.exec('BEGIN IMMEDIATE'))
  }

  function write<T>(work: () => T): T {
    usable()
    if (db.readonly) throw new EngineError('internal', { context: { reason: 'catalog-read-only' } })
    if (!db.inTransaction) begin()
    try {
      return work()
    } catch (error) {
      // EngineErrors are thrown before anything is written.
      if (error instanceof EngineError) throw error
      return fail(error)
    }
  }

  function read<T>(work: () => T): T {
    usable()
    return translated(() => (db.inTransaction ? work() : onOneState(db, work)))
  }

  function commit(hold: boolean): void {
    usable()
    if (!db.inTransaction) return
    try {
      db.exec('COMMIT')
    } catch (error) {
      fail(error)
    }
    if (hold) begin()
  }

  return { prepare: openPrepare(db), write, read, commit, close: () => void db.close() }
}
