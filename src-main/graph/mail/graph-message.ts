import { createHash } from 'node:crypto'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { cleanText } from '../outlook/clean-text.ts'
import { categoriesOf, deliveryProperties, headerProperties } from './extended-properties.ts'
import type { ExtendedProperty } from './extended-properties.ts'
import { filledText, list, record, text } from '../item/fields.ts'
import type { MessageFile, MimeMessage } from './mime-message.ts'
import { hasValidAddress, headerRecipients, storedRecipient, storedRecipients } from './recipients.ts'
import { bodyBytes, customHeaders } from '../outlook/restore-limits.ts'

/** A message as it will be created, and the files that go on it. */
export interface GraphMessage {
  /** Everything but the extended properties, the custom headers and the attachments. */
  readonly json: JsonObject
  readonly delivery: readonly ExtendedProperty[]
  /** Dropped when Exchange refuses them. */
  readonly headers: readonly ExtendedProperty[]
  readonly customHeaders: readonly CustomHeader[]
  readonly files: readonly MessageFile[]
  readonly internetMessageId: string
}

export interface CustomHeader {
  readonly name: string
  readonly value: string
}

/**
 * The message to create from what is stored: Graph's properties where it gave them, the MIME for the text, the files,
 * and whatever the properties lack.
 */
export function graphMessage(metadata: JsonObject, properties: JsonObject, parsed: MimeMessage): GraphMessage {
  const body = messageBody(parsed)
  const internetMessageId = messageIdOf(metadata, properties)
  const subject = text(properties, 'subject') ?? parsed.email?.subject
  return {
    json: {
      ...(subject === undefined ? {} : { subject: cleanText(subject) }),
      body: body.json,
      ...people(properties, parsed),
      ...state(properties),
      internetMessageId,
    },
    delivery: deliveryProperties(properties, parsed),
    headers: headerProperties(properties, parsed),
    customHeaders: senderHeaders(parsed),
    files: [...body.files, ...parsed.files],
    internetMessageId,
  }
}

/**
 * The message's own id. One without any gets an id made of its Graph id, so that a second restore finds it again
 * (Exchange would have given it a random one).
 */
export function messageIdOf(metadata: JsonObject, properties: JsonObject): string {
  const own = filledText(properties, 'internetMessageId')
  if (own !== undefined) return own
  const hash = createHash('sha256').update(text(metadata, 'o365:Id') ?? JSON.stringify(properties))
  return `<${hash.digest('hex').slice(0, 40)}@restored.invalid>`
}

interface Body {
  readonly json: JsonObject
  readonly files: readonly MessageFile[]
}

/**
 * HTML where there is some. A text too long for one request becomes a file on the message: neither creating from MIME
 * nor patching takes more, and cutting it would lose the rest.
 */
function messageBody(parsed: MimeMessage): Body {
  const isHtml = parsed.html !== undefined && parsed.html.trim() !== ''
  const content = cleanText((isHtml ? parsed.html : parsed.text) ?? '')
  const json = { contentType: isHtml ? 'html' : 'text', content }
  if (Buffer.byteLength(JSON.stringify(json)) <= bodyBytes) return { json, files: [] }
  const [name, contentType] = isHtml ? ['message.html', 'text/html'] : ['message.txt', 'text/plain']
  const file = { name, contentType, isInline: false, contentId: undefined, bytes: Buffer.from(content, 'utf8') }
  const notice = `The text of this message is too long to be restored in place. It is attached as ${name}.`
  return { json: { contentType: 'text', content: notice }, files: [file] }
}

function people(properties: JsonObject, parsed: MimeMessage): JsonObject {
  const { email } = parsed
  const stored = (name: string): JsonObject[] | undefined => {
    const values = list(properties, name)
    return values === undefined ? undefined : storedRecipients(values)
  }
  const from = storedRecipient(record(properties, 'from')) ?? headerRecipients(asList(email?.from))[0]
  const sender = storedRecipient(record(properties, 'sender')) ?? headerRecipients(asList(email?.sender))[0] ?? from
  const replyTo = stored('replyTo') ?? headerRecipients(email?.replyTo)
  return {
    ...(from === undefined ? {} : { from }),
    ...(sender === undefined ? {} : { sender }),
    toRecipients: stored('toRecipients') ?? headerRecipients(email?.to),
    ccRecipients: stored('ccRecipients') ?? headerRecipients(email?.cc),
    bccRecipients: stored('bccRecipients') ?? headerRecipients(email?.bcc),
    // An invalid address here makes Exchange refuse the whole message (gotcha 24); the original header keeps it.
    replyTo: replyTo.filter(hasValidAddress),
  }
}

function asList<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value]
}

function state(properties: JsonObject): JsonObject {
  const flag = record(properties, 'flag')
  return {
    isRead: properties.isRead === true,
    ...oneOf(properties, 'importance', ['low', 'normal', 'high']),
    ...oneOf(properties, 'inferenceClassification', ['focused', 'other']),
    ...(flag === undefined ? {} : { flag: followUp(flag) }),
    categories: categoriesOf(properties),
    ...onlyTrue(properties, 'isReadReceiptRequested'),
    ...onlyTrue(properties, 'isDeliveryReceiptRequested'),
  }
}

function oneOf(properties: JsonObject, name: string, words: readonly string[]): JsonObject {
  const value = text(properties, name)?.toLowerCase()
  return value !== undefined && words.includes(value) ? { [name]: value } : {}
}

function onlyTrue(properties: JsonObject, name: string): JsonObject {
  return properties[name] === true ? { [name]: true } : {}
}

/** Exchange wants a start where there is a due date, and no dates on what is not flagged. */
function followUp(flag: JsonObject): JsonObject {
  const status = text(flag, 'flagStatus') ?? 'notFlagged'
  const due = zoned(flag, 'dueDateTime')
  const start = zoned(flag, 'startDateTime') ?? due
  const completed = zoned(flag, 'completedDateTime')
  const dates: Record<string, JsonValue> = {}
  if (status !== 'notFlagged' && start !== undefined) dates.startDateTime = start
  if (status !== 'notFlagged' && due !== undefined) dates.dueDateTime = due
  if (status === 'complete' && completed !== undefined) dates.completedDateTime = completed
  return { flagStatus: status, ...dates }
}

function zoned(flag: JsonObject, name: string): JsonObject | undefined {
  const value = record(flag, name)
  const dateTime = value === undefined ? undefined : filledText(value, 'dateTime')
  if (value === undefined || dateTime === undefined) return undefined
  return { dateTime, timeZone: filledText(value, 'timeZone') ?? 'UTC' }
}

/** Set by Microsoft's servers; they do not belong to the sender's message. */
const serverHeaders = /^x-(ms-|microsoft-|forefront|exchange|originat|ms_)/

/** The sender's first own headers; Graph takes only names with x- and only five. All of them are in the header block. */
function senderHeaders(parsed: MimeMessage): CustomHeader[] {
  const chosen = new Map<string, CustomHeader>()
  for (const { key, originalKey, value } of parsed.email?.headers ?? []) {
    const isPlain = /^x-[\x21-\x39\x3b-\x7e]+$/.test(key) && /^[\x20-\x7e]{1,900}$/.test(value)
    if (isPlain && !serverHeaders.test(key) && !chosen.has(key)) chosen.set(key, { name: originalKey, value })
  }
  return [...chosen.values()].slice(0, customHeaders)
}
