import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Change } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, isObject, list, record, text } from '../item/fields.ts'
import { plainValue } from '../item/listed-value.ts'
import { messageKey } from '../messages/message-row.ts'
import { messagesPath, teamRequest, type Team } from './team-access.ts'

/** Replies that a message brings along at most. https://learn.microsoft.com/graph/api/channel-list-messages */
const expandedReplies = 1_000

/** Replies of one request; Graph gives at most 50. */
const pageSize = 50

/** A conversation, as listed with its replies, as a change of its channel. */
export async function conversationChange(team: Team, channel: string, listed: JsonObject): Promise<Change> {
  const message = inChannel(team, channel, listed)
  const id = messageKey(message)
  if (isRemoved(message)) return { kind: 'removed', id }
  const replies = (await allReplies(team, channel, message)).filter((reply) => !isRemoved(reply))
  // Answers to a message that was deleted are still there to be read.
  if (isDeleted(message) && replies.length === 0) return { kind: 'removed', id }
  const { replies: _, ...first } = message
  const properties = plain({ ...first, replies: replies.map(plain).toSorted(byId) })
  return { kind: 'put', id, properties, partial: false }
}

/** One conversation by the id of its first message. */
export async function readConversation(team: Team, channel: string, id: string): Promise<JsonObject> {
  const path = messagesPath(team, channel) + graphPath`/${id}`
  const message = await team.client.json<JsonObject>(teamRequest(team, path))
  return { ...message, replies: await listReplies(team, channel, id) }
}

/**
 * What a listing of changes told, conversation by conversation. Replies are told with their first messages; one that comes
 * by itself stands for its conversation.
 */
export async function conversationsOf(
  team: Team,
  channel: string,
  entries: readonly JsonObject[],
): Promise<readonly JsonObject[]> {
  const first = entries.filter((entry) => filledText(entry, 'replyToId') === undefined)
  const known = new Set(first.map((entry) => text(entry, 'id')))
  const others = new Set(entries.flatMap((entry) => filledText(entry, 'replyToId') ?? []))
  const found: JsonObject[] = [...first]
  for (const id of others) if (!known.has(id)) found.push(...(await conversationOrNone(team, channel, id)))
  return found
}

async function conversationOrNone(team: Team, channel: string, id: string): Promise<readonly JsonObject[]> {
  try {
    return [await readConversation(team, channel, id)]
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return []
    throw error
  }
}

/** Those that came along, or all of them if they may not be all: the link to the rest is sometimes missing. */
async function allReplies(team: Team, channel: string, message: JsonObject): Promise<readonly JsonObject[]> {
  const came = list(message, 'replies')?.filter(isObject)
  const next = filledText(message, 'replies@odata.nextLink')
  if (came !== undefined && next === undefined && came.length < expandedReplies) return came
  if (came === undefined || next === undefined) return await listReplies(team, channel, text(message, 'id') ?? '')
  const rest: JsonObject[] = []
  for await (const page of team.client.pages<JsonObject>(teamRequest(team, next))) rest.push(...page.value)
  return withoutRepeats([...came, ...rest])
}

/** https://learn.microsoft.com/graph/api/chatmessage-list-replies */
async function listReplies(team: Team, channel: string, message: string): Promise<readonly JsonObject[]> {
  const path = messagesPath(team, channel) + graphPath`/${message}/replies`
  const found: JsonObject[] = []
  const request = teamRequest(team, path, { $top: pageSize })
  for await (const page of team.client.pages<JsonObject>(request)) found.push(...page.value)
  return withoutRepeats(found)
}

function withoutRepeats(replies: readonly JsonObject[]): readonly JsonObject[] {
  return [...new Map(replies.map((reply) => [text(reply, 'id'), reply])).values()]
}

/** A reply that was deleted, or an entry that says that there is nothing any more. */
function isRemoved(message: JsonObject): boolean {
  return record(message, '@removed') !== undefined || (isReply(message) && isDeleted(message))
}

function isReply(message: JsonObject): boolean {
  return filledText(message, 'replyToId') !== undefined
}

function isDeleted(message: JsonObject): boolean {
  return filledText(message, 'deletedDateTime') !== undefined
}

/** Ids of messages are unique within their channel alone. */
function inChannel({ id: teamId }: Team, channelId: string, message: JsonObject): JsonObject {
  const known = record(message, 'channelIdentity')
  return known !== undefined && filledText(known, 'channelId') !== undefined
    ? message
    : { ...message, channelIdentity: { teamId, channelId } }
}

/** Listings of changes name the type of each message, others do not. */
function plain({ '@odata.type': _, ...message }: JsonObject): JsonObject {
  const value = plainValue(message)
  return isObject(value) ? value : {}
}

/** Ids are milliseconds since 1970. */
function byId(one: JsonObject, other: JsonObject): number {
  return Number(text(one, 'id')) - Number(text(other, 'id'))
}
