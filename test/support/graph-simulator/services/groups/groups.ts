import { accessDenied, badRequest } from '../../http/errors.ts'
import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { parseSelect } from '../../odata/query.ts'
import { directorySearch } from '../../odata/search.ts'
import { jsonObject, requiredText } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { selectSuffix } from '../../routes/users.ts'
import { directoryPage, isEventual } from './calls.ts'
import type { GroupCall, GroupsCall } from './calls.ts'
import { matchingGroups } from './filter.ts'
import { boundIds, join } from './members.ts'
import {
  defaultProperties,
  exchangeProperties,
  groupProperties,
  groupProperty,
  groupType,
  writableProperties,
} from './properties.ts'
import type { StoredGroup } from './state.ts'

/** What $search looks at. */
const searchable = ['displayName', 'description', 'mail', 'mailNickname'] as const
const dataVersion = { 'OData-Version': '4.0' }

/** https://learn.microsoft.com/graph/api/group-list */
export function listGroups(call: GroupsCall): Reply {
  const selected = parseSelect(call.query.get('$select'), groupProperties, groupType)
  const [foreign] = [...(selected ?? [])].filter((name) => exchangeProperties.has(name))
  if (foreign !== undefined) {
    throw badRequest(`'${foreign}' is only given for a single group.`, 'Request_UnsupportedQuery')
  }
  const all = inOrder(call, found(call))
  const page = directoryPage(call, `groups${selectSuffix(selected)}`, all, (group) => rendered(group, selected))
  return jsonReply(200, page, dataVersion)
}

/** GET groups/$count */
export function countGroups(call: GroupsCall): Reply {
  if (!isEventual(call)) throw badRequest('$count is not currently supported.', 'Request_BadRequest')
  const bytes = Buffer.from(String(found(call).length))
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, bytes }
}

function found(call: GroupsCall): readonly StoredGroup[] {
  const all = call.groups.all()
  const filter = call.query.get('$filter')
  const kept = filter === undefined ? all : matchingGroups(all, filter, isEventual(call) && call.query.flag('$count'))
  const search = directorySearch(call.query, isEventual(call), searchable)
  return search === undefined ? kept : kept.filter((group) => search((name) => groupProperty(group, name)))
}

function inOrder(call: GroupsCall, groups: readonly StoredGroup[]): readonly StoredGroup[] {
  const order = call.query.get('$orderby')
  if (order === undefined) return groups
  const advanced = isEventual(call) && call.query.flag('$count')
  if (!/^displayName( asc)?$/i.test(order) || (call.query.get('$filter') !== undefined && !advanced)) {
    throw badRequest('Sorting not supported for current query.', 'Request_UnsupportedQuery')
  }
  return groups.toSorted((one, other) => (one.displayName < other.displayName ? -1 : 1))
}

/** https://learn.microsoft.com/graph/api/group-get */
export function getGroup(call: GroupCall): Reply {
  const selected = parseSelect(call.query.get('$select'), groupProperties, groupType)
  const foreign = [...(selected ?? [])].some((name) => exchangeProperties.has(name))
  if (foreign && !call.groups.applicationsUseExchange) throw accessDenied()
  const context = `${call.context.origin()}/v1.0/$metadata#groups${selectSuffix(selected)}/$entity`
  return jsonReply(200, { '@odata.context': context, ...rendered(call.group, selected) }, dataVersion)
}

function rendered(group: StoredGroup, selected: ReadonlySet<string> | undefined): Record<string, unknown> {
  return Object.fromEntries([...(selected ?? defaultProperties)].map((name) => [name, groupProperty(group, name)]))
}

const required = ['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled']
const onlyOnCreation = ['groupTypes', 'isAssignableToRole', 'mailEnabled', 'resourceBehaviorOptions']

/** https://learn.microsoft.com/graph/api/group-post-groups */
export function createGroup(call: GroupsCall): Reply {
  const body = jsonObject(call.request)
  for (const name of required) if (body[name] === undefined) throw invalid(`Required property '${name}' is missing.`)
  const { groupTypes = [], mailEnabled } = body
  const unified = Array.isArray(groupTypes) && groupTypes.includes('Unified')
  // Only Exchange makes other groups with a mailbox.
  if (mailEnabled !== unified) throw invalid('The service does not currently support writes of mail-enabled groups.')
  checkValues(call, body, [...writableProperties, ...onlyOnCreation])
  const owners = boundIds(call, body, 'owners')
  const members = boundIds(call, body, 'members')
  const more = Object.entries(body).filter(([name]) => !name.includes('@') && name !== 'mailEnabled')
  const group = call.groups.add({ displayName: requiredText(body, 'displayName'), unified })
  call.groups.set(group.id, Object.fromEntries(more))
  if (group.mail !== null) group.mail = group.mail.replace(/^[^@]*/, group.mailNickname)
  join(call, group, 'owners', owners)
  join(call, group, 'members', members)
  const context = `${call.context.origin()}/v1.0/$metadata#groups/$entity`
  return jsonReply(201, { '@odata.context': context, ...rendered(group, undefined) }, dataVersion)
}

/** https://learn.microsoft.com/graph/api/group-update */
export function updateGroup(call: GroupCall): Reply {
  const body = jsonObject(call.request)
  const names = Object.keys(body).filter((name) => !name.startsWith('@'))
  if (names.length === 0) throw invalid('The request body must contain at least one property.')
  if (names.some((name) => exchangeProperties.has(name))) return updateExchange(call, body, names)
  checkValues(call, body, [...writableProperties])
  const members = boundIds(call, body, 'members')
  const plain = Object.entries(body).filter(([name]) => !name.includes('@'))
  join(call, call.group, 'members', members)
  call.groups.set(call.group.id, Object.fromEntries(plain))
  return emptyReply(204)
}

/** What Exchange keeps goes in a request of its own, and not from applications. */
function updateExchange(call: GroupCall, body: JsonObject, names: readonly string[]): Reply {
  if (!call.groups.applicationsUseExchange) throw accessDenied()
  if (!names.every((name) => exchangeProperties.has(name) && typeof body[name] === 'boolean')) {
    throw invalid('Properties of Exchange have to be updated in requests of their own.')
  }
  call.groups.set(call.group.id, body)
  return jsonReply(200, { id: call.group.id })
}

const invalid = (message: string): Error => badRequest(message, 'Request_BadRequest')

function checkValues(call: GroupsCall, body: JsonObject, allowed: readonly string[]): void {
  for (const [name, value] of Object.entries(body)) {
    if (name.includes('@')) continue
    if (!allowed.includes(name)) throw invalid(`Property '${name}' is read-only or does not exist.`)
    if (name === 'displayName' && (typeof value !== 'string' || value === '' || value.length > 256)) {
      throw invalid(`Invalid value specified for property '${name}'.`)
    }
    if (value === '') throw invalid(`Invalid value specified for property '${name}'.`)
  }
  checkNickname(call, body.mailNickname)
  checkVisibility(call, body.visibility)
}

function checkNickname({ groups, parameters }: GroupsCall, nickname: unknown): void {
  if (nickname === undefined) return
  if (typeof nickname !== 'string' || !/^[!-~]{1,64}$/.test(nickname) || /[@()\\[\]";:<>,]/.test(nickname)) {
    throw invalid("Invalid value specified for property 'mailNickname'.")
  }
  const other = groups.byNickname(nickname)
  if (other === undefined || other.id === parameters.group?.toLowerCase()) return
  throw invalid("Another object with the same value for property 'mailNickname' already exists.")
}

/** HiddenMembership is for new groups alone. */
function checkVisibility({ parameters }: GroupsCall, visibility: unknown): void {
  if (visibility === undefined || visibility === 'Public' || visibility === 'Private') return
  if (visibility === 'HiddenMembership' && parameters.group === undefined) return
  throw invalid("Invalid value specified for property 'visibility'.")
}

/** To the deleted items. https://learn.microsoft.com/graph/api/group-delete */
export function deleteGroup({ groups, group }: GroupCall): Reply {
  groups.remove(group.id)
  return emptyReply(204)
}
