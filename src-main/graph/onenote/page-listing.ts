import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { ChangePage, ChangeStart } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import { isObject, list, text } from '../item/fields.ts'
import { askNotes, type Notes } from './notes-access.ts'

/** Pages of one request; OneNote gives at most 100. */
const pageSize = 100

/** Pages listed again on the next request, which shows that none was passed over because another one was deleted. */
const overlap = 2

interface Position {
  readonly skip: number
  /** Id of the last page listed. */
  readonly last: string
}

/**
 * All pages of a section. OneNote has no delta, and does not say whether a change of a page changes its section, so
 * a section is listed in each run; an unchanged page costs nothing more.
 *
 * Sorted by creation: the usual order, by change, would move pages while they are listed. A request with $top is not
 * promised a next link, so it goes on by $skip.
 */
export async function* pageChanges(
  notes: Notes,
  section: string,
  start: ChangeStart,
): AsyncGenerator<ChangePage, void, undefined> {
  let position = start.next === undefined ? undefined : readPosition(start.next)
  for (;;) {
    const { pages, next } = await listPages(notes, section, position, { pagelevel: true })
    const changes = pages.map(
      (page) => ({ kind: 'put', id: text(page, 'id') ?? '', properties: page, partial: false }) as const,
    )
    yield { changes, next: next === undefined ? undefined : JSON.stringify(next), cursor: undefined }
    if (next === undefined) return
    position = next
  }
}

/** One request's worth of pages, and where it goes on. */
export async function listPages(
  notes: Notes,
  section: string,
  position: Position | undefined,
  query: Readonly<Record<string, string | boolean>>,
): Promise<{ readonly pages: readonly JsonObject[]; readonly next: Position | undefined }> {
  const skip = position?.skip ?? 0
  const answer = await askNotes<JsonObject>(notes, {
    path: graphPath`/sections/${section}/pages`,
    query: { ...query, $top: pageSize, $orderby: 'createdDateTime', ...(skip === 0 ? {} : { $skip: skip }) },
    // Sections are read several at a time.
    together: skip === 0 ? notes.owner : undefined,
  })
  const pages = (list(answer, 'value') ?? []).filter(isObject)
  const known = position === undefined ? -1 : pages.findIndex((page) => text(page, 'id') === position.last)
  // Pages were deleted meanwhile, so that others moved up unseen: begin anew.
  if (position !== undefined && known < 0) throw new EngineError('graph.cursor-lost', { context: { reason: 'moved' } })
  const isLast = pages.length < pageSize && answer['@odata.nextLink'] === undefined
  const last = text(pages.at(-1) ?? {}, 'id')
  const next = isLast || last === undefined ? undefined : { skip: skip + pages.length - overlap, last }
  return { pages: pages.slice(known + 1), next }
}

function readPosition(next: string): Position {
  const value = parsed(next)
  const skip = isObject(value) ? value.skip : undefined
  const last = isObject(value) ? text(value, 'last') : undefined
  if (typeof skip === 'number' && last !== undefined) return { skip, last }
  throw new EngineError('graph.cursor-lost', { context: { reason: 'unreadable-position' } })
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
