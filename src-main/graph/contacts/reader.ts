import { EngineError } from '../../engine/model/errors.ts'
import type {
  ChangePage,
  ChangeStart,
  Container,
  DataTypeReader,
  ItemBody,
  ItemDescriber,
  Root,
} from '../../engine/ports/data-type.ts'
import type { GraphClient } from '../client/types.ts'
import { text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { contactChanges, readContact } from './contact-listing.ts'
import { contactIdentity, contactMetadata, contactRow, contactText } from './contact-properties.ts'
import { listContactContainers } from './folder-listing.ts'
import { ContactPhotos } from './photo-reading.ts'

/** Contacts as they are stored: what the catalog is rebuilt with. */
export const contactsDescriber: ItemDescriber = {
  type: 'contacts',
  folder: 'contacts',
  contentExtension: '.photo',
  mimeContent: false,
  layout: 'beside',
  textFrom: 'metadata',
  row: contactRow,
  identity: contactIdentity,
  searchText: (metadata) => Promise.resolve(contactText(metadata)),
}

/**
 * Reads the contacts of users, their folders and photos. Distribution lists inside contact folders are not contacts
 * for Graph, and do not show. https://learn.microsoft.com/graph/api/resources/contact
 */
export function contactsReader(client: GraphClient): DataTypeReader {
  const mailbox = (root: Root, signal: AbortSignal): Mailbox => ({ client, user: root.id, signal })
  const photos = new Map<string, ContactPhotos>()
  const photosOf = (root: Root, container: Container): ContactPhotos => {
    const key = `${root.id}\n${container.id}`
    const known = photos.get(key) ?? new ContactPhotos()
    photos.set(key, known)
    return known
  }
  return {
    ...contactsDescriber,
    containers: (root, last, signal) => listContactContainers(mailbox(root, signal), last),
    changes: (root, container, start, signal) =>
      expecting(mailbox(root, signal), container.id, start, photosOf(root, container)),
    metadata: contactMetadata,
    properties: propertiesOf,
    body: (root, container, item, signal) => contactBody(mailbox(root, signal), item.id, photosOf(root, container)),
    item: (root, id, signal) => readItem(mailbox(root, signal), id),
    finished: (root) => {
      for (const key of photos.keys()) if (key.startsWith(`${root.id}\n`)) photos.delete(key)
      return Promise.resolve()
    },
  }
}

async function* expecting(
  mailbox: Mailbox,
  folder: string,
  start: ChangeStart,
  photos: ContactPhotos,
): AsyncGenerator<ChangePage, void, undefined> {
  for await (const page of contactChanges(mailbox, folder, start)) {
    photos.expect(page.changes.flatMap(({ kind, id }) => (kind === 'put' ? [id] : [])))
    yield page
  }
}

/** A photo that cannot be read for good is a missing part: the contact itself is stored. */
async function contactBody(mailbox: Mailbox, id: string, photos: ContactPhotos): Promise<ItemBody> {
  const photo = await photos.photo(mailbox, id)
  if (photo === 'none') return {}
  if (!(photo instanceof EngineError)) return { content: photo }
  if (photo.retry !== 'never') throw photo
  return { parts: [{ name: 'photo', open: () => Promise.reject(photo) }] }
}

async function readItem(mailbox: Mailbox, id: string): ReturnType<DataTypeReader['item']> {
  const contact = await readContact(mailbox, id)
  return { container: text(contact, 'parentFolderId') ?? '', properties: contact }
}
