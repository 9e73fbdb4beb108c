import type { Reply } from '../../http/exchange.ts'
import type { Service, ServiceRoute } from '../service.ts'
import { withChats, type ChatsCall } from './calls.ts'
import { getChat, listApps, listChats, listMembers, listPinned, listTabs } from './listings.ts'
import { getHostedValue, getMessage, listHosted, listMessages } from './messages.ts'

type Handler = (call: ChatsCall) => Reply

const route = (permission: string, run: Handler, content = false): ServiceRoute => ({
  permission,
  pool: 'teams',
  content,
  run: (call) => run(withChats(call)),
})

const mine = 'users/{user}/chats'
const chat = 'chats/{chat}'
const message = `${chat}/messages/{message}`

/** What there is both below a user and by itself. */
const both = (path: string, one: ServiceRoute): Record<string, ServiceRoute> => ({
  [`GET ${path}`]: one,
  [`GET users/{user}/${path}`]: one,
})

/**
 * Chats. Nothing can be posted: outside of migration mode that is not for applications, and would reach people.
 * Source: https://learn.microsoft.com/graph/api/resources/chat
 */
export const chatsService: Service = {
  collections: {
    chats: 'chat',
    members: 'member',
    hostedContents: 'hostedContent',
    pinnedMessages: 'pinnedMessage',
    installedApps: 'installedApp',
    tabs: 'tab',
  },
  operations: [],
  permissions: {
    readChatsBasic: ['Chat.ReadBasic.All', 'Chat.Read.All', 'Chat.ReadWrite.All'],
    readChats: ['Chat.Read.All', 'Chat.ReadWrite.All'],
    readChatMembers: [
      'ChatMember.Read.All',
      'ChatMember.ReadWrite.All',
      'Chat.ReadBasic.All',
      'Chat.Read.All',
      'Chat.ReadWrite.All',
    ],
    readChatApps: [
      'TeamsAppInstallation.ReadForChat.All',
      'TeamsAppInstallation.Read.All',
      'TeamsAppInstallation.ReadWriteForChat.All',
    ],
    readChatTabs: ['TeamsTab.Read.All', 'TeamsTab.ReadWrite.All', 'TeamsTab.ReadWriteForChat.All'],
  },
  granted: ['Chat.Read.All', 'TeamsAppInstallation.ReadForChat.All', 'TeamsTab.Read.All'],
  routes: {
    [`GET ${mine}`]: route('readChatsBasic', listChats),
    ...both(chat, route('readChatsBasic', getChat)),
    ...both(`${chat}/members`, route('readChatMembers', listMembers)),
    ...both(`${chat}/messages`, route('readChats', listMessages)),
    ...both(message, route('readChats', getMessage)),
    [`GET ${message}/hostedContents`]: route('readChats', listHosted),
    [`GET ${message}/hostedContents/{hostedContent}/$value`]: route('readChats', getHostedValue, true),
    [`GET ${chat}/pinnedMessages`]: route('readChats', listPinned),
    [`GET ${chat}/installedApps`]: route('readChatApps', listApps),
    [`GET ${chat}/tabs`]: route('readChatTabs', listTabs),
  },
}
