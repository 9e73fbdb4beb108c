import { badRequest, GraphError } from '../../http/errors.ts'
import { bytesReply, emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { parseSelect } from '../../odata/query.ts'
import type { RouteCall } from '../../routes/context.ts'
import { jsonObject, refuseTooLarge } from '../../routes/request-json.ts'
import { selectSuffix } from '../../routes/users.ts'
import type { StoredUser } from '../../state/user.ts'
import {
  accountProperties,
  defaultProperties,
  editableProperties,
  lists,
  notForApplications,
  restrictedProperties,
  sharePointProperties,
  userProperties,
  userType,
} from './properties.ts'
import { mediaEtag, profilesState } from './state.ts'
import type { ProfilesState } from './state.ts'

interface ProfileCall extends RouteCall {
  readonly user: StoredUser
  readonly profiles: ProfilesState
}

const notFound = (name: string): GraphError =>
  new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`,
  )

const denied = (): GraphError =>
  new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')

export function withProfile(run: (call: ProfileCall) => Reply): (call: RouteCall) => Reply {
  return (call) => {
    const name = call.parameters.user ?? ''
    const user = call.context.tenant.findUser(name)
    if (user === undefined) throw notFound(name)
    return run({ ...call, user, profiles: profilesState(call.context.tenant) })
  }
}

/** GET users/{id}: what the directory, SharePoint and others know of a user, as far as it is selected. */
export function getUser(call: ProfileCall): Reply {
  const selected = parseSelect(call.query.get('$select'), userProperties, userType)
  for (const name of selected ?? []) refuseReading(call, name)
  const context = `${call.context.origin()}/v1.0/$metadata#users${selectSuffix(selected)}/$entity`
  const shown = rendered(call.profiles, call.user, selected ?? new Set(defaultProperties))
  return jsonReply(200, { '@odata.context': context, ...shown }, { 'OData-Version': '4.0' })
}

function rendered(profiles: ProfilesState, user: StoredUser, names: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries([...names].map((name) => [name, profiles.property(user.id, name)]))
}

/** A request that selects anything it may not see is refused as a whole. */
function refuseReading({ context, request }: ProfileCall, name: string): void {
  // https://github.com/microsoftgraph/microsoft-graph-docs/issues/7555
  if (name === 'preferredName')
    throw new GraphError(501, 'NotImplemented', 'This operation target is not yet supported.')
  const roles = restrictedProperties[name]
  if (roles !== undefined && !roles.some((role) => context.app.roles.includes(role))) throw denied()
  const byId = /\/users\/[0-9a-f]{8}-[0-9a-f-]{27}(\/|$)/i.test(request.path)
  if (name === 'signInActivity' && !byId) throw badRequest('The id of the user is expected.', 'Request_BadRequest')
}

/** PATCH users/{id}. Source: https://learn.microsoft.com/graph/api/user-update */
export function updateUser(call: ProfileCall): Reply {
  const { profiles, user, request } = call
  const body = jsonObject(request)
  const names = Object.keys(body).filter((name) => !name.includes('@'))
  if (names.length === 0) throw badRequest('The request body must contain at least one property.', 'Request_BadRequest')
  const own = names.filter((name) => sharePointProperties.has(name))
  if (own.length > 0 && names.length > 1) {
    throw badRequest('Properties of the profile service have to be updated in requests of their own.')
  }
  for (const name of names) refuseWriting(profiles, name, body[name])
  profiles.accountChanges.push(...names.filter((name) => accountProperties.has(name)))
  profiles.set(user.id, body)
  return emptyReply(204)
}

function refuseWriting(profiles: ProfilesState, name: string, value: unknown): void {
  if (!userProperties.has(name.toLowerCase())) {
    throw badRequest(`Property '${name}' does not exist.`, 'Request_BadRequest')
  }
  if (notForApplications.has(name) && !(profiles.applicationsWriteSharePoint && sharePointProperties.has(name))) {
    throw denied()
  }
  if (!editableProperties.has(name) && !accountProperties.has(name) && !notForApplications.has(name)) {
    throw badRequest(`Property '${name}' is read-only and cannot be set.`, 'Request_BadRequest')
  }
  const fits = lists.has(name) ? isListOfTexts(value) : !Array.isArray(value) && value !== ''
  const tooMany = name === 'businessPhones' && Array.isArray(value) && value.length > 1
  if (!fits || tooMany || (name === 'displayName' && value === null)) {
    throw badRequest(`Invalid value specified for property '${name}' of resource 'User'.`, 'Request_BadRequest')
  }
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string' && entry !== '')
}

const personProperties = ['id', ...defaultProperties.filter((name) => name !== 'id')]

function person({ profiles, query }: ProfileCall, user: StoredUser): Record<string, unknown> {
  const selected = parseSelect(query.get('$select'), userProperties, userType)
  return { '@odata.type': '#microsoft.graph.user', ...rendered(profiles, user, selected ?? new Set(personProperties)) }
}

/** GET users/{id}/manager */
export function getManager(call: ProfileCall): Reply {
  const manager = call.profiles.manager(call.user.id)
  if (manager === undefined) throw notFound('manager')
  return jsonReply(200, person(call, manager))
}

/** PUT users/{id}/manager/$ref: the reference must lead to an object of this very service. */
export function putManager(call: ProfileCall): Reply {
  const reference = jsonObject(call.request)['@odata.id']
  const base = `${call.context.origin()}/v1.0/`
  const [, id] = typeof reference === 'string' && reference.startsWith(base) ? (/\/([^/]+)$/.exec(reference) ?? []) : []
  if (id === undefined) throw badRequest('The reference is not valid.', 'Request_BadRequest')
  if (call.context.tenant.findUser(id) === undefined) throw notFound(id)
  call.profiles.setManager(call.user.id, id)
  return emptyReply(204)
}

/** GET users/{id}/directReports */
export function listReports(call: ProfileCall): Reply {
  const all = call.profiles.directReports(call.user.id)
  // Checked for nobody at all, too.
  parseSelect(call.query.get('$select'), userProperties, userType)
  const size = call.query.integer('$top') ?? 100
  if (size < 1 || size > 999) throw badRequest('Invalid page size.', 'Request_BadRequest')
  const start = Number(call.query.get('$skiptoken') ?? 0)
  const page = all.slice(start, start + size).map((user) => person(call, user))
  const more = start + size < all.length
  const kept = call.request.queryText.split('&').filter((part) => part !== '' && !/^(\$|%24)skiptoken=/i.test(part))
  const next = `${call.context.origin()}${call.request.path}?${[...kept, `$skiptoken=${String(start + size)}`].join('&')}`
  return jsonReply(200, { value: page, ...(more ? { '@odata.nextLink': next } : {}) })
}

/** GET users/{id}/licenseDetails */
export function listLicences(call: ProfileCall): Reply {
  return jsonReply(200, { value: call.profiles.licences(call.user.id) })
}

function photoOf({ profiles, user }: ProfileCall): ReturnType<ProfilesState['photo']> {
  if (user.mailbox === undefined) {
    throw new GraphError(404, 'ErrorNonExistentMailbox', 'The mailbox is not available.')
  }
  return profiles.photo(user.id)
}

const noPhoto = (): GraphError => new GraphError(404, 'ImageNotFound', 'The image was not found.')

/** GET users/{id}/photo: what there is to know of the largest picture. */
export function getPhoto(call: ProfileCall): Reply {
  const photo = photoOf(call)
  if (photo === undefined && call.profiles.missingPhoto === 'not-found') throw noPhoto()
  const { width, height } = photo ?? { width: 1, height: 1 }
  return jsonReply(200, {
    '@odata.mediaContentType': photo?.contentType ?? 'image/gif',
    '@odata.mediaEtag': photo === undefined ? '' : mediaEtag(photo),
    id: `${String(width)}x${String(height)}`,
    width,
    height,
  })
}

/** GET users/{id}/photo/$value */
export function getPhotoValue(call: ProfileCall): Reply {
  const photo = photoOf(call)
  if (photo === undefined) throw noPhoto()
  return bytesReply(photo.bytes, photo.contentType)
}

/** PUT users/{id}/photo/$value. Source: https://learn.microsoft.com/graph/api/profilephoto-update */
export function putPhoto(call: ProfileCall): Reply {
  const { request, user, profiles } = call
  photoOf(call)
  refuseTooLarge(request)
  if (!/^image\/(jpeg|png|gif|bmp)\b/i.test(request.headers['content-type'] ?? '') || request.body.length === 0) {
    throw badRequest('A picture is expected.', 'ErrorInvalidImage')
  }
  profiles.setPhoto(user.id, request.body)
  return emptyReply(200)
}
