import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { ChangePage, ContainerListing, Root } from '../../engine/ports/data-type.ts'
import { answerBody } from '../item/batch-answers.ts'
import { isObject, list, text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { EventSource } from './change-tracking.ts'
import { eventsById, put } from './changed-events.ts'
import { nextState, readState, windowQuery, windowsToAsk, writeState } from './event-windows.ts'
import { groupCalendar, inGroup, refuseWithoutMailbox } from './group-calendar.ts'

/** Events of one page. */
const pageSize = 250

/** Enough to recognise an event and to filter it; the rest is read of those that are new or changed. */
const brief = 'id,type,seriesMasterId,changeKey,subject,start,end,isAllDay'

/** First pages of the windows, from the listing of the calendar until its events are asked for. */
export type WindowPages = readonly JsonObject[]

/**
 * The one calendar of a group, for an application by itself. Graph lists the events of a group for people only, and has
 * no delta for applications; but it shows them what is within a window of time (calendarView), and single events by
 * their ids. So all windows are looked into from 1990 until ten years from now: all at once in one batch, and in later
 * runs those that had events and the present one, the others once a week. An unchanged calendar costs one request as long
 * as its events lie within five years, and one for every 20 series, since what shows of a series are its days.
 *
 * https://learn.microsoft.com/graph/api/group-list-calendarview
 */
export async function listGroupWindows(
  { mailbox, clock }: EventSource,
  root: Root,
  last: ContainerListing | undefined,
): Promise<{ readonly listing: ContainerListing; readonly pages: WindowPages }> {
  refuseWithoutMailbox(root)
  const { client, user, path, signal } = mailbox
  const now = clock.now()
  const before = readState(last?.cursor)
  const asked = windowsToAsk(before, now)
  const known = last?.containers.find(({ id }) => id === user)
  const form = { $top: pageSize, ...(known === undefined ? {} : { $select: brief }) }
  const members = asked.map((number) => ({
    path: `${path}/calendarView`,
    query: { ...windowQuery(number), ...form },
  }))
  const answers = await client.batch(members, { pool: mailboxPool(user), signal, together: user })
  const read = (): Promise<WindowPages> => Promise.resolve(answers.map(answerBody))
  // Where an application could read before, it is not the kind of sign-in that is refused.
  const pages = await inGroup(() => (before === undefined ? asPerson(read) : read()))
  const full = asked.filter((_number, index) => (list(pages[index] ?? {}, 'value') ?? []).length > 0)
  const cursor = writeState(nextState(before, asked, full, now))
  return { listing: { containers: [known ?? groupCalendar(user, {})], cursor }, pages }
}

/** What Graph denies an application here, it gives to people. */
export async function asPerson<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw isEngineError(error, 'graph.forbidden') ? new EngineError('graph.not-for-app-only', { cause: error }) : error
  }
}

/** All events in the windows, each once. Without a cursor: what does not show up is gone. */
export async function* windowChanges(
  source: EventSource,
  firstPages: WindowPages,
): AsyncGenerator<ChangePage, void, undefined> {
  const seen = new Set<string>()
  const series = new Set<string>()
  for (const first of firstPages) {
    for await (const entries of allPages(source, first)) {
      const single = entries.filter((entry) => isNew(entry, seen, series))
      if (single.length > 0) yield { changes: single.flatMap(put), next: undefined, cursor: undefined }
    }
  }
  const changes = series.size === 0 ? [] : await eventsById(source, [...series])
  yield { changes, next: undefined, cursor: undefined }
}

/** A single event that did not show up before. A day of a series stands for its series. */
function isNew(entry: JsonObject, seen: Set<string>, series: Set<string>): boolean {
  const master = text(entry, 'seriesMasterId')
  if (master !== undefined) {
    series.add(master)
    return false
  }
  const id = text(entry, 'id') ?? ''
  if (seen.has(id)) return false
  seen.add(id)
  return true
}

async function* allPages(
  { mailbox }: EventSource,
  first: JsonObject,
): AsyncGenerator<readonly JsonObject[], void, undefined> {
  const { client, user, signal } = mailbox
  yield (list(first, 'value') ?? []).filter(isObject)
  const next = text(first, '@odata.nextLink')
  if (next === undefined) return
  const request = { path: next, pool: mailboxPool(user), signal }
  for await (const page of client.pages<JsonObject>(request, { prefetch: 1 })) yield page.value
}
