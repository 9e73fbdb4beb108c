import { hashNumbers } from '../../random.ts'
import type { IdFamily } from '../../state/ids.ts'
import type { ContactBook, StoredContact, StoredContactFolder } from './book.ts'
import { shownProperties } from './properties.ts'

const seconds = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`

/** A contact as a GET without `$select` shows it. */
export function renderContact(book: ContactBook, contact: StoredContact, ids: IdFamily): Record<string, unknown> {
  const changeKey = changeKeyOf(contact)
  return {
    '@odata.etag': `W/"${changeKey}"`,
    id: book.contactId(contact, ids),
    createdDateTime: seconds(contact.createdAt),
    lastModifiedDateTime: seconds(contact.modifiedAt),
    changeKey,
    parentFolderId: book.folderId(contact.folder),
    ...shownProperties(contact.properties),
  }
}

function changeKeyOf({ number, version }: StoredContact): string {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(hashNumbers(number, version), 0)
  bytes.writeUInt32BE(version, 4)
  return `EQAAABYAAAC${bytes.toString('base64')}`
}

/** Nothing else than what was selected, and always the id. */
export function onlySelected(
  shown: Readonly<Record<string, unknown>>,
  selected: ReadonlySet<string> | undefined,
): Record<string, unknown> {
  if (selected === undefined) return { ...shown }
  const kept = Object.entries(shown).filter(([name]) => name.startsWith('@') || name === 'id' || selected.has(name))
  return Object.fromEntries(kept)
}

export function renderFolder(book: ContactBook, folder: StoredContactFolder): Record<string, unknown> {
  return {
    id: book.folderId(folder),
    parentFolderId: book.folderId(folder.parent),
    displayName: folder.displayName,
  }
}

/** Width and height of a picture, as far as the simulator looks: GIF, or a guess. */
export function photoSize(photo: Buffer): { readonly width: number; readonly height: number } {
  const isGif = photo.subarray(0, 3).toString('latin1') === 'GIF'
  return isGif ? { width: photo.readUInt16LE(6), height: photo.readUInt16LE(8) } : { width: 240, height: 240 }
}
