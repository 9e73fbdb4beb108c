import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { elementsOf, parseHtml, type HtmlElement } from '../item/html-parse.ts'
import { filledText, isObject, list, text } from '../item/fields.ts'
import { partNames } from '../item/names.ts'

/** A picture or file of a page: kept as a part, named in the page's metadata. */
export interface PageResource {
  readonly id: string
  /** File name of the part. */
  readonly name: string
  readonly kind: 'image' | 'file'
  /** Media type as OneNote says; may be empty. */
  readonly type: string
  /** Id of the form made of it for the web, where that has one of its own; the page shows it, but it is not kept. */
  readonly web?: string
}

/** Before it has a file name. */
type Unnamed = Omit<PageResource, 'name'> & { readonly wanted: string }

const extensions: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/bmp': 'bmp',
  'image/tiff': 'tif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
}

/**
 * The resources of a page as OneNote writes it. Of an image it is the original (data-fullres-src); the form made for
 * the web (src) is derived from that.
 * https://learn.microsoft.com/graph/onenote-input-output-html
 */
export function resourcesIn(html: string, known: readonly PageResource[]): readonly PageResource[] {
  const found = new Map<string, Unnamed>()
  for (const element of elementsOf(parseHtml(html))) {
    const resource = resourceOf(element, found.size + 1)
    if (resource !== undefined && !found.has(resource.id)) found.set(resource.id, resource)
  }
  return named([...found.values()], known)
}

function resourceOf(element: HtmlElement, number: number): Unnamed | undefined {
  const id = resourceIdOf(element)
  if (id === undefined) return undefined
  const { attributes } = element
  if (element.name === 'object') {
    const wanted = attributes.get('data-attachment') ?? `file-${number}`
    return { id, kind: 'file', type: attributes.get('type') ?? '', wanted }
  }
  const type = attributes.get('data-fullres-src-type') ?? attributes.get('data-src-type') ?? ''
  const web = idIn(attributes.get('src'))
  const wanted = `image-${number}.${extensions[type] ?? 'bin'}`
  return { id, kind: 'image', type, wanted, ...(web === undefined || web === id ? {} : { web }) }
}

/** The id of the resource that an element shows; undefined if it shows none of OneNote's. */
export function resourceIdOf({ name, attributes }: HtmlElement): string | undefined {
  if (name === 'object') return idIn(attributes.get('data'))
  if (name !== 'img') return undefined
  return idIn(attributes.get('data-fullres-src')) ?? idIn(attributes.get('src'))
}

/** Only the id is taken out of an address: what is on a page must not choose what is asked for. */
function idIn(address: string | undefined): string | undefined {
  const encoded = /^https?:\/\/[^?#]*\/onenote\/resources\/([^/?#]+)\/(?:\$value|content)(?:[?#]|$)/i.exec(
    address ?? '',
  )?.[1]
  if (encoded === undefined) return undefined
  try {
    return decodeURIComponent(encoded)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

/** Resources that were there before keep their names, so that their parts need not be stored again. */
function named(found: readonly Unnamed[], known: readonly PageResource[]): readonly PageResource[] {
  const before = new Map(known.map(({ id, name }) => [id, name]))
  const old = found.filter(({ id }) => before.has(id))
  const ordered = [...old, ...found.filter(({ id }) => !before.has(id))]
  const names = partNames(ordered.map(({ id, wanted }) => before.get(id) ?? wanted))
  const nameOf = new Map(ordered.map(({ id }, index) => [id, names[index] ?? '']))
  return found.map(({ wanted: _, ...resource }) => ({ ...resource, name: nameOf.get(resource.id) ?? '' }))
}

/** The resources that a page's stored properties name. */
export function resourcesOf(properties: JsonObject): readonly PageResource[] {
  return (list(properties, 'resources') ?? []).flatMap((entry) => readResource(entry) ?? [])
}

function readResource(entry: JsonValue): PageResource | undefined {
  if (!isObject(entry)) return undefined
  const id = filledText(entry, 'id')
  const name = filledText(entry, 'name')
  if (id === undefined || name === undefined) return undefined
  const web = filledText(entry, 'web')
  const kind = entry.kind === 'file' ? 'file' : 'image'
  return { id, name, kind, type: text(entry, 'type') ?? '', ...(web === undefined ? {} : { web }) }
}
