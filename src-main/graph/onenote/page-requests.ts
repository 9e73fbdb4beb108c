import { elementsOf, type HtmlElement, type HtmlNode } from '../item/html-parse.ts'
import { escapeAttribute, escapeHtml } from '../item/html-entities.ts'
import { startTag } from '../item/html-write.ts'
import { inputHtml } from './input-html.ts'
import type { Block, Frame, InputPage, PageFile } from './input-page.ts'

/** Parts of a request beside the page itself; OneNote takes 6 in all. */
export const filesPerRequest = 5

/** Images of a request, those from the web included. */
const imagesPerRequest = 30

/** Bytes of the files of a request; Graph refuses requests above 4 MB. */
const bytesPerRequest = 3_600_000

/** A file as a part of a request. */
export interface RequestFile extends PageFile {
  readonly name: string
}

/** What a request adds to the page: HTML for the boxes (by their index), and the files that it names. */
export interface PageRequest {
  readonly html: ReadonlyMap<number, string>
  readonly files: readonly RequestFile[]
}

/** The requests that make a page: the first creates it, the others append to its boxes. */
export interface PageRequests {
  readonly requests: readonly [PageRequest, ...PageRequest[]]
  /** A picture could not go up in its place and stands behind what it stood in. */
  readonly moved: boolean
}

/** Spreads a page over as few requests as its files need; the order within a box stays. */
export function pageRequests(page: InputPage): PageRequests {
  const spread = new Spread(page)
  for (const [index, frame] of page.frames.entries()) spread.add(index, frame)
  const [first = new Load(page), ...others] = spread.loads
  return { requests: [first.request(), ...others.map((load) => load.request())], moved: spread.moved }
}

/** The page's HTML for the request that creates it. `continued`: boxes to which later requests append. */
export function creationHtml(
  page: InputPage,
  title: string,
  first: PageRequest,
  continued: ReadonlySet<number>,
): string {
  const created = page.created === '' ? '' : `<meta name="created" content="${escapeAttribute(page.created)}" />`
  const style = page.bodyStyle === undefined ? [] : [['style', page.bodyStyle] as const]
  const boxes = page.frames.map((frame, index) =>
    frameHtml(frame, first.html.get(index), continued.has(index) ? boxOf(page, index) : undefined),
  )
  return (
    `<!DOCTYPE html><html><head><title>${escapeHtml(title)}</title>${created}</head>` +
    `${startTag('body', [['data-absolute-enabled', 'true'], ...style])}${boxes.join('')}</body></html>`
  )
}

function frameHtml({ element }: Frame, html: string | undefined, box: Box | undefined): string {
  const { name, attributes } = element
  if (name !== 'div' && html !== undefined) return html
  const kept = new Map([...attributes].filter(([key]) => key !== 'id' && (name === 'div' || key === 'style')))
  if (box?.dataId !== undefined) kept.set('data-id', box.dataId)
  // OneNote drops a box in which there is nothing.
  return `${startTag('div', kept)}${html ?? '<p></p>'}</div>`
}

/** How later requests name a box. */
interface Box {
  readonly target: string
  /** What it has to be given for that; undefined if it goes by its place. */
  readonly dataId: string | undefined
}

function boxOf(page: InputPage, index: number): Box {
  const element = page.frames[index]?.element
  // OneNote's own word for the first box of a page.
  if (index === 0 && element?.name === 'div') return { target: 'body', dataId: undefined }
  const given = element?.name === 'div' ? element.attributes.get('data-id') : undefined
  const dataId = given === undefined || given === '_default' ? `holdfast-${index + 1}` : given
  return { target: `#${dataId}`, dataId }
}

/** The commands of a request that appends. */
export function appendCommands(page: InputPage, { html }: PageRequest): readonly Record<string, string>[] {
  return [...html].map(([index, content]) => ({ target: boxOf(page, index).target, action: 'append', content }))
}

class Spread {
  readonly loads: Load[]
  moved = false
  readonly #page: InputPage

  constructor(page: InputPage) {
    this.#page = page
    this.loads = [new Load(page)]
  }

  add(index: number, { blocks }: Frame): void {
    let at = 0
    for (const block of blocks.flatMap((one) => this.#fitting(one))) {
      while (this.loads[at]?.fits(block) === false) at++
      const load = this.loads[at] ?? new Load(this.#page)
      this.loads[at] = load
      load.add(index, block)
    }
  }

  /** A block that no single request holds: files beyond that stand behind it. */
  #fitting(block: Block): readonly LoadBlock[] {
    const whole: LoadBlock = { ...block, left: new Set() }
    if (new Load(this.#page).fits(whole)) return [whole]
    this.moved = true
    const kept: HtmlElement[] = []
    for (const use of block.uses) {
      const uses = [...kept, use]
      const left = new Set(block.uses.filter((other) => !uses.includes(other)))
      if (new Load(this.#page).fits({ ...block, uses, left })) kept.push(use)
    }
    const left = block.uses.filter((use) => !kept.includes(use))
    const behind = left.map((use) => ({ nodes: [use], uses: [use], left: new Set<HtmlElement>() }))
    return [{ nodes: block.nodes, uses: kept, left: new Set(left) }, ...behind]
  }
}

type LoadBlock = Block & { readonly left: ReadonlySet<HtmlElement> }

/** One request as it fills up. */
class Load {
  readonly #page: InputPage
  readonly #files: RequestFile[] = []
  readonly #html = new Map<number, string>()
  #bytes = 0
  #images = 0

  constructor(page: InputPage) {
    this.#page = page
  }

  fits(block: LoadBlock): boolean {
    const bytes = block.uses.reduce((sum, use) => sum + this.#size(use), htmlBytes(block.nodes))
    if (this.#files.length === 0 && this.#bytes === 0 && block.uses.length <= 1) return true
    return (
      this.#files.length + block.uses.length <= filesPerRequest &&
      this.#images + imagesIn(block) <= imagesPerRequest &&
      this.#bytes + bytes <= bytesPerRequest
    )
  }

  add(index: number, block: LoadBlock): void {
    this.#images += imagesIn(block)
    this.#bytes += block.uses.reduce((sum, use) => sum + this.#size(use), htmlBytes(block.nodes))
    const html = inputHtml(block.nodes, (element) => this.#use(element), block.left)
    this.#html.set(index, (this.#html.get(index) ?? '') + html)
  }

  request(): PageRequest {
    return { html: this.#html, files: this.#files }
  }

  #use(element: HtmlElement): { readonly part: string } | { readonly text: string } | undefined {
    const missing = this.#page.missing.get(element)
    if (missing !== undefined) return { text: missing }
    const file = this.#page.files.get(element)
    if (file === undefined) return undefined
    const name = `file${this.#files.length + 1}`
    this.#files.push({ ...file, name })
    return { part: name }
  }

  #size(use: HtmlElement): number {
    return this.#page.files.get(use)?.file.size ?? 0
  }
}

function imagesIn({ nodes, left }: LoadBlock): number {
  return [...elementsOf(nodes)].filter((element) => element.name === 'img' && !left.has(element)).length
}

/** A bound from above is enough. */
function htmlBytes(nodes: readonly HtmlNode[]): number {
  return Buffer.byteLength(inputHtml(nodes, () => undefined, new Set()))
}
