import { attachmentId } from '../state/ids.ts'
import { dateTime } from '../state/info.ts'
import { ParsedMail } from '../mime/parsed-mail.ts'
import type { StoredMessage } from '../state/stored.ts'
import type { AttachmentContent, MailAddress } from '../state/types.ts'

export interface AttachmentView {
  readonly withContent: boolean
  readonly withItem?: boolean
  readonly selected?: ReadonlySet<string> | undefined
}

const types = {
  file: '#microsoft.graph.fileAttachment',
  item: '#microsoft.graph.itemAttachment',
  reference: '#microsoft.graph.referenceAttachment',
} as const

/** An attachment as JSON. Source: https://learn.microsoft.com/graph/api/attachment-get */
export function renderAttachment(
  attachment: AttachmentContent,
  ofMessage: string,
  message: Pick<StoredMessage, 'modifiedAt'>,
  view: AttachmentView,
): Record<string, unknown> {
  const shown: Record<string, unknown> = { '@odata.type': types[attachment.kind] }
  const isFile = attachment.kind === 'file'
  if (isFile) shown['@odata.mediaContentType'] = attachment.contentType ?? null
  shown.id = attachmentId(ofMessage, attachment.key)
  const all: Record<string, unknown> = {
    lastModifiedDateTime: dateTime(message.modifiedAt),
    name: attachment.name ?? null,
    contentType: attachment.contentType ?? null,
    size: attachment.size,
    isInline: attachment.isInline,
  }
  for (const [name, value] of Object.entries(all)) if (view.selected?.has(name) ?? true) shown[name] = value
  if (isFile) addFileProperties(shown, attachment, view)
  if (view.withItem === true && attachment.kind === 'item')
    shown.item = attachment.item ?? nestedItem(attachment.bytes())
  return shown
}

function addFileProperties(shown: Record<string, unknown>, attachment: AttachmentContent, view: AttachmentView): void {
  const wanted = (name: string): boolean => view.selected?.has(name) ?? true
  if (wanted('contentId')) shown.contentId = attachment.contentId ?? null
  if (wanted('contentLocation')) shown.contentLocation = null
  if (view.withContent && wanted('contentBytes')) shown.contentBytes = attachment.bytes().toString('base64')
}

function nestedItem(bytes: Buffer): Record<string, unknown> {
  const mail = new ParsedMail(bytes)
  const summary = mail.summary()
  const recipient = (person: MailAddress): object => ({ emailAddress: person })
  return {
    '@odata.type': '#microsoft.graph.message',
    id: '',
    subject: summary.subject ?? null,
    internetMessageId: summary.internetMessageId,
    importance: summary.importance,
    hasAttachments: summary.hasAttachments,
    bodyPreview: summary.bodyPreview,
    body: mail.body(),
    ...(summary.sentAt === undefined ? {} : { sentDateTime: dateTime(summary.sentAt) }),
    ...(summary.from === undefined ? {} : { from: recipient(summary.from) }),
    toRecipients: summary.to.map(recipient),
    ccRecipients: summary.cc.map(recipient),
  }
}
