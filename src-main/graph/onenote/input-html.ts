import type { HtmlElement, HtmlNode } from '../item/html-parse.ts'
import { writeHtml } from '../item/html-write.ts'

/** What OneNote adds to elements when it gives a page, and does not take back. */
const given = new Set([
  'id',
  'data-src-type',
  'data-fullres-src',
  'data-fullres-src-type',
  'data-index',
  'data-options',
  'data-render-original-src',
])

/** Elements that have their places on a page themselves. */
const placeable = new Set(['div', 'img', 'object'])

/** How an element's file goes up: as the part of that name, or not at all, with a text in its place. */
export type FileUse = (element: HtmlElement) => { readonly part: string } | { readonly text: string } | undefined

/**
 * OneNote's output HTML as input HTML: without its own ids and addresses, files by the names of the request's parts.
 * Elements in `left` are left out: they go up elsewhere.
 * https://learn.microsoft.com/graph/onenote-input-output-html
 */
export function inputHtml(nodes: readonly HtmlNode[], fileOf: FileUse, left: ReadonlySet<HtmlElement>): string {
  return writeHtml(nodes, (element) => {
    if (left.has(element)) return []
    const use = fileOf(element)
    if (use !== undefined && 'text' in use) return [{ kind: 'text', text: `[${use.text}]` }]
    return [cleaned(element, use?.part)]
  })
}

function cleaned(element: HtmlElement, part: string | undefined): HtmlElement {
  const kept = [...element.attributes].filter(([name]) => !given.has(name) && !name.startsWith('on'))
  const attributes = new Map(kept)
  if (part !== undefined) attributes.set(element.name === 'object' ? 'data' : 'src', `name:${part}`)
  // Made of data-original-src by OneNote.
  if (element.name === 'iframe') attributes.delete('src')
  return { ...element, attributes }
}

/** Whether an element lies at a place of its own, as only children of the body do. */
export function isPlaced(node: HtmlNode): node is HtmlElement {
  if (node.kind === 'text' || !placeable.has(node.name)) return false
  return /position\s*:\s*absolute/i.test(node.attributes.get('style') ?? '')
}
