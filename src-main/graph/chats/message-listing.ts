import type { JsonObject } from '../../engine/model/json.ts'
import type { Change, ChangePage, ChangeStart } from '../../engine/ports/data-type.ts'
import { EngineError } from '../../engine/model/errors.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, isObject, text, time } from '../item/fields.ts'
import { laterNames, teamsPool } from '../messages/access.ts'
import { messageKey } from '../messages/message-row.ts'
import { parsed } from '../messages/parsed-json.ts'
import type { Chats } from './chat-access.ts'

/** Messages of one request; Graph gives at most 50. */
const pageSize = 50

/** Milliseconds that are listed again: what was changed while the last listing ran may have become visible later. */
const overlap = 60_000

const day = 86_400_000

/** A chat without new messages is asked for changed ones at least so often, in milliseconds. */
const longestSilence = 7 * day

/** Where the listing of a chat stands. */
interface ChatCursor {
  readonly v: 1
  /** The newest time of change seen, milliseconds since 1970; 0 for a chat without messages. */
  readonly newest: number
  /** What the list of chats told when the chat was listed; empty if unknown. */
  readonly activity: string
  /** When it was listed. */
  readonly listedAt: number
  /** Graph's next link, in the middle of a listing. */
  readonly link?: string
}

export interface ChatState {
  readonly id: string
  /** What the list of chats told now; undefined when it was not asked (an interrupted run goes on). */
  readonly activity: string | undefined
  /** Clock time. */
  readonly now: number
}

/**
 * Messages of a chat, changed ones since the cursor. New ones show up in the list of chats; what happens to older ones
 * (edited, deleted, a reaction) does not, so a chat in which nothing is new is asked for that too, the less often the
 * longer it has been quiet: after an eighth of its silence, and weekly at least.
 *
 * What a retention policy removes leaves no trace in Graph and stays in the backup.
 * https://learn.microsoft.com/graph/api/chat-list-messages
 */
export async function* messageChanges(
  chats: Chats,
  chat: ChatState,
  start: ChangeStart,
): AsyncGenerator<ChangePage, void, undefined> {
  const from = start.next ?? start.cursor
  const last = from === undefined ? undefined : readCursor(from)
  if (last !== undefined && start.next === undefined && isQuiet(last, chat)) {
    yield { changes: [], next: undefined, cursor: start.cursor }
    return
  }
  const base: ChatCursor = { v: 1, newest: last?.newest ?? 0, activity: chat.activity ?? '', listedAt: chat.now }
  let cursor = start.next === undefined ? base : (last ?? base)
  for await (const page of pagesOf(chats, chat.id, last)) {
    // Newest first: what is changed from now on has a later time than the first page.
    cursor = { ...cursor, newest: Math.max(cursor.newest, ...page.value.map(changedAt)) }
    const changes = page.value.filter(isObject).map((message) => changeOf(chat.id, message))
    const { link: _, ...done } = cursor
    const next = page.nextLink === undefined ? undefined : JSON.stringify({ ...done, link: page.nextLink })
    yield { changes, next, cursor: next === undefined ? JSON.stringify(done) : undefined }
  }
}

function isQuiet(last: ChatCursor, { activity, now }: ChatState): boolean {
  if (activity === undefined || activity !== last.activity) return false
  const silence = Math.max(0, last.listedAt - last.newest)
  return now - last.listedAt < Math.min(silence / 8, longestSilence) && now >= last.listedAt
}

function pagesOf({ client, user, signal }: Chats, chat: string, last: ChatCursor | undefined) {
  const request = { pool: teamsPool, together: user, signal, prefer: [laterNames] }
  if (last?.link !== undefined) return client.pages<JsonObject>({ ...request, path: last.link })
  const since = Math.max(0, (last?.newest ?? 0) - overlap)
  const filter = since === 0 ? {} : { $filter: `lastModifiedDateTime gt ${new Date(since).toISOString()}` }
  const query = { $top: pageSize, $orderby: 'lastModifiedDateTime desc', ...filter }
  return client.pages<JsonObject>({ ...request, path: graphPath`/users/${user}/chats/${chat}/messages`, query })
}

function changedAt(message: JsonObject): number {
  return time(message, 'lastModifiedDateTime') ?? time(message, 'createdDateTime') ?? 0
}

function changeOf(chat: string, message: JsonObject): Change {
  const properties = inChat(chat, message)
  return { kind: 'put', id: messageKey(properties), properties, partial: false }
}

/** Ids of messages are unique within their chat alone. */
export function inChat(chat: string, message: JsonObject): JsonObject {
  return filledText(message, 'chatId') === undefined ? { ...message, chatId: chat } : message
}

function readCursor(cursor: string): ChatCursor {
  const value = parsed(cursor)
  if (!isObject(value) || value.v !== 1 || typeof value.newest !== 'number' || typeof value.listedAt !== 'number') {
    throw new EngineError('graph.cursor-lost', { context: { reason: 'unreadable-cursor' } })
  }
  const link = filledText(value, 'link')
  const { newest, listedAt } = value
  return { v: 1, newest, listedAt, activity: text(value, 'activity') ?? '', ...(link === undefined ? {} : { link }) }
}
