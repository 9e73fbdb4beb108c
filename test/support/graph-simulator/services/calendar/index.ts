import { accessDenied } from '../../http/errors.ts'
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
import { asCalendarCall, asGroupCall, asSessionCall, calendarState } from './state.ts'
import type { CalendarCall } from './state.ts'
import { calendarView, listInstances } from './views.ts'

type Handler = (call: CalendarCall) => Reply | Promise<Reply>

const route = (permission: string, run: Handler, content = false): ServiceRoute => ({
  permission,
  pool: 'mailbox',
  content,
  run: (call) => run(asCalendarCall(call)),
})

const ofSession = (run: Handler): ServiceRoute => ({
  permission: undefined,
  pool: 'mailbox',
  run: (call) => run(asSessionCall(call)),
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

/** What Graph gives applications of a group's calendar. Source: the permission tables of each operation. */
const ofGroup = (permission: string, run: Handler, content = false): ServiceRoute => ({
  permission,
  pool: 'mailbox',
  content,
  run: async (call) => asOfGroup(await run(asGroupCall(call))),
})

/** What it gives to people alone. */
const forPeople = (permission: string, run: Handler): ServiceRoute =>
  ofGroup(permission, (call) => {
    if (call.context.tenant.service(calendarState).caller === 'app') throw accessDenied()
    return run(call)
  })

/** The answer with what it says of itself, in the name of the group. */
function asOfGroup(reply: Reply): Reply {
  const { json } = reply
  if (typeof json !== 'object' || json === null) return reply
  const told = Object.entries(json).map(([name, value]) => [
    name,
    name.includes('@odata.') && typeof value === 'string'
      ? value.replace(/\busers\('/, "groups('")
      : (value as unknown),
  ])
  return { ...reply, json: Object.fromEntries(told) as unknown }
}

const group = 'groups/{group}'
const groupEvent = `${group}/events/{event}`
const groupAttachment = `${groupEvent}/attachments/{attachment}`

const groupRoutes: Record<string, ServiceRoute> = {
  [`GET ${group}/calendar`]: forPeople('readCalendarsBasic', getCalendar),
  [`GET ${group}/calendar/events`]: forPeople('readCalendarsBasic', listEvents),
  [`POST ${group}/calendar/events`]: forPeople('writeCalendars', createEvent),
  [`GET ${group}/events`]: forPeople('readCalendarsBasic', listEvents),
  [`POST ${group}/events`]: forPeople('writeCalendars', createEvent),
  [`GET ${group}/calendarView/delta`]: forPeople('readCalendars', calendarViewDelta),
  [`GET ${group}/calendarView`]: ofGroup('readCalendarsBasic', calendarView),
  [`GET ${groupEvent}`]: ofGroup('readCalendarsBasic', getEvent),
  [`PATCH ${groupEvent}`]: ofGroup('writeCalendars', updateEvent),
  [`DELETE ${groupEvent}`]: ofGroup('writeCalendars', deleteEvent),
  [`POST ${groupEvent}/cancel`]: ofGroup('writeCalendars', cancelEvent),
  [`GET ${groupEvent}/instances`]: ofGroup('readCalendarsBasic', listInstances),
  [`GET ${groupEvent}/attachments`]: ofGroup('readCalendars', listAttachments, true),
  [`POST ${groupEvent}/attachments`]: ofGroup('writeCalendars', addAttachment),
  [`POST ${groupEvent}/attachments/createUploadSession`]: ofGroup('writeCalendars', createUploadSession),
  [`GET ${groupAttachment}`]: ofGroup('readCalendars', getAttachment, true),
  [`DELETE ${groupAttachment}`]: ofGroup('writeCalendars', deleteAttachment),
  [`GET ${groupAttachment}/$value`]: ofGroup('readCalendars', getAttachmentValue, true),
}

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
    ...groupRoutes,
    [`PUT ${session}`]: ofSession(putRange),
    [`GET ${session}`]: ofSession(getSession),
    [`DELETE ${session}`]: ofSession(deleteSession),
  },
}
