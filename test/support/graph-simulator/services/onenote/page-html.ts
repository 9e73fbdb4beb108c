import { GraphError } from '../../http/errors.ts'
import { imagesPerPost } from './limits.ts'
import { elementsIn, findElement, parseXhtml, writeXhtml, type Element, type Node } from './xhtml.ts'

/** The children of a page's body in output form; resources by their id in `src` and `data`. */
export type PageBody = readonly Node[]

export interface InputFile {
  readonly type: string
  readonly bytes: Buffer
}

export type AddResource = (type: string, bytes: Buffer) => string

/** What stands before a resource's id in a stored page. */
export const resourceScheme = 'resource:'

const defaultPlace = 'position:absolute;left:48px;top:120px;width:624px'

/**
 * Input HTML as OneNote keeps it: ids dropped, pictures and files taken in, what has no place of its own put into the
 * default div. Source: https://learn.microsoft.com/graph/onenote-input-output-html
 */
export function asOutput(
  html: string,
  files: ReadonlyMap<string, InputFile>,
  add: AddResource,
): { readonly title: string; readonly created: string | undefined; readonly body: PageBody } {
  const nodes = parseXhtml(html)
  const body = findElement(nodes, 'body')
  if (body === undefined) throw new GraphError(400, '20132', 'The request contains no body element.')
  const title = writeXhtml(findElement(nodes, 'title')?.children ?? [])
  const isFree = body.attributes.get('data-absolute-enabled') === 'true'
  const images = [...elementsIn(body.children)].filter(({ name }) => name === 'img')
  const kept = new Set(images.slice(0, imagesPerPost))
  const children = convert(body.children, files, add, kept)
  return {
    title,
    created: createdOf(nodes),
    body: isFree ? withDefaultDiv(children) : [defaultDiv(children.map(placeless))],
  }
}

function createdOf(nodes: readonly Node[]): string | undefined {
  for (const { name, attributes } of elementsIn(nodes)) {
    if (name !== 'meta' || attributes.get('name') !== 'created') continue
    const time = Date.parse(attributes.get('content') ?? '')
    if (Number.isNaN(time)) throw new GraphError(400, '20007', 'The created date does not match any of the formats.')
    return new Date(time).toISOString()
  }
  return undefined
}

/** Fragments of a PATCH, in output form. */
export function asFragment(html: string, files: ReadonlyMap<string, InputFile>, add: AddResource): readonly Node[] {
  const nodes = parseXhtml(html)
  const images = new Set([...elementsIn(nodes)].filter(({ name }) => name === 'img'))
  return convert(nodes, files, add, images).map(placeless)
}

const dropped = new Set(['script', 'style', 'form', 'input', 'link', 'base'])

function convert(
  nodes: readonly Node[],
  files: ReadonlyMap<string, InputFile>,
  add: AddResource,
  images: ReadonlySet<Element>,
): readonly Node[] {
  return nodes.flatMap((node): readonly Node[] => {
    if (typeof node === 'string') return node.trim() === '' && node.includes('\n') ? [] : [node]
    if (dropped.has(node.name)) return []
    if (node.name === 'img') return images.has(node) ? [imageOf(node, files, add)] : []
    if (node.name === 'object') return [objectOf(node, files, add)]
    const attributes = new Map([...node.attributes].filter(([name]) => name !== 'id' && !name.startsWith('on')))
    return [{ ...node, attributes, children: convert(node.children, files, add, images) }]
  })
}

const imageAttributes = new Set(['alt', 'data-id', 'data-tag', 'style', 'width', 'height'])

function imageOf(image: Element, files: ReadonlyMap<string, InputFile>, add: AddResource): Element {
  const source = image.attributes.get('src') ?? ''
  const kept = [...image.attributes].filter(([name]) => imageAttributes.has(name))
  const file = fileOf(source, files)
  if (file === undefined) return { ...image, attributes: new Map([...kept, ['src', source]]) }
  const address = `${resourceScheme}${add(file.type, file.bytes)}`
  const shown = [
    ['src', address],
    ['data-src-type', file.type],
    ['data-fullres-src', address],
    ['data-fullres-src-type', file.type],
  ] as const
  return { ...image, attributes: new Map([...kept, ...shown]) }
}

function objectOf(object: Element, files: ReadonlyMap<string, InputFile>, add: AddResource): Element {
  for (const name of ['data', 'data-attachment', 'type']) {
    if (!object.attributes.has(name)) throw new GraphError(400, '20119', `An object element has no ${name}.`)
  }
  const file = fileOf(object.attributes.get('data') ?? '', files)
  if (file === undefined) throw new GraphError(400, '20119', 'An object element names no part of the request.')
  const kept = [...object.attributes].filter(([name]) => name !== 'id')
  const attributes = new Map([...kept, ['data', `${resourceScheme}${add(file.type, file.bytes)}`]])
  return { ...object, attributes, children: [] }
}

function fileOf(reference: string, files: ReadonlyMap<string, InputFile>): InputFile | undefined {
  const name = /^name:(.*)$/.exec(reference)?.[1]
  if (name === undefined) {
    if (/^https?:/i.test(reference)) return undefined
    // OneNote would leave the picture out in silence; nobody could rely on that.
    throw new GraphError(400, '20006', 'An image or object has no usable source.')
  }
  const file = files.get(name)
  if (file === undefined) throw new GraphError(400, '20011', `The request has no part "${name}".`)
  return file
}

const placed = new Set(['div', 'img', 'object'])
const isPlaced = (node: Node): boolean =>
  typeof node !== 'string' &&
  placed.has(node.name) &&
  /position\s*:\s*absolute/i.test(node.attributes.get('style') ?? '')

function withDefaultDiv(nodes: readonly Node[]): PageBody {
  const loose = nodes.filter((node) => !isPlaced(node))
  const free = nodes.filter(isPlaced).map(keepOwnPlace)
  return loose.length === 0 ? free : [defaultDiv(loose.map(placeless)), ...free]
}

function keepOwnPlace(node: Node): Node {
  return typeof node === 'string' ? node : { ...node, children: node.children.map(placeless) }
}

const defaultDiv = (children: readonly Node[]): Element => ({
  name: 'div',
  attributes: new Map([
    ['data-id', '_default'],
    ['style', defaultPlace],
  ]),
  children,
})

/** "If the element isn't a direct child of the body, the position settings are ignored" (20147). */
function placeless(node: Node): Node {
  if (typeof node === 'string') return node
  const style = (node.attributes.get('style') ?? '')
    .split(';')
    .filter((rule) => rule.trim() !== '' && !/^\s*(position|left|top)\s*:/i.test(rule))
    .join(';')
  const attributes = new Map([...node.attributes].filter(([name]) => name !== 'style'))
  if (style !== '') attributes.set('style', style)
  return { ...node, attributes, children: node.children.map(placeless) }
}
