import type { JsonObject } from '../../engine/model/json.ts'
import { transcriptWords as words } from '../../../src-shared/text/chat-events.ts'
import { escapeAttribute, escapeHtml } from '../item/html-entities.ts'
import { isObject, isoSeconds, list, record, text, time } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { chatEventText } from './event-text.ts'
import { hostedContentsOf } from './hosted-contents.ts'
import { attachmentsOf, repliesOf, senderName } from './message-row.ts'
import { attachmentHtml, quotesOf } from './transcript-attachments.ts'
import { messageBodyHtml, type HostedAddresses } from './transcript-body.ts'
import { documentHtml } from './transcript-page.ts'

/** A stored message of a transcript. */
export interface TranscriptMessage {
  /** The stored metadata object. */
  readonly metadata: JsonObject
  /**
   * Where its parts are to be found, by part name: a `data:` address or a path relative to the transcript. A picture
   * whose part is not here is named only.
   */
  readonly parts?: ReadonlyMap<string, string>
}

/**
 * A chat or channel as a page that anybody can read: one complete HTML document without scripts, which loads nothing but what
 * `parts` names. What people wrote is cleaned: no scripts, no pictures from elsewhere, no forms.
 * `container`: the stored metadata object of the chat or channel. Messages in any order; the page says so if they are not
 * all of them (`isWhole`).
 */
export function chatTranscript(container: JsonObject, messages: readonly TranscriptMessage[], isWhole = true): string {
  const title = text(container, 'o365:Name') ?? words.chat
  const sorted = messages.toSorted((one, other) => createdAt(one) - createdAt(other))
  const pinned = new Set(
    (list(propertiesOf(container), 'pinnedMessages') ?? []).filter(isObject).map((one) => text(one, 'id')),
  )
  const days: string[] = []
  let day = ''
  for (const message of sorted) {
    const today = dayOf(createdAt(message))
    if (today !== day) days.push(`<h2>${escapeHtml(today)}</h2>`)
    day = today
    days.push(messageHtml(message, pinned))
  }
  const main = days.length === 0 ? `<p class="note">${words.empty}</p>` : days.join('\n')
  const missing = isWhole ? '' : `\n<p class="note">${words.damaged}</p>`
  return documentHtml(title, `${headerHtml(container, title, countOf(messages))}${missing}\n<main>\n${main}\n</main>`)
}

/** Answers included. */
function countOf(messages: readonly TranscriptMessage[]): number {
  return messages.reduce((sum, { metadata }) => sum + 1 + repliesOf(propertiesOf(metadata)).length, 0)
}

function headerHtml(container: JsonObject, title: string, count: number): string {
  const properties = propertiesOf(container)
  const members = (list(properties, 'members') ?? [])
    .filter(isObject)
    .map(memberText)
    .filter((name) => name !== '')
  const kind = words.kind[text(properties, 'chatType') ?? text(properties, 'membershipType') ?? ''] ?? words.chat
  const facts = `${kind}, ${count} ${words.messages}. ${words.utc}`
  const people = members.length === 0 ? '' : `<p>${words.with}: ${escapeHtml(members.join(', '))}</p>`
  return `<header><h1>${escapeHtml(title)}</h1>${people}<p class="note">${escapeHtml(facts)}</p></header>`
}

function memberText(member: JsonObject): string {
  const name = text(member, 'displayName') ?? ''
  const email = text(member, 'email') ?? ''
  if (name === '' || email === '') return name + email
  return `${name} <${email}>`
}

function messageHtml(
  { metadata, parts = new Map() }: TranscriptMessage,
  pinned: ReadonlySet<string | undefined>,
): string {
  const properties = propertiesOf(metadata)
  const hosted = new Map(hostedContentsOf(properties).map(({ id, name }) => [id, { name, address: parts.get(name) }]))
  const replies = repliesOf(properties)
    .toSorted((one, other) => (time(one, 'createdDateTime') ?? 0) - (time(other, 'createdDateTime') ?? 0))
    .map((reply) => oneHtml(reply, hosted, pinned))
  const inside = replies.length === 0 ? '' : `<div class="replies">${replies.join('\n')}</div>`
  return oneHtml(properties, hosted, pinned) + inside
}

function oneHtml(properties: JsonObject, hosted: HostedAddresses, pinned: ReadonlySet<string | undefined>): string {
  const at = momentOf(properties)
  const event = chatEventText(properties)
  if (event !== undefined) return `<p class="event">${escapeHtml(at)} ${escapeHtml(event)}</p>`
  const marks = marksOf(properties, pinned).map((mark) => ` <span class="mark">${escapeHtml(mark)}</span>`)
  const head = `<div class="head"><b>${escapeHtml(senderName(properties))}</b> <time>${escapeHtml(at)}</time>${marks.join('')}</div>`
  return `<article id="m${escapeAttribute(text(properties, 'id') ?? '')}">${head}${contentHtml(properties, hosted)}</article>`
}

function marksOf(properties: JsonObject, pinned: ReadonlySet<string | undefined>): readonly string[] {
  const importance = text(properties, 'importance')
  return [
    ...(text(properties, 'lastEditedDateTime') === undefined ? [] : [words.edited]),
    ...(importance === 'high' ? [words.important] : []),
    ...(importance === 'urgent' ? [words.urgent] : []),
    ...(pinned.has(text(properties, 'id')) ? [words.pinned] : []),
  ]
}

function contentHtml(properties: JsonObject, hosted: HostedAddresses): string {
  if (text(properties, 'deletedDateTime') !== undefined) return `<p class="note">${words.deleted}</p>`
  const attachments = attachmentsOf(properties)
  const subject = text(properties, 'subject') ?? ''
  return [
    record(properties, 'policyViolation') === undefined ? '' : `<p class="note">${words.blocked}</p>`,
    subject === '' ? '' : `<h3>${escapeHtml(subject)}</h3>`,
    quotesOf(attachments),
    `<div class="body">${messageBodyHtml(properties, hosted)}</div>`,
    attachments.map((attachment) => attachmentHtml(attachment, hosted)).join(''),
    reactionsHtml(properties),
  ].join('')
}

function reactionsHtml(properties: JsonObject): string {
  const counts = new Map<string, number>()
  for (const reaction of (list(properties, 'reactions') ?? []).filter(isObject)) {
    const kind = text(reaction, 'reactionType') ?? text(reaction, 'displayName') ?? ''
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  if (counts.size === 0) return ''
  const shown = [...counts].map(([kind, count]) => `<span class="mark">${escapeHtml(kind)} ${count}</span>`)
  return `<p class="reactions">${shown.join(' ')}</p>`
}

function createdAt({ metadata }: Pick<TranscriptMessage, 'metadata'>): number {
  return time(propertiesOf(metadata), 'createdDateTime') ?? 0
}

function dayOf(at: number): string {
  return isoSeconds(at).slice(0, 10)
}

/** The time of day; with the day for an answer that came on a later one. */
function momentOf(properties: JsonObject): string {
  const at = time(properties, 'createdDateTime') ?? 0
  const day = text(properties, 'replyToId') === undefined ? '' : `${dayOf(at)} `
  return day + isoSeconds(at).slice(11, 16)
}
