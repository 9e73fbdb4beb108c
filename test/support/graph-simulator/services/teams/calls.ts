import { badRequest, GraphError } from '../../http/errors.ts'
import { jsonReply, type Reply } from '../../http/exchange.ts'
import { parseFilter, passes, type FilterNode, type FilterValue } from '../../odata/filter.ts'
import { parseSelect, propertyNames } from '../../odata/query.ts'
import type { RouteCall } from '../../routes/context.ts'
import {
  teamDirectory,
  type StoredChannel,
  type StoredChannelMessage,
  type StoredTeam,
  type TeamDirectory,
} from './state.ts'

/** A call about teams. */
export interface TeamsCall extends RouteCall {
  readonly teams: TeamDirectory
}

export function withTeams(call: RouteCall): TeamsCall {
  return { ...call, teams: teamDirectory(call.context.tenant) }
}

export const notFound = (message: string): GraphError => new GraphError(404, 'NotFound', message)

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The team that the path names, below /teams or /groups. */
export function teamOf(call: TeamsCall): StoredTeam {
  const id = call.parameters.team ?? call.parameters.group ?? ''
  if (!guid.test(id)) throw badRequest(`teamId needs to be a valid GUID.`)
  const team = call.teams.get(id)
  if (team === undefined) throw notFound(`No team found with Group Id ${id}`)
  if (call.teams.forbidden.has(team.id))
    throw new GraphError(403, 'Forbidden', 'Failed to execute Teams backend request.')
  return team
}

/** The channel that the path names. Messages of a channel that is shared with the team are to be had of its owner alone. */
export function channelOf(call: TeamsCall): StoredChannel {
  const team = teamOf(call)
  const id = call.parameters.channel ?? ''
  if (!/^19:[^@]+@thread\.(tacv2|skype)$/.test(id)) throw badRequest(`The channel id '${id}' is not valid.`)
  const channel = team.channels.find((one) => one.id === id)
  if (channel === undefined) throw notFound('The channel was not found.')
  return channel
}

/** A first message, or with `reply` in the path an answer to it. */
export function messageOf(call: TeamsCall): StoredChannelMessage {
  const { message: id = '', reply } = call.parameters
  const first = call.teams.find(channelOf(call), id)
  const found = reply === undefined ? first : first?.replies.find((one) => one.id === reply)
  if (found === undefined) throw notFound('The message was not found.')
  return found
}

/** `$expand` of these names alone; nested options are refused. */
export function expansions(call: TeamsCall, allowed: readonly string[]): ReadonlySet<string> {
  const names = (call.query.get('$expand') ?? '').split(',').filter((name) => name !== '')
  const unknown = names.find((name) => !allowed.includes(name))
  if (unknown === undefined) return new Set(names)
  throw badRequest(`Parsing OData Select and Expand failed: '${unknown}' cannot be expanded here.`)
}

export function topOf(call: TeamsCall, usual: number, largest: number): number {
  const top = call.query.integer('$top')
  if (top === undefined) return usual
  if (top >= 1 && top <= largest) return top
  throw badRequest(
    `The limit of '${String(largest)}' for Top query has been exceeded. The value from the incoming request is '${String(top)}'.`,
  )
}

/** What a `$skiptoken` of a listing carries; undefined on the first page. */
export function tokenOf(call: TeamsCall): Readonly<Record<string, unknown>> | undefined {
  const token = call.query.get('$skiptoken')
  if (token === undefined) return undefined
  const value = call.context.seal.open(token)
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  throw badRequest('The skip token is not valid.')
}

/** An address that goes on from `state`, with the options of this request. */
export function nextAddress(call: TeamsCall, state: object): string {
  const kept = call.request.queryText.split('&').filter((part) => part !== '' && !/^(\$|%24)skiptoken=/i.test(part))
  const token = `$skiptoken=${call.context.seal.seal(state)}`
  return `${call.context.origin()}${call.request.path}?${[...kept, token].join('&')}`
}

/** A whole collection in one page. */
export function collectionReply(call: TeamsCall, context: string, value: readonly object[]): Reply {
  return jsonReply(200, { '@odata.context': contextOf(call, context), '@odata.count': value.length, value })
}

export function contextOf(call: TeamsCall, context: string): string {
  return `${call.context.origin()}/v1.0/$metadata#${context}`
}

/** What of `names` the request selects; everything if it selects nothing. */
export function selected(call: TeamsCall, names: readonly string[], type: string): (json: object) => object {
  const select = parseSelect(call.query.get('$select'), propertyNames(names), type)
  if (select === undefined) return (json) => json
  return (json) => Object.fromEntries(Object.entries(json).filter(([name]) => name.startsWith('@') || select.has(name)))
}

/** Equality of some properties, joined by `and` and `or`: all that these lists filter by. Paths in lower case. */
export function equalityFilter<T>(
  call: TeamsCall,
  values: Readonly<Record<string, (one: T) => FilterValue>>,
): (one: T) => boolean {
  const text = call.query.get('$filter')
  if (text === undefined) return () => true
  const node = parseFilter(text)
  refuseOthers(node, values)
  return (one) => passes(node, { value: (path) => values[path]?.(one), hasProperty: () => false })
}

function refuseOthers(node: FilterNode, values: Readonly<Record<string, unknown>>): void {
  if (node.kind === 'and' || node.kind === 'or') {
    refuseOthers(node.left, values)
    refuseOthers(node.right, values)
    return
  }
  if (node.kind !== 'compare' || node.operator !== 'eq' || !Object.hasOwn(values, node.path)) {
    throw badRequest('The query specified in the $filter is not supported.')
  }
}
