import { badRequest, unknownProperty } from '../../http/errors.ts'
import {
  bodyValue,
  categoriesValue,
  listValue,
  optionalBoolean,
  optionalText,
  wordValue,
  wrongType,
} from '../../routes/message-values.ts'
import { isObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import type { ItemBody } from '../../state/types.ts'
import type { EventContent } from './model.ts'
import { dateOf, day, requireZone } from './zones.ts'
import type { WallTime } from './zones.ts'

/** What a request may set of an event. Source: https://learn.microsoft.com/graph/api/event-update */
const writable = new Set([
  '@odata.type',
  'subject',
  'body',
  'start',
  'end',
  'isAllDay',
  'location',
  'locations',
  'attendees',
  'recurrence',
  'reminderMinutesBeforeStart',
  'isReminderOn',
  'showAs',
  'sensitivity',
  'importance',
  'categories',
  'hideAttendees',
  'allowNewTimeProposals',
  'responseRequested',
  'isOnlineMeeting',
  'onlineMeetingProvider',
  'transactionId',
  'singleValueExtendedProperties',
  'multiValueExtendedProperties',
])

/** In documented updates, without any effect. */
const ignored = new Set(['originalStartTimeZone', 'originalEndTimeZone', 'responseStatus'])

/** Known, and set by the server alone: the documents are silent about what a write does, so it is refused. */
const serverSide = new Set([
  'id',
  'bodyPreview',
  'cancelledOccurrences',
  'changeKey',
  'createdDateTime',
  'exceptionOccurrences',
  'hasAttachments',
  'iCalUId',
  'isCancelled',
  'isDraft',
  'isOrganizer',
  'lastModifiedDateTime',
  'onlineMeeting',
  'onlineMeetingUrl',
  'organizer',
  'originalStart',
  'seriesMasterId',
  'type',
  'webLink',
])

export function refuseNames(body: JsonObject): void {
  for (const name of Object.keys(body)) {
    if (writable.has(name) || ignored.has(name)) continue
    if (!serverSide.has(name)) throw unknownProperty(name, 'microsoft.graph.event')
    throw badRequest(`The property '${name}' is read-only and cannot be set.`, 'ErrorInvalidPropertySet')
  }
}

const emptyContent: Omit<EventContent, 'start' | 'end'> = {
  subject: null,
  body: { contentType: 'html', content: '' },
  isAllDay: false,
  location: {},
  locations: [],
  attendees: [],
  reminderMinutesBeforeStart: 15,
  isReminderOn: true,
  showAs: 'busy',
  sensitivity: 'normal',
  importance: 'normal',
  categories: [],
  hideAttendees: false,
  allowNewTimeProposals: true,
  responseRequested: true,
  isOnlineMeeting: false,
  onlineMeetingProvider: 'unknown',
  onlineMeeting: null,
}

/** The content of a new event. */
export function newContent(body: JsonObject): EventContent {
  const start = zonedTime(body, 'start')
  const end = zonedTime(body, 'end')
  if (start === undefined || end === undefined) {
    throw badRequest('The event needs a start and an end.', 'ErrorRequiredPropertyMissing')
  }
  return changedContent({ ...emptyContent, start, end }, body)
}

/** The content with what the request sets. */
export function changedContent(before: EventContent, body: JsonObject): EventContent {
  const content: EventContent = {
    ...before,
    ...timeChanges(before, body),
    ...defined({
      subject: body.subject === null ? null : optionalText(body, 'subject'),
      body: htmlBody(bodyValue(body)),
      attendees: listValue(body, 'attendees')?.map(attendee),
      categories: categoriesValue(body),
      hideAttendees: optionalBoolean(body, 'hideAttendees'),
      allowNewTimeProposals: optionalBoolean(body, 'allowNewTimeProposals'),
      responseRequested: optionalBoolean(body, 'responseRequested'),
      isOnlineMeeting: optionalBoolean(body, 'isOnlineMeeting'),
      isReminderOn: optionalBoolean(body, 'isReminderOn'),
      reminderMinutesBeforeStart: minutes(body),
      showAs: word(body, 'showAs', ['free', 'tentative', 'busy', 'oof', 'workingElsewhere']),
      sensitivity: word(body, 'sensitivity', ['normal', 'personal', 'private', 'confidential']),
      importance: word(body, 'importance', ['low', 'normal', 'high']),
    }),
    ...places(body),
  }
  if (content.attendees.length > 500) throw badRequest('Too many attendees.', 'ErrorTooManyRecipients')
  return content
}

function defined(values: Partial<Record<keyof EventContent, unknown>>): Partial<EventContent> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

function timeChanges(before: EventContent, body: JsonObject): Pick<EventContent, 'start' | 'end' | 'isAllDay'> {
  const start = zonedTime(body, 'start') ?? before.start
  const end = zonedTime(body, 'end') ?? before.end
  const isAllDay = optionalBoolean(body, 'isAllDay') ?? before.isAllDay
  if (end.wall < start.wall && start.zone === end.zone) {
    throw badRequest('The start has to be before the end.', 'ErrorCalendarEndDateIsEarlierThanStartDate')
  }
  const isWhole = start.wall % day === 0 && end.wall % day === 0 && start.zone === end.zone && end.wall > start.wall
  if (isAllDay && !isWhole) {
    const message = 'The Event.Start property for an all-day event needs to be set to midnight.'
    throw badRequest(message, 'ErrorPropertyValidationFailure')
  }
  return { start, end, isAllDay }
}

function zonedTime(body: JsonObject, name: string): WallTime | undefined {
  const value = body[name]
  if (value === undefined) return undefined
  if (!isObject(value)) throw wrongType(name, 'microsoft.graph.dateTimeTimeZone')
  const text = optionalText(value, 'dateTime') ?? ''
  const zone = optionalText(value, 'timeZone') ?? ''
  const [, plain] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?)Z?$/.exec(text) ?? []
  const wall = Date.parse(`${plain?.replace(/(\.\d{3})\d+$/, '$1') ?? ''}Z`)
  if (Number.isNaN(wall)) throw wrongType(name, 'microsoft.graph.dateTimeTimeZone')
  requireZone(zone)
  return { wall, zone }
}

/** Graph wraps what is no whole document, and gives texts back as HTML. Source: https://learn.microsoft.com/graph/api/event-get */
function htmlBody(body: ItemBody | undefined): ItemBody | undefined {
  if (body === undefined) return undefined
  if (body.content === '' || /<html[\s>]/i.test(body.content)) return { contentType: 'html', content: body.content }
  const inner = body.contentType === 'html' ? body.content : escaped(body.content)
  const head = '<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n</head>\r\n'
  return { contentType: 'html', content: `${head}<body>\r\n${inner}\r\n</body>\r\n</html>\r\n` }
}

function escaped(text: string): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return `<div class="PlainText">${safe.replaceAll('\n', '<br>\n')}</div>`
}

function attendee(value: unknown): JsonObject {
  const emailAddress = isObject(value) ? value.emailAddress : undefined
  if (!isObject(value) || !isObject(emailAddress)) throw wrongType('attendees', 'microsoft.graph.attendee')
  const address = optionalText(emailAddress, 'address') ?? ''
  if (!address.includes('@')) throw badRequest('At least one recipient is not valid.', 'ErrorInvalidRecipients')
  return {
    type: wordValue(value.type ?? 'required', ['required', 'optional', 'resource'], 'type'),
    status: isObject(value.status) ? value.status : { response: 'none', time: '0001-01-01T00:00:00Z' },
    emailAddress: { name: optionalText(emailAddress, 'name') ?? address, address },
  }
}

function minutes(body: JsonObject): number | undefined {
  const value = body.reminderMinutesBeforeStart
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
  throw wrongType('reminderMinutesBeforeStart', 'Edm.Int32')
}

function word(body: JsonObject, name: string, words: readonly string[]): string | undefined {
  const value = body[name]
  return value === undefined || value === null ? undefined : wordValue(value, words, name)
}

/** `location` and `locations` always correspond. Source: https://learn.microsoft.com/graph/api/resources/event */
function places(body: JsonObject): Partial<Pick<EventContent, 'location' | 'locations'>> {
  const several = listValue(body, 'locations')
  const one = body.location
  if (several !== undefined) {
    const locations = several.map(place)
    const [first = {}] = locations
    return { locations, location: locations.length > 1 ? place({ displayName: joined(locations) }) : first }
  }
  if (one === undefined) return {}
  const location = one === null ? {} : place(one)
  return { location, locations: location.displayName === undefined ? [] : [location] }
}

function joined(locations: readonly JsonObject[]): string {
  return locations.map(({ displayName }) => String(displayName)).join('; ')
}

const locationTypes = [
  'default',
  'conferenceRoom',
  'homeAddress',
  'businessAddress',
  'geoCoordinates',
  'streetAddress',
  'hotel',
  'restaurant',
  'localBusiness',
  'postalAddress',
]

/** The unique id is Outlook's own; whatever a request says of it counts for nothing. */
function place(value: unknown): JsonObject {
  if (!isObject(value)) throw wrongType('location', 'microsoft.graph.location')
  const displayName = optionalText(value, 'displayName')
  if (displayName === undefined) return {}
  const { address, coordinates, locationEmailAddress, locationUri } = value
  return {
    displayName,
    locationType: wordValue(value.locationType ?? 'default', locationTypes, 'locationType'),
    uniqueId: displayName,
    uniqueIdType: 'private',
    ...Object.fromEntries(
      Object.entries({ address, coordinates, locationEmailAddress, locationUri }).filter(
        ([, part]) => part !== undefined,
      ),
    ),
  }
}

/** A series begins on the day its first occurrence is on. */
export function refuseOtherStart(content: EventContent, startDate: string): void {
  if (dateOf(content.start.wall) === startDate) return
  const message = "The range's startDate has to be the date of the event's start."
  throw badRequest(message, 'ErrorPropertyValidationFailure')
}
