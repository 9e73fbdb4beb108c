/** A person in From, To ... as Graph shows it. */
export interface MailAddress {
  readonly name: string
  readonly address: string
}

export type Importance = 'low' | 'normal' | 'high'
export type MeetingKind = 'meetingRequest' | 'meetingCancelled' | 'meetingAccepted'

/** What can be told about a message from its content alone, without opening its parts again. */
export interface MessageSummary {
  readonly subject: string | undefined
  readonly from: MailAddress | undefined
  readonly sender: MailAddress | undefined
  readonly to: readonly MailAddress[]
  readonly cc: readonly MailAddress[]
  readonly bcc: readonly MailAddress[]
  readonly replyTo: readonly MailAddress[]
  readonly internetMessageId: string
  /** Seconds since 1970; undefined when the content has no usable date. */
  readonly sentAt: number | undefined
  readonly importance: Importance
  readonly bodyPreview: string
  readonly hasAttachments: boolean
  readonly readReceipt: boolean
  readonly meeting: MeetingKind | undefined
}

export interface ItemBody {
  readonly contentType: 'text' | 'html'
  readonly content: string
}

export interface InternetHeader {
  readonly name: string
  readonly value: string
}

export type AttachmentKind = 'file' | 'item' | 'reference'

export interface AttachmentContent {
  /** Distinguishes attachments of one message; part of the attachment's id. */
  readonly key: number
  readonly kind: AttachmentKind
  readonly name: string | undefined
  readonly contentType: string | undefined
  readonly isInline: boolean
  readonly contentId: string | undefined
  readonly size: number
  /** File bytes, or the MIME of an attached message. */
  bytes(): Buffer
  /** The JSON an item attachment was created with, when it was. */
  readonly item?: Readonly<Record<string, unknown>>
}

/**
 * Where a message's content comes from. One source may serve many messages and tell them apart by `seed`,
 * so that a message itself stays a few numbers.
 */
export interface ContentSource {
  /** The exact bytes Graph serves for `$value`; equal on every call while the message is unchanged. */
  mime(seed: number): Buffer | Promise<Buffer>
  summary(seed: number): MessageSummary
  body(seed: number): ItemBody
  headers(seed: number): readonly InternetHeader[]
  attachments(seed: number): readonly AttachmentContent[]
}

export type FlagStatus = 'notFlagged' | 'flagged' | 'complete'

export interface DateTimeTimeZone {
  readonly dateTime: string
  readonly timeZone: string
}

/** Graph's followupFlag. */
export interface FollowupFlag {
  readonly flagStatus: FlagStatus
  readonly startDateTime?: DateTimeTimeZone
  readonly dueDateTime?: DateTimeTimeZone
  readonly completedDateTime?: DateTimeTimeZone
}

/** How a delta token that has died is answered. */
export type CursorError = 'SyncStateNotFound' | 'resyncRequired' | 'SyncStateInvalid'
