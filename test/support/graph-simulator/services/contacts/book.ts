import { folderId, messageId, parseId } from '../../state/ids.ts'
import type { IdFamily } from '../../state/ids.ts'
import { idMalformed, itemNotFound, wrongMailbox } from '../../http/errors.ts'

/** Contacts and their folders are numbered far away from the mails and mail folders of the same mailbox. */
const firstNumber = 900_000_000

export interface StoredContactFolder {
  readonly number: number
  /** The default folder hangs below the mailbox's root and has none. */
  parent: StoredContactFolder | undefined
  displayName: string
}

export interface StoredContact {
  readonly number: number
  folder: StoredContactFolder
  /** What people entered; only names of the contact resource. */
  properties: Readonly<Record<string, unknown>>
  photo: Buffer | undefined
  /** Extended properties by normalized id. */
  readonly single: Map<string, string>
  readonly createdAt: number
  modifiedAt: number
  version: number
  moves: number
}

export interface ContactChange {
  readonly sequence: number
  readonly contact: StoredContact
  readonly folder: StoredContactFolder
  readonly kind: 'put' | 'removed'
  /** How often the contact had moved: its regular id of that time. */
  readonly moves: number
}

/** The contact folders and contacts of one mailbox, with the history that delta rounds read. */
export class ContactBook {
  readonly key: string
  readonly defaultFolder: StoredContactFolder
  readonly folders = new Map<number, StoredContactFolder>()
  readonly contacts = new Map<number, StoredContact>()
  readonly history: ContactChange[] = []
  /** Delta tokens of another generation are dead. */
  generation = 0
  private next = firstNumber

  constructor(key: string, defaultName: string) {
    this.key = key
    this.defaultFolder = this.addFolder(undefined, defaultName)
  }

  get sequence(): number {
    return this.history.at(-1)?.sequence ?? 0
  }

  addFolder(parent: StoredContactFolder | undefined, displayName: string): StoredContactFolder {
    const folder = { number: this.next++, parent, displayName }
    this.folders.set(folder.number, folder)
    return folder
  }

  childrenOf(parent: StoredContactFolder): readonly StoredContactFolder[] {
    return [...this.folders.values()].filter((folder) => folder.parent === parent)
  }

  removeFolder(folder: StoredContactFolder): void {
    for (const child of this.childrenOf(folder)) this.removeFolder(child)
    for (const contact of this.inFolder(folder)) this.remove(contact)
    this.folders.delete(folder.number)
  }

  inFolder(folder: StoredContactFolder): readonly StoredContact[] {
    return [...this.contacts.values()].filter((contact) => contact.folder === folder)
  }

  add(folder: StoredContactFolder, properties: StoredContact['properties'], now: number): StoredContact {
    const contact: StoredContact = {
      number: this.next++,
      folder,
      properties,
      photo: undefined,
      single: new Map(),
      createdAt: now,
      modifiedAt: now,
      version: 1,
      moves: 0,
    }
    this.contacts.set(contact.number, contact)
    this.note(contact, 'put')
    return contact
  }

  /** To be called when anything of the contact was changed. */
  touch(contact: StoredContact, now: number): void {
    contact.modifiedAt = now
    contact.version++
    this.note(contact, 'put')
  }

  move(contact: StoredContact, folder: StoredContactFolder, now: number): void {
    this.note(contact, 'removed')
    contact.folder = folder
    contact.moves++
    this.touch(contact, now)
  }

  remove(contact: StoredContact): void {
    this.contacts.delete(contact.number)
    this.note(contact, 'removed')
  }

  private note(contact: StoredContact, kind: ContactChange['kind']): void {
    const { folder, moves } = contact
    this.history.push({ sequence: this.sequence + 1, contact, folder, kind, moves })
  }

  folderId(folder: StoredContactFolder | undefined): string {
    return folderId(this.key, folder?.number ?? firstNumber - 1)
  }

  contactId({ number, moves }: Pick<StoredContact, 'number' | 'moves'>, family: IdFamily): string {
    return messageId(this.key, number, moves, family)
  }

  folderById(id: string, owner: string): StoredContactFolder {
    const parsed = parseId(id)
    if (parsed.kind !== 'folder') throw idMalformed()
    if (parsed.mailbox !== this.key) throw wrongMailbox(owner)
    return this.folders.get(parsed.number) ?? missing()
  }

  contactById(id: string, owner: string): StoredContact {
    const parsed = parseId(id)
    if (parsed.kind !== 'message') throw idMalformed()
    if (parsed.mailbox !== this.key) throw wrongMailbox(owner)
    const contact = this.contacts.get(parsed.number)
    if (contact === undefined || (parsed.moves !== undefined && parsed.moves !== contact.moves)) return missing()
    return contact
  }
}

function missing(): never {
  throw itemNotFound()
}
