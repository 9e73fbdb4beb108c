import type { JsonObject } from '../../engine/model/json.ts'
import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { elementsOf, parseHtml, type HtmlElement, type HtmlNode } from '../item/html-parse.ts'
import { propertiesOf } from '../item/metadata.ts'
import { resourceIdOf, resourcesOf, type PageResource } from './page-resources.ts'
import { isPlaced } from './input-html.ts'
import type { PageKey } from './section-pages.ts'

/** Bytes of one picture or file: what a request of 4 MB holds beside the page. A part may have 25 MB, the request not. */
const largestFile = 3_600_000

/** https://learn.microsoft.com/graph/onenote-images-files */
const imagesPerPage = 150

/** A picture or file that goes up with the page. */
export interface PageFile {
  readonly file: StoredFile
  readonly type: string
}

/** A stretch of the page that goes up in one piece. */
export interface Block {
  readonly nodes: readonly HtmlNode[]
  /** The elements in it that show files. */
  readonly uses: readonly HtmlElement[]
}

/** Something with a place of its own on the page: a box with its content, or a single picture or file. */
export interface Frame {
  readonly element: HtmlElement
  readonly blocks: readonly Block[]
}

/** A stored page, taken apart for OneNote. */
export interface InputPage extends PageKey {
  readonly bodyStyle: string | undefined
  readonly frames: readonly Frame[]
  readonly files: ReadonlyMap<HtmlElement, PageFile>
  /** What is shown instead of files that cannot be put on a page. */
  readonly missing: ReadonlyMap<HtmlElement, string>
  readonly remarks: readonly string[]
}

/** Reads a stored page: its metadata, its HTML as OneNote gave it, and the parts that the metadata names. */
export function inputPage(metadata: JsonObject, html: string, parts: readonly StoredFile[]): InputPage {
  const nodes = parseHtml(html)
  const body = [...elementsOf(nodes)].find(({ name }) => name === 'body')
  const children = body?.children ?? nodes
  const shown = [...elementsOf(children)].filter((element) => resourceIdOf(element) !== undefined)
  const sorted = sortFiles(shown, resourcesOf(propertiesOf(metadata)), parts)
  const uses = new Set(sorted.files.keys())
  const ink = /<!--[^>]*\bInk(Node)?\b/i.test(html) ? ['page-ink-lost'] : []
  return {
    ...pageKey(metadata),
    bodyStyle: body?.attributes.get('style'),
    frames: framesOf(children, uses),
    ...sorted,
    remarks: [...sorted.remarks, ...ink],
  }
}

/** What a stored page is known by. */
export function pageKey(metadata: JsonObject): PageKey {
  const { title, createdDateTime } = propertiesOf(metadata)
  return { title: stringOf(title ?? metadata['o365:Name']), created: stringOf(createdDateTime) }
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function sortFiles(
  shown: readonly HtmlElement[],
  resources: readonly PageResource[],
  parts: readonly StoredFile[],
): Pick<InputPage, 'files' | 'missing' | 'remarks'> {
  const known = new Map(resources.map((resource) => [resource.id, resource]))
  const byName = new Map(parts.map((part) => [part.name, part]))
  const files = new Map<HtmlElement, PageFile>()
  const missing = new Map<HtmlElement, string>()
  const remarks = new Set<string>()
  let images = 0
  for (const element of shown) {
    const resource = known.get(resourceIdOf(element) ?? '')
    const file = byName.get(resource?.name ?? '')
    if (element.name === 'img') images++
    const problem = problemOf(file, images)
    if (problem === undefined && file !== undefined) files.set(element, { file, type: resource?.type ?? '' })
    else {
      missing.set(element, resource?.name ?? element.attributes.get('alt') ?? '')
      remarks.add(problem ?? 'page-file-not-stored')
    }
  }
  return { files, missing, remarks: [...remarks] }
}

function problemOf(file: StoredFile | undefined, images: number): string | undefined {
  if (file === undefined) return 'page-file-not-stored'
  if (file.size > largestFile) return 'page-file-too-large'
  return images > imagesPerPage ? 'page-images-left-out' : undefined
}

const looseBox: HtmlElement = {
  kind: 'element',
  name: 'div',
  attributes: new Map([
    ['data-id', '_default'],
    ['style', 'position:absolute;left:48px;top:120px;width:624px'],
  ]),
  children: [],
}

/** Boxes as they lie on the page; what lies outside of any goes into one. */
function framesOf(children: readonly HtmlNode[], uses: ReadonlySet<HtmlElement>): readonly Frame[] {
  const loose = children.filter((node) => !isPlaced(node) && !isBlank(node))
  const placed = children.filter(isPlaced)
  const box = loose.length === 0 ? [] : [{ element: looseBox, blocks: blocksOf(loose, uses) }]
  return [
    ...box,
    ...placed.map((element) => ({
      element,
      blocks: element.name === 'div' ? blocksOf(element.children, uses) : blocksOf([element], uses),
    })),
  ]
}

function isBlank(node: HtmlNode): boolean {
  return node.kind === 'text' && node.text.trim() === ''
}

/** One block for each element; text goes with the element before it. */
function blocksOf(nodes: readonly HtmlNode[], uses: ReadonlySet<HtmlElement>): readonly Block[] {
  const groups: HtmlNode[][] = []
  for (const node of nodes) {
    const last = groups.at(-1)
    if (isBlank(node) && last === undefined) continue
    if (last !== undefined && (node.kind === 'text' || isInline(node))) last.push(node)
    else groups.push([node])
  }
  return groups.map((group) => ({ nodes: group, uses: [...elementsOf(group)].filter((element) => uses.has(element)) }))
}

const inline = new Set('a b i u s em strong span sub sup strike del cite code font br'.split(' '))

function isInline({ name }: HtmlElement): boolean {
  return inline.has(name)
}
