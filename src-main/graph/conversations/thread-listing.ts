import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { ChangePage, ChangeStart, Container } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphPage, GraphRequest } from '../client/types.ts'
import { isObject, list, text } from '../item/fields.ts'
import { containerMetadata } from '../item/metadata.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { threadPath } from './conversation-access.ts'
import type { Conversations } from './conversation-access.ts'
import { threadProperties } from './thread-row.ts'

const threadsAtOnce = 100
const threadSelect = threadProperties.join(',')

export function conversationsContainer(group: string): Container {
  const name = 'conversations'
  return { id: group, parentId: undefined, name, properties: containerMetadata('conversations', name, { id: group }) }
}

function listRequest({ group, signal }: Conversations): GraphRequest {
  const query = { $select: threadSelect, $top: threadsAtOnce }
  return { path: graphPath`/groups/${group}/threads`, query, pool: mailboxPool(group), signal }
}

/**
 * The first page of threads, which may travel with other first questions about the group. Rejects with
 * graph.no-conversations if the group has no mailbox, graph.root-gone if it was deleted.
 */
export async function firstThreads(conversations: Conversations): Promise<GraphPage<JsonObject>> {
  try {
    const together = conversations.group
    const page = await conversations.client.json<JsonObject>({ ...listRequest(conversations), together })
    const nextLink = text(page, '@odata.nextLink')
    const value = (list(page, 'value') ?? []).filter(isObject)
    return { value, ...(nextLink === undefined ? {} : { nextLink }) }
  } catch (error) {
    if (isEngineError(error, 'graph.no-mailbox')) throw new EngineError('graph.no-conversations', { cause: error })
    if (isEngineError(error, 'graph.not-found')) throw new EngineError('graph.root-gone', { cause: error })
    throw error
  }
}

/** All threads, those that were written to last first: Graph tells no changes. `first`: a page that was read already. */
export async function* threadChanges(
  conversations: Conversations,
  { next }: ChangeStart,
  first: GraphPage<JsonObject> | undefined,
): AsyncGenerator<ChangePage, void, undefined> {
  const { client, group, signal } = conversations
  const begun = next === undefined ? first : undefined
  if (begun !== undefined) yield pageOf(begun)
  const link = next ?? begun?.nextLink
  if (begun !== undefined && link === undefined) return
  const request = link === undefined ? listRequest(conversations) : { path: link, pool: mailboxPool(group), signal }
  for await (const page of client.pages<JsonObject>(request)) yield pageOf(page)
}

function pageOf({ value, nextLink }: GraphPage<JsonObject>): ChangePage {
  const changes = value.map(
    (thread) => ({ kind: 'put', id: text(thread, 'id') ?? '', properties: listed(thread), partial: false }) as const,
  )
  return { changes, next: nextLink, cursor: undefined }
}

function listed(thread: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(thread).filter(([name]) => !name.startsWith('@')))
}

/** One thread as lists give it. */
export async function readThread({ client, group, signal }: Conversations, id: string): Promise<JsonObject> {
  const query = { $select: threadSelect }
  return listed(await client.json<JsonObject>({ path: threadPath(group, id), query, pool: mailboxPool(group), signal }))
}
