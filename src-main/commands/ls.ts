import { formatBytes, formatCount, formatMoment } from '../../src-shared/text/amounts.ts'
import { printable } from '../../src-shared/text/printable.ts'
import {
  EngineError,
  isEngineError,
  listTree,
  type Catalog,
  type HexId,
  type ListedEntry,
  type OpenRepository,
} from '../engine/index.ts'
import type { SavedSnapshot } from '../engine/model/snapshot.ts'
import { withCatalog } from './parts/catalog.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { findSnapshot } from './parts/find-snapshot.ts'
import type { Message } from './parts/output.ts'
import { openNamedRepository } from './parts/repository.ts'
import { requiredArgument, type Session } from './parts/session.ts'

const PAGE = 1_000
const SIZE_WIDTH = 9

/** Lists a folder of a snapshot. */
export async function ls(session: Session): Promise<ExitCode> {
  const { signal, output } = session
  const { repository } = await openNamedRepository(session)
  const path = (session.args[2] ?? '').replaceAll(/^\/+|\/+$/g, '')
  const asked = { name: requiredArgument(session, 1), paths: [path] }
  const snapshot = await findSnapshot(session, repository, asked, signal)
  const count = await withCatalog(session, repository, signal, (catalog) =>
    printPages(session, entryPages(repository, catalog, snapshot, path, signal)),
  ).catch((error: unknown) => {
    throw isEngineError(error, 'repository.path-not-found')
      ? new EngineError(error.code, { context: { path }, cause: error })
      : error
  })
  if (count === 0) output.note('The folder is empty.')
  output.object({ message_type: 'summary', snapshot_id: snapshot.id, path, entries: count })
  return exitCodes.done
}

/** The catalog knows our snapshots; those that restic made are read from their trees. */
async function* entryPages(
  repository: OpenRepository,
  catalog: Catalog,
  { id, tree }: SavedSnapshot,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedEntry[]> {
  if (!catalog.snapshots().some((known) => known.id === id)) {
    yield await listTree(repository, tree, path, signal)
    return
  }
  try {
    yield* listPages(catalog, id, path)
  } catch (error) {
    const item = isEngineError(error, 'repository.path-not-found') ? findItem(catalog, id, path) : undefined
    if (item === undefined) throw error
    yield [item]
  }
}

function* listPages(catalog: Catalog, snapshot: HexId, path: string): Generator<readonly ListedEntry[]> {
  for (let offset = 0; ; offset += PAGE) {
    const entries = catalog.list(snapshot, path, { limit: PAGE, offset })
    yield entries
    if (entries.length < PAGE) return
  }
}

/** The item that a path names, as `find` prints it; undefined if there is none. */
function findItem(catalog: Catalog, snapshot: HexId, path: string): ListedEntry | undefined {
  const cut = path.lastIndexOf('/')
  if (cut < 0) return undefined
  const name = path.slice(cut + 1)
  for (const entries of listPages(catalog, snapshot, path.slice(0, cut))) {
    const item = entries.find((entry) => entry.kind === 'item' && entry.name === name)
    if (item !== undefined) return item
  }
  return undefined
}

async function printPages({ output, signal }: Session, pages: AsyncIterable<readonly ListedEntry[]>): Promise<number> {
  let count = 0
  for await (const entries of pages) {
    for (const entry of entries) {
      if (output.json) output.object(asObject(entry))
      else output.line(asLine(entry))
    }
    count += entries.length
    await output.drained()
    signal.throwIfAborted()
  }
  output.detail(formatCount(count, 'entry', 'entries'))
  return count
}

function asLine({ kind, name, time, size }: ListedEntry): string {
  const label = printable(name)
  if (kind === 'folder') return `${''.padEnd(16)}  ${''.padStart(SIZE_WIDTH)}  ${label}/`
  const moment = time === undefined ? '' : formatMoment(time)
  return `${moment.padEnd(16)}  ${formatBytes(size ?? 0).padStart(SIZE_WIDTH)}  ${label}`
}

function asObject({ time, ...entry }: ListedEntry): Message {
  return {
    message_type: 'entry',
    ...entry,
    ...(time === undefined ? {} : { time: new Date(time).toISOString() }),
  }
}
