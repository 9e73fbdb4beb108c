import type { SimulatorClock } from '../clock.ts'
import { bytesSource } from '../mime/sources.ts'
import { editedSource } from '../mime/edit.ts'
import type { MessageExtra, StoredFolder, StoredMessage } from './stored.ts'
import { attachmentInfos, folderInfo, messageContent, messageInfo, userInfo } from './info.ts'
import type { AttachmentInfo, FolderInfo, MessageContent, MessageInfo, UserInfo } from './info.ts'
import type { Mailbox } from './mailbox.ts'
import { folderByIdOrName, messageById } from './references.ts'
import type { CursorError, FollowupFlag, Importance } from './types.ts'
import { makeMailbox, makeUser } from './user.ts'
import type { NewUser, StoredUser } from './user.ts'
import type { MailboxLanguage } from './well-known.ts'
import { wellKnownNames } from './well-known.ts'

/** A folder: its id, its well-known name, or display names from the top level down (as a list, or joined with "/"). */
export type FolderReference = string | readonly string[]

export interface MessageProperties {
  /** ISO 8601; defaults to the Date header, then to now. */
  readonly receivedDateTime?: string
  readonly isRead?: boolean
  readonly isDraft?: boolean
  readonly importance?: Importance
  readonly categories?: readonly string[]
  readonly flag?: FollowupFlag
}

export interface FolderProperties {
  readonly displayName: string
  readonly parent?: FolderReference
  readonly hidden?: boolean
  /** One of the rarer well-known names (`clutter`, say), for a folder the service would have made. */
  readonly wellKnownName?: string
}

export interface Removal {
  /**
   * True removes for good, as the end of the retention time does; false (the default) moves to Deleted Items, and from
   * there to Recoverable Items, as Outlook's delete key does.
   */
  readonly permanent?: boolean
}

/**
 * The tenant behind the simulator: what people do in Outlook while nobody looks, and what tests compare with.
 * Users are named by id or userPrincipalName, messages by id of either family. Unknown names throw.
 */
export class TenantState {
  private readonly clock: SimulatorClock
  private readonly byId = new Map<string, StoredUser>()
  private readonly byName = new Map<string, StoredUser>()
  private readonly services = new Map<unknown, unknown>()

  constructor(clock: SimulatorClock) {
    this.clock = clock
  }

  /** State of a service: made when it is first asked for, the same one ever after. */
  service<T>(make: (tenant: TenantState, clock: SimulatorClock) => T): T {
    if (!this.services.has(make)) this.services.set(make, make(this, this.clock))
    return this.services.get(make) as T
  }

  addUser(user: NewUser): UserInfo {
    const stored = makeUser(user, this.clock.now())
    if (this.findUser(stored.id) ?? this.findUser(stored.userPrincipalName)) throw new Error('That user exists')
    this.byId.set(stored.id, stored)
    this.byName.set(stored.userPrincipalName.toLowerCase(), stored)
    return userInfo(stored)
  }

  removeUser(user: string): void {
    const stored = this.user(user)
    this.byId.delete(stored.id)
    this.byName.delete(stored.userPrincipalName.toLowerCase())
  }

  /** Takes a user's mailbox away, as the end of a licence does. Its content is gone. */
  removeMailbox(user: string): void {
    this.user(user).mailbox = undefined
  }

  /** Gives a user without a mailbox a new, empty one. */
  addMailbox(user: string, language: MailboxLanguage = 'en'): void {
    const stored = this.user(user)
    if (stored.mailbox !== undefined) throw new Error('That user has a mailbox')
    stored.mailbox = makeMailbox(stored.id, language)
  }

  /** Adds a folder; unlike the API it allows equal names on one level, as mailboxes in the wild have them. */
  addFolder(user: string, folder: FolderProperties): FolderInfo {
    const mailbox = this.mailbox(user)
    const parent = folder.parent === undefined ? mailbox.root : this.folderOf(user, folder.parent)
    const { wellKnownName, hidden } = folder
    return folderInfo(mailbox, mailbox.addFolder(parent, folder.displayName, { wellKnownName, isHidden: hidden }))
  }

  renameFolder(user: string, folder: FolderReference, displayName: string): void {
    this.mailbox(user).renameFolder(this.folderOf(user, folder), displayName)
  }

  moveFolder(user: string, folder: FolderReference, target: FolderReference): void {
    this.mailbox(user).moveFolder(this.folderOf(user, folder), this.folderOf(user, target))
  }

  deleteFolder(user: string, folder: FolderReference, removal: Removal = {}): void {
    const mailbox = this.mailbox(user)
    const stored = this.folderOf(user, folder)
    const deletedItems = mailbox.wellKnownFolder('deleteditems')
    if (removal.permanent === true || stored.isWithin(deletedItems)) mailbox.removeFolder(stored)
    else mailbox.moveFolder(stored, deletedItems)
  }

  addMessage(user: string, folder: FolderReference, mime: Buffer | string, more: MessageProperties = {}): MessageInfo {
    const mailbox = this.mailbox(user)
    const source = bytesSource(typeof mime === 'string' ? Buffer.from(mime) : mime)
    const now = this.seconds()
    const received = more.receivedDateTime === undefined ? undefined : Date.parse(more.receivedDateTime) / 1000
    const message = mailbox.addMessage(this.folderOf(user, folder), {
      source,
      seed: 0,
      receivedAt: Math.floor(received ?? source.summary(0).sentAt ?? now),
      createdAt: now,
      isRead: more.isRead ?? false,
      isDraft: more.isDraft ?? false,
    })
    applyExtras(message, more)
    return messageInfo(mailbox, message)
  }

  deleteMessage(user: string, id: string, removal: Removal = {}): void {
    const mailbox = this.mailbox(user)
    const message = this.messageOf(user, id)
    if (removal.permanent === true) mailbox.removeMessage(message)
    else mailbox.deleteMessage(message, this.seconds())
  }

  moveMessage(user: string, id: string, target: FolderReference): MessageInfo {
    const mailbox = this.mailbox(user)
    const message = this.messageOf(user, id)
    mailbox.moveMessage(message, this.folderOf(user, target), this.seconds(), 'deleted')
    return messageInfo(mailbox, message)
  }

  flagMessage(user: string, id: string, flag: FollowupFlag): void {
    this.change(user, id, 'flag', (message) => {
      message.extras().flag = flag
    })
  }

  setRead(user: string, id: string, isRead: boolean): void {
    this.mailbox(user).setRead(this.messageOf(user, id), isRead, this.seconds())
  }

  setCategories(user: string, id: string, categories: readonly string[]): void {
    this.change(user, id, 'changed', (message) => {
      message.extras().categories = categories
    })
  }

  setImportance(user: string, id: string, importance: Importance): void {
    this.change(user, id, 'changed', (message) => {
      message.extras().importance = importance
    })
  }

  /** Replaces a message's body by a plain text; headers and attachments stay. Its MIME is another one from then on. */
  editBody(user: string, id: string, text: string): void {
    this.change(user, id, 'changed', (message) => {
      message.source = editedSource(message, text)
      message.seed = 0
    })
  }

  /** Lets the delta tokens of a folder die (of every folder, and of the folder list, when none is named). */
  breakCursors(user: string, folder?: FolderReference, error: CursorError = 'SyncStateNotFound'): void {
    const mailbox = this.mailbox(user)
    if (folder === undefined) mailbox.folderCursorGeneration++
    const folders = folder === undefined ? mailbox.folders.values() : [this.folderOf(user, folder)]
    for (const stored of folders) {
      stored.cursorGeneration++
      stored.cursorError = error
    }
  }

  users(): UserInfo[] {
    return [...this.byId.values()].map(userInfo)
  }

  /** All folders of a user, parents before children, hidden ones included, without the root. */
  folders(user: string): FolderInfo[] {
    const mailbox = this.mailbox(user)
    return [...below(mailbox.root)].map((folder) => folderInfo(mailbox, folder))
  }

  folder(user: string, folder: FolderReference): FolderInfo {
    return folderInfo(this.mailbox(user), this.folderOf(user, folder))
  }

  messages(user: string, folder?: FolderReference): MessageInfo[] {
    return [...this.eachMessage(user, folder)]
  }

  /** As `messages`, one at a time, for big mailboxes. */
  *eachMessage(user: string, folder?: FolderReference): Generator<MessageInfo> {
    const mailbox = this.mailbox(user)
    const messages = folder === undefined ? mailbox.allMessages() : this.folderOf(user, folder).members
    for (const message of messages) yield messageInfo(mailbox, message)
  }

  /** What was deleted permanently, and no request shows. */
  purged(user: string): MessageInfo[] {
    const mailbox = this.mailbox(user)
    return mailbox.purges.members.map((message) => messageInfo(mailbox, message))
  }

  message(user: string, id: string): MessageInfo {
    return messageInfo(this.mailbox(user), this.messageOf(user, id))
  }

  /** The bytes `$value` serves for this message. */
  async mime(user: string, id: string): Promise<Buffer> {
    const message = this.messageOf(user, id)
    return message.source.mime(message.seed)
  }

  content(user: string, id: string): MessageContent {
    return messageContent(this.messageOf(user, id))
  }

  attachments(user: string, id: string): AttachmentInfo[] {
    return attachmentInfos(this.mailbox(user), this.messageOf(user, id))
  }

  /** For seeds and routes: the user's own record. */
  findUser(idOrName: string): StoredUser | undefined {
    const name = idOrName.toLowerCase()
    return this.byId.get(name) ?? this.byName.get(name)
  }

  /** For seeds and routes: all user records. */
  allUsers(): readonly StoredUser[] {
    return [...this.byId.values()]
  }

  /** For seeds: the mailbox itself. */
  mailbox(user: string): Mailbox {
    const { mailbox, userPrincipalName } = this.user(user)
    if (mailbox === undefined) throw new Error(`${userPrincipalName} has no mailbox`)
    return mailbox
  }

  /** For seeds: the folder itself. */
  folderOf(user: string, reference: FolderReference): StoredFolder {
    const mailbox = this.mailbox(user)
    if (
      typeof reference === 'string' &&
      (wellKnownNames.has(reference.toLowerCase()) || reference.startsWith('AQMk'))
    ) {
      return folderByIdOrName(mailbox, reference, user)
    }
    let folder = mailbox.root
    for (const name of typeof reference === 'string' ? reference.split('/') : reference) {
      const child = folder.children.find((candidate) => candidate.displayName === name)
      if (child === undefined) throw new Error(`No folder "${name}" in "${folder.displayName}"`)
      folder = child
    }
    return folder
  }

  private user(idOrName: string): StoredUser {
    const user = this.findUser(idOrName)
    if (user === undefined) throw new Error(`No user ${idOrName}`)
    return user
  }

  private messageOf(user: string, id: string): StoredMessage {
    return messageById(this.mailbox(user), id, user)
  }

  private change(user: string, id: string, kind: 'changed' | 'flag', apply: (message: StoredMessage) => void): void {
    const message = this.messageOf(user, id)
    this.mailbox(user).change(message, kind, this.seconds(), () => {
      apply(message)
    })
  }

  private seconds(): number {
    return Math.floor(this.clock.now() / 1000)
  }
}

function* below(folder: StoredFolder): Generator<StoredFolder> {
  for (const child of folder.children) {
    yield child
    yield* below(child)
  }
}

function applyExtras(message: StoredMessage, more: MessageProperties): void {
  const extra: MessageExtra = {
    ...(more.categories === undefined ? {} : { categories: more.categories }),
    ...(more.flag === undefined ? {} : { flag: more.flag }),
    ...(more.importance === undefined ? {} : { importance: more.importance }),
  }
  if (Object.keys(extra).length > 0) message.extra = extra
}
