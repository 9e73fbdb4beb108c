import { badRequest } from '../../http/errors.ts'
import { jsonReply, type Reply } from '../../http/exchange.ts'
import { chatOf, expansions, nextAddress, skipOf, topOf, userOf, type ChatsCall } from './calls.ts'
import { renderApp, renderChat, renderMember, renderMessage, renderPreview, renderTab } from './render.ts'
import type { Json, StoredChat } from './state.ts'

/** "The response returns a maximum of 25 member items." Source: https://learn.microsoft.com/graph/api/chat-list */
const expandedMembers = 25
const largestPage = 50
const usualPage = 20
const membersPage = 100

function page(call: ChatsCall, context: string, all: readonly Json[], size: number): Reply {
  const start = skipOf(call)
  const value = all.slice(start, start + size)
  const more = start + size < all.length
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#${context}`,
    '@odata.count': value.length,
    ...(more ? { '@odata.nextLink': nextAddress(call, start + size) } : {}),
    value,
  })
}

/** GET users/{user}/chats. Source: https://learn.microsoft.com/graph/api/chat-list */
export function listChats(call: ChatsCall): Reply {
  const expand = expansions(call, ['members', 'lastMessagePreview'])
  const order = call.query.get('$orderby')
  if (order !== undefined && !/^lastMessagePreview\/createdDateTime desc$/i.test(order)) {
    throw badRequest('Only lastMessagePreview/createdDateTime desc is supported.', 'BadRequest')
  }
  const chats = call.chats.of(userOf(call))
  const sorted =
    order === undefined ? chats : chats.toSorted((one, other) => (lastTime(one) < lastTime(other) ? 1 : -1))
  const found = sorted.map((chat) => ({
    ...renderChat(call, chat),
    ...(expand.has('members') ? { members: chat.members.slice(0, expandedMembers).map(renderMember) } : {}),
    ...(expand.has('lastMessagePreview') ? { lastMessagePreview: renderPreview(call, chat) } : {}),
  }))
  return page(call, 'chats', found, topOf(call, usualPage, largestPage))
}

function lastTime(chat: StoredChat): string {
  return chat.messages.at(-1)?.createdDateTime ?? ''
}

/** GET chats/{chat}. "Doesn't currently support OData query parameters" but for the documented $expand of members. */
export function getChat(call: ChatsCall): Reply {
  const chat = chatOf(call)
  const expand = expansions(call, ['members'])
  const context = `${call.context.origin()}/v1.0/$metadata#chats/$entity`
  const members = expand.has('members') ? { members: chat.members.map(renderMember) } : {}
  return jsonReply(200, { '@odata.context': context, ...renderChat(call, chat), ...members })
}

/** GET chats/{chat}/members */
export function listMembers(call: ChatsCall): Reply {
  const chat = chatOf(call)
  return page(call, `chats('${encodeURIComponent(chat.id)}')/members`, chat.members.map(renderMember), membersPage)
}

/** GET chats/{chat}/pinnedMessages */
export function listPinned(call: ChatsCall): Reply {
  const chat = chatOf(call)
  const expand = expansions(call, ['message'])
  const pinned = chat.pinned.map((id) => {
    const message = chat.messages.find((one) => one.id === id)
    const shown = expand.has('message') && message !== undefined ? { message: renderMessage(call, chat, message) } : {}
    return { '@odata.type': '#microsoft.graph.pinnedChatMessageInfo', id, ...shown }
  })
  return page(call, `chats('${encodeURIComponent(chat.id)}')/pinnedMessages`, pinned, largestPage)
}

/** GET chats/{chat}/installedApps */
export function listApps(call: ChatsCall): Reply {
  const chat = chatOf(call)
  const expand = expansions(call, ['teamsApp', 'teamsAppDefinition'])
  const apps = chat.apps.map((app) => renderApp(app, expand))
  return page(call, `chats('${encodeURIComponent(chat.id)}')/installedApps`, apps, largestPage)
}

/** GET chats/{chat}/tabs */
export function listTabs(call: ChatsCall): Reply {
  const chat = chatOf(call)
  const expand = expansions(call, ['teamsApp'])
  const tabs = chat.tabs.map((tab) => renderTab(tab, expand.has('teamsApp')))
  return page(call, `chats('${encodeURIComponent(chat.id)}')/tabs`, tabs, largestPage)
}
