import type { JsonObject } from '../../engine/model/json.ts'
import { transcriptWords as words } from '../../../src-shared/text/chat-events.ts'
import { escapeAttribute, escapeHtml } from '../item/html-entities.ts'
import { isObject, record, text } from '../item/fields.ts'
import { hostedIdIn } from './hosted-contents.ts'
import { parsed } from './parsed-json.ts'
import { safeAddress, type HostedAddresses } from './transcript-body.ts'

/** Messages that this one answers or passes on. */
export function quotesOf(attachments: readonly JsonObject[]): string {
  return attachments.filter(isQuote).map(quoteHtml).join('')
}

function isQuote(attachment: JsonObject): boolean {
  return /^(message|forwardedMessage)Reference$/.test(text(attachment, 'contentType') ?? '')
}

function quoteHtml(attachment: JsonObject): string {
  const content = contentOf(attachment)
  const sender = record(record(content, 'messageSender') ?? record(content, 'originalMessageSender') ?? {}, 'user')
  const name = sender === undefined ? '' : (text(sender, 'displayName') ?? '')
  const preview = text(content, 'messagePreview') ?? text(content, 'originalMessageContent') ?? ''
  const who = name === '' ? '' : `<b>${escapeHtml(name)}</b>: `
  return `<blockquote>${who}${escapeHtml(preview.replace(/<[^>]*>/g, ' ').trim())}</blockquote>`
}

/** A file, card or code snippet; quotes stand above the message. */
export function attachmentHtml(attachment: JsonObject, hosted: HostedAddresses): string {
  if (isQuote(attachment)) return ''
  const kind = text(attachment, 'contentType') === 'reference' ? words.file : words.card
  const name =
    text(attachment, 'name') ?? text(contentOf(attachment), 'title') ?? text(contentOf(attachment), 'name') ?? ''
  const label = escapeHtml(name === '' ? kind : name)
  const address = hostedAddress(attachment, hosted) ?? safeAddress(text(attachment, 'contentUrl') ?? '')
  const shown =
    address === undefined ? label : `<a href="${escapeAttribute(address)}" rel="noreferrer noopener">${label}</a>`
  return `<p class="file">${escapeHtml(kind)}: ${shown}</p>`
}

/** A code snippet is a hosted content that the card names. */
function hostedAddress(attachment: JsonObject, hosted: HostedAddresses): string | undefined {
  const id = hostedIdIn(text(attachment, 'content') ?? '')
  return id === undefined ? undefined : hosted.get(id)?.address
}

/** Cards and references carry their content as JSON text. */
function contentOf(attachment: JsonObject): JsonObject {
  const value = parsed(text(attachment, 'content') ?? '')
  return isObject(value) ? value : {}
}
