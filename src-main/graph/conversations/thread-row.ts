import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { filledText, isObject, isoSeconds, list, record, text, time } from '../item/fields.ts'
import { htmlToText } from '../item/html-text.ts'
import { valueHash } from '../item/listed-value.ts'
import { itemMetadata, propertiesOf } from '../item/metadata.ts'
import { itemName, peopleText } from '../item/names.ts'
import type { Person } from '../item/names.ts'
import { attachmentsOf } from './post-attachments.ts'

/** What lists of threads tell; with all of it equal nothing was written since. */
export const threadProperties = [
  'id',
  'topic',
  'hasAttachments',
  'lastDeliveredDateTime',
  'uniqueSenders',
  'preview',
  'isLocked',
  'toRecipients',
  'ccRecipients',
] as const

/** Names under which the stored properties have more than Graph's own. */
export const ownNames = {
  /** All posts, oldest first, with their bodies and attachments (the bytes are parts). */
  posts: 'posts',
  /** What Graph did not give, and why: `attachments`, `posts`. */
  notRead: 'notRead',
} as const

export function postsOf(thread: JsonObject): readonly JsonObject[] {
  return (list(thread, ownNames.posts) ?? []).filter(isObject)
}

export function threadMetadata(properties: JsonObject): JsonObject {
  const facts = {
    type: 'conversationThread',
    name: text(properties, 'topic') ?? '',
    created: text(postsOf(properties)[0] ?? {}, 'receivedDateTime'),
    modified: text(properties, 'lastDeliveredDateTime'),
  }
  return itemMetadata(facts, properties)
}

/** Graph gives threads no change key: it is made of what lists tell. */
export function threadIdentity(metadata: JsonObject): ReturnType<ItemDescriber['identity']> {
  const properties = propertiesOf(metadata)
  const changeKey = valueHash(threadProperties.map((name) => properties[name] ?? null))
  return { id: text(metadata, 'o365:Id') ?? '', changeKey }
}

export function threadRow(metadata: JsonObject): ReturnType<ItemDescriber['row']> {
  const properties = propertiesOf(metadata)
  const at = time(properties, 'lastDeliveredDateTime') ?? 0
  const title = text(properties, 'topic') ?? ''
  const senders = (list(properties, 'uniqueSenders') ?? []).filter((name) => typeof name === 'string')
  return {
    name: itemName(title, text(metadata, 'o365:Id') ?? ''),
    shard: isoSeconds(at).slice(0, 7),
    time: at,
    size: 0,
    title,
    from: peopleText(senders.map((name) => ({ name }))),
    to: peopleText([...recipients(properties, 'toRecipients'), ...recipients(properties, 'ccRecipients')]),
    hasAttachments: properties.hasAttachments === true,
  }
}

export function recipients(properties: JsonObject, name: string): readonly Person[] {
  return (list(properties, name) ?? []).filter(isObject).map(personOf)
}

export function personOf(recipient: JsonObject): Person {
  const address = record(recipient, 'emailAddress') ?? {}
  return { name: filledText(address, 'name'), address: filledText(address, 'address') }
}

/** Everything in a thread that somebody would look for. */
export function threadText(metadata: JsonObject): string {
  const properties = propertiesOf(metadata)
  const lines = postsOf(properties).flatMap((post) => [
    peopleText([personOf(record(post, 'from') ?? {})]),
    bodyText(record(post, 'body') ?? {}),
    ...attachmentsOf(post).map((attachment) => text(attachment, 'name') ?? ''),
  ])
  return [text(properties, 'topic') ?? '', ...lines].filter((line) => line !== '').join('\n')
}

function bodyText(body: JsonObject): string {
  const content = text(body, 'content') ?? ''
  return /^html$/i.test(text(body, 'contentType') ?? '') ? htmlToText(content) : content
}

const notices: Readonly<Record<string, string>> = {
  attachments: 'post-attachments-unread',
  posts: 'posts-unread',
}

/** What Graph did not give of the thread. */
export function threadNotices(metadata: JsonObject): readonly string[] {
  const notRead = record(propertiesOf(metadata), ownNames.notRead) ?? {}
  return Object.keys(notRead).flatMap((name) => notices[name] ?? [])
}
