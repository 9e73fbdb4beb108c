import { formatCount, formatMoment } from '../../src-shared/text/amounts.ts'
import { printable } from '../../src-shared/text/printable.ts'
import { resolveSnapshot, type FoundItem, type HexId, type OpenRepository } from '../engine/index.ts'
import { withCatalog } from './parts/catalog.ts'
import { typeFolders } from './parts/data-types.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { findItems, type ItemQuery } from './parts/find-items.ts'
import { parseMoment, parseWhole } from './parts/moments.ts'
import { namesIn } from './parts/path-pattern.ts'
import { openNamedRepository } from './parts/repository.ts'
import { kindFolder, rootKinds } from './parts/root-filter.ts'
import type { OptionValues } from './parts/option-values.ts'
import type { Message } from './parts/output.ts'
import type { Session } from './parts/session.ts'
import { UsageError } from './parts/usage-error.ts'

const DEFAULT_LIMIT = 100
const MOST = 1_000_000
const DRAINED_EVERY = 1_000
const SHORT = 8

/** Finds items in all snapshots, newest first. */
export async function find(session: Session): Promise<ExitCode> {
  const { output, signal, values } = session
  const query = readFindQuery(session.args.slice(1), values)
  const { repository } = await openNamedRepository(session)
  const snapshot = await askedSnapshot(session, repository)
  const where = snapshot === undefined ? {} : { snapshot }
  const count = await withCatalog(session, repository, signal, async (catalog) => {
    let shown = 0
    for (const item of findItems(catalog, { ...query, ...where })) {
      printFound(session, item)
      shown++
      if (shown % DRAINED_EVERY === 0) await output.drained()
      signal.throwIfAborted()
    }
    await output.drained()
    signal.throwIfAborted()
    return shown
  })
  sayCount(session, count, query.limit)
  return exitCodes.done
}

function sayCount({ output }: Session, count: number, limit: number): void {
  if (count === 0) output.note('Nothing was found.')
  else if (count === limit) output.note(`The newest ${formatCount(count, 'item')}; more with --limit.`)
  output.object({ message_type: 'summary', found: count })
}

/** Throws UsageError. */
export function readFindQuery(words: readonly string[], values: OptionValues): ItemQuery {
  const text = (name: string): Partial<Record<string, string>> => {
    const value = values.text(name)
    return value === undefined ? {} : { [name]: value }
  }
  const moment = (name: string): Partial<Record<string, number>> => {
    const value = values.text(name)
    return value === undefined ? {} : { [name]: parseMoment(name, value) }
  }
  const type = values.text('type')
  const folder = values.text('folder')
  const attachment = values.flag('attachment')
  const query: ItemQuery = {
    words: words.flatMap((word) => word.split(/\s+/u)).filter((word) => word !== ''),
    ...text('from'),
    ...text('to'),
    ...moment('after'),
    ...moment('before'),
    ...(type === undefined ? {} : { types: typeFolders(type) }),
    ...(attachment === undefined ? {} : { attachment }),
    ...(folder === undefined ? {} : { folder: readFolder(folder) }),
    limit: parseWhole('limit', values.text('limit') ?? String(DEFAULT_LIMIT), 1, MOST),
  }
  if (query.after !== undefined && query.before !== undefined && query.after >= query.before)
    throw new UsageError('--after is not before --before, so nothing can be found: correct the dates.')
  return query
}

/** Throws UsageError for what is no path of a snapshot. Whether anything ever was there, the catalog knows. */
function readFolder(text: string): string {
  const names = namesIn(text)
  if (!rootKinds.some((kind) => kindFolder(kind) === names[0]))
    throw new UsageError(
      `--folder takes a path as "holdfast ls" shows it, like users/ada@contoso.example/mailbox/Inbox, not "${text}".`,
    )
  return names.join('/')
}

async function askedSnapshot({ values, signal }: Session, repository: OpenRepository): Promise<HexId | undefined> {
  const name = values.text('snapshot')
  if (name === undefined) return undefined
  const { id } = await resolveSnapshot(repository.store, repository.sealer, name, {}, signal)
  return id
}

function printFound({ output }: Session, item: FoundItem): void {
  const { time, from, title, path, firstSnapshot, lastSnapshot, hasAttachments } = item
  if (output.json) {
    output.object(asObject(item))
    return
  }
  const subject = title.trim() === '' ? '(no subject)' : printable(title)
  const first = firstSnapshot.slice(0, SHORT)
  const last = lastSnapshot.slice(0, SHORT)
  const snapshots = first === last ? first : `${first}..${last}`
  output.line(`${formatMoment(time)}  ${printable(from)}  ${subject}${hasAttachments ? '  [attachment]' : ''}`)
  output.line(`    ${printable(path)}  (${snapshots})`)
}

function asObject(item: FoundItem): Message {
  const { time, title, hasAttachments, firstSnapshot, lastSnapshot, from, to, size, path, type } = item
  return {
    message_type: 'found',
    type,
    time: new Date(time).toISOString(),
    from,
    to,
    title,
    path,
    size,
    has_attachments: hasAttachments,
    first_snapshot: firstSnapshot,
    last_snapshot: lastSnapshot,
  }
}
