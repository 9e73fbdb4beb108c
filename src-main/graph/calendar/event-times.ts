import type { JsonObject } from '../../engine/model/json.ts'
import { record, text } from '../item/fields.ts'
import { placeOfZone } from './windows-zones.ts'
import { instantOf, inZone, wallJson, wallOf } from './zoned-time.ts'

/** When an event takes place, as a request says it. */
export interface EventTimes {
  readonly start: JsonObject
  readonly end: JsonObject
  /** The zone of the start, in which a series counts its days. */
  readonly zone: string
  /** The event's own zone is one that nobody else knows. */
  readonly isReplaced: boolean
}

/**
 * The times in the zones in which they were made. Graph gives them in UTC, with those zones beside them; a series that
 * was created in UTC would move by an hour with each change of the clocks. A zone of Outlook's own making is replaced by
 * that of the series, or else by UTC. Days that last all day are the same in every zone.
 */
export function eventTimes(event: JsonObject): EventTimes | undefined {
  const [start, end] = [record(event, 'start') ?? {}, record(event, 'end') ?? {}]
  const own = text(event, 'originalStartTimeZone') ?? text(start, 'timeZone') ?? 'UTC'
  const zone = knownZone([own, seriesZone(event)])
  const endZone = knownZone([text(event, 'originalEndTimeZone') ?? own, zone])
  const isReplaced = placeOfZone(own) === undefined
  const isAllDay = event.isAllDay === true
  const [from, to] = isAllDay ? [dayIn(start, zone), dayIn(end, zone)] : [timeIn(start, zone), timeIn(end, endZone)]
  return from === undefined || to === undefined ? undefined : { start: from, end: to, zone, isReplaced }
}

function seriesZone(event: JsonObject): string {
  const range = record(record(event, 'recurrence') ?? {}, 'range')
  return text(range ?? {}, 'recurrenceTimeZone') ?? 'UTC'
}

function knownZone(zones: readonly string[]): string {
  const known = zones.find((zone) => placeOfZone(zone) !== undefined) ?? 'UTC'
  return known.startsWith('tzone:') ? 'UTC' : known
}

function dayIn(value: JsonObject, zone: string): JsonObject | undefined {
  const wall = wallOf(value)
  return wall === undefined ? undefined : wallJson(wall, zone)
}

function timeIn(value: JsonObject, zone: string): JsonObject | undefined {
  const instant = instantOf(value)
  return instant === undefined ? undefined : inZone(instant, zone)
}

/** The recurrence as a request says it: in the zone of the event, beginning with its first day. */
export function recurrenceJson(event: JsonObject, times: EventTimes): JsonObject | undefined {
  const recurrence = record(event, 'recurrence')
  const range = record(recurrence ?? {}, 'range')
  if (recurrence === undefined || range === undefined) return undefined
  if (!times.isReplaced) return { pattern: recurrence.pattern ?? null, range }
  const startDate = (text(times.start, 'dateTime') ?? '').slice(0, 10)
  return { pattern: recurrence.pattern ?? null, range: { ...range, recurrenceTimeZone: times.zone, startDate } }
}

/** yyyy-mm-dd in the zone: the day that a changed occurrence stands for; undefined if Graph did not say. */
export function originalDay(exception: JsonObject, zone: string): string | undefined {
  const original = text(exception, 'originalStart')
  const instant = original === undefined ? Number.NaN : Date.parse(original.replace(/(\.\d{3})\d+/, '$1'))
  if (!Number.isNaN(instant)) return dayOf(inZone(instant, zone))
  return /\.(\d{4}-\d\d-\d\d)$/.exec(text(exception, 'occurrenceId') ?? '')?.[1]
}

/** yyyy-mm-dd in the zone: the day on which an unchanged occurrence is. */
export function occurrenceDay(occurrence: JsonObject, zone: string): string | undefined {
  const start = record(occurrence, 'start') ?? {}
  if (occurrence.isAllDay === true) return dayOf(start)
  return dayOf(timeIn(start, zone))
}

function dayOf(value: JsonObject | undefined): string | undefined {
  return value === undefined ? undefined : text(value, 'dateTime')?.slice(0, 10)
}
