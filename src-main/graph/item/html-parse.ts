import { Parser } from 'htmlparser2'

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

/** Elements nested deeper than this stand beside each other. */
const deepest = 200

/** Parses HTML as programs write it; never throws. Comments and declarations are left out. */
export function parseHtml(html: string): readonly HtmlNode[] {
  const builder = new TreeBuilder()
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        builder.open(name, attributes)
      },
      ontext: (text) => {
        builder.text(text)
      },
      onclosetag: (name) => {
        builder.close(name)
      },
    },
    { recognizeSelfClosing: true },
  )
  parser.end(html)
  return builder.nodes
}

/** Elements as the parser tells them: each one that is opened is closed again, inner ones first. */
class TreeBuilder {
  readonly nodes: HtmlNode[] = []
  readonly #stack: OpenElement[] = []
  /** Open elements deeper than we go. */
  #deeper = 0

  text(text: string): void {
    const open = this.#stack.at(-1)
    if (open !== undefined && rawElements.has(open.name)) return
    const siblings = open?.children ?? this.nodes
    const last = siblings.at(-1)
    // The parser gives references one by one.
    if (last?.kind === 'text') siblings[siblings.length - 1] = { kind: 'text', text: last.text + text }
    else siblings.push({ kind: 'text', text })
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const parent = this.#stack.at(-1)
    const isHidden = parent !== undefined && rawElements.has(parent.name)
    const element = { kind: 'element' as const, name, attributes: new Map(Object.entries(attributes)), children: [] }
    if (!isHidden) (parent?.children ?? this.nodes).push(element)
    if (isHidden || this.#stack.length >= deepest) this.#deeper++
    else this.#stack.push(element)
  }

  close(name: string): void {
    if (this.#deeper > 0) this.#deeper--
    else if (this.#stack.at(-1)?.name === name) this.#stack.pop()
  }
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
