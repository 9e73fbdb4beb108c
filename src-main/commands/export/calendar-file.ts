import type { JsonObject } from '../../engine/model/json.ts'
import { cancelledDaysOf, exceptionsOf } from '../../graph/calendar/event-parts.ts'
import { eventTimes, originalDay, type EventTimes } from '../../graph/calendar/event-times.ts'
import { placeOfZone } from '../../graph/calendar/windows-zones.ts'
import { instantOf, wallOf } from '../../graph/calendar/zoned-time.ts'
import { filledText, isObject, list, record, text } from '../../graph/item/fields.ts'
import {
  alarmLines,
  bodyLines,
  calendarText,
  categoryLines,
  historyLines,
  priorityLines,
  stampLine,
  type AttachmentLines,
} from './calendar-lines.ts'
import { textLine, textValue, type ContentLine } from './content-lines.ts'
import { recurrenceRule } from './recurrence-rule.ts'
import { compact, timeZoneLines } from './time-zone.ts'

const YEAR = 366 * 86_400_000
/** So far ahead of a series without an end its zone is described. */
const YEARS_AHEAD = 20

/** A moment of an event as the file says it. */
interface Moment {
  readonly value: string
  readonly parameters?: Readonly<Record<string, string>>
}

/**
 * Events (their stored properties) as an iCalendar file. What has no usable time is left out: `skipped` tells how many.
 * `attached`: of the events and of their changed days.
 */
export function calendarFile(
  name: string,
  events: readonly JsonObject[],
  attached: AttachmentLines = new Map(),
): { readonly text: string; readonly skipped: number } {
  const zones = new Map<string, { from: number; to: number }>()
  const components = events.flatMap((event) => {
    const lines = seriesLines(event, zones, attached)
    return lines === undefined ? [] : [lines]
  })
  const text = calendarText(name, [
    ...[...zones].flatMap(([place, { from, to }]) => timeZoneLines(place, from, to)),
    ...components.flat(),
  ])
  return { text, skipped: events.length - components.length }
}

type Zones = Map<string, { from: number; to: number }>

/** An event, or a series with its changed days. */
function seriesLines(event: JsonObject, zones: Zones, attached: AttachmentLines): readonly ContentLine[] | undefined {
  const times = eventTimes(event)
  const start = times === undefined ? undefined : instantOf(times.start)
  if (times === undefined || start === undefined) return undefined
  const recurrence = record(event, 'recurrence')
  const isAllDay = event.isAllDay === true
  const say = (value: JsonObject): Moment => momentOf(value, isAllDay, recurrence === undefined, zones)
  const until = (day: string): string => untilOf(day, times, isAllDay)
  const rule = recurrence === undefined ? undefined : recurrenceRule(recurrence, until)
  const cancelled = rule === undefined ? [] : cancelledDaysOf(event).map((day) => say(onDay(times, day)))
  const master = [
    { name: 'DTSTART', ...say(times.start) },
    { name: 'DTEND', ...say(times.end) },
    ...(rule === undefined ? [] : [{ name: 'RRULE', value: rule }]),
    ...cancelled.map((moment) => ({ name: 'EXDATE', ...moment })),
  ]
  const uid = filledText(event, 'iCalUId') ?? text(event, 'id') ?? ''
  const changed = exceptionsOf(event).flatMap((day) => changedDay(day, event, times, zones))
  const whole = (one: JsonObject, when: readonly ContentLine[]): readonly ContentLine[] =>
    component(one, uid, when, attached.get(one) ?? [])
  return [...whole(event, master), ...changed.flatMap((lines) => whole(lines.event, lines.times))]
}

function changedDay(
  day: JsonObject,
  series: JsonObject,
  of: EventTimes,
  zones: Zones,
): readonly { readonly event: JsonObject; readonly times: readonly ContentLine[] }[] {
  const original = originalDay(day, of.zone)
  const times = eventTimes({ originalStartTimeZone: of.zone, originalEndTimeZone: of.zone, ...day })
  if (original === undefined || times === undefined) return []
  const say = (value: JsonObject, isAllDay: boolean): Moment => momentOf(value, isAllDay, false, zones)
  const isAllDay = day.isAllDay === true
  const lines = [
    { name: 'RECURRENCE-ID', ...say(onDay(of, original), series.isAllDay === true) },
    { name: 'DTSTART', ...say(times.start, isAllDay) },
    { name: 'DTEND', ...say(times.end, isAllDay) },
  ]
  return [{ event: day, times: lines }]
}

/** The start of the series on another day. */
function onDay({ start }: EventTimes, day: string): JsonObject {
  return { ...start, dateTime: `${day}${(text(start, 'dateTime') ?? '').slice(10)}` }
}

/** In UTC what happens once; what recurs in its own zone, whose clocks it follows. */
function momentOf(value: JsonObject, isAllDay: boolean, isOnce: boolean, zones: Zones): Moment {
  const wall = wallOf(value) ?? 0
  if (isAllDay) return { value: compact(wall).slice(0, 8), parameters: { VALUE: 'DATE' } }
  const instant = instantOf(value) ?? wall
  const place = placeOfZone(text(value, 'timeZone') ?? 'UTC') ?? 'UTC'
  if (isOnce || place === 'UTC') return { value: compact(instant) }
  const known = zones.get(place)
  zones.set(place, {
    from: Math.min(known?.from ?? Infinity, instant - YEAR),
    to: Math.max(known?.to ?? -Infinity, instant + YEARS_AHEAD * YEAR),
  })
  return { value: compact(wall).slice(0, -1), parameters: { TZID: place } }
}

/** The last moment of the last day, in UTC; of days without times, the day. */
function untilOf(day: string, { zone }: EventTimes, isAllDay: boolean): string {
  if (isAllDay) return day.replaceAll('-', '')
  return compact(instantOf({ dateTime: `${day}T23:59:59`, timeZone: zone }) ?? Date.parse(`${day}T23:59:59Z`))
}

function component(
  event: JsonObject,
  uid: string,
  times: readonly ContentLine[],
  attached: readonly ContentLine[],
): readonly ContentLine[] {
  return [
    { name: 'BEGIN', value: 'VEVENT' },
    { name: 'UID', value: textValue(uid) },
    stampLine(event),
    ...times,
    ...textLine('SUMMARY', text(event, 'subject')),
    ...bodyLines(event),
    ...textLine('LOCATION', text(record(event, 'location') ?? {}, 'displayName')),
    ...categoryLines(event),
    ...historyLines(event),
    ...stateLines(event),
    ...priorityLines(event),
    ...peopleLines(event),
    ...attached,
    ...reminderLines(event),
    { name: 'END', value: 'VEVENT' },
  ]
}

const CLASSES: Readonly<Record<string, string>> = {
  personal: 'PRIVATE',
  private: 'PRIVATE',
  confidential: 'CONFIDENTIAL',
}
const ANSWERS: Readonly<Record<string, string>> = {
  accepted: 'ACCEPTED',
  organizer: 'ACCEPTED',
  declined: 'DECLINED',
  tentativelyAccepted: 'TENTATIVE',
}
const ROLES: Readonly<Record<string, string>> = { optional: 'OPT-PARTICIPANT', resource: 'NON-PARTICIPANT' }

function stateLines(event: JsonObject): readonly ContentLine[] {
  const word = (map: Readonly<Record<string, string>>, name: string): string | undefined => map[text(event, name) ?? '']
  const isTentative = text(event, 'showAs') === 'tentative'
  const line = (name: string, value: string | undefined): readonly ContentLine[] =>
    value === undefined ? [] : [{ name, value }]
  return [
    ...line('CLASS', word(CLASSES, 'sensitivity')),
    ...line('STATUS', event.isCancelled === true ? 'CANCELLED' : isTentative ? 'TENTATIVE' : 'CONFIRMED'),
    ...line('TRANSP', text(event, 'showAs') === 'free' ? 'TRANSPARENT' : 'OPAQUE'),
  ]
}

function peopleLines(event: JsonObject): readonly ContentLine[] {
  const attendees = (list(event, 'attendees') ?? []).filter(isObject).flatMap((attendee) => {
    const answer = text(record(attendee, 'status') ?? {}, 'response') ?? ''
    const role = ROLES[text(attendee, 'type') ?? ''] ?? 'REQ-PARTICIPANT'
    return personLine('ATTENDEE', attendee, { ROLE: role, PARTSTAT: ANSWERS[answer] ?? 'NEEDS-ACTION' })
  })
  return [
    ...(attendees.length === 0 ? [] : personLine('ORGANIZER', record(event, 'organizer') ?? {}, {})),
    ...attendees,
  ]
}

function personLine(name: string, person: JsonObject, words: Readonly<Record<string, string>>): readonly ContentLine[] {
  const email = record(person, 'emailAddress') ?? {}
  const address = filledText(email, 'address')
  if (address === undefined || /[\s\p{Cc}]/u.test(address)) return []
  return [
    {
      name,
      parameters: { CN: text(email, 'name'), ...words },
      value: `mailto:${address}`,
    },
  ]
}

function reminderLines(event: JsonObject): readonly ContentLine[] {
  const minutes = event.reminderMinutesBeforeStart
  if (event.isReminderOn !== true || typeof minutes !== 'number') return []
  const value = `-PT${String(Math.max(0, Math.round(minutes)))}M`
  return alarmLines(filledText(event, 'subject') ?? 'Reminder', { value })
}
