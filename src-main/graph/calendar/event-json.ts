import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { RestoreRemark } from '../../engine/ports/restore-target.ts'
import { isObject, list, record, text } from '../item/fields.ts'
import { cleanText } from '../outlook/clean-text.ts'
import { bodyBytes } from '../outlook/restore-limits.ts'
import { eventTimes, recurrenceJson } from './event-times.ts'
import type { EventTimes } from './event-times.ts'
import { bodyWithPeople } from './people-text.ts'

/** An event as it will be created. */
export interface EventJson {
  readonly json: JsonObject
  readonly times: EventTimes
  readonly remarks: readonly RestoreRemark[]
  /** A text that is too long for a request, as a file for the event. */
  readonly longBody: string | undefined
}

/**
 * What a create request says of a stored event; undefined if it has no usable time.
 *
 * Never any attendees, nor an online meeting: v1.0 has no switch for it, so Exchange mails an invitation to each attendee
 * of a created event (gotcha 27), and to those that an update adds; and it would set up a new meeting. Both are kept in
 * words behind the event's text, and as JSON in a hidden property.
 */
export function eventJson(event: JsonObject): EventJson | undefined {
  const times = eventTimes(event)
  if (times === undefined) return undefined
  const recurrence = recurrenceJson(event, times)
  const { json, remarks, longBody } = contentJson(event)
  const zone: readonly RestoreRemark[] = times.isReplaced ? [{ code: 'time-zone-replaced' }] : []
  return {
    json: { ...json, start: times.start, end: times.end, ...(recurrence === undefined ? {} : { recurrence }) },
    times,
    remarks: [...remarks, ...zone],
    longBody,
  }
}

/** The same without times, for changed days of a series too. */
export function contentJson(event: JsonObject): Pick<EventJson, 'json' | 'remarks' | 'longBody'> {
  const body = bodyWithPeople(event)
  const content = text(body.json, 'content') ?? ''
  const isLong = Buffer.byteLength(JSON.stringify(content)) > bodyBytes
  const notice = 'The text of this event is too long to be restored in place. It is attached as event.html.'
  const json: JsonObject = {
    subject: cleanText(text(event, 'subject') ?? ''),
    body: isLong ? { contentType: 'text', content: notice } : body.json,
    isAllDay: event.isAllDay === true,
    ...places(event),
    ...words(event),
    ...booleans(event),
    ...minutes(event),
    categories: (list(event, 'categories') ?? []).filter((name) => typeof name === 'string').map(cleanText),
  }
  const remarks = [...body.remarks, ...(isLong ? [{ code: 'body-kept-as-attachment' }] : [])]
  return { json, remarks, longBody: isLong ? content : undefined }
}

const choices: Readonly<Record<string, readonly string[]>> = {
  showAs: ['free', 'tentative', 'busy', 'oof', 'workingElsewhere'],
  sensitivity: ['normal', 'personal', 'private', 'confidential'],
  importance: ['low', 'normal', 'high'],
}

function words(event: JsonObject): JsonObject {
  const found = Object.entries(choices).flatMap(([name, allowed]) => {
    const value = text(event, name)?.toLowerCase()
    const word = allowed.find((each) => each.toLowerCase() === value)
    return word === undefined ? [] : [[name, word] as const]
  })
  return Object.fromEntries(found)
}

const flags = ['isReminderOn', 'hideAttendees', 'allowNewTimeProposals', 'responseRequested'] as const

function booleans(event: JsonObject): JsonObject {
  return Object.fromEntries(flags.flatMap((name) => (typeof event[name] === 'boolean' ? [[name, event[name]]] : [])))
}

function minutes({ reminderMinutesBeforeStart: value }: JsonObject): JsonObject {
  return typeof value === 'number' && value >= 0 ? { reminderMinutesBeforeStart: value } : {}
}

/** `location` follows from `locations`; both in one request could contradict each other. */
function places(event: JsonObject): JsonObject {
  const all = (list(event, 'locations') ?? []).filter(isObject).map(place)
  const several = all.filter((each) => each !== undefined)
  if (several.length > 0) return { locations: several }
  const one = place(record(event, 'location') ?? {})
  return one === undefined ? {} : { location: one }
}

const placeParts = ['address', 'coordinates', 'locationEmailAddress', 'locationUri', 'locationType'] as const

/** Without the ids that Outlook gives to places. */
function place(value: JsonObject): JsonObject | undefined {
  const displayName = text(value, 'displayName')
  if (displayName === undefined || displayName === '') return undefined
  const parts = placeParts.flatMap((name): (readonly [string, JsonValue])[] => {
    const part = value[name]
    return part === undefined || part === null ? [] : [[name, part]]
  })
  return { displayName: cleanText(displayName), ...Object.fromEntries(parts) }
}

/** The least that an event can be created with, for when Exchange refuses more. */
export function plainerJson(json: JsonObject): JsonObject {
  const names = ['subject', 'body', 'start', 'end', 'isAllDay', 'recurrence', 'showAs', 'sensitivity']
  return Object.fromEntries(Object.entries(json).filter(([name]) => names.includes(name)))
}
