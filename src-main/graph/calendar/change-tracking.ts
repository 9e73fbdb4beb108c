import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { isDeltaRefused } from '../outlook/quota.ts'
import { calendarPath } from './calendar-owner.ts'
import type { CalendarOwner } from './calendar-owner.ts'

/** One calendar that is read. */
export interface EventSource {
  readonly mailbox: CalendarOwner
  /** Graph id. */
  readonly calendar: string
  readonly clock: Pick<Clock, 'now'>
}

export interface ToldChanges {
  /** Events and days of series that were added, changed or deleted. */
  readonly ids: ReadonlySet<string>
  /** The next delta link. */
  readonly delta: string
}

/** A day on which hardly anybody has an event: the delta is followed for what happens outside of it. */
const trackedWindow = { startDateTime: '1950-01-01T00:00:00Z', endDateTime: '1950-01-02T00:00:00Z' }

/** Heavy calendars answer a delta with an empty 503 unless its pages are small (gotcha 9). */
const pageSizes = [100, 10] as const

/** Begins to follow a calendar; undefined where Graph refuses to. */
export async function beginTracking(source: EventSource): Promise<string | undefined> {
  const { mailbox, calendar } = source
  const path = `${calendarPath(mailbox, calendar)}/calendarView/delta`
  try {
    return (await follow(source, { path, query: trackedWindow }))?.delta
  } catch (error) {
    if (isRefused(error)) return undefined
    throw error
  }
}

/** What changed since the delta link; undefined where that cannot be told any more. `first`: it is the first question. */
export async function changedIds(source: EventSource, delta: string, first = false): Promise<ToldChanges | undefined> {
  const together = first ? source.mailbox.user : undefined
  try {
    return await follow(source, { path: delta, together })
  } catch (error) {
    if (isRefused(error) || isEngineError(error, 'graph.cursor-lost')) return undefined
    throw error
  }
}

function isRefused(error: unknown): boolean {
  return (
    isDeltaRefused(error) || isEngineError(error, 'graph.request-refused') || isEngineError(error, 'graph.forbidden')
  )
}

interface DeltaRequest {
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly together?: string | undefined
}

async function follow(source: EventSource, request: DeltaRequest): Promise<ToldChanges | undefined> {
  for (const size of pageSizes) {
    try {
      return await followPages(source, request, size)
    } catch (error) {
      if (!isEngineError(error, 'graph.service-failed')) throw error
    }
  }
  return undefined
}

async function followPages(
  { mailbox }: EventSource,
  request: DeltaRequest,
  size: number,
): Promise<ToldChanges | undefined> {
  const { client, user, signal } = mailbox
  const ids = new Set<string>()
  let delta: string | undefined
  const prefer = [`odata.maxpagesize=${size}`]
  for await (const page of client.pages<JsonObject>({ ...request, prefer, pool: mailboxPool(user), signal })) {
    for (const entry of page.value) ids.add(seriesOf(entry))
    delta = page.deltaLink
  }
  return delta === undefined ? undefined : { ids, delta }
}

/** A day of a series that shows up with its series stands for it. */
function seriesOf(entry: JsonObject): string {
  return text(entry, 'seriesMasterId') ?? text(entry, 'id') ?? ''
}
