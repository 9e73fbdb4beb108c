import type { JsonObject } from '../../../engine/model/json.ts'
import { filledText, isObject, list, record, text } from '../../../graph/item/fields.ts'
import { escapeHtml } from '../../../graph/item/html-entities.ts'
import { parseHtml, type HtmlNode } from '../../../graph/item/html-parse.ts'
import { writeHtml } from '../../../graph/item/html-write.ts'
import { resourceIdOf, resourcesOf } from '../../../graph/onenote/page-resources.ts'
import { webPartsOf } from '../../../graph/pages/page-content.ts'
import { InlinePictures } from '../inline-pictures.ts'
import { filePart } from '../parts.ts'
import { firstBytes } from '../stored-item.ts'
import type { MakePreview } from './preview.ts'

/** Bytes of a page's HTML that are shown. */
const MOST_HTML = 5 * 1024 * 1024

/** A page of OneNote with its pictures; the files on it are listed. */
export const previewNotePage: MakePreview = async (item, { signal }) => {
  const { content, properties, parts, title } = item
  const html = content === undefined ? '' : (await firstBytes(content, MOST_HTML, signal)).toString('utf8')
  const resources = new Map(resourcesOf(properties).map(({ id, name }) => [id, name]))
  const pictures = new InlinePictures()
  const shown = new Set<string>()
  for (const file of parts)
    if ([...resources.values()].includes(file.name) && (await pictures.addFile(file.name, file, signal)))
      shown.add(file.name)
  return {
    kind: 'page',
    title,
    html: writeHtml(withPictures(parseHtml(html), resources, shown)),
    inline: pictures.found,
    parts: parts.filter(({ name }) => !shown.has(name)).map((file) => filePart(file)),
  }
}

/** Pictures by their names here instead of OneNote's addresses. */
function withPictures(
  nodes: readonly HtmlNode[],
  resources: ReadonlyMap<string, string>,
  shown: ReadonlySet<string>,
): readonly HtmlNode[] {
  return nodes.map((node): HtmlNode => {
    if (node.kind === 'text') return node
    const children = withPictures(node.children, resources, shown)
    const name = node.name === 'img' ? resources.get(resourceIdOf(node) ?? '') : undefined
    if (name === undefined || !shown.has(name)) return { ...node, children }
    const attributes = new Map([...node.attributes].filter(([one]) => !/^(src|data-.*)$/.test(one)))
    return { ...node, children, attributes: attributes.set('src', `cid:${encodeURIComponent(name)}`) }
  })
}

/** A page of a site: what its web parts say, from the top down. */
export const previewSitePage: MakePreview = ({ properties, title }) => {
  const name = filledText(properties, 'title') ?? title
  const html = webPartsOf(record(properties, 'canvasLayout')).map(webPartHtml).join('\n')
  const description = text(properties, 'description') ?? ''
  const above = description === '' || html !== '' ? '' : `<p>${escapeHtml(description)}</p>`
  return Promise.resolve({ kind: 'page', title: name, html: above + html, inline: {} })
}

function webPartHtml(part: JsonObject): string {
  const html = text(part, 'innerHtml')
  if (html !== undefined) return html
  const data = record(part, 'data') ?? {}
  const served = record(data, 'serverProcessedContent') ?? {}
  const rich = values(served, 'htmlStrings')
  const plain = values(served, 'searchablePlainTexts').map((one) => `<p>${escapeHtml(one)}</p>`)
  const heading = filledText(data, 'title')
  return [heading === undefined ? '' : `<p><b>${escapeHtml(heading)}</b></p>`, ...plain, ...rich].join('')
}

function values(served: JsonObject, name: string): readonly string[] {
  return (list(served, name) ?? []).filter(isObject).flatMap((pair) => filledText(pair, 'value') ?? [])
}
