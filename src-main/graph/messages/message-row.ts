import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { cutUtf8 } from '../../../src-shared/model/safe-name.ts'
import { isObject, isoSeconds, list, record, text, time } from '../item/fields.ts'
import { htmlToText } from '../item/html-text.ts'
import { valueHash } from '../item/listed-value.ts'
import { itemMetadata, propertiesOf } from '../item/metadata.ts'
import { datedName, peopleText } from '../item/names.ts'
import { chatEventText } from './event-text.ts'
import { hostedContentsOf } from './hosted-contents.ts'

/** Bytes of a message's text that stand for its title. */
const titleBytes = 80

/** Where a message is: `<chat or channel id>/<message id>`, since ids of messages are unique within that alone. */
export function messageKey(properties: JsonObject): string {
  const channel = text(record(properties, 'channelIdentity') ?? {}, 'channelId')
  return `${text(properties, 'chatId') ?? channel ?? ''}/${text(properties, 'id') ?? ''}`
}

/** `thread`: the chat or channel. */
export function splitKey(key: string): { readonly thread: string; readonly message: string } {
  const slash = key.lastIndexOf('/')
  return { thread: key.slice(0, Math.max(0, slash)), message: key.slice(slash + 1) }
}

export function messageMetadata(type: 'chatMessage' | 'channelMessage', properties: JsonObject): JsonObject {
  const facts = {
    type,
    name: titleOf(properties),
    created: text(properties, 'createdDateTime'),
    modified: text(properties, 'lastModifiedDateTime'),
  }
  return itemMetadata(facts, properties)
}

export function messageRow(metadata: JsonObject): ReturnType<ItemDescriber['row']> {
  const properties = propertiesOf(metadata)
  const at = time(properties, 'createdDateTime') ?? 0
  const title = titleOf(properties)
  return {
    name: datedName(at, title, messageKey(properties)),
    shard: isoSeconds(at).slice(0, 7),
    time: at,
    size: 0,
    title,
    from: peopleText([{ name: senderName(properties) }]),
    to: '',
    hasAttachments: hasFiles(properties),
  }
}

/** What was answered to a message is part of it: a change there is one of the message. */
export function messageIdentity(metadata: JsonObject): { readonly id: string; readonly changeKey: string } {
  const properties = propertiesOf(metadata)
  const replies = repliesOf(properties)
  const own = versionOf(properties)
  if (replies.length === 0) return { id: messageKey(properties), changeKey: own }
  const versions = replies.map((reply) => [text(reply, 'id') ?? '', versionOf(reply)])
  return { id: messageKey(properties), changeKey: `${own} ${valueHash(versions)}` }
}

function versionOf(properties: JsonObject): string {
  return text(properties, 'etag') ?? text(properties, 'lastModifiedDateTime') ?? ''
}

/** Answers to the first message of a conversation, as they are stored. */
export function repliesOf(properties: JsonObject): readonly JsonObject[] {
  return (list(properties, 'replies') ?? []).filter(isObject)
}

/** Everything in a message, and in the answers to it, that somebody would look for. */
export function messageText(metadata: JsonObject): string {
  const properties = propertiesOf(metadata)
  const replies = repliesOf(properties).map((reply) => `${senderName(reply)} ${ownText(reply)}`.trim())
  return [ownText(properties), ...replies].filter((line) => line !== '').join('\n')
}

function ownText(properties: JsonObject): string {
  const names = attachmentsOf(properties).map((attachment) => text(attachment, 'name') ?? '')
  const lines = [text(properties, 'subject') ?? '', bodyText(properties), ...names]
  return lines.filter((line) => line !== '').join('\n')
}

/** The sender's name as Graph gives it, or an id; empty for what Teams writes itself. */
export function senderName(properties: JsonObject): string {
  const from = record(properties, 'from') ?? {}
  for (const kind of ['user', 'application', 'device', 'conversation']) {
    const identity = record(from, kind)
    const name = identity === undefined ? undefined : (text(identity, 'displayName') ?? text(identity, 'id'))
    if (name !== undefined) return name
  }
  return ''
}

export function attachmentsOf(properties: JsonObject): readonly JsonObject[] {
  return (list(properties, 'attachments') ?? []).filter(isObject)
}

function bodyText(properties: JsonObject): string {
  const event = chatEventText(properties)
  if (event !== undefined) return event
  const body = record(properties, 'body') ?? {}
  const content = text(body, 'content') ?? ''
  return /^html$/i.test(text(body, 'contentType') ?? '') ? htmlToText(content) : content.trim()
}

function titleOf(properties: JsonObject): string {
  const subject = text(properties, 'subject')?.trim() ?? ''
  const named = attachmentsOf(properties)
    .map((attachment) => text(attachment, 'name') ?? '')
    .find((name) => name !== '')
  const line = (subject === '' ? bodyText(properties) : subject).replace(/\s+/gu, ' ').trim()
  return cutUtf8(line === '' ? (named ?? '') : line, titleBytes)
}

/** Files that lie in OneDrive or SharePoint; cards and quotes are attachments too, but no files. */
function hasFiles(properties: JsonObject): boolean {
  const files = [properties, ...repliesOf(properties)]
    .flatMap(attachmentsOf)
    .some((attachment) => text(attachment, 'contentType') === 'reference')
  return files || hostedContentsOf(properties).length > 0
}
