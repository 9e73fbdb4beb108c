import type { Reply } from '../../http/exchange.ts'
import { deleteSession, getSession, putRange } from '../../routes/uploads.ts'
import type { Service, ServiceRoute } from '../service.ts'
import {
  addAttachment,
  createUploadSession,
  deleteAttachment,
  getAttachment,
  getAttachmentValue,
  listAttachments,
} from './attachments.ts'
import {
  createCalendar,
  createGroup,
  deleteCalendar,
  getCalendar,
  listCalendars,
  listGroups,
  updateCalendar,
} from './calendars.ts'
import { calendarViewDelta } from './delta.ts'
import { calendarOfEvent, cancelEvent, createEvent, deleteEvent, getEvent, listEvents, updateEvent } from './events.ts'
import { createPermission, deletePermission, listPermissions, updatePermission } from './permissions.ts'
import { asCalendarCall } from './state.ts'
import type { CalendarCall } from './state.ts'
import { calendarView, listInstances } from './views.ts'

type Handler = (call: CalendarCall) => Reply | Promise<Reply>

const route = (permission: string | undefined, run: Handler, content = false): ServiceRoute => ({
  permission,
  pool: 'mailbox',
  content,
  run: (call) => run(asCalendarCall(call)),
})

const basic = (run: Handler): ServiceRoute => route('readCalendarsBasic', run)
const read = (run: Handler, content = false): ServiceRoute => route('readCalendars', run, content)
const write = (run: Handler): ServiceRoute => route('writeCalendars', run)

const user = 'users/{user}'
const groups = `${user}/calendarGroups`
const inGroup = `${groups}/{calendarGroup}/calendars`
/** A calendar by its id, the default one, and a calendar by its group. */
const calendars = [`${user}/calendars/{calendar}`, `${user}/calendar`, `${inGroup}/{calendar}`]
const eventRoots = [user, ...calendars]

function each(
  places: readonly string[],
  routes: (place: string) => Record<string, ServiceRoute>,
): [string, ServiceRoute][] {
  return places.flatMap((place) => Object.entries(routes(place)))
}

const calendarRoutes = each(calendars, (calendar) => ({
  [`GET ${calendar}`]: basic(getCalendar),
  [`PATCH ${calendar}`]: write(updateCalendar),
  [`DELETE ${calendar}`]: write(deleteCalendar),
  [`GET ${calendar}/calendarView`]: basic(calendarView),
  [`GET ${calendar}/calendarView/delta`]: read(calendarViewDelta),
  [`GET ${calendar}/calendarPermissions`]: read(listPermissions),
  [`POST ${calendar}/calendarPermissions`]: write(createPermission),
  [`PATCH ${calendar}/calendarPermissions/{calendarPermission}`]: write(updatePermission),
  [`DELETE ${calendar}/calendarPermissions/{calendarPermission}`]: write(deletePermission),
}))

const eventRoutes = each(eventRoots, (place) => {
  const event = `${place}/events/{event}`
  const attachment = `${event}/attachments/{attachment}`
  return {
    [`GET ${place}/events`]: basic(listEvents),
    [`POST ${place}/events`]: write(createEvent),
    [`GET ${event}`]: basic(getEvent),
    [`PATCH ${event}`]: write(updateEvent),
    [`DELETE ${event}`]: write(deleteEvent),
    [`POST ${event}/cancel`]: write(cancelEvent),
    [`POST ${event}/permanentDelete`]: write(deleteEvent),
    [`GET ${event}/calendar`]: basic((call) => getCalendar(calendarOfEvent(call))),
    [`GET ${event}/instances`]: basic(listInstances),
    [`GET ${event}/attachments`]: read(listAttachments, true),
    [`POST ${event}/attachments`]: write(addAttachment),
    [`POST ${event}/attachments/createUploadSession`]: write(createUploadSession),
    [`GET ${attachment}`]: read(getAttachment, true),
    [`DELETE ${attachment}`]: write(deleteAttachment),
    [`GET ${attachment}/$value`]: read(getAttachmentValue, true),
  }
})

const session = `${user}/events/{event}/attachmentSessions/{session}`

/** Calendars and events. Source: https://learn.microsoft.com/graph/api/resources/calendar-overview */
export const calendarService: Service = {
  collections: {
    calendars: 'calendar',
    calendarGroups: 'calendarGroup',
    events: 'event',
    calendarPermissions: 'calendarPermission',
  },
  operations: ['calendarView', 'instances', 'cancel'],
  permissions: {
    readCalendarsBasic: ['Calendars.ReadBasic', 'Calendars.Read', 'Calendars.ReadWrite'],
    readCalendars: ['Calendars.Read', 'Calendars.ReadWrite'],
    writeCalendars: ['Calendars.ReadWrite'],
  },
  granted: ['Calendars.ReadWrite'],
  routes: {
    [`GET ${user}/calendars`]: basic(listCalendars),
    [`POST ${user}/calendars`]: write(createCalendar),
    [`GET ${groups}`]: basic(listGroups),
    [`POST ${groups}`]: write(createGroup),
    [`GET ${inGroup}`]: basic(listCalendars),
    [`POST ${inGroup}`]: write(createCalendar),
    [`GET ${user}/calendarView`]: basic(calendarView),
    [`GET ${user}/calendarView/delta`]: read(calendarViewDelta),
    ...Object.fromEntries([...calendarRoutes, ...eventRoutes]),
    [`PUT ${session}`]: route(undefined, putRange),
    [`GET ${session}`]: route(undefined, getSession),
    [`DELETE ${session}`]: route(undefined, deleteSession),
  },
}
