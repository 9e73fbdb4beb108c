import type { ChatsCall } from './calls.ts'
import { graphOrigin, tenantGuid, type Json, type StoredChat, type StoredMember, type StoredMessage } from './state.ts'

/** A chat without what has to be expanded. `viewpoint` is only given to a signed-in user. */
export function renderChat(_call: ChatsCall, chat: StoredChat): Json {
  return {
    id: chat.id,
    topic: chat.topic,
    createdDateTime: chat.createdDateTime,
    lastUpdatedDateTime: chat.lastUpdatedDateTime,
    chatType: chat.chatType,
    webUrl: `https://teams.microsoft.com/l/chat/${encodeURIComponent(chat.id)}/0?tenantId=${tenantGuid}`,
    tenantId: tenantGuid,
    onlineMeetingInfo: chat.onlineMeetingInfo,
    viewpoint: null,
    isHiddenForAllMembers: false,
  }
}

export function renderMember(member: StoredMember): Json {
  return { '@odata.type': '#microsoft.graph.aadUserConversationMember', ...member, tenantId: tenantGuid }
}

/** Members of an enumeration that came later are shown to those who ask for them. */
function messageType(call: ChatsCall, message: StoredMessage): string {
  const wanted = /include-unknown-enum-members/i.test(call.request.headers.prefer ?? '')
  return message.messageType === 'message' || wanted ? message.messageType : 'unknownFutureValue'
}

export function renderMessage(call: ChatsCall, chat: StoredChat, message: StoredMessage): Json {
  const { hosted: _, ...shown } = message
  return here(call, {
    ...shown,
    messageType: messageType(call, message),
    replyToId: null,
    summary: null,
    chatId: chat.id,
    locale: 'en-us',
    webUrl: null,
    channelIdentity: null,
    messageHistory: [],
  })
}

/** With addresses that lead to this simulator. */
function here(call: ChatsCall, json: Json): Json {
  return JSON.parse(JSON.stringify(json).replaceAll(graphOrigin, call.context.origin())) as Json
}

export function renderPreview(call: ChatsCall, chat: StoredChat): Json | null {
  const last = chat.messages.at(-1)
  if (last === undefined) return null
  const { id, createdDateTime, body, from, eventDetail } = last
  return {
    id,
    createdDateTime,
    isDeleted: last.deletedDateTime !== null,
    messageType: messageType(call, last),
    body,
    from,
    eventDetail,
  }
}

export function renderApp(app: StoredChat['apps'][number], expand: ReadonlySet<string>): Json {
  const { id, teamsAppId, displayName } = app
  return {
    id,
    ...(expand.has('teamsApp')
      ? { teamsApp: { id: teamsAppId, externalId: null, displayName, distributionMethod: 'store' } }
      : {}),
    ...(expand.has('teamsAppDefinition')
      ? {
          teamsAppDefinition: {
            id: `${id}-1`,
            teamsAppId,
            displayName,
            version: '1.0.0',
            publishingState: 'published',
            shortDescription: displayName,
            description: displayName,
          },
        }
      : {}),
  }
}

export function renderTab(tab: StoredChat['tabs'][number], withApp: boolean): Json {
  const { id, displayName, url } = tab
  const app = {
    id: 'com.microsoft.teamspace.tab.web',
    externalId: null,
    displayName: 'Website',
    distributionMethod: 'store',
  }
  return {
    id,
    displayName,
    webUrl: `https://teams.microsoft.com/l/entity/${id}`,
    configuration: { entityId: null, contentUrl: url, removeUrl: null, websiteUrl: url },
    ...(withApp ? { teamsApp: app } : {}),
  }
}
