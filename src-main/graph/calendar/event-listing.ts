import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Change, ChangePage, ChangeStart } from '../../engine/ports/data-type.ts'
import { text, time } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { calendarPath } from './calendar-owner.ts'
import { beginTracking, changedIds } from './change-tracking.ts'
import type { EventSource } from './change-tracking.ts'
import { changesOf, put } from './changed-events.ts'
import { parsed } from './own-json.ts'

/** Events of one page, and of one where Graph could not make the page. */
const pageSizes = [100, 10] as const

/** How often a calendar that changes while it is listed is listed again. */
const rounds = 3

/** A calendar is listed whole this long after the last time, whatever its changes said. Milliseconds. */
const trustMs = 7 * 24 * 60 * 60_000

/** Where a calendar stands after a listing. */
interface EventCursor {
  readonly v: 1
  /** Graph's delta link. */
  readonly delta: string
  /** When all events were listed last, ISO 8601. */
  readonly listed: string
}

/** Where an interrupted listing goes on. */
interface Unfinished {
  readonly v: 1
  /** Null where there is no delta. */
  readonly delta: string | null
  readonly listed: string
  /** Graph's address of the next page. */
  readonly page: string
}

/**
 * The events of one calendar, of any date.
 *
 * In v1.0 the only delta of events that is documented is that of a calendarView: a window of time, fixed in its cursor,
 * without $select, and with every single day of a series. No window would hold every event. But such a delta also names
 * each event outside its window that was added, changed or deleted, as "removed". So:
 *
 * - the delta of a window of one day long ago is followed only for being told ids: an unchanged calendar costs that one
 *   request, whatever its size;
 * - the events themselves come from the plain listing, which knows no window: single events and series, with all
 *   properties, 100 a request;
 * - what the delta names is asked for by its id. A day of a series stands for its series, whose change key changes with
 *   its days. An id that is not there any more may have been a day of a series, too: then the series are listed.
 *
 * The delta begins before the listing, and is asked again after it: if anything changed meanwhile the listing is done
 * again, since its pages are cut by position and a deletion could push an event over the edge of one. As all this rests
 * on a sentence in the documents, each calendar is listed whole once a week. Without delta (mailbox over quota, heavy
 * calendars that answer 503) there is no cursor: each run lists the calendar, and reads nothing more of what is unchanged.
 *
 * https://learn.microsoft.com/graph/api/event-delta, https://learn.microsoft.com/graph/api/calendar-list-events
 */
export async function* eventChanges(
  source: EventSource,
  start: ChangeStart,
): AsyncGenerator<ChangePage, void, undefined> {
  if (start.next !== undefined) yield* whole(source, readUnfinished(start.next))
  else if (start.cursor === undefined) yield* whole(source, undefined)
  else yield await since(source, readCursor(start.cursor))
}

async function* whole(source: EventSource, from: Unfinished | undefined): AsyncGenerator<ChangePage, void, undefined> {
  const listed = from?.listed ?? new Date(source.clock.now()).toISOString()
  let delta = from === undefined ? await beginTracking(source) : (from.delta ?? undefined)
  let page = from?.page ?? firstPage(source, pageSizes[0])
  for (let left = rounds; ; left -= 1) {
    const goingOn = (next: string): string => JSON.stringify({ v: 1, delta: delta ?? null, listed, page: next })
    let last: readonly Change[] = []
    for await (const { changes, next } of listedPages(source, page)) {
      if (next === undefined) last = changes
      else yield { changes, next: goingOn(next), cursor: undefined }
    }
    const meanwhile = await changedMeanwhile(source, delta)
    delta = meanwhile.delta
    const changes = [...last, ...meanwhile.changes]
    if (!meanwhile.again || left <= 1) {
      yield { changes, next: undefined, cursor: meanwhile.again ? undefined : cursorOf(delta, listed) }
      return
    }
    page = firstPage(source, pageSizes[0])
    yield { changes, next: goingOn(page), cursor: undefined }
  }
}

/** What the delta tells of the time that the listing took. */
async function changedMeanwhile(
  source: EventSource,
  delta: string | undefined,
): Promise<{ readonly delta: string | undefined; readonly changes: readonly Change[]; readonly again: boolean }> {
  const told = delta === undefined ? undefined : await changedIds(source, delta)
  if (told === undefined) return { delta: undefined, changes: [], again: false }
  if (told.ids.size === 0) return { delta: told.delta, changes: [], again: false }
  const changes = await changesOf(source, told.ids)
  return { delta: changes === undefined ? undefined : told.delta, changes: changes ?? [], again: true }
}

function cursorOf(delta: string | undefined, listed: string): string | undefined {
  const cursor: EventCursor | undefined = delta === undefined ? undefined : { v: 1, delta, listed }
  return cursor === undefined ? undefined : JSON.stringify(cursor)
}

interface ListedPage {
  readonly changes: readonly Change[]
  readonly next: string | undefined
}

function firstPage({ mailbox, calendar }: EventSource, size: number): string {
  return `${calendarPath(mailbox, calendar)}/events?$top=${size}`
}

/** All pages of the plain listing; smaller ones where Graph fails at the first. */
async function* listedPages(source: EventSource, page: string): AsyncGenerator<ListedPage, void, undefined> {
  const [usual, small] = pageSizes
  let begun = page !== firstPage(source, usual)
  try {
    for await (const listed of pagesFrom(source, page)) {
      begun = true
      yield listed
    }
  } catch (error) {
    if (begun || !isEngineError(error, 'graph.service-failed')) throw error
    yield* pagesFrom(source, firstPage(source, small))
  }
}

async function* pagesFrom({ mailbox }: EventSource, page: string): AsyncGenerator<ListedPage, void, undefined> {
  const { client, user, signal } = mailbox
  const request = { path: page, pool: mailboxPool(user), signal }
  for await (const { value, nextLink } of client.pages<JsonObject>(request, { prefetch: 1 })) {
    yield { changes: value.flatMap(put), next: nextLink }
  }
}

/** What changed since the cursor, as one page: Graph tells ids first, and only all of them make sense of it. */
async function since(source: EventSource, cursor: EventCursor): Promise<ChangePage> {
  if (source.clock.now() - (time({ listed: cursor.listed }, 'listed') ?? 0) > trustMs) throw relist('trust')
  const told = await changedIds(source, cursor.delta, true)
  if (told === undefined) throw relist('delta-failed')
  const changes = told.ids.size === 0 ? [] : await changesOf(source, told.ids)
  if (changes === undefined) throw relist('delta-unclear')
  return { changes, next: undefined, cursor: cursorOf(told.delta, cursor.listed) }
}

/** The caller begins anew with neither cursor nor page. */
function relist(reason: string): EngineError {
  return new EngineError('graph.cursor-lost', { context: { reason } })
}

function readCursor(cursor: string): EventCursor {
  const value = parsed(cursor)
  const [delta, listed] = [text(value, 'delta'), text(value, 'listed')]
  if (value.v !== 1 || delta === undefined || listed === undefined) throw relist('cursor-version')
  return { v: 1, delta, listed }
}

function readUnfinished(next: string): Unfinished {
  const value = parsed(next)
  const [delta, listed, page] = [text(value, 'delta'), text(value, 'listed'), text(value, 'page')]
  if (value.v !== 1 || listed === undefined || page === undefined) throw relist('cursor-version')
  return { v: 1, delta: delta ?? null, listed, page }
}
