import { badRequest, unknownProperty } from '../../http/errors.ts'
import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { noExpansion, parseExpand } from '../../odata/expand.ts'
import { parseFilter, passes } from '../../odata/filter.ts'
import type { FilterNode, FilterSubject } from '../../odata/filter.ts'
import { appliedPreferences, parseSelect } from '../../odata/query.ts'
import { singleValueInput } from '../../routes/extended-input.ts'
import { optionalText } from '../../routes/message-values.ts'
import { collectionPage } from '../../routes/paging.ts'
import { jsonObject } from '../../routes/request-json.ts'
import { normalizePropertyId } from '../../state/extended-properties.ts'
import { changedContent, newContent, refuseNames, refuseOtherStart } from './input.ts'
import { instanceOn, refuseCrossing } from './instances.ts'
import type { Instance } from './instances.ts'
import type { StoredEvent } from './model.ts'
import { recurrenceInput } from './recurrence.ts'
import { asInstance, carrierOf, eventProperties, renderEvent, typeOf } from './render.ts'
import type { EventView } from './render.ts'
import { calendarOf, eventOf, refuseStale } from './state.ts'
import type { CalendarCall } from './state.ts'
import { toUtc } from './zones.ts'

export const eventPages = { defaultPage: 10, largestPage: 1000 }

/** How events are shown; `$expand=exceptionOccurrences` only for a series that is asked for alone. */
export function viewOf(call: CalendarCall, single: boolean): EventView {
  const { query, calendars, preferences } = call
  const selected = parseSelect(query.get('$select'), eventProperties, 'microsoft.graph.event')
  const parts = (query.get('$expand') ?? '').split(/,(?![^(]*\))/).filter((part) => part.trim() !== '')
  const others = parts.filter((part) => !/^exceptionOccurrences$/i.test(part.trim()))
  const withExceptions = others.length < parts.length
  if (withExceptions && !single) throw badRequest("Expanding 'exceptionOccurrences' is not supported on collections.")
  const expansion = others.length === 0 ? noExpansion : parseExpand(others.join(','))
  return { calendars, preferences, selected, expansion, zone: 'utc', withExceptions }
}

/** GET calendars/{id}/events, calendar/events, events: single events and series. */
export function listEvents(call: CalendarCall): Reply {
  const { calendars, parameters, request } = call
  const view = viewOf(call, false)
  const filter = filterOf(call)
  const isWhole = parameters.calendar === undefined && !/\/calendar\/events$/i.test(request.path)
  const all = isWhole ? [...calendars.events.values()] : calendars.eventsOf(calendarOf(call))
  const kept = all.filter((event) => filter === undefined || passes(filter, filterSubject(event)))
  const render = (event: StoredEvent): object => renderEvent(asInstance(event), view)
  return collectionPage(call, kept, { ...eventPages, kind: 'events', render })
}

function filterOf(call: CalendarCall): FilterNode | undefined {
  const text = call.query.get('$filter')
  return text === undefined ? undefined : parseFilter(text)
}

function filterSubject(event: StoredEvent): FilterSubject {
  return {
    value: (path) => {
      switch (path) {
        case 'type':
          return typeOf(asInstance(event))
        case 'subject':
          return event.content.subject
        case 'icaluid':
          return event.iCalUId
        case 'lastmodifieddatetime':
          return event.modifiedAt
        case 'createddatetime':
          return event.createdAt
        case 'start/datetime':
          return toUtc(event.content.start)
        case 'end/datetime':
          return toUtc(event.content.end)
        default:
          throw unknownProperty(path, 'microsoft.graph.event')
      }
    },
    hasProperty: (id, value) => {
      const found = event.singleValue.get(normalizePropertyId(id))
      return found !== undefined && (value === undefined || found === value)
    },
  }
}

/** GET events/{id}: also one day of a series. */
export function getEvent(call: CalendarCall): Reply {
  const { event, ...rest } = eventOf(call)
  const view = viewOf(call, true)
  return eventReply(call, 200, { event, ...rest }, view)
}

function eventReply(call: CalendarCall, status: number, instance: Instance, view: EventView): Reply {
  const { calendars, context, user } = call
  const users = `${context.origin()}/v1.0/users('${user.id}')`
  const calendar = `${users}/calendars('${encodeURIComponent(calendars.calendarId(instance.event.calendar))}')`
  const json = {
    '@odata.context': `${context.origin()}/v1.0/$metadata#users('${user.id}')/events/$entity`,
    ...renderEvent(instance, view),
    'calendar@odata.associationLink': `${calendar}/$ref`,
    'calendar@odata.navigationLink': calendar,
  }
  return jsonReply(status, json, appliedPreferences(call.preferences))
}

/** GET events/{id}/calendar */
export function calendarOfEvent(call: CalendarCall): CalendarCall {
  const { event } = eventOf(call)
  return { ...call, parameters: { ...call.parameters, calendar: call.calendars.calendarId(event.calendar) } }
}

/** POST calendars/{id}/events, calendar/events, events. Attendees are invited by mail, whatever else the event says. */
export function createEvent(call: CalendarCall): Reply {
  const { calendars, now } = call
  const calendar = calendarOf(call)
  if (!calendar.canEdit) throw badRequest('The calendar cannot be changed.', 'ErrorAccessDenied')
  const body = jsonObject(call.request)
  refuseNames(body)
  const content = newContent(body)
  const recurrence =
    body.recurrence === undefined || body.recurrence === null
      ? undefined
      : recurrenceInput(body.recurrence, content.start.zone)
  if (recurrence !== undefined) refuseOtherStart(content, recurrence.range.startDate)
  const transactionId = optionalText(body, 'transactionId') ?? null
  const made = { content, recurrence, transactionId, singleValue: singleValueInput(body) }
  const event = calendars.addEvent(calendar, made, now)
  calendars.notify('invitation', content.subject ?? '', content.attendees)
  meetOnline(call, event)
  return eventReply(call, 201, asInstance(event), { ...viewOf(call, true), zone: 'own' })
}

function meetOnline({ calendars }: CalendarCall, event: StoredEvent): void {
  if (!event.content.isOnlineMeeting || event.content.onlineMeeting !== null) return
  calendars.onlineMeetings += 1
  const joinUrl = `https://teams.example/l/meetup-join/${String(calendars.onlineMeetings)}`
  event.content = { ...event.content, onlineMeeting: { joinUrl }, onlineMeetingProvider: 'teamsForBusiness' }
}

/** PATCH events/{id}: of a day of a series, makes it an exception. Whoever is invited hears of it. */
export function updateEvent(call: CalendarCall): Reply {
  const { calendars, now } = call
  const instance = eventOf(call)
  refuseStale(call, instance)
  const body = jsonObject(call.request)
  refuseNames(body)
  if (body.transactionId !== undefined) throw badRequest('transactionId cannot be changed.', 'ErrorInvalidPropertySet')
  const content = changedContent(instance.content, body)
  const { event, date } = instance
  if (date === undefined) updateSeries(event, body.recurrence)
  else refuseOfDay(event, date, body, content)
  const carrier = date === undefined ? event : calendars.exception(event, date)
  carrier.content = content
  carrier.singleValue = new Map([...carrier.singleValue, ...singleValueInput(body)])
  calendars.touch(event, date, now)
  if (event.isOrganizer) calendars.notify('update', content.subject ?? '', content.attendees)
  meetOnline(call, event)
  const changed = date === undefined ? asInstance(event) : (instanceOn(event, date) ?? instance)
  return eventReply(call, 200, changed, { ...viewOf(call, true), zone: 'own' })
}

/** A new pattern takes all changed days with it. */
function updateSeries(event: StoredEvent, recurrence: unknown): void {
  if (recurrence === undefined) return
  event.recurrence = recurrence === null ? undefined : recurrenceInput(recurrence, event.content.start.zone)
  event.exceptions.clear()
  event.cancelled.clear()
}

function refuseOfDay(
  event: StoredEvent,
  date: string,
  body: Readonly<Record<string, unknown>>,
  content: Instance['content'],
): void {
  if (body.recurrence !== undefined && body.recurrence !== null) {
    throw badRequest('An occurrence cannot have a recurrence.', 'ErrorOccurrenceCannotHaveRecurrence')
  }
  if (body.sensitivity !== undefined && content.sensitivity !== event.content.sensitivity) {
    throw badRequest('The sensitivity belongs to the whole series.', 'ErrorInvalidPropertySet')
  }
  refuseCrossing(event, date, content)
}

/** DELETE events/{id}: of a day of a series, cancels it. Whoever is invited hears of it. */
export function deleteEvent(call: CalendarCall): Reply {
  const { calendars, now } = call
  const instance = eventOf(call)
  refuseStale(call, instance)
  const { event, date, content } = instance
  if (event.isOrganizer) calendars.notify('cancellation', content.subject ?? '', content.attendees)
  if (date === undefined) calendars.remove(event)
  else calendars.cancel(event, date, now)
  return emptyReply(204)
}

/** POST events/{id}/cancel: mails a cancellation to everybody who was invited. */
export function cancelEvent(call: CalendarCall): Reply {
  const instance = eventOf(call)
  if (carrierOf(instance).content.attendees.length === 0 || !instance.event.isOrganizer) {
    throw badRequest('Only the organizer of a meeting can cancel it.', 'ErrorInvalidRequest')
  }
  deleteEvent({ ...call })
  return emptyReply(202)
}
