import { itemNotFound } from '../http/errors.ts'
import { StoredFolder, StoredMessage } from './stored.ts'
import type { MessageChangeKind } from './stored.ts'
import { MessageIdIndex } from './message-id-index.ts'
import type { ContentSource } from './types.ts'
import { recoverableDeletions } from './well-known.ts'

export interface NewMessage {
  readonly source: ContentSource
  readonly seed: number
  /** Seconds since 1970. */
  readonly receivedAt: number
  readonly isRead: boolean
  readonly isDraft: boolean
  /** Now, in seconds since 1970; defaults to `receivedAt`. */
  readonly createdAt?: number
}

export interface FolderChange {
  readonly sequence: number
  readonly kind: 'changed' | 'removed'
  readonly folder: StoredFolder
}

/** The folders and messages of one user, with the history that delta rounds read. */
export class Mailbox {
  /** Names this mailbox inside ids. */
  readonly key: string
  readonly root: StoredFolder
  readonly recoverableRoot: StoredFolder
  /**
   * What was deleted permanently lies here for auditors; clients cannot get at it, so it has no id.
   * Source: https://learn.microsoft.com/graph/api/message-permanentdelete
   */
  readonly purges: StoredFolder
  readonly folders = new Map<number, StoredFolder>()
  readonly wellKnown = new Map<string, StoredFolder>()
  readonly folderHistory: FolderChange[] = []
  folderCursorGeneration = 0
  private readonly messages: (StoredMessage | undefined)[] = []
  private readonly byInternetMessageId = new MessageIdIndex()
  private nextFolder = 1
  private nextPosition = 1
  private lastSequence = 0

  constructor(key: string) {
    this.key = key
    this.root = this.addFolder(undefined, 'Top of Information Store', { wellKnownName: 'msgfolderroot' })
    this.recoverableRoot = this.addFolder(undefined, 'Recoverable Items', { isHidden: true })
    this.purges = new StoredFolder(0, this.recoverableRoot, 'Purges', { isHidden: true })
  }

  /** Number of the latest change in this mailbox. */
  get sequence(): number {
    return this.lastSequence
  }

  addFolder(
    parent: StoredFolder | undefined,
    displayName: string,
    more: { readonly wellKnownName?: string | undefined; readonly isHidden?: boolean | undefined } = {},
  ): StoredFolder {
    const folder = new StoredFolder(this.nextFolder++, parent, displayName, more)
    this.folders.set(folder.number, folder)
    if (folder.wellKnownName !== undefined) this.wellKnown.set(folder.wellKnownName, folder)
    parent?.children.push(folder)
    this.noteFolder(folder, 'changed')
    return folder
  }

  renameFolder(folder: StoredFolder, displayName: string): void {
    folder.displayName = displayName
    this.noteFolder(folder, 'changed')
  }

  moveFolder(folder: StoredFolder, target: StoredFolder): void {
    detach(folder)
    folder.parent = target
    target.children.push(folder)
    this.noteFolder(folder, 'changed')
  }

  /** Removes a folder with everything below it, for good. */
  removeFolder(folder: StoredFolder): void {
    for (const child of [...folder.children]) this.removeFolder(child)
    for (const message of [...folder.members]) this.removeMessage(message)
    detach(folder)
    folder.isRemoved = true
    this.folders.delete(folder.number)
    this.noteFolder(folder, 'removed')
  }

  addMessage(folder: StoredFolder, more: NewMessage): StoredMessage {
    const bits = StoredMessage.bitsOf(more.isRead, more.isDraft)
    const created = more.createdAt ?? more.receivedAt
    const message = new StoredMessage(this.messages.length, folder, more.source, more.seed, created, bits)
    message.receivedAt = more.receivedAt
    this.messages.push(message)
    folder.enter(message, this.nextPosition++)
    this.byInternetMessageId.added(message)
    this.note(message, 'added')
    return message
  }

  moveMessage(message: StoredMessage, target: StoredFolder, now: number, reason: 'deleted' | 'changed'): void {
    if (message.folder === target) return
    this.note(message, 'removed', reason)
    message.folder.leave(message)
    message.moves++
    message.modifiedAt = now
    target.enter(message, this.nextPosition++)
    this.note(message, 'added')
  }

  /** As people delete: to Deleted Items, from there to Recoverable Items, from there out of reach. */
  deleteMessage(message: StoredMessage, now: number): void {
    const deletedItems = this.wellKnownFolder('deleteditems')
    if (message.folder.isWithin(this.recoverableRoot)) this.purgeMessage(message, now)
    else if (message.folder.isWithin(deletedItems)) {
      this.moveMessage(message, this.wellKnownFolder(recoverableDeletions), now, 'deleted')
    } else this.moveMessage(message, deletedItems, now, 'changed')
  }

  purgeMessage(message: StoredMessage, now: number): void {
    this.moveMessage(message, this.purges, now, 'deleted')
  }

  /** Removes a message for good. */
  removeMessage(message: StoredMessage): void {
    this.note(message, 'removed', 'deleted')
    message.folder.leave(message)
    message.markRemoved()
    this.byInternetMessageId.removed(message)
    this.messages[message.number] = undefined
  }

  setRead(message: StoredMessage, isRead: boolean, now: number): void {
    if (message.isRead === isRead) return
    message.isRead = isRead
    message.folder.unread += isRead ? -1 : 1
    this.changed(message, 'isRead', now)
  }

  /** Runs a change to a message's properties and notes it; `kind` says what a delta round will show of it. */
  change(message: StoredMessage, kind: 'changed' | 'flag', now: number, apply: () => void): void {
    this.byInternetMessageId.removed(message)
    apply()
    this.byInternetMessageId.added(message)
    message.folder.forgetOrder()
    this.changed(message, kind, now)
  }

  message(number: number): StoredMessage | undefined {
    const message = this.messages[number]
    return message?.folder === this.purges ? undefined : message
  }

  /** All but what was deleted permanently. */
  *allMessages(): Generator<StoredMessage> {
    for (const message of this.messages) if (message !== undefined && message.folder !== this.purges) yield message
  }

  withInternetMessageId(id: string): readonly StoredMessage[] {
    return this.byInternetMessageId.find(id, () => this.allMessages())
  }

  wellKnownFolder(name: string): StoredFolder {
    const folder = this.wellKnown.get(name)
    if (folder === undefined) throw itemNotFound()
    return folder
  }

  private changed(message: StoredMessage, kind: MessageChangeKind, now: number): void {
    message.modifiedAt = now
    this.note(message, kind)
  }

  private note(message: StoredMessage, kind: MessageChangeKind, reason: 'deleted' | 'changed' = 'deleted'): void {
    const sequence = ++this.lastSequence
    message.version = sequence
    const { folder, moves } = message
    if (folder.tracked) folder.history.push({ sequence, kind, message, moves, reason })
  }

  private noteFolder(folder: StoredFolder, kind: FolderChange['kind']): void {
    this.folderHistory.push({ sequence: ++this.lastSequence, kind, folder })
  }
}

function detach(folder: StoredFolder): void {
  const siblings = folder.parent?.children ?? []
  const index = siblings.indexOf(folder)
  if (index >= 0) siblings.splice(index, 1)
}
