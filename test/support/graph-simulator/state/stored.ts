import type { ContentSource, CursorError, FollowupFlag, Importance } from './types.ts'

/** What few messages have; kept apart so that the many without it stay small. */
export interface MessageExtra {
  categories?: readonly string[]
  flag?: FollowupFlag
  importance?: Importance
  inferenceClassification?: 'focused' | 'other'
  isDeliveryReceiptRequested?: boolean
  isReadReceiptRequested?: boolean
  /** Extended properties by normalized id ("Integer 0xe07"). */
  singleValue?: Map<string, string>
  multiValue?: Map<string, readonly string[]>
}

const readBit = 1
const draftBit = 2
const removedBit = 4

/** One message in a mailbox. Half a million of these must fit: keep it to numbers and shared references. */
export class StoredMessage {
  readonly number: number
  folder: StoredFolder
  /** Grows with every entry into a folder of this mailbox: the order of `folder.members`. */
  position = 0
  /** How often it was moved; part of its regular id. */
  moves = 0
  /** Mailbox-wide number of its last change; makes changeKey and etag. */
  version = 0
  private bits: number
  source: ContentSource
  seed: number
  /** Seconds since 1970. */
  receivedAt: number
  createdAt: number
  modifiedAt: number
  extra: MessageExtra | undefined = undefined

  constructor(number: number, folder: StoredFolder, source: ContentSource, seed: number, at: number, bits: number) {
    this.number = number
    this.folder = folder
    this.source = source
    this.seed = seed
    this.receivedAt = at
    this.createdAt = at
    this.modifiedAt = at
    this.bits = bits
  }

  static bitsOf(isRead: boolean, isDraft: boolean): number {
    return (isRead ? readBit : 0) | (isDraft ? draftBit : 0)
  }

  get isRead(): boolean {
    return (this.bits & readBit) !== 0
  }

  set isRead(value: boolean) {
    this.bits = value ? this.bits | readBit : this.bits & ~readBit
  }

  get isDraft(): boolean {
    return (this.bits & draftBit) !== 0
  }

  set isDraft(value: boolean) {
    this.bits = value ? this.bits | draftBit : this.bits & ~draftBit
  }

  get isRemoved(): boolean {
    return (this.bits & removedBit) !== 0
  }

  markRemoved(): void {
    this.bits |= removedBit
  }

  /** The extras, created on first use. */
  extras(): MessageExtra {
    return (this.extra ??= {})
  }

  get summary(): ReturnType<ContentSource['summary']> {
    return this.source.summary(this.seed)
  }
}

export type MessageChangeKind = 'added' | 'changed' | 'isRead' | 'flag' | 'removed'

/** One line of a folder's history, which delta rounds read. */
export interface MessageChange {
  readonly sequence: number
  readonly kind: MessageChangeKind
  readonly message: StoredMessage
  /** The message's move count at that time: a removal is reported under the id it had here. */
  readonly moves: number
  readonly reason: 'deleted' | 'changed'
}

/** One mail folder. */
export class StoredFolder {
  readonly number: number
  parent: StoredFolder | undefined
  displayName: string
  readonly wellKnownName: string | undefined
  readonly isHidden: boolean
  readonly children: StoredFolder[] = []
  /** By ascending `position`. */
  readonly members: StoredMessage[] = []
  unread = 0
  isRemoved = false
  /** History is kept from the first delta round on; before that nobody can ask for it. */
  tracked = false
  readonly history: MessageChange[] = []
  /** Delta tokens of an older generation are dead. */
  cursorGeneration = 0
  cursorError: CursorError = 'SyncStateNotFound'
  /** Members by received date, newest first, until the next change. */
  private newestFirst: readonly StoredMessage[] | undefined

  constructor(
    number: number,
    parent: StoredFolder | undefined,
    displayName: string,
    more: { readonly wellKnownName?: string | undefined; readonly isHidden?: boolean | undefined } = {},
  ) {
    this.number = number
    this.parent = parent
    this.displayName = displayName
    this.wellKnownName = more.wellKnownName
    this.isHidden = more.isHidden ?? false
  }

  get visibleChildren(): readonly StoredFolder[] {
    return this.children.filter((child) => !child.isHidden)
  }

  /** Index of the first member whose position is above `position`. */
  indexAfter(position: number): number {
    let low = 0
    let high = this.members.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.members[middle]?.position ?? 0) <= position) low = middle + 1
      else high = middle
    }
    return low
  }

  enter(message: StoredMessage, position: number): void {
    message.folder = this
    message.position = position
    this.members.push(message)
    if (!message.isRead) this.unread++
    this.newestFirst = undefined
  }

  leave(message: StoredMessage): void {
    const index = this.indexAfter(message.position - 1)
    if (this.members[index] === message) this.members.splice(index, 1)
    if (!message.isRead) this.unread--
    this.newestFirst = undefined
  }

  sortedByReceived(): readonly StoredMessage[] {
    this.newestFirst ??= this.members.toSorted((a, b) => b.receivedAt - a.receivedAt || b.position - a.position)
    return this.newestFirst
  }

  forgetOrder(): void {
    this.newestFirst = undefined
  }

  /** True when this folder is `other` or lies anywhere below it. */
  isWithin(other: StoredFolder): boolean {
    return this === other || (this.parent?.isWithin(other) ?? false)
  }
}
