import type { DataTypeReader, ItemDescriber, Root } from '../../engine/ports/data-type.ts'
import type { GraphClient } from '../client/types.ts'
import { text } from './fields.ts'
import { listFolders } from './folder-listing.ts'
import type { Mailbox } from './folder-requests.ts'
import { messageContent } from './message-content.ts'
import { messageChanges, readMessage } from './message-listing.ts'
import { storedProperties } from './message-properties.ts'
import { messageRow } from './message-row.ts'
import { identityOf, messageMetadata, propertiesOf } from './metadata.ts'
import { mimeSearchText } from './mime-search-text.ts'
import { sameContent } from './same-content.ts'

/** Mail as it is stored: what the catalog is rebuilt with. */
export const mailDescriber: ItemDescriber = {
  type: 'mail',
  folder: 'mailbox',
  contentExtension: '.eml',
  mimeContent: true,
  row: messageRow,
  identity: identityOf,
  searchText: (_metadata, content) => mimeSearchText(content),
}

/** Reads the mail of users. https://learn.microsoft.com/graph/api/resources/mail-api-overview */
export function mailReader(client: GraphClient): DataTypeReader {
  const mailbox = (root: Root, signal: AbortSignal): Mailbox => ({ client, user: root.id, signal })
  return {
    ...mailDescriber,
    containers: (root, last, signal) => listFolders(mailbox(root, signal), last),
    changes: (root, container, start, signal) => messageChanges(mailbox(root, signal), container.id, start),
    metadata: messageMetadata,
    properties: propertiesOf,
    sameContent,
    content: (root, _container, id, signal) => messageContent(mailbox(root, signal), id),
    item: (root, id, signal) => readItem(mailbox(root, signal), id),
  }
}

async function readItem(mailbox: Mailbox, id: string): ReturnType<DataTypeReader['item']> {
  const message = await readMessage(mailbox, id)
  return { container: text(message, 'parentFolderId') ?? '', properties: storedProperties(message) }
}
