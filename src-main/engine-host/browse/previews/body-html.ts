import type { JsonObject } from '../../../engine/model/json.ts'
import { text } from '../../../graph/item/fields.ts'
import { escapeHtml } from '../../../graph/item/html-entities.ts'

/** Graph's itemBody as HTML, as it came; null if it says nothing. */
export function bodyHtml(body: JsonObject | undefined): string | null {
  const content = text(body ?? {}, 'content') ?? ''
  if (content.trim() === '') return null
  return /^html$/i.test(text(body ?? {}, 'contentType') ?? '') ? content : textHtml(content)
}

/** Plain text with its line breaks. */
export function textHtml(plain: string): string {
  return escapeHtml(plain).replaceAll(/\r\n?|\n/g, '<br>')
}
