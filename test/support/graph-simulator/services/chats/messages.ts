import { badRequest, GraphError } from '../../http/errors.ts'
import { bytesReply, jsonReply, type Reply } from '../../http/exchange.ts'
import { mentionedPaths, parseFilter, passes, type FilterNode } from '../../odata/filter.ts'
import { chatOf, messageOf, nextAddress, skipOf, topOf, type ChatsCall } from './calls.ts'
import { renderMessage } from './render.ts'
import type { StoredMessage } from './state.ts'

const largestPage = 50
const usualPage = 20

type SortKey = 'lastModifiedDateTime' | 'createdDateTime'

/** GET chats/{chat}/messages, newest first. Source: https://learn.microsoft.com/graph/api/chat-list-messages */
export function listMessages(call: ChatsCall): Reply {
  const chat = chatOf(call)
  const order = call.query.get('$orderby')
  const key = sortKey(order)
  const kept = chat.messages.filter(filterOf(call, order === undefined ? undefined : key))
  const sorted = kept.toSorted((one, other) => (one[key] < other[key] ? 1 : Number(one[key] > other[key]) * -1))
  const size = topOf(call, usualPage, largestPage)
  const start = skipOf(call)
  const value = sorted.slice(start, start + size).map((message) => renderMessage(call, chat, message))
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#chats('${encodeURIComponent(chat.id)}')/messages`,
    '@odata.count': value.length,
    ...(start + size < sorted.length ? { '@odata.nextLink': nextAddress(call, start + size) } : {}),
    value,
  })
}

function sortKey(order: string | undefined): SortKey {
  const [, name] = /^(lastModifiedDateTime|createdDateTime) desc$/.exec(order ?? 'lastModifiedDateTime desc') ?? []
  if (name === undefined)
    throw badRequest('Only descending order by lastModifiedDateTime or createdDateTime is supported.', 'BadRequest')
  return name as SortKey
}

/** "You can only filter results if $orderby and $filter are for the same property; otherwise, $filter is ignored." */
function filterOf(call: ChatsCall, order: SortKey | undefined): (message: StoredMessage) => boolean {
  const text = call.query.get('$filter')
  if (text === undefined) return () => true
  const node = parseFilter(text)
  refuseOperators(node)
  if (order === undefined || !mentionedPaths(node).every((path) => path === order.toLowerCase())) return () => true
  return (message) => passes(node, { value: () => Date.parse(message[order]), hasProperty: () => false })
}

function refuseOperators(node: FilterNode): void {
  if (node.kind === 'and') {
    refuseOperators(node.left)
    refuseOperators(node.right)
    return
  }
  const allowed = node.kind === 'compare' ? operators[node.path] : undefined
  if (node.kind !== 'compare' || allowed?.includes(node.operator) !== true) {
    throw badRequest('Only lastModifiedDateTime gt and lt, and createdDateTime lt are supported.', 'BadRequest')
  }
}

const operators: Readonly<Record<string, readonly string[]>> = {
  lastmodifieddatetime: ['gt', 'lt'],
  createddatetime: ['lt'],
}

/** GET chats/{chat}/messages/{message} */
export function getMessage(call: ChatsCall): Reply {
  const chat = chatOf(call)
  const context = `${call.context.origin()}/v1.0/$metadata#chats('${encodeURIComponent(chat.id)}')/messages/$entity`
  return jsonReply(200, { '@odata.context': context, ...renderMessage(call, chat, messageOf(call)) })
}

/** GET chats/{chat}/messages/{message}/hostedContents */
export function listHosted(call: ChatsCall): Reply {
  const value = [...messageOf(call).hosted.keys()].map((id) => ({ id, contentBytes: null, contentType: null }))
  return jsonReply(200, { '@odata.count': value.length, value })
}

/** GET chats/{chat}/messages/{message}/hostedContents/{hostedContent}/$value */
export function getHostedValue(call: ChatsCall): Reply {
  const content = messageOf(call).hosted.get(call.parameters.hostedContent ?? '')
  if (content === undefined) throw new GraphError(404, 'NotFound', 'The hosted content was not found.')
  return bytesReply(content.bytes, content.type)
}
