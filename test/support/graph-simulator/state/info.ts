import type { StoredFolder, StoredMessage } from './stored.ts'
import { attachmentId, folderId, messageId } from './ids.ts'
import type { Mailbox } from './mailbox.ts'
import type { AttachmentKind, FollowupFlag, Importance, InternetHeader, ItemBody, MailAddress } from './types.ts'
import type { StoredUser } from './user.ts'

/** A user as tests see it, without going through HTTP. */
export interface UserInfo {
  readonly id: string
  readonly userPrincipalName: string
  readonly displayName: string
  readonly hasMailbox: boolean
}

/** A folder as tests see it. */
export interface FolderInfo {
  readonly id: string
  readonly displayName: string
  /** Display names from the top level down. */
  readonly path: readonly string[]
  readonly parentFolderId: string | undefined
  readonly wellKnownName: string | undefined
  readonly isHidden: boolean
  readonly totalItemCount: number
  readonly unreadItemCount: number
}

/** A message as tests see it. `id` is the immutable one. */
export interface MessageInfo {
  readonly id: string
  readonly regularId: string
  readonly parentFolderId: string
  readonly folderPath: readonly string[]
  readonly subject: string | undefined
  readonly internetMessageId: string
  readonly receivedDateTime: string
  readonly sentDateTime: string
  readonly isRead: boolean
  readonly isDraft: boolean
  readonly importance: Importance
  readonly categories: readonly string[]
  readonly flag: FollowupFlag
  readonly hasAttachments: boolean
}

/** What a message says, for comparisons: people, body, headers, the MAPI properties kept with it. */
export interface MessageContent {
  readonly from: MailAddress | undefined
  readonly sender: MailAddress | undefined
  readonly to: readonly MailAddress[]
  readonly cc: readonly MailAddress[]
  readonly bcc: readonly MailAddress[]
  readonly replyTo: readonly MailAddress[]
  readonly body: ItemBody
  readonly headers: readonly InternetHeader[]
  /** By normalized id, for instance `String 0x7d`. */
  readonly singleValueExtendedProperties: Readonly<Record<string, string>>
}

export interface AttachmentInfo {
  readonly id: string
  readonly kind: AttachmentKind
  readonly name: string | undefined
  readonly contentType: string | undefined
  readonly isInline: boolean
  readonly contentId: string | undefined
  readonly bytes: Buffer
}

/** Seconds since 1970 in Graph's form. */
export function dateTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19) + 'Z'
}

function folderPath(folder: StoredFolder): readonly string[] {
  return folder.parent === undefined ? [] : [...folderPath(folder.parent), folder.displayName]
}

export function userInfo(user: StoredUser): UserInfo {
  const { id, userPrincipalName, displayName, mailbox } = user
  return { id, userPrincipalName, displayName, hasMailbox: mailbox !== undefined }
}

export function folderInfo(mailbox: Mailbox, folder: StoredFolder): FolderInfo {
  return {
    id: folderId(mailbox.key, folder.number),
    displayName: folder.displayName,
    path: folderPath(folder),
    parentFolderId: folder.parent === undefined ? undefined : folderId(mailbox.key, folder.parent.number),
    wellKnownName: folder.wellKnownName,
    isHidden: folder.isHidden,
    totalItemCount: folder.members.length,
    unreadItemCount: folder.unread,
  }
}

export const sentAtOf = (message: StoredMessage): number => message.summary.sentAt ?? message.receivedAt

export const importanceOf = (message: StoredMessage): Importance =>
  message.extra?.importance ?? message.summary.importance

export const flagOf = (message: StoredMessage): FollowupFlag => message.extra?.flag ?? { flagStatus: 'notFlagged' }

export function messageInfo(mailbox: Mailbox, message: StoredMessage): MessageInfo {
  const { summary } = message
  return {
    id: messageId(mailbox.key, message.number, message.moves, 'immutable'),
    regularId: messageId(mailbox.key, message.number, message.moves, 'regular'),
    parentFolderId: folderId(mailbox.key, message.folder.number),
    folderPath: folderPath(message.folder),
    subject: summary.subject,
    internetMessageId: summary.internetMessageId,
    receivedDateTime: dateTime(message.receivedAt),
    sentDateTime: dateTime(sentAtOf(message)),
    isRead: message.isRead,
    isDraft: message.isDraft,
    importance: importanceOf(message),
    categories: message.extra?.categories ?? [],
    flag: flagOf(message),
    hasAttachments: summary.hasAttachments,
  }
}

export function messageContent(message: StoredMessage): MessageContent {
  const { from, sender, to, cc, bcc, replyTo } = message.summary
  return {
    from,
    sender,
    to,
    cc,
    bcc,
    replyTo,
    body: message.source.body(message.seed),
    headers: message.source.headers(message.seed),
    singleValueExtendedProperties: Object.fromEntries(message.extra?.singleValue ?? []),
  }
}

export function attachmentInfos(mailbox: Mailbox, message: StoredMessage): AttachmentInfo[] {
  const id = messageId(mailbox.key, message.number, message.moves, 'immutable')
  return message.source.attachments(message.seed).map((attachment) => ({
    id: attachmentId(id, attachment.key),
    kind: attachment.kind,
    name: attachment.name,
    contentType: attachment.contentType,
    isInline: attachment.isInline,
    contentId: attachment.contentId,
    bytes: attachment.bytes(),
  }))
}
