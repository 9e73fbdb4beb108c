import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Change, ChangePage, ChangeStart } from '../../engine/ports/data-type.ts'
import type { GraphPage, GraphRequest } from '../client/types.ts'
import { isObject } from '../item/fields.ts'
import { advanced, beginning, isCurrent, lost, readCursor, writeCursor, type ChannelCursor } from './channel-cursor.ts'
import { conversationChange, conversationsOf } from './conversation.ts'
import { messagesPath, teamRequest, type Team } from './team-access.ts'

/** Messages of one request; Graph gives at most 50. */
const pageSize = 50

/** Milliseconds that are listed again: what was changed while the last listing ran may have become visible later. */
const overlap = 60_000

export interface ChannelState {
  readonly id: string
  /** As the list of channels told it. */
  readonly properties: JsonObject
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Channels that refused listings of changes in this run, by id; added to here. */
  readonly refusing: Set<string>
}

/**
 * Conversations of a channel, changed ones since the cursor: a first message with the replies to it is one item.
 *
 * The first run lists everything. From then on `messages/delta` tells which conversations were changed since a certain time
 * ("any reply chain created or changed after the specified date time"), in one request if there are none. Its tokens are
 * not kept: whether they tell of replies to older messages is not documented, and they die.
 *
 * A channel that refuses listings of changes (one in which nobody ever wrote does, and others may) is listed whole, and
 * asked again the time after the next: without a cursor in between, since only a whole listing shows what is gone.
 * https://learn.microsoft.com/graph/api/channel-list-messages https://learn.microsoft.com/graph/api/chatmessage-delta
 */
export async function* messageChanges(
  team: Team,
  channel: ChannelState,
  start: ChangeStart,
): AsyncGenerator<ChangePage, void, undefined> {
  let cursor = startOf(channel, start)
  for await (const page of pagesOf(team, channel, cursor, start)) {
    const entries = page.value.filter(isObject)
    cursor = advanced(cursor, entries, channel.now())
    const changes: Change[] = []
    for (const entry of await conversationsOf(team, channel.id, entries))
      changes.push(await conversationChange(team, channel.id, entry))
    const { nextLink } = page
    if (nextLink !== undefined) yield { changes, next: writeCursor({ ...cursor, link: nextLink }), cursor: undefined }
    else yield { changes, next: undefined, cursor: endOf(channel, cursor) }
  }
}

function startOf({ id, properties, now }: ChannelState, { cursor, next }: ChangeStart): ChannelCursor {
  if (next !== undefined) return readCursor(next)
  const last = cursor === undefined ? undefined : readCursor(cursor)
  if (last === undefined || last.empty === true) return beginning(properties, now())
  if (!isCurrent(last, id, properties, now())) throw lost('listing-is-due')
  return { ...last, began: now() }
}

function endOf(
  { id, refusing }: ChannelState,
  { link: _l, whole, empty: _e, ...cursor }: ChannelCursor,
): string | undefined {
  if (whole !== true) return writeCursor(cursor)
  // Nothing at all was seen.
  if (cursor.upTo === undefined) return writeCursor({ ...cursor, empty: true })
  return refusing.has(id) ? undefined : writeCursor(cursor)
}

async function* pagesOf(
  team: Team,
  channel: ChannelState,
  cursor: ChannelCursor,
  start: ChangeStart,
): AsyncGenerator<GraphPage<JsonObject>, void, undefined> {
  try {
    yield* team.client.pages<JsonObject>(firstRequest(team, channel, cursor, start))
  } catch (error) {
    // Of what is listed whole, an old link alone may be refused.
    if (!isEngineError(error, 'graph.request-refused')) throw error
    if (cursor.whole === true && start.next === undefined) throw error
    if (cursor.whole !== true) channel.refusing.add(channel.id)
    throw lost('refused', error)
  }
}

function firstRequest(team: Team, channel: ChannelState, cursor: ChannelCursor, start: ChangeStart): GraphRequest {
  if (cursor.link !== undefined) return teamRequest(team, cursor.link)
  const path = messagesPath(team, channel.id)
  const query = { $top: pageSize, $expand: 'replies' }
  // What was read before has little to tell, and can travel with other requests.
  const together = start.cursor === undefined ? {} : { together: team.id }
  if (cursor.whole === true) return { ...teamRequest(team, path, query), ...together }
  const since = new Date(Math.max(0, (cursor.upTo ?? 0) - overlap)).toISOString()
  const changed = { ...query, $filter: `lastModifiedDateTime gt ${since}` }
  return { ...teamRequest(team, `${path}/delta`, changed), ...together }
}
