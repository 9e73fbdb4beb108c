import { accessDenied, badRequest, GraphError, idMalformed, itemNotFound } from '../../http/errors.ts'
import { jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { withGroup } from '../groups/calls.ts'
import type { GroupCall } from '../groups/calls.ts'
import { isUnified } from '../groups/properties.ts'
import { groupConversations } from './state.ts'
import type { GroupConversations, StoredPost, StoredThread } from './state.ts'

export interface ConversationsCall extends GroupCall {
  readonly conversations: GroupConversations
}

/** A call about the mailbox of a group. */
export function withConversations(call: RouteCall): ConversationsCall {
  const found = withGroup(call)
  // Security groups have no mailbox.
  if (!isUnified(found.group) || found.group.mail === null) {
    throw new GraphError(
      404,
      'MailboxNotEnabledForRESTAPI',
      'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
    )
  }
  return { ...found, conversations: groupConversations(call.context.tenant) }
}

export function threadOf(call: ConversationsCall): StoredThread {
  const { thread: id = '', conversation } = call.parameters
  if (!/^AAQkAD[\w-]+==?$/.test(id)) throw idMalformed()
  const thread = call.conversations.of(call.group.id).find((one) => one.id === id)
  if (thread === undefined) throw itemNotFound()
  if (conversation !== undefined && conversation !== thread.conversation) throw itemNotFound()
  return thread
}

export function postOf(call: ConversationsCall): { readonly thread: StoredThread; readonly post: StoredPost } {
  const thread = threadOf(call)
  const post = thread.posts.find(({ id }) => id === call.parameters.post)
  if (post === undefined) throw itemNotFound()
  refuseCorrupt(call, [post])
  return { thread, post }
}

/** One damaged post spoils the whole answer. */
export function refuseCorrupt({ conversations }: ConversationsCall, posts: readonly StoredPost[]): void {
  if (posts.some(({ id }) => conversations.corrupt.has(id))) {
    throw new GraphError(500, 'ErrorCorruptData', 'Data is corrupt.')
  }
}

/** Posting mails everybody who subscribed, and applications may not (not even by permission). */
export const notForApplications = (): never => {
  throw accessDenied()
}

export interface PageShape {
  readonly usual: number
  readonly largest: number
  readonly linked: boolean
}

/** A page with `$top`, `$skip` and the nextLink that Outlook makes of them. */
export function outlookPage(call: RouteCall, context: string, all: readonly object[], shape: PageShape): Reply {
  const size = call.query.integer('$top') ?? shape.usual
  if (size < 1 || size > shape.largest) {
    throw badRequest(`The limit of '${String(shape.largest)}' for Top query has been exceeded.`, 'ErrorInvalidUrlQuery')
  }
  const start = call.query.integer('$skip') ?? 0
  const more = start + size < all.length && shape.linked
  const { origin } = call.context
  return jsonReply(200, {
    '@odata.context': `${origin()}/v1.0/$metadata#groups('${call.parameters.group ?? ''}')/${context}`,
    ...(call.query.flag('$count') ? { '@odata.count': all.length } : {}),
    value: all.slice(start, start + size),
    ...(more ? { '@odata.nextLink': nextLink(call, start + size) } : {}),
  })
}

function nextLink({ request, context }: RouteCall, skip: number): string {
  const kept = request.queryText.split('&').filter((part) => part !== '' && !/^(\$|%24)skip=/i.test(part))
  return `${context.origin()}${request.path}?${[...kept, `$skip=${String(skip)}`].join('&')}`
}

/** What is selected of an entity; its id always stands there. */
export function selectedOf(
  entity: Readonly<Record<string, unknown>>,
  selected: ReadonlySet<string> | undefined,
  onlySelected: ReadonlySet<string> = new Set(),
): Record<string, unknown> {
  const isShown = (name: string): boolean =>
    selected === undefined ? !onlySelected.has(name) : selected.has(name) || name === 'id' || name.startsWith('@')
  return Object.fromEntries(Object.entries(entity).filter(([name]) => isShown(name)))
}
