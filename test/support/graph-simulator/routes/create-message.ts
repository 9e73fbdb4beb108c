import { ComposedSource } from '../mime/composed-source.ts'
import { bytesSource } from '../mime/sources.ts'
import { guidFrom } from '../random.ts'
import { badRequest } from '../http/errors.ts'
import type { Reply } from '../http/exchange.ts'
import {
  clientSubmitTimeProperty,
  messageDeliveryTimeProperty,
  messageFlagRead,
  messageFlagsProperty,
  messageFlagUnsent,
} from '../state/extended-properties.ts'
import type { StoredFolder, StoredMessage } from '../state/stored.ts'
import { attachmentsValue } from './attachment-input.ts'
import type { MailboxCall } from './context.ts'
import { singleValueInput } from './extended-input.ts'
import {
  bodyValue,
  headersValue,
  importanceValue,
  optionalBoolean,
  optionalText,
  recipientsValue,
  recipientValue,
  replyToValue,
} from './message-values.ts'
import { jsonObject, refuseTooLarge } from './request-json.ts'
import type { JsonObject } from './request-json.ts'
import { folderOf } from './require-mailbox.ts'
import { messageReply } from './message-reply.ts'
import { refuseUnknownProperties, stateOf } from './message-state.ts'

/** POST messages and POST mailFolders/{id}/messages, as JSON or as base64 MIME. */
export function createMessage(call: MailboxCall): Reply {
  const folder = call.parameters.folder === undefined ? call.mailbox.wellKnownFolder('drafts') : folderOf(call)
  refuseTooLarge(call.request)
  const isMime = /^text\/plain\b/i.test(call.request.headers['content-type'] ?? '')
  const message = isMime ? createFromMime(call, folder) : createFromJson(call, folder, jsonObject(call.request))
  return messageReply(call, 201, message)
}

/** MIME becomes a draft dated now; only the sent date comes from the MIME. */
function createFromMime(call: MailboxCall, folder: StoredFolder): StoredMessage {
  const text = call.request.body.toString('latin1').replace(/\s+/g, '')
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw badRequest('Invalid base64 string for MIME content.', 'ErrorMimeContentInvalidBase64String')
  }
  const source = bytesSource(Buffer.from(text, 'base64'))
  return call.mailbox.addMessage(folder, { source, seed: 0, receivedAt: nowSeconds(call), isRead: true, isDraft: true })
}

const nowSeconds = (call: MailboxCall): number => Math.floor(call.now / 1000)

/**
 * JSON becomes a draft dated now, unless MAPI properties say that it was sent and when.
 * Source: [MS-OXCMSG] PidTagMessageFlags, PidTagClientSubmitTime, PidTagMessageDeliveryTime
 */
function createFromJson(call: MailboxCall, folder: StoredFolder, body: JsonObject): StoredMessage {
  refuseUnknownProperties(body)
  const properties = singleValueInput(body)
  const state = stateOf(body)
  const now = nowSeconds(call)
  const flags = numberProperty(properties, messageFlagsProperty)
  const source = composedSource(call, body, timeProperty(properties, clientSubmitTimeProperty) ?? now)
  const message = call.mailbox.addMessage(folder, {
    source,
    seed: 0,
    receivedAt: timeProperty(properties, messageDeliveryTimeProperty) ?? now,
    createdAt: now,
    isRead: optionalBoolean(body, 'isRead') ?? (flags === undefined || (flags & messageFlagRead) !== 0),
    isDraft: flags === undefined || (flags & messageFlagUnsent) !== 0,
  })
  if (Object.keys(state).length > 0) message.extra = state
  return message
}

function composedSource(call: MailboxCall, body: JsonObject, sentAt: number): ComposedSource {
  const from = recipientValue(body, 'from')
  const fallbackId = `<${guidFrom(`${call.mailbox.key}:${String(call.mailbox.sequence)}`)}@simulator.prod.outlook.com>`
  const source = new ComposedSource({
    subject: optionalText(body, 'subject'),
    body: bodyValue(body) ?? { contentType: 'text', content: '' },
    from,
    sender: recipientValue(body, 'sender') ?? from,
    to: recipientsValue(body, 'toRecipients') ?? [],
    cc: recipientsValue(body, 'ccRecipients') ?? [],
    bcc: recipientsValue(body, 'bccRecipients') ?? [],
    replyTo: replyToValue(body) ?? [],
    internetMessageId: optionalText(body, 'internetMessageId') ?? fallbackId,
    sentAt,
    importance: importanceValue(body) ?? 'normal',
    readReceipt: optionalBoolean(body, 'isReadReceiptRequested') ?? false,
    meeting: undefined,
    headers: headersValue(body) ?? [],
    attachments: [],
  })
  for (const attachment of attachmentsValue(body)) source.attach(attachment)
  return source
}

function numberProperty(properties: ReadonlyMap<string, string>, id: string): number | undefined {
  const value = properties.get(id)
  return value === undefined ? undefined : Number(value)
}

function timeProperty(properties: ReadonlyMap<string, string>, id: string): number | undefined {
  const value = properties.get(id)
  return value === undefined ? undefined : Math.floor(Date.parse(value) / 1000)
}
