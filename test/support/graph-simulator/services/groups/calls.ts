import { badRequest, GraphError } from '../../http/errors.ts'
import type { RouteCall } from '../../routes/context.ts'
import { groupDirectory } from './state.ts'
import type { GroupDirectory, StoredGroup } from './state.ts'

export interface GroupsCall extends RouteCall {
  readonly groups: GroupDirectory
}

export interface GroupCall extends GroupsCall {
  readonly group: StoredGroup
}

export const resourceNotFound = (name: string): GraphError =>
  new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`,
  )

const denied = (): GraphError =>
  new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')

export function withGroups(call: RouteCall): GroupsCall {
  return { ...call, groups: groupDirectory(call.context.tenant) }
}

/** A call about a group that exists. */
export function withGroup(call: RouteCall): GroupCall {
  const { group: id = '' } = call.parameters
  const groups = groupDirectory(call.context.tenant)
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    throw badRequest(`Invalid object identifier '${id}'.`, 'Request_BadRequest')
  }
  const group = groups.get(id)
  if (group === undefined) throw resourceNotFound(id)
  if (groups.forbidden.has(group.id)) throw denied()
  return { ...call, groups, group }
}

const largestPage = 999

/** Directory listings: `$top` up to 999, `$skip` unsupported, `$count` only with ConsistencyLevel: eventual. */
export function directoryPage<T>(
  call: GroupsCall,
  context: string,
  all: readonly T[],
  render: (one: T) => object,
): Record<string, unknown> {
  const [unsupported] = call.query.present(['$skip'])
  if (unsupported !== undefined) {
    throw badRequest(`'${unsupported}' is not supported by the service.`, 'Request_UnsupportedQuery')
  }
  const size = pageSize(call)
  const start = startOf(call)
  const more = start + size < all.length
  const counted = call.query.flag('$count') && isEventual(call) && start === 0
  return {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#${context}`,
    ...(counted ? { '@odata.count': all.length } : {}),
    ...(more ? { '@odata.nextLink': nextLink(call, start + size) } : {}),
    value: all.slice(start, start + size).map(render),
  }
}

export function isEventual({ request }: RouteCall): boolean {
  return request.headers.consistencylevel === 'eventual'
}

function pageSize(call: GroupsCall): number {
  const top = call.query.integer('$top')
  if (top === undefined) return call.groups.pageSize
  if (top >= 1 && top <= largestPage) return Math.min(top, call.groups.largestPage)
  throw badRequest(
    `Invalid page size specified: '${String(top)}'. Must be between 1 and ${String(largestPage)} inclusive.`,
    'Request_BadRequest',
  )
}

function startOf(call: RouteCall): number {
  const token = call.query.get('$skiptoken')
  if (token === undefined) return 0
  const value = call.context.seal.open(token)
  const at = typeof value === 'object' && value !== null && 'at' in value ? value.at : undefined
  if (typeof at !== 'number') throw badRequest('The skip token is not valid.', 'Directory_ExpiredPageToken')
  return at
}

function nextLink({ request, context }: RouteCall, at: number): string {
  const kept = request.queryText.split('&').filter((part) => part !== '' && !/^(\$|%24)skiptoken=/i.test(part))
  return `${context.origin()}${request.path}?${[...kept, `$skiptoken=${context.seal.seal({ at })}`].join('&')}`
}
