import { badRequest } from '../http/errors.ts'
import { bytesReply, emptyReply, jsonReply } from '../http/exchange.ts'
import type { Reply } from '../http/exchange.ts'
import { parseExpand } from '../odata/expand.ts'
import { mentionedPaths, parseFilter, passes, pinnedMessageId } from '../odata/filter.ts'
import type { FilterNode } from '../odata/filter.ts'
import { appliedPreferences, parseSelect } from '../odata/query.ts'
import { messageProperties, messageType, renderMessage } from '../render/message.ts'
import type { MessageView } from '../render/message.ts'
import type { StoredMessage } from '../state/stored.ts'
import { folderByIdOrName } from '../state/references.ts'
import type { MailboxCall } from './context.ts'
import { plainNumber } from './folders.ts'
import { messageReply } from './message-reply.ts'
import { filterSubject } from './message-filter.ts'
import { collectionPage } from './paging.ts'
import { jsonObject, requiredText } from './request-json.ts'
import { folderOf, messageOf } from './require-mailbox.ts'
import { selectSuffix } from './users.ts'

const defaultPage = 10
const largestPage = 1000

/** What the query asks to be shown of a message. */
function messageView(call: MailboxCall): MessageView {
  const { mailbox, preferences, query } = call
  return {
    mailbox,
    preferences,
    selected: parseSelect(query.get('$select'), messageProperties, messageType),
    expansion: parseExpand(query.get('$expand')),
  }
}

/** GET messages and GET mailFolders/{id}/messages, newest first unless `$orderby` says otherwise. */
export function listMessages(call: MailboxCall): Reply {
  const view = messageView(call)
  const place =
    call.parameters.folder === undefined
      ? 'messages'
      : `mailFolders('${encodeURIComponent(call.parameters.folder)}')/messages`
  return collectionPage(call, selectedMessages(call), {
    kind: `${place}${selectSuffix(view.selected)}`,
    defaultPage,
    largestPage,
    render: (message) => renderMessage(message, view),
  })
}

/** GET messages/$count and mailFolders/{id}/messages/$count */
export function countMessages(call: MailboxCall): Reply {
  return plainNumber(selectedMessages(call).length)
}

function selectedMessages(call: MailboxCall): readonly StoredMessage[] {
  const { query } = call
  if (query.get('$search') !== undefined) {
    throw badRequest("The simulator does not play '$search' on messages.", 'ErrorInvalidUrlQuery')
  }
  const text = query.get('$filter')
  const node = text === undefined ? undefined : parseFilter(text)
  const order = orderOf(query.get('$orderby'), node)
  const newestFirst = node === undefined ? everyMessage(call) : filtered(call, node)
  const ordered = order.by === 'modified' ? newestFirst.toSorted(lastModifiedFirst) : newestFirst
  return order.direction === 'ascending' ? ordered.toReversed() : ordered
}

function everyMessage(call: MailboxCall): readonly StoredMessage[] {
  if (call.parameters.folder !== undefined) return folderOf(call).sortedByReceived()
  return [...call.mailbox.allMessages()].filter((message) => isVisible(call, message)).sort(newestFirst)
}

const newestFirst = (a: StoredMessage, b: StoredMessage): number =>
  b.receivedAt - a.receivedAt || b.position - a.position

const lastModifiedFirst = (a: StoredMessage, b: StoredMessage): number =>
  b.modifiedAt - a.modifiedAt || b.position - a.position

/** The whole mailbox, as `/messages` sees it, ends above the dumpster. */
function isVisible(call: MailboxCall, message: StoredMessage): boolean {
  return !message.folder.isWithin(call.mailbox.recoverableRoot)
}

function filtered(call: MailboxCall, node: FilterNode): readonly StoredMessage[] {
  const pinned = pinnedMessageId(node)
  const folder = call.parameters.folder === undefined ? undefined : folderOf(call)
  const candidates =
    pinned === undefined
      ? everyMessage(call)
      : call.mailbox
          .withInternetMessageId(pinned)
          .filter((message) => (folder === undefined ? isVisible(call, message) : message.folder === folder))
          .toSorted(newestFirst)
  return candidates.filter((message) => passes(node, filterSubject(call.mailbox, message)))
}

interface Order {
  readonly by: 'received' | 'modified'
  readonly direction: 'ascending' | 'descending'
}

const orders: Readonly<Record<string, Order['by']>> = { receiveddatetime: 'received', lastmodifieddatetime: 'modified' }

/** `$orderby` on one of two dates; together with a filter, that filter has to begin with the same property. */
function orderOf(orderBy: string | undefined, node: FilterNode | undefined): Order {
  if (orderBy === undefined) return { by: 'received', direction: 'descending' }
  const [name = '', direction = 'asc'] = orderBy.trim().toLowerCase().split(/\s+/)
  const by = orders[name]
  if (by === undefined) throw badRequest(`The simulator does not play '$orderby=${orderBy}'.`, 'ErrorInvalidUrlQuery')
  if (node !== undefined && mentionedPaths(node)[0] !== name) {
    throw badRequest('The restriction or sort order is too complex for this operation.', 'InefficientFilter')
  }
  return { by, direction: direction === 'desc' ? 'descending' : 'ascending' }
}

/** GET messages/{id} */
export function getMessage(call: MailboxCall): Reply {
  const view = messageView(call)
  const message = messageOf(call)
  const suffix = selectSuffix(view.selected)
  const metadata = `${call.context.origin()}/v1.0/$metadata#users('${call.user.id}')/messages${suffix}/$entity`
  const json = { '@odata.context': metadata, ...renderMessage(message, view) }
  return jsonReply(200, json, appliedPreferences(call.preferences))
}

/** GET messages/{id}/$value: the MIME. Source: https://learn.microsoft.com/graph/outlook-get-mime-message */
export async function getMime(call: MailboxCall): Promise<Reply> {
  const message = messageOf(call)
  return bytesReply(await message.source.mime(message.seed), 'text/plain')
}

/** DELETE messages/{id}: to Deleted Items; from there to the recoverable items; from there out of reach. */
export function deleteMessage(call: MailboxCall): Reply {
  call.mailbox.deleteMessage(messageOf(call), Math.floor(call.now / 1000))
  return emptyReply(204)
}

/**
 * POST messages/{id}/permanentDelete: to Purges, past the recoverable items.
 * Source: https://learn.microsoft.com/graph/api/message-permanentdelete
 */
export function permanentlyDeleteMessage(call: MailboxCall): Reply {
  call.mailbox.purgeMessage(messageOf(call), Math.floor(call.now / 1000))
  return emptyReply(204)
}

/** POST messages/{id}/move: the immutable id stays, the regular one is another afterwards. */
export function moveMessage(call: MailboxCall): Reply {
  const message = messageOf(call)
  const destination = requiredText(jsonObject(call.request), 'destinationId')
  const target = folderByIdOrName(call.mailbox, destination, call.user.userPrincipalName)
  call.mailbox.moveMessage(message, target, Math.floor(call.now / 1000), 'deleted')
  return messageReply(call, 201, message)
}

/** POST messages/{id}/copy */
export function copyMessage(call: MailboxCall): Reply {
  const message = messageOf(call)
  const destination = requiredText(jsonObject(call.request), 'destinationId')
  const target = folderByIdOrName(call.mailbox, destination, call.user.userPrincipalName)
  const { source, seed, receivedAt, isRead, isDraft } = message
  const createdAt = Math.floor(call.now / 1000)
  const copy = call.mailbox.addMessage(target, { source, seed, receivedAt, isRead, isDraft, createdAt })
  if (message.extra !== undefined) copy.extra = { ...message.extra }
  return messageReply(call, 201, copy)
}
