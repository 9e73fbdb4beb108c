import { badRequest, GraphError, unknownProperty } from '../../http/errors.ts'
import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { appliedPreferences, parseSelect, propertyNames } from '../../odata/query.ts'
import { optionalText, wordValue } from '../../routes/message-values.ts'
import { collectionPage } from '../../routes/paging.ts'
import { jsonObject, requiredText } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { changeKey } from './ids.ts'
import type { StoredCalendar, StoredGroup } from './model.ts'
import { renderCalendar } from './render.ts'
import { calendarOf, groupOf } from './state.ts'
import type { CalendarCall } from './state.ts'

const pages = { defaultPage: 10, largestPage: 1000 }

const colors = [
  'auto',
  'lightBlue',
  'lightGreen',
  'lightOrange',
  'lightGray',
  'lightYellow',
  'lightTeal',
  'lightPink',
  'lightBrown',
  'lightRed',
  'maxColor',
]

const calendarProperties = propertyNames([
  'id',
  'name',
  'color',
  'hexColor',
  'isDefaultCalendar',
  'changeKey',
  'canShare',
  'canViewPrivateItems',
  'canEdit',
  'allowedOnlineMeetingProviders',
  'defaultOnlineMeetingProvider',
  'isTallyingResponses',
  'isRemovable',
  'owner',
])

/** GET calendars: those of all groups; GET calendarGroups/{id}/calendars: those of one. */
export function listCalendars(call: CalendarCall): Reply {
  const { calendars, parameters, query } = call
  const selected = parseSelect(query.get('$select'), calendarProperties, 'microsoft.graph.calendar')
  const group = parameters.calendarGroup === undefined ? undefined : groupOf(call)
  const all = calendars.calendars.filter((calendar) => group === undefined || calendar.group === group)
  const render = (calendar: StoredCalendar): object => withSelected(renderCalendar(calendars, calendar), selected)
  return collectionPage(call, all, { ...pages, kind: 'calendars', render })
}

function withSelected(shown: Record<string, unknown>, selected: ReadonlySet<string> | undefined): object {
  if (selected === undefined) return shown
  return Object.fromEntries(Object.entries(shown).filter(([name]) => name === 'id' || selected.has(name)))
}

/** GET calendars/{id} and GET calendar */
export function getCalendar(call: CalendarCall): Reply {
  return calendarReply(call, 200, calendarOf(call))
}

function calendarReply(call: CalendarCall, status: number, calendar: StoredCalendar): Reply {
  const selected = parseSelect(call.query.get('$select'), calendarProperties, 'microsoft.graph.calendar')
  const context = `${call.context.origin()}/v1.0/$metadata#users('${call.user.id}')/calendars/$entity`
  const json = { '@odata.context': context, ...withSelected(renderCalendar(call.calendars, calendar), selected) }
  return jsonReply(status, json, appliedPreferences(call.preferences))
}

/** POST calendars and POST calendarGroups/{id}/calendars. A name is taken once in the whole mailbox. */
export function createCalendar(call: CalendarCall): Reply {
  const group = call.parameters.calendarGroup === undefined ? undefined : groupOf(call)
  const body = jsonObject(call.request)
  refuseOthers(body, ['name', 'color'], 'microsoft.graph.calendar')
  const name = requiredText(body, 'name')
  refuseTaken(call, name, undefined)
  const color = wordValue(body.color ?? 'auto', colors, 'color')
  const more = group === undefined ? {} : { group }
  return calendarReply(call, 201, call.calendars.addCalendar({ name, color, ...more }))
}

function refuseOthers(body: JsonObject, names: readonly string[], type: string): void {
  const other = Object.keys(body).find((name) => name !== '@odata.type' && !names.includes(name))
  if (other !== undefined) throw unknownProperty(other, type)
}

function refuseTaken(call: CalendarCall, name: string, except: StoredCalendar | undefined): void {
  const taken = call.calendars.calendars.some(
    (calendar) => calendar !== except && calendar.name.toLowerCase() === name.toLowerCase(),
  )
  if (taken) throw new GraphError(409, 'ErrorFolderExists', 'A folder with the specified name already exists.')
}

/** PATCH calendars/{id} */
export function updateCalendar(call: CalendarCall): Reply {
  const calendar = calendarOf(call)
  const body = jsonObject(call.request)
  refuseOthers(body, ['name', 'color'], 'microsoft.graph.calendar')
  const name = optionalText(body, 'name') ?? calendar.name
  refuseTaken(call, name, calendar)
  calendar.name = name
  calendar.color = wordValue(body.color ?? calendar.color, colors, 'color')
  calendar.version += 1
  return calendarReply(call, 200, calendar)
}

/** DELETE calendars/{id}; the default one stays. */
export function deleteCalendar(call: CalendarCall): Reply {
  const calendar = calendarOf(call)
  if (calendar.isDefault) throw badRequest('The default calendar cannot be deleted.', 'ErrorDeleteDistinguishedFolder')
  call.calendars.removeCalendar(calendar)
  return emptyReply(204)
}

function renderGroup(call: CalendarCall, group: StoredGroup): object {
  const { name, classId, number } = group
  return { name, classId, changeKey: changeKey(call.calendars.key, number, 1), id: call.calendars.groupId(group) }
}

/** GET calendarGroups */
export function listGroups(call: CalendarCall): Reply {
  const render = (group: StoredGroup): object => renderGroup(call, group)
  return collectionPage(call, call.calendars.groups, { ...pages, kind: 'calendarGroups', render })
}

/** POST calendarGroups */
export function createGroup(call: CalendarCall): Reply {
  const body = jsonObject(call.request)
  refuseOthers(body, ['name'], 'microsoft.graph.calendarGroup')
  const name = requiredText(body, 'name')
  if (call.calendars.groups.some((group) => group.name.toLowerCase() === name.toLowerCase())) {
    throw badRequest('A calendar group of that name exists.', 'ErrorDuplicateName')
  }
  return jsonReply(201, renderGroup(call, call.calendars.addGroup(name)), appliedPreferences(call.preferences))
}
