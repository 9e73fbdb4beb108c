import type { SimulatorClock } from '../../clock.ts'
import type { TenantState } from '../../state/tenant.ts'
import { mailboxKey } from '../../state/ids.ts'
import { ContactBook } from './book.ts'
import type { StoredContact, StoredContactFolder } from './book.ts'
import { contactInput, withDerivedNames } from './properties.ts'
import { renderContact } from './render.ts'

export interface ContactInfo {
  /** In its immutable form. */
  readonly id: string
  /** Display names from the top: the default folder first. */
  readonly folder: readonly string[]
  /** As Graph shows them. */
  readonly properties: Readonly<Record<string, unknown>>
  readonly photo: Buffer | undefined
  /** Extended properties by normalized id. */
  readonly extended: ReadonlyMap<string, string>
}

const defaultNames: ReadonlyMap<string, string> = new Map([
  ['Posteingang', 'Kontakte'],
  ['Boîte de réception', 'Contacts (fr)'],
])

/**
 * The contacts of all mailboxes: what people do in Outlook while nobody looks, and what tests compare with. Users are
 * named by id or userPrincipalName, folders by their display names below the default folder joined with "/" ("" for the
 * default folder itself), contacts by their immutable id.
 */
export class ContactsState {
  /** Whether `contactFolders/contacts` leads to the default folder; works, but is not documented. */
  knowsDefaultByName = true
  /** Whether the list of folders has the default folder too, as the documented example shows it. */
  listsDefault = false
  private readonly tenant: TenantState
  private readonly clock: SimulatorClock
  private readonly books = new Map<string, ContactBook>()

  constructor(tenant: TenantState, clock: SimulatorClock) {
    this.tenant = tenant
    this.clock = clock
  }

  addFolder(user: string, displayName: string, parent = ''): string {
    const book = this.book(user)
    return book.folderId(book.addFolder(this.folderAt(book, parent), displayName))
  }

  renameFolder(user: string, folder: string, displayName: string): void {
    this.folderAt(this.book(user), folder).displayName = displayName
  }

  moveFolder(user: string, folder: string, parent: string): void {
    const book = this.book(user)
    this.folderAt(book, folder).parent = this.folderAt(book, parent)
  }

  removeFolder(user: string, folder: string): void {
    const book = this.book(user)
    book.removeFolder(this.folderAt(book, folder))
  }

  /** Adds a contact; `properties` as a request would give them. */
  add(user: string, folder: string, properties: Readonly<Record<string, unknown>>, photo?: Buffer): string {
    const book = this.book(user)
    const given = withDerivedNames(contactInput(properties))
    const contact = book.add(this.folderAt(book, folder), given, this.clock.now())
    contact.photo = photo
    return book.contactId(contact, 'immutable')
  }

  update(user: string, id: string, properties: Readonly<Record<string, unknown>>): void {
    this.change(user, id, (contact) => {
      contact.properties = { ...contact.properties, ...contactInput(properties) }
    })
  }

  setPhoto(user: string, id: string, photo: Buffer | undefined): void {
    this.change(user, id, (contact) => {
      contact.photo = photo
    })
  }

  move(user: string, id: string, folder: string): void {
    const book = this.book(user)
    book.move(book.contactById(id, user), this.folderAt(book, folder), this.clock.now())
  }

  remove(user: string, id: string): void {
    const book = this.book(user)
    book.remove(book.contactById(id, user))
  }

  /** Lets all delta tokens of this user's contacts die. */
  breakCursors(user: string): void {
    this.book(user).generation++
  }

  folders(user: string): readonly (readonly string[])[] {
    return [...this.book(user).folders.values()].map(pathOf)
  }

  contacts(user: string): readonly ContactInfo[] {
    const book = this.book(user)
    return [...book.contacts.values()].map((contact) => ({
      id: book.contactId(contact, 'immutable'),
      folder: pathOf(contact.folder),
      properties: renderContact(book, contact, 'immutable'),
      photo: contact.photo,
      extended: contact.single,
    }))
  }

  /** For routes: the contacts of a user with a mailbox. */
  book(user: string): ContactBook {
    const id = this.tenant.findUser(user)?.id ?? user
    const known = this.books.get(id)
    if (known !== undefined) return known
    const book = new ContactBook(mailboxKey(id), this.defaultName(id))
    this.books.set(id, book)
    return book
  }

  private defaultName(user: string): string {
    const inbox = this.tenant.findUser(user)?.mailbox?.wellKnownFolder('inbox').displayName
    return defaultNames.get(inbox ?? '') ?? 'Contacts'
  }

  private folderAt(book: ContactBook, path: string): StoredContactFolder {
    let folder = book.defaultFolder
    for (const name of path === '' ? [] : path.split('/')) {
      const child = book.childrenOf(folder).find(({ displayName }) => displayName === name)
      if (child === undefined) throw new Error(`No contact folder "${name}"`)
      folder = child
    }
    return folder
  }

  private change(user: string, id: string, apply: (contact: StoredContact) => void): void {
    const book = this.book(user)
    const contact = book.contactById(id, user)
    apply(contact)
    book.touch(contact, this.clock.now())
  }
}

function pathOf(folder: StoredContactFolder): readonly string[] {
  return folder.parent === undefined ? [folder.displayName] : [...pathOf(folder.parent), folder.displayName]
}

const make = (tenant: TenantState, clock: SimulatorClock): ContactsState => new ContactsState(tenant, clock)

export function contactsState(tenant: TenantState): ContactsState {
  return tenant.service(make)
}
