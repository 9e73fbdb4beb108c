import type { JsonObject } from '../../engine/model/json.ts'
import { transcriptWords as words } from '../../../src-shared/text/chat-events.ts'
import { escapeAttribute, escapeHtml } from '../item/html-entities.ts'
import { filledText, isoSeconds, record, text, time } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { peopleText } from '../item/names.ts'
import { messageBodyHtml, type HostedAddresses } from '../messages/transcript-body.ts'
import { documentHtml } from '../messages/transcript-page.ts'
import { postFiles } from './post-attachments.ts'
import type { PostFile } from './post-attachments.ts'
import { ownNames, personOf, postsOf, recipients } from './thread-row.ts'

/**
 * A thread as a page that anybody can read: one complete HTML document without scripts, which loads nothing but what
 * `attachments` names. What people wrote is cleaned. `metadata`: the stored metadata object of the thread; `attachments`:
 * where its parts are to be found, by part name: a `data:` address or a path relative to the page.
 */
export function threadTranscript(metadata: JsonObject, attachments: ReadonlyMap<string, string> = new Map()): string {
  const thread = propertiesOf(metadata)
  const topic = text(thread, 'topic') ?? ''
  const title = topic === '' ? words.conversation : topic
  const posts = postsOf(thread)
  const files = Map.groupBy(postFiles(posts), ({ post }) => post)
  const lines: string[] = []
  let day = ''
  for (const post of posts) {
    const today = isoSeconds(receivedAt(post)).slice(0, 10)
    if (today !== day) lines.push(`<h2>${escapeHtml(today)}</h2>`)
    day = today
    lines.push(postHtml(post, files.get(post) ?? [], attachments))
  }
  const main = lines.length === 0 ? `<p class="note">${words.empty}</p>` : lines.join('\n')
  return documentHtml(title, `${headerHtml(thread, title, posts.length)}\n<main>\n${main}\n</main>`)
}

function headerHtml(thread: JsonObject, title: string, count: number): string {
  const to = peopleText([...recipients(thread, 'toRecipients'), ...recipients(thread, 'ccRecipients')])
  const notRead = record(thread, ownNames.notRead) ?? {}
  const notes = [
    `${words.conversation}, ${count} ${words.messages}. ${words.utc}`,
    ...(thread.isLocked === true ? [words.locked] : []),
    ...(filledText(notRead, 'attachments') === undefined ? [] : [words.attachmentsMissing]),
  ]
  const people = to === '' ? '' : `<p>${words.to}: ${escapeHtml(to)}</p>`
  return `<header><h1>${escapeHtml(title)}</h1>${people}<p class="note">${escapeHtml(notes.join(' '))}</p></header>`
}

function postHtml(post: JsonObject, files: readonly PostFile[], addresses: ReadonlyMap<string, string>): string {
  const at = isoSeconds(receivedAt(post)).slice(11, 16)
  const sender = peopleText([personOf(record(post, 'from') ?? record(post, 'sender') ?? {})])
  const head = `<div class="head"><b>${escapeHtml(sender)}</b> <time>${escapeHtml(at)}</time></div>`
  const body = `<div class="body">${messageBodyHtml(post, picturesOf(files, addresses))}</div>`
  const below = files.filter(({ attachment }) => attachment.isInline !== true).map((file) => fileHtml(file, addresses))
  return `<article>${head}${body}${below.join('')}</article>`
}

/** Pictures inside the text, by their content ids. */
function picturesOf(files: readonly PostFile[], addresses: ReadonlyMap<string, string>): HostedAddresses {
  return new Map(
    files.flatMap(({ attachment, fileName = '' }) => {
      const id = filledText(attachment, 'contentId')?.replace(/^<|>$/g, '')
      const name = text(attachment, 'name') ?? ''
      return id === undefined ? [] : [[id, { name, address: addresses.get(fileName) }] as const]
    }),
  )
}

function fileHtml({ attachment, fileName }: PostFile, addresses: ReadonlyMap<string, string>): string {
  const label = escapeHtml(text(attachment, 'name') ?? fileName ?? '')
  const address = fileName === undefined ? undefined : addresses.get(fileName)
  const shown =
    address === undefined ? label : `<a href="${escapeAttribute(address)}" rel="noreferrer noopener">${label}</a>`
  return `<p class="file">${escapeHtml(words.file)}: ${shown}</p>`
}

function receivedAt(post: JsonObject): number {
  return time(post, 'receivedDateTime') ?? 0
}
