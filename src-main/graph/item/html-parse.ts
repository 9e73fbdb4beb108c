import { decodeEntities } from './html-entities.ts'

export interface HtmlText {
  readonly kind: 'text'
  /** Characters, references resolved. */
  readonly text: string
}

export interface HtmlElement {
  readonly kind: 'element'
  /** Lower case. */
  readonly name: string
  /** Names in lower case, values as characters. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly HtmlNode[]
}

export type HtmlNode = HtmlText | HtmlElement

type OpenElement = HtmlElement & { readonly children: HtmlNode[] }

const emptyElements = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))

/** What is in them is no text for people. */
const rawElements = new Set(['script', 'style', 'noscript', 'template', 'xml'])

/** An element that closes an open one of the same group, as people leave end tags out. */
const closes: Readonly<Record<string, readonly string[]>> = {
  p: ['p'],
  li: ['li'],
  tr: ['tr', 'td', 'th'],
  td: ['td', 'th'],
  th: ['td', 'th'],
}

/** Elements nested deeper than this stand beside each other. */
const deepest = 200

/** A comment, a declaration, or a tag with its slash, name and attributes; at one place. */
const token = /<!--[\s\S]*?(?:-->|$)|<[!?][^>]*(?:>|$)|<(\/)?([A-Za-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/y

const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>`]+)))?/g

/** Parses HTML as programs write it; never throws, in linear time. Comments and declarations are left out. */
export function parseHtml(html: string): readonly HtmlNode[] {
  const builder = new TreeBuilder()
  for (let at = 0; at < html.length;) {
    const start = nextTag(html, at)
    builder.text(html.slice(at, start))
    token.lastIndex = start
    const match = token.exec(html)
    // A tag that never ends: nothing behind it is read.
    if (match === null) break
    at = start + match[0].length
    const [, slash, name, attributes = ''] = match
    if (name === undefined) continue
    if (slash === undefined) at = builder.open(name.toLowerCase(), attributes, html, at)
    else builder.close(name.toLowerCase())
  }
  return builder.nodes
}

/** Where the next tag or comment begins; a "<" before anything else is text. */
function nextTag(html: string, from: number): number {
  let at = html.indexOf('<', from)
  while (at >= 0 && !/[A-Za-z/!?]/.test(html.charAt(at + 1))) at = html.indexOf('<', at + 1)
  return at < 0 ? html.length : at
}

class TreeBuilder {
  readonly nodes: HtmlNode[] = []
  readonly #stack: OpenElement[] = []

  text(source: string): void {
    if (source !== '') this.#here().push({ kind: 'text', text: decodeEntities(source) })
  }

  /** Gives the place where parsing goes on: behind the end of an element whose inside is no HTML. */
  open(name: string, source: string, html: string, at: number): number {
    const last = this.#stack.at(-1)
    if (last !== undefined && closes[name]?.includes(last.name) === true) this.#stack.pop()
    const element: OpenElement = { kind: 'element', name, attributes: attributesOf(source), children: [] }
    this.#here().push(element)
    if (rawElements.has(name)) return endOfRaw(name, html, at)
    const isEmpty = emptyElements.has(name) || /\/\s*$/.test(source)
    if (!isEmpty && this.#stack.length < deepest) this.#stack.push(element)
    return at
  }

  close(name: string): void {
    const at = this.#stack.findLastIndex((element) => element.name === name)
    if (at >= 0) this.#stack.splice(at)
  }

  #here(): HtmlNode[] {
    return this.#stack.at(-1)?.children ?? this.nodes
  }
}

function endOfRaw(name: string, html: string, at: number): number {
  const end = new RegExp(`</${name}\\s*>`, 'ig')
  end.lastIndex = at
  return end.exec(html) === null ? html.length : end.lastIndex
}

function attributesOf(source: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [, name = '', double, single, bare] of source.matchAll(attribute)) {
    const key = name.toLowerCase()
    if (!found.has(key)) found.set(key, decodeEntities(double ?? single ?? bare ?? ''))
  }
  return found
}

/** All elements, outer ones first, in the order of their start tags. */
export function* elementsOf(nodes: readonly HtmlNode[]): Generator<HtmlElement, void, undefined> {
  for (const node of nodes) {
    if (node.kind === 'text') continue
    yield node
    yield* elementsOf(node.children)
  }
}

export function isEmptyElement(name: string): boolean {
  return emptyElements.has(name)
}
