import { isDeepStrictEqual } from 'node:util'
import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { RestoreItem, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { CalendarOwner } from './calendar-owner.ts'
import { restoreAttachments, wantedFiles } from './event-attachments.ts'
import { contentJson, eventJson } from './event-json.ts'
import type { EventJson } from './event-json.ts'
import { attachmentsOf, cancelledDaysOf, exceptionsOf } from './event-parts.ts'
import { occurrenceDay, originalDay } from './event-times.ts'
import { findDays } from './series-instances.ts'
import { inZone, instantOf } from './zoned-time.ts'

export interface SeriesPlace {
  readonly mailbox: CalendarOwner
  readonly clock: Clock
  /** Graph id of the series in the target. */
  readonly series: string
  /** Nothing was changed on it yet. */
  readonly isNew: boolean
}

/** The stored series, as it is and as it was created. */
export interface WantedSeries {
  readonly item: RestoreItem
  readonly stored: JsonObject
  readonly made: EventJson
}

/** A changed day: what the stored one says, and what it says unlike its series. */
interface ChangedDay {
  readonly day: string
  readonly stored: JsonObject
  readonly patch: JsonObject
  readonly longBody: string | undefined
}

/**
 * Cancels and changes the days of a restored series. Cancelled days are deleted (a `cancel` would mail people), and
 * first, since a changed day may have moved to where a cancelled one was. Exchange lets no day jump over its neighbours:
 * what it refuses for that is tried again when others have moved. Days are found by their date in the zone of the series,
 * of which there is one each.
 */
export async function restoreDays(place: SeriesPlace, wanted: WantedSeries): Promise<readonly RestoreRemark[]> {
  const { stored, made } = wanted
  const cancelled = cancelledDaysOf(stored)
  const exceptions = exceptionsOf(stored)
  if (cancelled.length + exceptions.length === 0) return []
  const changes = exceptions.map((exception) => changedDay(exception, stored, made))
  const known = changes.filter((change) => change !== undefined)
  const remarks: RestoreRemark[] = changes.length > known.length ? [lost()] : []
  const days = [...cancelled, ...known.map(({ day }) => day)]
  const ids = await findDays(place.mailbox, place.series, { days, zone: made.times.zone, isNew: place.isNew })
  for (const day of cancelled) {
    const id = ids.get(day)
    if (id !== undefined) await deleteDay(place.mailbox, id)
  }
  const changed = await changeDays(place, known, ids)
  remarks.push(...changed.remarks)
  for (const [change, id] of changed.ids) remarks.push(...(await attachToDay(place, wanted, change, id)))
  return remarks
}

const lost = (): RestoreRemark => ({ code: 'occurrence-not-restored' })

function changedDay(exception: JsonObject, stored: JsonObject, made: EventJson): ChangedDay | undefined {
  const { zone } = made.times
  const day = originalDay(exception, zone) ?? occurrenceDay(exception, zone)
  const own = eventJson(exception)
  if (day === undefined || own === undefined) return undefined
  const patch = { ...contentChanges(own, made), ...timeChanges(exception, stored, own, made) }
  // Even a day that says nothing else than its series is one that was changed.
  const isEmpty = Object.keys(patch).length === 0
  const content = isEmpty ? { subject: own.json.subject ?? '' } : patch
  return { day, stored: exception, patch: content, longBody: own.longBody }
}

/** The sensitivity belongs to a whole series. */
function contentChanges(own: EventJson, made: EventJson): JsonObject {
  const kept = ['start', 'end', 'recurrence', 'sensitivity', 'isAllDay']
  const changed = Object.entries(own.json).filter(
    ([name, value]) => !kept.includes(name) && !isDeepStrictEqual(value, made.json[name]),
  )
  return Object.fromEntries(changed)
}

/** Start and end, where they are not those that the series would give the day. */
function timeChanges(exception: JsonObject, stored: JsonObject, own: EventJson, made: EventJson): JsonObject {
  const original = Date.parse((text(exception, 'originalStart') ?? '').replace(/(\.\d{3})\d+/, '$1'))
  const begins = inZone(original, made.times.zone)
  const isAtItsTime =
    exception.isAllDay === true
      ? text(begins ?? {}, 'dateTime')?.slice(0, 10) === text(own.times.start, 'dateTime')?.slice(0, 10)
      : instantOf(own.times.start) === original
  const isSameKind = (exception.isAllDay === true) === (stored.isAllDay === true)
  if (isAtItsTime && isSameKind && lengthOf(own) === lengthOf(made)) return {}
  return { start: own.times.start, end: own.times.end, isAllDay: exception.isAllDay === true }
}

function lengthOf({ times }: EventJson): number {
  return (instantOf(times.end) ?? 0) - (instantOf(times.start) ?? 0)
}

async function deleteDay({ client, user, path: own, signal }: CalendarOwner, id: string): Promise<void> {
  try {
    const path = own + graphPath`/events/${id}`
    await client.json<undefined>({ method: 'DELETE', path, pool: mailboxPool(user), signal })
  } catch (error) {
    // Done before, by a request whose answer got lost.
    if (!isEngineError(error, 'graph.not-found')) throw error
  }
}

interface ChangedDays {
  readonly ids: ReadonlyMap<ChangedDay, string>
  readonly remarks: readonly RestoreRemark[]
}

/** As long as one goes through, those that were refused are tried again. */
async function changeDays(
  { mailbox }: SeriesPlace,
  changes: readonly ChangedDay[],
  days: ReadonlyMap<string, string>,
): Promise<ChangedDays> {
  const ids = new Map<ChangedDay, string>()
  let open = changes.filter(({ day }) => days.has(day))
  const missing = changes.length - open.length
  for (let before = Infinity; open.length > 0 && open.length < before;) {
    before = open.length
    const refused: ChangedDay[] = []
    for (const change of open) {
      const id = await patchDay(mailbox, days.get(change.day) ?? '', change.patch)
      if (id === undefined) refused.push(change)
      else ids.set(change, id)
    }
    open = refused
  }
  return { ids, remarks: missing + open.length === 0 ? [] : [lost()] }
}

async function patchDay(mailbox: CalendarOwner, day: string, body: JsonObject): Promise<string | undefined> {
  const { client, user, signal } = mailbox
  const path = mailbox.path + graphPath`/events/${day}`
  try {
    const changed = await client.json<JsonObject>({ method: 'PATCH', path, body, pool: mailboxPool(user), signal })
    return text(changed, 'id') ?? day
  } catch (error) {
    if (isEngineError(error, 'graph.request-refused') && error.context.status === 400) return undefined
    throw error
  }
}

/** A changed day begins with the attachments of its series, so what is there already is looked at first. */
async function attachToDay(
  { mailbox, clock }: SeriesPlace,
  { item, stored }: WantedSeries,
  change: ChangedDay,
  id: string,
): Promise<readonly RestoreRemark[]> {
  if (attachmentsOf(change.stored).length === 0 && change.longBody === undefined)
    return contentJson(change.stored).remarks
  const path = mailbox.path + graphPath`/events/${id}`
  const files = wantedFiles(item, stored, change.stored, change.longBody)
  const remarks = await restoreAttachments({ mailbox, clock, path }, files, false)
  return [...contentJson(change.stored).remarks, ...remarks]
}
