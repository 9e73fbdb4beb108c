import { badRequest, GraphError } from '../../http/errors.ts'
import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { parseSelect } from '../../odata/query.ts'
import { jsonObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { profilesState } from '../profile/state.ts'
import { userProperties, userType } from '../profile/properties.ts'
import { directoryPage, isEventual, resourceNotFound } from './calls.ts'
import type { GroupCall, GroupsCall } from './calls.ts'
import { isUnified, sendsWelcome } from './properties.ts'
import type { StoredGroup } from './state.ts'

export type Side = 'members' | 'owners'

/** What a listing gives of a person that is not asked for more. */
const personProperties = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
]

/** Roles without which of other objects only the id is shown. https://learn.microsoft.com/graph/permissions-overview */
const readsUsers = /^(User|Directory)\.Read/

/** https://learn.microsoft.com/graph/api/group-list-members, group-list-owners; `cast`: of one type alone. */
export function listSide(call: GroupCall, side: Side, cast?: string): Reply {
  const selected = parseSelect(call.query.get('$select'), userProperties, userType)
  const members = [...call.group[side]]
    .flatMap((id) => found(call, id))
    .filter(({ type }) => cast === undefined || type === cast)
  const context = cast === undefined ? 'directoryObjects' : `${cast}s`
  const page = directoryPage(call, context, members, (member) => rendered(call, member, selected))
  return jsonReply(200, page, { 'OData-Version': '4.0' })
}

/** GET groups/{id}/members/$count */
export function countSide(call: GroupCall, side: Side): Reply {
  if (!isEventual(call)) throw badRequest('$count is not currently supported.', 'Request_BadRequest')
  const bytes = Buffer.from(String([...call.group[side]].flatMap((id) => found(call, id)).length))
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, bytes }
}

interface Member {
  readonly type: string
  readonly id: string
  readonly displayName: string
}

/** Users that were deleted are in no group any more. */
function found({ context, groups }: GroupsCall, id: string): readonly Member[] {
  const user = context.tenant.findUser(id)
  if (user !== undefined) return [{ type: 'user', id: user.id, displayName: user.displayName }]
  const other = groups.others.get(id)
  return other === undefined ? [] : [other]
}

function rendered(call: GroupCall, member: Member, selected: ReadonlySet<string> | undefined): object {
  const type = { '@odata.type': `#microsoft.graph.${member.type}` }
  const names = [...new Set(['id', ...(selected ?? personProperties)])]
  if (member.type !== 'user') {
    const { id, displayName } = member
    const shown = selected === undefined || selected.has('displayName') ? { displayName } : {}
    return { ...type, id, ...shown }
  }
  const isVisible = call.context.app.roles.some((role) => readsUsers.test(role))
  const profiles = profilesState(call.context.tenant)
  const values = names.map((name) => [name, isVisible || name === 'id' ? profiles.property(member.id, name) : null])
  return { ...type, ...(Object.fromEntries(values) as object) }
}

/** POST groups/{id}/members/$ref. https://learn.microsoft.com/graph/api/group-post-members */
export function addReference(call: GroupCall, side: Side): Reply {
  const id = referredId(call, jsonObject(call.request)['@odata.id'])
  join(call, call.group, side, [id])
  return emptyReply(204)
}

/** DELETE groups/{id}/members/{id}/$ref. https://learn.microsoft.com/graph/api/group-delete-members */
export function removeReference(call: GroupCall, side: Side): Reply {
  const id = (call.parameters.member ?? call.parameters.owner ?? '').toLowerCase()
  if (!call.group[side].has(id)) throw resourceNotFound(id)
  if (side === 'owners' && call.group.owners.size === 1) {
    throw new GraphError(400, 'Request_BadRequest', 'The group must have at least one owner.')
  }
  call.group[side].delete(id)
  return emptyReply(204)
}

/** Ids of `members@odata.bind`, up to 20 in one request. */
export function boundIds(call: GroupsCall, body: JsonObject, side: Side): readonly string[] {
  const bound = body[`${side}@odata.bind`]
  if (bound === undefined) return []
  if (!Array.isArray(bound) || bound.length > 20) {
    throw badRequest(`The number of '${side}' exceeds the limit of 20.`, 'Request_BadRequest')
  }
  return bound.map((reference: unknown) => referredId(call, reference))
}

/** All or nobody. Exchange mails the newcomers unless that is switched off. */
export function join(call: GroupsCall, group: StoredGroup, side: Side, ids: readonly string[]): void {
  for (const id of ids) refuseMember(call, group, side, id)
  if (ids.some((id) => group[side].has(id))) {
    throw badRequest(
      `One or more added object references already exist for the following modified properties: '${side}'.`,
      'Request_BadRequest',
    )
  }
  for (const id of ids) group[side].add(id)
  if (sendsWelcome(group)) call.groups.welcomed += ids.length
}

/** https://learn.microsoft.com/graph/api/resources/groups-overview: a Microsoft 365 group takes users alone. */
function refuseMember(call: GroupsCall, group: StoredGroup, side: Side, id: string): void {
  const [member] = found(call, id)
  if (member === undefined) throw resourceNotFound(id)
  if (group.groupTypes.includes('DynamicMembership') && side === 'members') {
    throw badRequest('Insufficient privileges: the members follow from a rule.', 'Request_BadRequest')
  }
  const fits = member.type === 'user' || (side === 'owners' ? member.type === 'servicePrincipal' : !isUnified(group))
  if (!fits) throw badRequest(`An object of type '${member.type}' cannot be added.`, 'Request_BadRequest')
}

function referredId({ context }: GroupsCall, reference: unknown): string {
  const text = typeof reference === 'string' ? reference : ''
  const base = `${context.origin()}/v1.0/`
  const rest = text.startsWith(base) ? text.slice(base.length) : undefined
  const id = rest === undefined ? undefined : /^(?:directoryObjects|users)\/([0-9a-f-]{36})$/i.exec(rest)?.[1]
  if (id === undefined)
    throw badRequest(`Invalid URL format specified in the request: '${text}'.`, 'Request_BadRequest')
  return id.toLowerCase()
}
