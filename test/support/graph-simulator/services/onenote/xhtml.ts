import { GraphError } from '../../http/errors.ts'

/** A node of well-formed XHTML; text and attribute values as they were written. */
export type Node = string | Element

export interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly Node[]
}

const malformed = (what: string): GraphError => new GraphError(400, '20100', `The HTML is not well-formed: ${what}.`)

const token =
  /<!--[\s\S]*?-->|<![^>]*>|<(\/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z_:][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y

/** Parses input HTML. "Well-formed XHTML. All container start tags require matching closing tags." */
export function parseXhtml(source: string): readonly Node[] {
  const root: Node[] = []
  const open: { readonly name: string; readonly children: Node[] }[] = []
  for (let at = 0; at < source.length;) {
    const start = source.indexOf('<', at)
    addText(open.at(-1)?.children ?? root, source.slice(at, start < 0 ? source.length : start))
    if (start < 0) break
    token.lastIndex = start
    const match = token.exec(source)
    if (match === null) throw malformed(`tag at ${String(start)}`)
    at = token.lastIndex
    const [, slash, name, attributes = '', closed] = match
    if (name === undefined) continue
    if (slash === '/') close(open, name.toLowerCase())
    else {
      const element = { name: name.toLowerCase(), attributes: attributesOf(attributes), children: [] as Node[] }
      ;(open.at(-1)?.children ?? root).push(element)
      if (closed === '') open.push(element)
    }
  }
  if (open.length > 0) throw malformed(`<${open.at(-1)?.name ?? ''}> is not closed`)
  return root
}

function addText(target: Node[], text: string): void {
  if (/&(?!(#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);)/i.test(text)) throw malformed('a bare ampersand')
  if (text !== '') target.push(text)
}

function close(open: { readonly name: string }[], name: string): void {
  const last = open.pop()
  if (last?.name !== name) throw malformed(`</${name}> closes <${last?.name ?? ''}>`)
}

function attributesOf(source: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [, name = '', double, single] of source.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (found.has(name.toLowerCase())) throw malformed(`two attributes ${name}`)
    found.set(name.toLowerCase(), double ?? (single ?? '').replaceAll('"', '&quot;'))
  }
  return found
}

const empty = new Set(['br', 'hr', 'img', 'meta', 'col'])

export function writeXhtml(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node
      const attributes = [...node.attributes].map(([name, value]) => ` ${name}="${value}"`).join('')
      return empty.has(node.name) && node.children.length === 0
        ? `<${node.name}${attributes} />`
        : `<${node.name}${attributes}>${writeXhtml(node.children)}</${node.name}>`
    })
    .join('')
}

/** Every element, in the order of the start tags. */
export function* elementsIn(nodes: readonly Node[]): Generator<Element> {
  for (const node of nodes) {
    if (typeof node === 'string') continue
    yield node
    yield* elementsIn(node.children)
  }
}

export function findElement(nodes: readonly Node[], name: string): Element | undefined {
  for (const element of elementsIn(nodes)) if (element.name === name) return element
  return undefined
}
