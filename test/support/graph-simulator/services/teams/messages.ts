import { bytesReply, jsonReply, type Reply } from '../../http/exchange.ts'
import { badRequest } from '../../http/errors.ts'
import {
  channelOf,
  contextOf,
  expansions,
  messageOf,
  nextAddress,
  notFound,
  tokenOf,
  topOf,
  type TeamsCall,
} from './calls.ts'
import { channelContext } from './listings.ts'
import { renderMessage } from './render.ts'
import type { Json, StoredChannel, StoredChannelMessage } from './state.ts'

/** https://learn.microsoft.com/graph/api/channel-list-messages: "You can extend up to 50 channel messages per page." */
export const largestPage = 50
export const usualPage = 20

/**
 * GET teams/{team}/channels/{channel}/messages: first messages of conversations, the newest first. "The other OData query
 * parameters are not currently supported": only `$top` and `$expand=replies` are.
 */
export function listMessages(call: TeamsCall): Reply {
  const channel = channelOf(call)
  const expand = expansions(call, ['replies'])
  const size = topOf(call, usualPage, largestPage)
  const { value, next } = newestFirst(call, channel.messages, size)
  return jsonReply(200, {
    '@odata.context': contextOf(call, `${channelContext(channel)}/messages`),
    '@odata.count': value.length,
    ...next,
    value: value.map((message) => renderConversation(call, channel, message, expand.has('replies'))),
  })
}

/** GET .../messages/{message}/replies: `$top` up to 50 and nothing else. */
export function listReplies(call: TeamsCall): Reply {
  const channel = channelOf(call)
  const message = messageOf(call)
  const { value, next } = newestFirst(call, message.replies, topOf(call, usualPage, largestPage))
  return jsonReply(200, {
    '@odata.context': contextOf(call, `${channelContext(channel)}/messages('${message.id}')/replies`),
    '@odata.count': value.length,
    ...next,
    value: value.map((reply) => renderMessage(call, channel, reply)),
  })
}

/** A page goes on below the message that the last one ended with, whatever was posted in between. */
function newestFirst(
  call: TeamsCall,
  messages: readonly StoredChannelMessage[],
  size: number,
): { readonly value: readonly StoredChannelMessage[]; readonly next: Json } {
  const below = tokenOf(call)?.below
  if (below !== undefined && typeof below !== 'number') throw badRequest('The skip token is not valid.')
  const sorted = messages.toSorted((one, other) => Number(other.id) - Number(one.id))
  const rest = below === undefined ? sorted : sorted.filter(({ id }) => Number(id) < below)
  const value = rest.slice(0, size)
  const more = rest.length > size
  return {
    value,
    next: more ? { '@odata.nextLink': nextAddress(call, { below: Number(value.at(-1)?.id) }) } : {},
  }
}

/**
 * A first message, with its newest replies if asked for. Who has more of them than fit gets a link to the rest, though
 * not always: https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/8819
 */
export function renderConversation(
  call: TeamsCall,
  channel: StoredChannel,
  message: StoredChannelMessage,
  withReplies: boolean,
): Json {
  const shown = renderMessage(call, channel, message)
  if (!withReplies) return shown
  const { expandedReplies, losesReplyLinks } = call.teams
  const newest = message.replies.toSorted((one, other) => Number(other.id) - Number(one.id)).slice(0, expandedReplies)
  const replies = newest.map((reply) => renderMessage(call, channel, reply))
  const base = `${call.context.origin()}/v1.0/teams/${channel.teamId}/channels/${channel.id}/messages/${message.id}`
  const isMore = message.replies.length > expandedReplies && !losesReplyLinks
  const token = call.context.seal.seal({ below: Number(newest.at(-1)?.id) })
  const link = isMore ? { 'replies@odata.nextLink': `${base}/replies?$skiptoken=${token}` } : {}
  return { ...shown, 'replies@odata.context': contextOf(call, `${channelContext(channel)}/messages`), ...link, replies }
}

/** GET .../messages/{message} and .../replies/{reply}: no query options. */
export function getMessage(call: TeamsCall): Reply {
  const channel = channelOf(call)
  const context = contextOf(call, `${channelContext(channel)}/messages/$entity`)
  return jsonReply(200, { '@odata.context': context, ...renderMessage(call, channel, messageOf(call)) })
}

/** GET .../hostedContents of a message or a reply */
export function listHosted(call: TeamsCall): Reply {
  const value = [...messageOf(call).hosted.keys()].map((id) => ({ id, contentBytes: null, contentType: null }))
  return jsonReply(200, { '@odata.count': value.length, value })
}

/** GET .../hostedContents/{hostedContent}/$value */
export function getHostedValue(call: TeamsCall): Reply {
  const content = messageOf(call).hosted.get(call.parameters.hostedContent ?? '')
  if (content === undefined) throw notFound('The hosted content was not found.')
  return bytesReply(content.bytes, content.type)
}
