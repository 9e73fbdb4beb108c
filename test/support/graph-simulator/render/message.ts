import type { Expansion } from '../odata/expand.ts'
import { propertyNames } from '../odata/query.ts'
import type { Preferences } from '../odata/query.ts'
import { hashNumbers, hashText } from '../random.ts'
import { singleValueOf } from '../state/extended-properties.ts'
import { folderId, messageId } from '../state/ids.ts'
import { dateTime, flagOf, importanceOf, sentAtOf } from '../state/info.ts'
import type { Mailbox } from '../state/mailbox.ts'
import type { StoredMessage } from '../state/stored.ts'
import type { ItemBody, MailAddress } from '../state/types.ts'
import { htmlToText } from '../mime/text.ts'
import { renderAttachment } from './attachment.ts'

/** Everything a plain GET returns, in Graph's order. Source: https://learn.microsoft.com/graph/api/resources/message */
const defaultProperties = [
  'createdDateTime',
  'lastModifiedDateTime',
  'changeKey',
  'categories',
  'receivedDateTime',
  'sentDateTime',
  'hasAttachments',
  'internetMessageId',
  'subject',
  'bodyPreview',
  'importance',
  'parentFolderId',
  'conversationId',
  'conversationIndex',
  'isDeliveryReceiptRequested',
  'isReadReceiptRequested',
  'isRead',
  'isDraft',
  'webLink',
  'inferenceClassification',
  'body',
  'sender',
  'from',
  'toRecipients',
  'ccRecipients',
  'bccRecipients',
  'replyTo',
  'flag',
] as const

/** Returned only when selected. */
const selectableProperties = ['id', 'internetMessageHeaders', 'uniqueBody'] as const
/** Navigation properties may stand in `$select`; they come only with `$expand`. */
const navigationProperties = [
  'attachments',
  'extensions',
  'singleValueExtendedProperties',
  'multiValueExtendedProperties',
]

export const messageType = 'microsoft.graph.message'
export const messageProperties = propertyNames([...defaultProperties, ...selectableProperties, ...navigationProperties])

export interface MessageView {
  readonly mailbox: Mailbox
  readonly preferences: Preferences
  readonly selected: ReadonlySet<string> | undefined
  readonly expansion: Expansion
}

/** A message as JSON: the selected properties, always with id and etag. */
export function renderMessage(message: StoredMessage, view: MessageView): Record<string, unknown> {
  const id = messageId(view.mailbox.key, message.number, message.moves, view.preferences.ids)
  const meeting = message.summary.meeting
  const shown: Record<string, unknown> = {}
  if (meeting !== undefined) {
    shown['@odata.type'] =
      meeting === 'meetingRequest' ? '#microsoft.graph.eventMessageRequest' : '#microsoft.graph.eventMessage'
  }
  shown['@odata.etag'] = `W/"${changeKeyOf(view.mailbox, message)}"`
  shown.id = id
  for (const name of view.selected ?? defaultProperties) {
    const value = messageProperty(message, name, id, view)
    if (value !== undefined) shown[name] = value
  }
  if (meeting !== undefined && view.selected === undefined) shown.meetingMessageType = meeting
  addExpanded(shown, message, id, view)
  return shown
}

export function changeKeyOf(mailbox: Mailbox, message: StoredMessage): string {
  const key = Buffer.alloc(24)
  key.writeUInt32BE(0x09000000, 0)
  key.writeUInt32BE(0x16000000, 4)
  key.write(mailbox.key.slice(0, 8), 8, 'latin1')
  key.writeUInt32BE(message.number, 16)
  key.writeUInt32BE(message.version, 20)
  return key.toString('base64')
}

function messageProperty(message: StoredMessage, name: string, id: string, view: MessageView): unknown {
  switch (name) {
    case 'createdDateTime':
      return dateTime(message.createdAt)
    case 'lastModifiedDateTime':
      return dateTime(message.modifiedAt)
    case 'receivedDateTime':
      return dateTime(message.receivedAt)
    case 'sentDateTime':
      return dateTime(sentAtOf(message))
    case 'changeKey':
      return changeKeyOf(view.mailbox, message)
    case 'parentFolderId':
      return folderId(view.mailbox.key, message.folder.number)
    case 'isRead':
    case 'isDraft':
      return message[name]
    case 'categories':
      return message.extra?.categories ?? []
    case 'flag':
      return flagOf(message)
    case 'importance':
      return importanceOf(message)
    case 'inferenceClassification':
      return message.extra?.inferenceClassification ?? 'focused'
    case 'webLink':
      return `https://outlook.office365.com/owa/?ItemID=${encodeURIComponent(id)}&exvsurl=1&viewmodel=ReadMessageItem`
    default:
      return contentProperty(message, name, view)
  }
}

function contentProperty(message: StoredMessage, name: string, view: MessageView): unknown {
  const { summary } = message
  switch (name) {
    case 'subject':
      return summary.subject ?? null
    case 'bodyPreview':
    case 'hasAttachments':
    case 'internetMessageId':
      return summary[name]
    case 'from':
    case 'sender':
      return summary[name] === undefined ? undefined : recipient(summary[name])
    case 'toRecipients':
      return summary.to.map(recipient)
    case 'ccRecipients':
      return summary.cc.map(recipient)
    case 'bccRecipients':
      return summary.bcc.map(recipient)
    case 'replyTo':
      return summary.replyTo.map(recipient)
    case 'isReadReceiptRequested':
      return message.extra?.isReadReceiptRequested ?? summary.readReceipt
    case 'isDeliveryReceiptRequested':
      return message.extra?.isDeliveryReceiptRequested ?? (message.isDraft ? false : null)
    case 'conversationId':
      return conversationIdOf(view.mailbox, summary.subject)
    case 'conversationIndex':
      return conversationIndexOf(message)
    case 'body':
    case 'uniqueBody':
      return shownBody(message.source.body(message.seed), view.preferences.textBodies)
    case 'internetMessageHeaders':
      return message.source.headers(message.seed)
    default:
      return undefined
  }
}

const recipient = (person: MailAddress): object => ({ emailAddress: { name: person.name, address: person.address } })

function shownBody(body: ItemBody, asText: boolean): ItemBody {
  return asText && body.contentType === 'html' ? { contentType: 'text', content: htmlToText(body.content) } : body
}

function conversationIdOf(mailbox: Mailbox, subject: string | undefined): string {
  const topic = (subject ?? '').replace(/^((re|fw|fwd|aw|wg)\s*:\s*)+/i, '').toLowerCase()
  const hash = Buffer.alloc(8)
  hash.writeUInt32BE(hashText(topic), 0)
  hash.writeUInt32BE(hashNumbers(hashText(topic), 7), 4)
  return `AAQkAD${mailbox.key}AQA${hash.toString('base64url')}=`
}

function conversationIndexOf(message: StoredMessage): string {
  const index = Buffer.alloc(22)
  index.writeUInt8(1, 0)
  index.writeUInt32BE(message.receivedAt >>> 0, 1)
  index.writeUInt32BE(hashNumbers(message.number, message.receivedAt), 6)
  return index.toString('base64')
}

function addExpanded(shown: Record<string, unknown>, message: StoredMessage, id: string, view: MessageView): void {
  const { attachments, singleValue, multiValue } = view.expansion
  if (attachments) {
    shown.attachments = message.source
      .attachments(message.seed)
      .map((attachment) => renderAttachment(attachment, id, message, { withContent: true }))
  }
  const singles = singleValue?.flatMap((property) => {
    const value = singleValueOf(message, property)
    return value === undefined ? [] : [{ id: property, value }]
  })
  // Graph leaves the property out altogether when the message has none of those asked for.
  if (singles !== undefined && singles.length > 0) shown.singleValueExtendedProperties = singles
  const multiples = multiValue?.flatMap((property) => {
    const value = message.extra?.multiValue?.get(property)
    return value === undefined ? [] : [{ id: property, value }]
  })
  if (multiples !== undefined && multiples.length > 0) shown.multiValueExtendedProperties = multiples
}
