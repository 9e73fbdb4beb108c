import type { DataTypeReader, ItemBody, ItemDescriber, ListedItem, Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'
import { text } from '../item/fields.ts'
import { listFolders } from './folder-listing.ts'
import { itemContent } from '../outlook/item-content.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { messageChanges, readMessage } from './message-listing.ts'
import { storedProperties } from './message-properties.ts'
import { messageRow } from './message-row.ts'
import { propertiesOf } from '../item/metadata.ts'
import { identityOf, messageMetadata } from './metadata.ts'
import { mimeSearchText } from './mime-search-text.ts'
import { isRecoverable, recoverableChanges } from './recoverable-items.ts'
import { sameContent } from './same-content.ts'

/** Mail as it is stored: what the catalog is rebuilt with. */
export const mailDescriber: ItemDescriber = {
  type: 'mail',
  folder: 'mailbox',
  contentExtension: '.eml',
  mimeContent: true,
  layout: 'beside',
  textFrom: 'content',
  row: messageRow,
  identity: identityOf,
  searchText: (_metadata, content) => mimeSearchText(content),
}

/** Reads the mail of users. https://learn.microsoft.com/graph/api/resources/mail-api-overview */
export function mailReader(client: GraphClient): DataTypeReader {
  const mailbox = (root: Root, signal: AbortSignal): Mailbox => ({ client, user: root.id, signal })
  /** What Recoverable Items looked like when the folders were listed, by root. */
  const fingerprints = new Map<string, string | undefined>()
  return {
    ...mailDescriber,
    containers: async (root, last, signal) => {
      const { listing, fingerprint } = await listFolders(mailbox(root, signal), last)
      fingerprints.set(root.id, fingerprint)
      return listing
    },
    changes: (root, container, start, signal) =>
      isRecoverable(container)
        ? recoverableChanges(mailbox(root, signal), container.id, start, fingerprints.get(root.id))
        : messageChanges(mailbox(root, signal), container.id, start),
    metadata: messageMetadata,
    properties: propertiesOf,
    body: (root, _container, item, signal) => messageBody(mailbox(root, signal), item),
    item: (root, id, signal) => readItem(mailbox(root, signal), id),
    finished: (root) => {
      fingerprints.delete(root.id)
      return Promise.resolve()
    },
  }
}

/** State (read, flagged, moved) does not change MIME. */
async function messageBody(mailbox: Mailbox, { id, properties, previous }: ListedItem): Promise<ItemBody> {
  if (previous !== undefined && sameContent(previous, messageMetadata(properties))) return { content: 'unchanged' }
  // https://learn.microsoft.com/graph/outlook-get-mime-message
  return { content: await itemContent(mailbox, graphPath`/users/${mailbox.user}/messages/${id}/$value`) }
}

async function readItem(mailbox: Mailbox, id: string): ReturnType<DataTypeReader['item']> {
  const message = await readMessage(mailbox, id)
  return { container: text(message, 'parentFolderId') ?? '', properties: storedProperties(message) }
}
