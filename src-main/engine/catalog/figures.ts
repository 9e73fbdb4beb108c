import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { catalogError } from './connection.ts'
import { EngineError } from '../model/errors.ts'
import { APPLICATION_ID } from './schema.ts'

/** What can be told of a catalog without a name from it. */
export interface CatalogFigures {
  /** Of the database and its log. */
  readonly bytes: number
  readonly schemaVersion: number
  readonly series: number
  readonly snapshots: number
  /** Milliseconds since 1970, of the newest snapshot. */
  readonly lastRun: number | undefined
  /** A run that was begun and has made no snapshot. */
  readonly unfinishedRuns: number
  readonly roots: number
  readonly containers: number
  /** As the newest snapshot of each series has them. */
  readonly items: number
  /** Those of all snapshots. */
  readonly versions: number
  readonly failures: number
}

const COUNTS = `SELECT
  (SELECT count(*) FROM series) AS series,
  (SELECT count(*) FROM snapshot WHERE id IS NOT NULL) AS snapshots,
  (SELECT max(time) FROM snapshot WHERE id IS NOT NULL) AS lastRun,
  (SELECT count(*) FROM snapshot WHERE id IS NULL) AS unfinishedRuns,
  (SELECT count(*) FROM root) AS roots,
  (SELECT count(*) FROM container) AS containers,
  (SELECT count(*) FROM item WHERE last_seq IS NULL) AS items,
  (SELECT count(*) FROM item) AS versions,
  (SELECT count(*) FROM failure WHERE last_seq IS NULL) AS failures`

type Counts = Omit<CatalogFigures, 'bytes' | 'schemaVersion' | 'lastRun'> & { readonly lastRun: number | null }

/**
 * Counts what a catalog holds, also while a run writes to it; changes nothing. Throws `catalog.damaged` (context: reason,
 * and the file's schema version where it can be read) or `catalog.failed`.
 */
export function catalogFigures(file: string): CatalogFigures {
  let db: Database.Database | undefined
  let schemaVersion: number | undefined
  try {
    db = new Database(file, { readonly: true, fileMustExist: true })
    if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw damaged('not-a-catalog')
    schemaVersion = Number(db.pragma('user_version', { simple: true }))
    if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damaged('content', schemaVersion)
    const counts = db.prepare<[], Counts>(COUNTS).get()
    if (counts === undefined) throw damaged('content', schemaVersion)
    return { bytes: sizeOf(file), schemaVersion, ...counts, lastRun: counts.lastRun ?? undefined }
  } catch (error) {
    const isForeign = error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR'
    throw isForeign ? damaged('schema', schemaVersion) : catalogError(error)
  } finally {
    db?.close()
  }
}

function sizeOf(file: string): number {
  const sizes = ['', '-wal'].map((suffix) => statSync(`${file}${suffix}`, { throwIfNoEntry: false })?.size ?? 0)
  return sizes.reduce((sum, size) => sum + size, 0)
}

function damaged(reason: string, version?: number): EngineError {
  const context = { reason, ...(version === undefined ? {} : { version }) }
  return new EngineError('catalog.damaged', { context })
}
