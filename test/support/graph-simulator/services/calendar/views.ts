import { badRequest } from '../../http/errors.ts'
import type { Reply } from '../../http/exchange.ts'
import { collectionPage } from '../../routes/paging.ts'
import { eventPages, viewOf } from './events.ts'
import { instancesIn } from './instances.ts'
import type { Instance, Window } from './instances.ts'
import { renderEvent } from './render.ts'
import { calendarOf, eventOf } from './state.ts'
import type { CalendarCall } from './state.ts'

const longestView = 1825 * 86_400_000

/** The time window of a view; without an offset the times are UTC. */
export function windowOf(call: CalendarCall): Window {
  const start = bound(call, 'startDateTime')
  const end = bound(call, 'endDateTime')
  if (end < start) throw badRequest('The end of the window lies before its start.', 'ErrorInvalidParameter')
  return { start, end }
}

function bound(call: CalendarCall, name: string): number {
  const value = call.query.get(name)
  if (value === undefined) {
    const message =
      'This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.'
    throw badRequest(message, 'ErrorInvalidParameter')
  }
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?)?$/i.test(value)
  const text = /(Z|[+-]\d\d:\d\d)$/i.test(value) || !value.includes('T') ? value : `${value}Z`
  const time = isIso ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw badRequest(`The value '${value}' of parameter '${name}' is invalid.`, 'ErrorInvalidParameter')
}

/** GET calendars/{id}/calendarView: single events and the days of series in a window. */
export function calendarView(call: CalendarCall): Reply {
  const window = windowOf(call)
  if (window.end - window.start > longestView) {
    throw badRequest('The requested time window is longer than 1825 days.', 'ErrorCalendarViewRangeTooBig')
  }
  const all = call.calendars.eventsOf(calendarOf(call)).flatMap((event) => instancesIn(event, window))
  return instancePage(call, all, 'calendarView')
}

/** GET events/{id}/instances: the days of one series in a window. */
export function listInstances(call: CalendarCall): Reply {
  const { event, date } = eventOf(call)
  const window = windowOf(call)
  if (date !== undefined || event.recurrence === undefined) {
    throw badRequest('The event is not the master of a series.', 'ErrorCalendarIsNotSeriesMaster')
  }
  return instancePage(call, instancesIn(event, window), 'instances')
}

function instancePage(call: CalendarCall, all: readonly Instance[], kind: string): Reply {
  const view = viewOf(call, false)
  return collectionPage(call, all, { ...eventPages, kind, render: (instance) => renderEvent(instance, view) })
}
