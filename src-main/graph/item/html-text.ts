import { parseHtml, type HtmlNode } from './html-parse.ts'

/** Elements that stand on lines of their own. */
const blocks = new Set(
  (
    'address article aside blockquote body br caption dd div dl dt figcaption footer form h1 h2 h3 h4 h5 h6 head ' +
    'header hr html li main nav ol p pre section table tbody td tfoot th thead title tr ul'
  ).split(' '),
)

/** What people read in HTML, with the names of pictures and attached files, for search. */
export function htmlToText(html: string): string {
  const lines = textOf(parseHtml(html)).split('\n')
  return lines
    .map((line) => line.replace(/\s+/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}

function textOf(nodes: readonly HtmlNode[]): string {
  return nodes.map(nodeText).join('')
}

function nodeText(node: HtmlNode): string {
  if (node.kind === 'text') return node.text.replace(/\s+/gu, ' ')
  const named = node.attributes.get('alt') ?? node.attributes.get('data-attachment')
  const inside = textOf(node.children) + (named === undefined ? '' : ` ${named} `)
  return blocks.has(node.name) ? `\n${inside}\n` : inside
}
