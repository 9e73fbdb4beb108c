import type { JsonObject } from '../../engine/model/json.ts'
import type { DataTypeReader, ItemDescriber } from '../../engine/ports/data-type.ts'
import type { GraphClient, GraphPage } from '../client/types.ts'
import { propertiesOf } from '../item/metadata.ts'
import { conversationsOf } from './conversation-access.ts'
import type { SignInFacts } from './conversation-access.ts'
import { conversationsContainer, firstThreads, readThread, threadChanges } from './thread-listing.ts'
import { threadBody } from './thread-posts.ts'
import { threadIdentity, threadMetadata, threadNotices, threadRow, threadText } from './thread-row.ts'

/** Threads of conversations as they are stored: what the catalog is rebuilt with. */
export const conversationsDescriber: ItemDescriber = {
  type: 'conversations',
  folder: 'mailbox',
  contentExtension: undefined,
  mimeContent: false,
  layout: 'beside',
  textFrom: 'metadata',
  row: threadRow,
  identity: threadIdentity,
  notices: threadNotices,
  searchText: (metadata) => Promise.resolve(threadText(metadata)),
}

/**
 * Reads the conversations of groups: an item is a thread with all its posts, attachments are its parts. An unchanged
 * thread costs nothing but its place in the list; one that was written to is read whole. A post that is edited or
 * deleted in the middle of a thread changes nothing that Graph lists, and shows when somebody writes to the thread.
 * https://learn.microsoft.com/graph/api/resources/conversationthread
 */
export function conversationsReader(client: GraphClient): DataTypeReader {
  const facts: SignInFacts = { attachmentsRefused: undefined }
  /** By group, between `containers` and the end of the run. */
  const first = new Map<string, GraphPage<JsonObject>>()
  return {
    ...conversationsDescriber,
    containers: async (root, _last, signal) => {
      const page = await firstThreads(conversationsOf(client, root, facts, signal))
      const isEmpty = page.value.length === 0 && page.nextLink === undefined
      if (!isEmpty) first.set(root.id, page)
      return { containers: isEmpty ? [] : [conversationsContainer(root.id)], cursor: undefined }
    },
    changes: (root, _container, start, signal) => {
      const page = first.get(root.id)
      first.delete(root.id)
      return threadChanges(conversationsOf(client, root, facts, signal), start, page)
    },
    metadata: threadMetadata,
    properties: propertiesOf,
    body: (root, _container, item, signal) => threadBody(conversationsOf(client, root, facts, signal), item),
    item: async (root, id, signal) => {
      const properties = await readThread(conversationsOf(client, root, facts, signal), id)
      return { container: root.id, properties }
    },
    finished: (root) => {
      first.delete(root.id)
      return Promise.resolve()
    },
  }
}
