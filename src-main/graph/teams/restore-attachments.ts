import type { JsonObject } from '../../engine/model/json.ts'
import type { HtmlNode } from '../item/html-parse.ts'
import { isObject, record, text } from '../item/fields.ts'
import { htmlToText } from '../item/html-text.ts'
import { parsed } from '../messages/parsed-json.ts'
import { elementNode, linkAddress, textNode } from './restore-text.ts'

/** What becomes of an attachment in a restored message. */
export interface PlacedAttachment {
  /** Goes along as an attachment. */
  readonly sent?: JsonObject
  /** What stands in its place in the text. */
  readonly nodes: readonly HtmlNode[]
  readonly remark?: 'file-links-to-source' | 'card-as-text' | 'quote-as-text'
}

/**
 * Of attachments, Teams imports links to files in the tenant's own SharePoint and OneDrive. Links to files of another
 * tenant stand in the text; quotes and cards are written out as text.
 * https://learn.microsoft.com/microsoftteams/platform/graph-api/import-messages/import-external-messages-to-teams
 */
export function placeAttachment(attachment: JsonObject, isSameTenant: boolean): PlacedAttachment {
  const id = text(attachment, 'id') ?? ''
  const kind = text(attachment, 'contentType') ?? ''
  const address = linkAddress(text(attachment, 'contentUrl'))
  if (kind === 'reference') {
    const name = text(attachment, 'name') ?? ''
    if (isSameTenant && address !== undefined && id !== '')
      return {
        sent: { id, contentType: 'reference', contentUrl: address, name },
        nodes: [elementNode('attachment', [['id', id]], [])],
      }
    return { nodes: [paragraph(link(name === '' ? (address ?? '') : name, address))], remark: 'file-links-to-source' }
  }
  if (/^(message|forwardedMessage)Reference$/.test(kind)) return { nodes: [quote(attachment)], remark: 'quote-as-text' }
  return { nodes: [paragraph(link(cardText(attachment), address))], remark: 'card-as-text' }
}

function quote(attachment: JsonObject): HtmlNode {
  const content = contentOf(attachment)
  const sender = record(record(content, 'messageSender') ?? record(content, 'originalMessageSender') ?? {}, 'user')
  const name = sender === undefined ? undefined : text(sender, 'displayName')
  const words = text(content, 'messagePreview') ?? text(content, 'originalMessageContent') ?? ''
  const who = name === undefined ? [] : [elementNode('strong', [], [textNode(name)]), textNode(': ')]
  return elementNode('blockquote', [], [...who, textNode(htmlToText(words))])
}

/** Words of a card, in the order in which they stand in it. */
function cardText(attachment: JsonObject): string {
  const content = contentOf(attachment)
  const name = text(attachment, 'name') ?? text(content, 'title') ?? text(content, 'name')
  const words = [...wordsIn(content.body ?? content.text ?? null)]
  const all = [...new Set([...(name === undefined ? [] : [name]), ...words])]
  return all.length === 0 ? (text(attachment, 'contentType')?.split('.').at(-1) ?? '') : all.join('\n')
}

/** Deeper than this no card goes. */
const deepest = 20

function* wordsIn(value: unknown, depth = 0): Generator<string, void, undefined> {
  if (typeof value === 'string') yield htmlToText(value)
  if (depth > deepest) return
  if (Array.isArray(value)) for (const each of value as readonly unknown[]) yield* wordsOfPart(each, depth + 1)
}

function* wordsOfPart(part: unknown, depth: number): Generator<string, void, undefined> {
  if (!isObject(part)) return
  for (const name of ['title', 'text', 'value']) {
    const words = part[name]
    if (typeof words === 'string' && words !== '') yield words
  }
  for (const name of ['items', 'columns', 'facts', 'body']) yield* wordsIn(part[name], depth)
}

/** Cards and quotes carry their content as JSON text. */
function contentOf(attachment: JsonObject): JsonObject {
  const value = parsed(text(attachment, 'content') ?? '')
  return isObject(value) ? value : {}
}

function paragraph(...children: readonly HtmlNode[]): HtmlNode {
  return elementNode('p', [], children)
}

function link(words: string, address: string | undefined): HtmlNode {
  return address === undefined ? textNode(words) : elementNode('a', [['href', address]], [textNode(words)])
}
