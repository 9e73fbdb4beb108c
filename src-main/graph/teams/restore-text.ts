import { createHash } from 'node:crypto'
import type { JsonObject } from '../../engine/model/json.ts'
import { escapeHtml } from '../item/html-entities.ts'
import { record, text } from '../item/fields.ts'
import { htmlToText } from '../item/html-text.ts'
import type { HtmlElement, HtmlNode } from '../item/html-parse.ts'

export function bodyOf(message: JsonObject): { readonly isHtml: boolean; readonly content: string } {
  const body = record(message, 'body') ?? {}
  return { isHtml: /^html$/i.test(text(body, 'contentType') ?? ''), content: text(body, 'content') ?? '' }
}

/** What a message says, to tell two of one moment apart: its words alone, since Teams rewrites HTML. */
export function wordsHash(message: JsonObject): string {
  const { isHtml, content } = bodyOf(message)
  const words = (isHtml ? htmlToText(content) : content).replace(/\s+/gu, ' ').trim()
  return createHash('sha256')
    .update(`${text(message, 'subject') ?? ''}\n${words}`)
    .digest('base64url')
    .slice(0, 16)
}

export function htmlOf({ isHtml, content }: { readonly isHtml: boolean; readonly content: string }): string {
  return isHtml ? content : `<p>${escapeHtml(content).replaceAll('\n', '<br />')}</p>`
}

export function elementNode(
  name: string,
  attributes: readonly (readonly [string, string])[],
  children: readonly HtmlNode[],
): HtmlElement {
  return { kind: 'element', name, attributes: new Map(attributes), children }
}

export function textNode(content: string): HtmlNode {
  return { kind: 'text', text: content }
}

/** Addresses that may stand in a link; undefined for anything else. */
export function linkAddress(address: string | undefined): string | undefined {
  const trimmed = address?.trim() ?? ''
  return /^https?:\/\//i.test(trimmed) ? trimmed : undefined
}
