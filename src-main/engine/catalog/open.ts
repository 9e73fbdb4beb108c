import { closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'
import { EngineError } from '../model/errors.ts'
import { catalogError, connect } from './connection.ts'
import { containerMethods, openContainerKeys } from './containers.ts'
import { cursorMethods } from './cursors.ts'
import { dropMethods } from './drop.ts'
import { differenceMethods } from './differences.ts'
import { editMethods } from './edits.ts'
import { failureMethods } from './failures.ts'
import { goneMethods } from './gone.ts'
import { itemMethods } from './items.ts'
import { listMethods } from './list.ts'
import { listingMethods } from './listing.ts'
import { pageMethods } from './page.ts'
import { openPlaces } from './places.ts'
import { rootMethods } from './roots.ts'
import { openRuns, runMethods } from './runs.ts'
import { APPLICATION_ID, PAGE_SIZE, SCHEMA, SCHEMA_VERSION, TEMPORARY } from './schema.ts'
import { searchMethods } from './search.ts'
import { openTexts, textMethods } from './texts.ts'
import { totalMethods } from './totals.ts'
import { treeMethods } from './tree.ts'

export interface CatalogOptions {
  /** The catalog belongs to this repository (its config's id) and is refused for any other. */
  readonly repositoryId: string
  /** For a process that only looks: never waits for a run that writes, sees what was durable last. */
  readonly readOnly?: boolean
  /** How long to wait for another process's transaction, in milliseconds, before `catalog.busy`. */
  readonly busyTimeout?: number
}

const BUSY_TIMEOUT = 10_000

/** KiB of pages in memory. A long transaction that outgrows it spills into the log file. */
const CACHE = 32 * 1024

/** Pages in the log file (64 MiB) before they are carried over into the database, and bytes that it keeps then. */
const LOG_PAGES = 8192
const LOG_KEPT = LOG_PAGES * PAGE_SIZE

function damaged(reason: string, cause?: unknown): EngineError {
  return new EngineError('catalog.damaged', { context: { reason }, cause })
}

/** Creates the file before SQLite does: nobody else may read it, and its -wal and -shm take over its mode. */
function createFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    closeSync(openSync(file, 'a', 0o600))
  } catch (cause) {
    throw new EngineError('catalog.failed', { context: { reason: 'file' }, cause })
  }
}

function configure(db: Database.Database): void {
  db.pragma(`cache_size = -${CACHE}`)
  db.pragma('temp_store = MEMORY')
  db.pragma(`journal_size_limit = ${LOG_KEPT}`)
  db.pragma(`wal_autocheckpoint = ${LOG_PAGES}`)
  // A power cut may take the last checkpoints back, which is as if the run had been killed earlier.
  db.pragma('synchronous = NORMAL')
}

function isEmpty(db: Database.Database): boolean {
  return db.prepare<[], { n: number }>('SELECT count(*) AS n FROM sqlite_schema').get()?.n === 0
}

function create(db: Database.Database, repositoryId: string): void {
  db.pragma(`page_size = ${PAGE_SIZE}`)
  db.pragma('journal_mode = WAL')
  const work = db.transaction(() => {
    // Another process may have been quicker.
    if (!isEmpty(db)) return
    db.exec(SCHEMA)
    db.prepare<[string, string]>('INSERT INTO meta (name, value) VALUES (?, ?)').run('repository', repositoryId)
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.pragma(`user_version = ${SCHEMA_VERSION}`)
  })
  work.immediate()
}

function verify(db: Database.Database, repositoryId: string): void {
  if (isEmpty(db)) throw damaged('empty')
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw damaged('not-a-catalog')
  if (db.pragma('user_version', { simple: true }) !== SCHEMA_VERSION) throw damaged('version')
  const meta = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?').get('repository')
  if (meta?.value !== repositoryId) throw damaged('repository')
}

function methods(connection: Connection): Catalog {
  const texts = openTexts(connection)
  const runs = openRuns(connection, texts)
  const keys = openContainerKeys(connection)
  const places = openPlaces(connection, keys)
  return {
    close: () => connection.close(),
    ...runMethods(connection, runs, texts),
    ...dropMethods(connection, runs, texts),
    ...rootMethods(connection, runs),
    ...containerMethods(connection, runs, keys),
    ...cursorMethods(connection, runs, keys),
    ...itemMethods(connection, runs, keys, texts),
    ...listingMethods(connection, runs, keys),
    ...editMethods(connection, keys),
    ...goneMethods(connection),
    ...failureMethods(connection, runs),
    ...textMethods(connection, texts),
    ...listMethods(connection, keys),
    ...treeMethods(connection, places),
    ...pageMethods(connection, places),
    ...searchMethods(connection),
    ...totalMethods(connection),
    ...differenceMethods(connection),
  }
}

/** SQLITE_ERROR here means that the file's tables are not those of its version; SQLITE_CANTOPEN, that it is missing. */
function openError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  return error.code === 'SQLITE_ERROR' ? damaged('schema', error) : catalogError(error)
}

/**
 * Opens the catalog, creating it if there is no file.
 *
 * Throws `catalog.damaged` if the file is no catalog of this version and repository, or broken (read-only: also if
 * there is none): `removeCatalog` it and rebuild. `catalog.failed` if it cannot be opened or created at all.
 */
export function openCatalog(file: string, options: CatalogOptions): Catalog {
  const { repositoryId, readOnly = false, busyTimeout = BUSY_TIMEOUT } = options
  if (!readOnly) createFile(file)
  else if (!existsSync(file)) throw damaged('missing')
  let db: Database.Database | undefined
  try {
    db = new Database(file, { readonly: readOnly, fileMustExist: true, timeout: busyTimeout })
    configure(db)
    if (!readOnly && isEmpty(db)) create(db, repositoryId)
    verify(db, repositoryId)
    db.exec(TEMPORARY)
    return methods(connect(db))
  } catch (error) {
    db?.close()
    throw openError(error)
  }
}

/** Removes the catalog's files. Nobody may have it open. Throws `catalog.failed`. */
export function removeCatalog(file: string): void {
  try {
    // The database first: SQLite throws a log away that belongs to no database.
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true, maxRetries: 3 })
  } catch (cause) {
    throw new EngineError('catalog.failed', { context: { reason: 'remove' }, cause })
  }
}
