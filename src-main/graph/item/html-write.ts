import { escapeAttribute, escapeHtml } from './html-entities.ts'
import { isEmptyElement, type HtmlElement, type HtmlNode } from './html-parse.ts'

/**
 * The nodes as XHTML: well-formed, so that both an HTML and an XML parser read it. `change` may put another element,
 * text or nothing in an element's place; it sees an element before what is in it.
 */
export function writeHtml(
  nodes: readonly HtmlNode[],
  change: (element: HtmlElement) => readonly HtmlNode[] = (element) => [element],
): string {
  return nodes
    .map((node) => (node.kind === 'text' ? escapeHtml(node.text) : writeElements(change(node), change)))
    .join('')
}

function writeElements(nodes: readonly HtmlNode[], change: (element: HtmlElement) => readonly HtmlNode[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return escapeHtml(node.text)
      const start = startTag(node.name, node.attributes)
      if (isEmptyElement(node.name)) return `${start.slice(0, -1)} />`
      return `${start}${writeHtml(node.children, change)}</${node.name}>`
    })
    .join('')
}

export function startTag(name: string, attributes: Iterable<readonly [string, string]>): string {
  const written = Array.from(attributes, ([key, value]) => ` ${key}="${escapeAttribute(value)}"`)
  return `<${name}${written.join('')}>`
}
