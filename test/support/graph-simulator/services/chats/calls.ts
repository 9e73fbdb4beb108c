import { badRequest, GraphError } from '../../http/errors.ts'
import type { RouteCall } from '../../routes/context.ts'
import { tenantChats, type StoredChat, type StoredMessage, type TenantChats } from './state.ts'

/** A call about chats. */
export interface ChatsCall extends RouteCall {
  readonly chats: TenantChats
}

export function withChats(call: RouteCall): ChatsCall {
  return { ...call, chats: tenantChats(call.context.tenant) }
}

const notFound = (what: string): GraphError => new GraphError(404, 'NotFound', `${what} was not found.`)

/** The user that the path names. */
export function userOf({ context, parameters }: RouteCall): string {
  const user = context.tenant.findUser(parameters.user ?? '')
  if (user === undefined) throw notFound('The user')
  return user.id
}

/** The chat that the path names; below a user it must be one of that user's. */
export function chatOf(call: ChatsCall): StoredChat {
  const { chat: id = '', user } = call.parameters
  if (!/^19:[^@]+@(thread\.v2|unq\.gbl\.spaces)$/.test(id)) throw badRequest('The chat id is not valid.', 'BadRequest')
  const chat = call.chats.chats.get(id)
  if (chat === undefined) throw notFound('The chat')
  if (user !== undefined && !chat.members.some(({ userId }) => userId === userOf(call))) throw notFound('The chat')
  return chat
}

export function messageOf(call: ChatsCall): StoredMessage {
  const message = chatOf(call).messages.find(({ id }) => id === call.parameters.message)
  if (message === undefined) throw notFound('The message')
  return message
}

/** `$expand` of these names; options in parentheses are refused but for those that are documented. */
export function expansions(call: ChatsCall, allowed: readonly string[]): ReadonlySet<string> {
  const names = (call.query.get('$expand') ?? '').split(',').filter((name) => name !== '')
  for (const name of names) {
    if (!allowed.includes(name))
      throw badRequest(`Parsing Select and Expand failed: '${name}' cannot be expanded here.`, 'BadRequest')
  }
  return new Set(names)
}

export function topOf(call: ChatsCall, usual: number, largest: number): number {
  const top = call.query.integer('$top')
  if (top === undefined) return usual
  if (top >= 1 && top <= largest) return top
  throw badRequest(`The limit of '${String(largest)}' for Top query has been exceeded.`, 'BadRequest')
}

/** Where a listing goes on: the sealed `$skiptoken`. */
export function skipOf(call: ChatsCall): number {
  const token = call.query.get('$skiptoken')
  if (token === undefined) return 0
  const value = call.context.seal.open(token)
  const at = typeof value === 'object' && value !== null && 'at' in value ? value.at : undefined
  if (typeof at !== 'number') throw badRequest('The skip token is not valid.', 'BadRequest')
  return at
}

export function nextAddress(call: ChatsCall, at: number): string {
  const kept = call.request.queryText.split('&').filter((part) => part !== '' && !/^(\$|%24)skiptoken=/i.test(part))
  const token = `$skiptoken=${call.context.seal.seal({ at })}`
  return `${call.context.origin()}${call.request.path}?${[...kept, token].join('&')}`
}
