import MailComposer from 'nodemailer/lib/mail-composer'
import type {
  AttachmentContent,
  ContentSource,
  Importance,
  InternetHeader,
  ItemBody,
  MailAddress,
  MeetingKind,
  MessageSummary,
} from '../state/types.ts'
import { hashText } from '../random.ts'
import { htmlToText, previewOf } from './text.ts'

/** A message that was put together property by property, as a JSON create does. */
export interface ComposedMessage {
  subject: string | undefined
  body: ItemBody
  from: MailAddress | undefined
  sender: MailAddress | undefined
  to: readonly MailAddress[]
  cc: readonly MailAddress[]
  bcc: readonly MailAddress[]
  replyTo: readonly MailAddress[]
  internetMessageId: string
  sentAt: number
  importance: Importance
  readReceipt: boolean
  meeting: MeetingKind | undefined
  headers: readonly InternetHeader[]
  attachments: readonly AttachmentContent[]
}

const largestKept = 256 * 1024

/** Content of one composed message. Its MIME is made on demand and equal as long as the message is unchanged. */
export class ComposedSource implements ContentSource {
  private message: ComposedMessage
  private nextAttachment: number
  private composed: Promise<Buffer> | undefined

  constructor(message: ComposedMessage) {
    this.message = message
    this.nextAttachment = Math.max(-1, ...message.attachments.map((attachment) => attachment.key)) + 1
  }

  get current(): Readonly<ComposedMessage> {
    return this.message
  }

  update(changes: Partial<ComposedMessage>): void {
    this.message = { ...this.message, ...changes }
    this.composed = undefined
  }

  /** Adds an attachment and returns it with its key. */
  attach(attachment: Omit<AttachmentContent, 'key'>): AttachmentContent {
    const added: AttachmentContent = { ...attachment, bytes: () => attachment.bytes(), key: this.nextAttachment++ }
    this.update({ attachments: [...this.message.attachments, added] })
    return added
  }

  detach(key: number): boolean {
    const rest = this.message.attachments.filter((attachment) => attachment.key !== key)
    if (rest.length === this.message.attachments.length) return false
    this.update({ attachments: rest })
    return true
  }

  async mime(): Promise<Buffer> {
    if (this.composed !== undefined) return this.composed
    const building = compose(this.message)
    this.composed = building
    const bytes = await building
    if (bytes.length > largestKept && this.composed === building) this.composed = undefined
    return bytes
  }

  summary(): MessageSummary {
    const { body, attachments, ...rest } = this.message
    return {
      ...rest,
      bodyPreview: previewOf(body.contentType === 'html' ? htmlToText(body.content) : body.content),
      hasAttachments: attachments.some((attachment) => !attachment.isInline),
    }
  }

  body(): ItemBody {
    return this.message.body
  }

  headers(): readonly InternetHeader[] {
    return this.message.headers
  }

  attachments(): readonly AttachmentContent[] {
    return this.message.attachments
  }
}

function compose(message: ComposedMessage): Promise<Buffer> {
  const { body } = message
  const composer = new MailComposer({
    ...(message.from === undefined ? {} : { from: message.from }),
    ...(message.sender === undefined || message.sender.address === message.from?.address
      ? {}
      : { sender: message.sender }),
    to: [...message.to],
    cc: [...message.cc],
    bcc: [...message.bcc],
    replyTo: [...message.replyTo],
    subject: message.subject ?? '',
    date: new Date(message.sentAt * 1000),
    messageId: message.internetMessageId,
    headers: extraHeaders(message),
    baseBoundary: hashText(message.internetMessageId).toString(16),
    ...(body.contentType === 'html' ? { html: body.content } : { text: body.content }),
    attachments: message.attachments.filter((attachment) => attachment.kind !== 'reference').map(mailAttachment),
  })
  const root = composer.compile()
  root.keepBcc = true
  return root.build()
}

function extraHeaders(message: ComposedMessage): { key: string; value: string }[] {
  const headers = message.headers.map(({ name, value }) => ({ key: name, value }))
  if (message.importance !== 'normal') headers.push({ key: 'Importance', value: message.importance })
  return headers
}

function mailAttachment(attachment: AttachmentContent): object {
  return {
    content: attachment.bytes(),
    filename: attachment.kind === 'item' ? false : (attachment.name ?? false),
    contentType: attachment.kind === 'item' ? 'message/rfc822' : (attachment.contentType ?? 'application/octet-stream'),
    contentDisposition: attachment.isInline ? 'inline' : 'attachment',
    ...(attachment.contentId === undefined ? {} : { cid: attachment.contentId }),
  }
}
