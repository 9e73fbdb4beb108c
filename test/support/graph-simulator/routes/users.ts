import { badRequest, GraphError } from '../http/errors.ts'
import { jsonReply } from '../http/exchange.ts'
import type { Reply } from '../http/exchange.ts'
import { parseFilter, passes } from '../odata/filter.ts'
import type { FilterValue } from '../odata/filter.ts'
import { parseSelect, propertyNames } from '../odata/query.ts'
import { directorySearch } from '../odata/search.ts'
import type { StoredUser } from '../state/user.ts'
import type { RouteCall } from './context.ts'

/** Properties a plain GET returns. Source: https://learn.microsoft.com/graph/api/user-list */
const defaultProperties = [
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
] as const

const furtherProperties = [
  'aboutMe',
  'accountEnabled',
  'ageGroup',
  'assignedLicenses',
  'assignedPlans',
  'city',
  'companyName',
  'country',
  'createdDateTime',
  'creationType',
  'deletedDateTime',
  'department',
  'employeeHireDate',
  'employeeId',
  'employeeType',
  'externalUserState',
  'faxNumber',
  'identities',
  'imAddresses',
  'isResourceAccount',
  'licenseAssignmentStates',
  'mailNickname',
  'onPremisesDomainName',
  'onPremisesImmutableId',
  'onPremisesLastSyncDateTime',
  'onPremisesSamAccountName',
  'onPremisesSyncEnabled',
  'onPremisesUserPrincipalName',
  'otherMails',
  'postalCode',
  'preferredDataLocation',
  'proxyAddresses',
  'securityIdentifier',
  'showInAddressList',
  'state',
  'streetAddress',
  'usageLocation',
  'userType',
] as const

const properties = propertyNames([...defaultProperties, ...furtherProperties])
const userType = 'microsoft.graph.user'
/** What $search looks at. */
const searchable = ['displayName', 'givenName', 'surname', 'mail', 'mailNickname', 'userPrincipalName'] as const
const defaultPage = 100
const largestPage = 999

const userNotFound = (name: string): GraphError =>
  new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`,
  )

/** GET /users */
export function listUsers(call: RouteCall): Reply {
  const { query, context, request } = call
  refuseSkip(call)
  const selected = parseSelect(query.get('$select'), properties, userType)
  const size = pageSize(query.integer('$top'))
  const all = matchingUsers(call)
  const start = skipOf(call)
  const page = all.slice(start, start + size)
  const next = start + size < all.length ? nextLink(call, start + size) : undefined
  const counted = query.flag('$count') && request.headers.consistencylevel === 'eventual' && start === 0
  return jsonReply(
    200,
    {
      '@odata.context': `${context.origin()}/v1.0/$metadata#users${selectSuffix(selected)}`,
      ...(counted ? { '@odata.count': all.length } : {}),
      ...(next === undefined ? {} : { '@odata.nextLink': next }),
      value: page.map((user) => renderUser(user, selected)),
    },
    { 'OData-Version': '4.0' },
  )
}

/** GET /users/{id | userPrincipalName} */
export function getUser(call: RouteCall): Reply {
  const { context, parameters, query } = call
  const selected = parseSelect(query.get('$select'), properties, userType)
  const user = context.tenant.findUser(parameters.user ?? '')
  if (user === undefined) throw userNotFound(parameters.user ?? '')
  return jsonReply(
    200,
    {
      '@odata.context': `${context.origin()}/v1.0/$metadata#users${selectSuffix(selected)}/$entity`,
      ...renderUser(user, selected),
    },
    { 'OData-Version': '4.0' },
  )
}

/** GET /users/$count */
export function countUsers(call: RouteCall): Reply {
  if (call.request.headers.consistencylevel !== 'eventual') {
    throw badRequest('$count is not currently supported.', 'Request_BadRequest')
  }
  return {
    status: 200,
    headers: { 'Content-Type': 'text/plain' },
    bytes: Buffer.from(String(matchingUsers(call).length)),
  }
}

function refuseSkip(call: RouteCall): void {
  const [unsupported] = call.query.present(['$skip'])
  if (unsupported === undefined) return
  throw badRequest(`'${unsupported}' is not supported by the service.`, 'Request_UnsupportedQuery')
}

function pageSize(top: number | undefined): number {
  if (top === undefined) return defaultPage
  if (top >= 1 && top <= largestPage) return top
  const message = `Invalid page size specified: '${String(top)}'. Must be between 1 and ${String(largestPage)} inclusive.`
  throw badRequest(message, 'Request_BadRequest')
}

function matchingUsers(call: RouteCall): readonly StoredUser[] {
  const filter = call.query.get('$filter')
  const users = call.context.tenant.allUsers()
  const node = filter === undefined ? undefined : parseFilter(filter)
  const kept =
    node === undefined
      ? users
      : users.filter((user) => passes(node, { value: (path) => filterValue(user, path), hasProperty: () => false }))
  const isEventual = call.request.headers.consistencylevel === 'eventual'
  const search = directorySearch(call.query, isEventual, searchable)
  const found = search === undefined ? kept : kept.filter((user) => search((name) => userProperty(user, name)))
  return inOrder(found, call.query.get('$orderby'))
}

function filterValue(user: StoredUser, path: string): FilterValue {
  const name = properties.get(path)
  if (name === undefined)
    throw badRequest(`Invalid filter clause: '${path}' is not a property.`, 'Request_UnsupportedQuery')
  const value = userProperty(user, name)
  return typeof value === 'object' ? null : (value as FilterValue)
}

function inOrder(users: readonly StoredUser[], orderBy: string | undefined): readonly StoredUser[] {
  if (orderBy === undefined) return users
  const [name = '', direction = 'asc'] = orderBy.trim().split(/\s+/)
  if (name !== 'displayName' && name !== 'userPrincipalName') {
    throw badRequest('Sorting on this property is not supported.', 'Request_UnsupportedQuery')
  }
  const sorted = users.toSorted((a, b) => a[name].localeCompare(b[name]))
  return direction === 'desc' ? sorted.reverse() : sorted
}

function skipOf(call: RouteCall): number {
  const token = call.query.get('$skiptoken')
  if (token === undefined) return 0
  const value = call.context.seal.open(token)
  const at = typeof value === 'object' && value !== null && 'at' in value ? value.at : undefined
  if (typeof at !== 'number') throw badRequest('The skip token is not valid.', 'Directory_ExpiredPageToken')
  return at
}

function nextLink(call: RouteCall, at: number): string {
  const next = new URLSearchParams(call.request.queryText)
  next.delete('$skiptoken')
  next.set('$skiptoken', call.context.seal.seal({ at }))
  return `${call.context.origin()}/v1.0/users?${next.toString().replaceAll('%24', '$')}`
}

export function selectSuffix(selected: ReadonlySet<string> | undefined): string {
  return selected === undefined ? '' : `(${[...selected].join(',')})`
}

function renderUser(user: StoredUser, selected: ReadonlySet<string> | undefined): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const name of selected ?? defaultProperties) shown[name] = userProperty(user, name)
  return shown
}

function userProperty(user: StoredUser, name: string): unknown {
  switch (name) {
    case 'id':
    case 'displayName':
    case 'userPrincipalName':
    case 'mail':
    case 'givenName':
    case 'surname':
    case 'jobTitle':
    case 'accountEnabled':
    case 'createdDateTime':
      return user[name]
    case 'businessPhones':
    case 'assignedLicenses':
    case 'assignedPlans':
    case 'otherMails':
    case 'identities':
    case 'imAddresses':
    case 'licenseAssignmentStates':
      return []
    case 'proxyAddresses':
      return user.mail === null ? [] : [`SMTP:${user.mail}`]
    case 'mailNickname':
      return user.userPrincipalName.split('@')[0]
    case 'userType':
      return 'Member'
    default:
      return null
  }
}
