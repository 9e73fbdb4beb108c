import type { JsonObject } from '../../engine/model/json.ts'
import { transcriptWords as words } from '../../../src-shared/text/chat-events.ts'
import { escapeHtml } from '../item/html-entities.ts'
import { parseHtml, type HtmlElement, type HtmlNode } from '../item/html-parse.ts'
import { writeHtml } from '../item/html-write.ts'
import { record, text } from '../item/fields.ts'
import { hostedIdIn } from './hosted-contents.ts'

/**
 * Where the hosted contents of a message are, by their ids (pictures of mails: by their content ids); `address` is
 * undefined for one that is not at hand.
 */
export type HostedAddresses = ReadonlyMap<string, { readonly name: string; readonly address: string | undefined }>

/** Elements that may stay. Others give way to what is in them. */
const allowed = new Set(
  (
    'a b blockquote br code del div em h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre s span strike strong sub sup table ' +
    'tbody td tfoot th thead tr u ul'
  ).split(' '),
)

/** Elements of which nothing stays. */
const removed = new Set(
  'audio button embed form head iframe input link math meta object select svg textarea title video'.split(' '),
)

/** What a message says, as HTML that does nothing and loads nothing but `hosted`. */
export function messageBodyHtml(properties: JsonObject, hosted: HostedAddresses): string {
  const body = record(properties, 'body') ?? {}
  const content = text(body, 'content') ?? ''
  if (!/^html$/i.test(text(body, 'contentType') ?? '')) return escapeHtml(content).replaceAll('\n', '<br>')
  return cleanHtml(content, hosted)
}

function cleanHtml(html: string, hosted: HostedAddresses): string {
  return writeHtml(clean(parseHtml(html), hosted))
}

function clean(nodes: readonly HtmlNode[], hosted: HostedAddresses): readonly HtmlNode[] {
  return nodes.flatMap((node): readonly HtmlNode[] => {
    if (node.kind === 'text') return [node]
    const { name } = node
    if (removed.has(name)) return []
    if (name === 'img') return pictureOf(node, hosted)
    // Shown below the message.
    if (name === 'attachment') return []
    const children = clean(node.children, hosted)
    if (name === 'emoji') return [textNode(node.attributes.get('alt') ?? '')]
    if (name === 'at') return [element('span', [['class', 'mention']], children)]
    if (name === 'codeblock') return [element('pre', [], children)]
    if (!allowed.has(name)) return children
    return [element(name, name === 'a' ? linkAttributes(node) : [], children)]
  })
}

/** Only addresses that a person follows, and only when a person follows them. */
function linkAttributes({ attributes }: HtmlElement): readonly (readonly [string, string])[] {
  const address = safeAddress(attributes.get('href') ?? '')
  return address === undefined
    ? []
    : [
        ['href', address],
        ['rel', 'noreferrer noopener'],
      ]
}

export function safeAddress(address: string): string | undefined {
  const trimmed = address.trim()
  return /^(https?:|mailto:|tel:)/i.test(trimmed) ? trimmed : undefined
}

function pictureOf({ attributes }: HtmlElement, hosted: HostedAddresses): readonly HtmlNode[] {
  const alt = attributes.get('alt') ?? attributes.get('title') ?? ''
  const known = hosted.get(pictureId(attributes.get('src') ?? ''))
  if (known?.address !== undefined) {
    return [element('img', [['src', known.address], ['alt', alt], ...sizes(attributes)], [])]
  }
  // Emoji of older clients are pictures from elsewhere whose text is the emoji.
  if (/emoji/i.test(attributes.get('itemtype') ?? '') && alt !== '') return [textNode(alt)]
  const name = alt === '' ? (known?.name ?? '') : alt
  return [textNode(`[${words.picture}${name === '' ? '' : `: ${name}`}]`)]
}

function pictureId(source: string): string {
  return /^cid:/i.test(source) ? source.slice(4) : (hostedIdIn(source) ?? '')
}

function sizes(attributes: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return ['width', 'height'].flatMap((name) => {
    const pixels = Math.round(Number.parseFloat(attributes.get(name) ?? ''))
    return pixels > 0 && pixels < 10_000 ? [[name, String(pixels)] as const] : []
  })
}

function element(
  name: string,
  attributes: readonly (readonly [string, string])[],
  children: readonly HtmlNode[],
): HtmlElement {
  return { kind: 'element', name, attributes: new Map(attributes), children }
}

function textNode(content: string): HtmlNode {
  return { kind: 'text', text: content }
}
