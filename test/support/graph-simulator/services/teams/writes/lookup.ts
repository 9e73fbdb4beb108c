import { badRequest, GraphError } from '../../../http/errors.ts'
import type { RouteCall } from '../../../routes/context.ts'
import { isObject, jsonObject } from '../../../routes/request-json.ts'
import type { JsonObject } from '../../../routes/request-json.ts'
import type { StoredUser } from '../../../state/user.ts'
import { teamDirectory, type TeamDirectory } from '../state.ts'
import type { StoredChannel, StoredChannelMessage, StoredTeam } from '../stored.ts'

/** What requests find in the path and in bodies; what is not there is answered as Teams does. */

export const notFound = (what: string): GraphError => new GraphError(404, 'NotFound', `${what} was not found.`)
export const forbidden = (message: string): GraphError => new GraphError(403, 'Forbidden', message)
export const invalid = (message: string): GraphError => badRequest(message, 'BadRequest')

export function directoryOf(call: RouteCall): TeamDirectory {
  return teamDirectory(call.context.tenant)
}

function teamIn(call: RouteCall): StoredTeam {
  const { team: id = '' } = call.parameters
  const directory = directoryOf(call)
  if (directory.forbidden.has(id)) throw forbidden('The team may not be accessed.')
  const team = directory.get(id)
  if (team === undefined) throw notFound('The team')
  return team
}

/** A team that may be changed. */
export function openTeamIn(call: RouteCall): StoredTeam {
  const team = teamIn(call)
  if (team.isArchived) throw forbidden('The team is archived.')
  return team
}

export function channelIn(call: RouteCall): StoredChannel {
  const { channel: id = '' } = call.parameters
  const channel = openTeamIn(call).channels.find((one) => one.id === id)
  if (channel === undefined) throw notFound('The channel')
  return channel
}

/** The first message of a conversation that the path names: answers have none of their own. */
export function firstMessageIn(call: RouteCall): StoredChannelMessage {
  const { message: id = '' } = call.parameters
  const message = channelIn(call).messages.find((one) => one.id === id)
  if (message === undefined) throw notFound('The message')
  return message
}

/** The request's JSON, with these properties and no others; names with an `@` belong to the value's type. */
export function bodyWith(call: RouteCall, allowed: readonly string[]): JsonObject {
  const body = jsonObject(call.request)
  onlyKnown(body, allowed)
  return body
}

export function onlyKnown(value: JsonObject, allowed: readonly string[]): void {
  const unknown = Object.keys(value).find((name) => name !== '@odata.type' && !allowed.includes(name))
  if (unknown !== undefined) throw invalid(`The property '${unknown}' cannot be set here.`)
}

/** The id at the end of a reference: `.../users('id')` or `.../teamsApps/id`. */
export function boundId(value: unknown, collection: string): string {
  const reference = typeof value === 'string' ? value : ''
  const [, quoted, plain] = new RegExp(`/${collection}(?:\\('([^']+)'\\)|/([^/?]+))$`, 'i').exec(reference) ?? []
  const id = quoted ?? plain
  if (id === undefined) throw invalid(`'${collection}' has to be bound to an address of Graph.`)
  return decodeURIComponent(id)
}

export interface AskedMember {
  readonly user: StoredUser
  readonly roles: readonly string[]
}

/** A member as requests give one. Source: https://learn.microsoft.com/graph/api/channel-post-members */
export function memberIn(call: RouteCall, value: unknown): AskedMember {
  if (!isObject(value)) throw invalid('A member has to be an object.')
  onlyKnown(value, ['roles', 'user@odata.bind', 'userId', 'displayName'])
  const type = value['@odata.type']
  if (typeof type !== 'string' || !/aadUserConversationMember$/i.test(type)) throw invalid('Members need a type.')
  const user = call.context.tenant.findUser(boundId(value['user@odata.bind'], 'users'))
  if (user === undefined) throw notFound('The user')
  const roles: unknown = value.roles ?? []
  if (!Array.isArray(roles) || !roles.every((role) => role === 'owner' || role === 'guest')) {
    throw invalid('The roles of a member are owner, guest or none.')
  }
  return { user, roles: roles as readonly string[] }
}

/** Milliseconds since 1970 of an ISO time with an offset. */
export function momentIn(value: unknown, name: string): number {
  const moment =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : NaN
  if (Number.isNaN(moment)) throw invalid(`'${name}' is no date.`)
  return moment
}
