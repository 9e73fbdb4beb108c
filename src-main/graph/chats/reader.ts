import type { JsonObject } from '../../engine/model/json.ts'
import type { DataTypeReader, ItemBody, ItemDescriber, ListedItem } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'
import { propertiesOf } from '../item/metadata.ts'
import { laterNames, teamsPool } from '../messages/access.ts'
import { hostedContentsOf, hostedIn, withHostedContents, type HostedPlace } from '../messages/hosted-contents.ts'
import { messageIdentity, messageMetadata, messageRow, messageText, splitKey } from '../messages/message-row.ts'
import type { Activities } from './chat-activity.ts'
import { chatsOf, type Chats } from './chat-access.ts'
import { listChats } from './chat-listing.ts'
import { inChat, messageChanges } from './message-listing.ts'

/** Chat messages as they are stored: what the catalog is rebuilt with. */
export const chatsDescriber: ItemDescriber = {
  type: 'chats',
  folder: 'chats',
  layout: 'beside',
  contentExtension: undefined,
  mimeContent: false,
  textFrom: 'metadata',
  row: messageRow,
  identity: messageIdentity,
  searchText: (metadata) => Promise.resolve(messageText(metadata)),
}

/**
 * Reads the chats of users: one to one, group and meeting chats, with their messages and what is inside of these.
 * Files that were sent lie in somebody's OneDrive; the messages name them. `now`: milliseconds since 1970.
 *
 * Only endpoints are used for which Microsoft charges nothing: not getAllMessages.
 * https://learn.microsoft.com/graph/api/resources/chat
 */
export function chatsReader(client: GraphClient, now: () => number = () => Date.now()): DataTypeReader {
  /** What the list of chats told, by user, between `containers` and the end of the run. */
  const told = new Map<string, Activities>()
  return {
    ...chatsDescriber,
    containers: async (root, last, signal) => {
      const { listing, activities } = await listChats(chatsOf(client, root, signal), last)
      told.set(root.id, activities)
      return listing
    },
    changes: (root, container, start, signal) => {
      const chat = { id: container.id, activity: told.get(root.id)?.get(container.id), now: now() }
      return messageChanges(chatsOf(client, root, signal), chat, start)
    },
    metadata: (properties) => messageMetadata('chatMessage', properties),
    properties: propertiesOf,
    body: (root, container, item, signal) => messageBody(chatsOf(client, root, signal), container.id, item),
    item: (root, id, signal) => readMessage(chatsOf(client, root, signal), id),
    finished: (root) => {
      told.delete(root.id)
      return Promise.resolve()
    },
  }
}

async function messageBody(chats: Chats, chat: string, { properties, previous }: ListedItem): Promise<ItemBody> {
  if (hostedIn(properties).length === 0) return {}
  const before = previous === undefined ? [] : hostedContentsOf(propertiesOf(previous))
  const path = ({ id, message }: HostedPlace): string =>
    graphPath`/chats/${chat}/messages/${message}/hostedContents/${id}/$value`
  return await withHostedContents({ client: chats.client, signal: chats.signal, path }, properties, before)
}

async function readMessage(
  { client, user, signal }: Chats,
  id: string,
): Promise<{ readonly container: string; readonly properties: JsonObject }> {
  const { thread: chat, message } = splitKey(id)
  const path = graphPath`/users/${user}/chats/${chat}/messages/${message}`
  const found = await client.json<JsonObject>({ path, pool: teamsPool, signal, prefer: [laterNames] })
  return { container: chat, properties: inChat(chat, found) }
}
