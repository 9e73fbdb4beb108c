import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { filledText, isObject, list, record, text } from '../item/fields.ts'
import { plainValue } from '../item/listed-value.ts'
import { webPartsOf } from './page-content.ts'
import { sitePageType } from './page-metadata.ts'

/** What is sent of a page beside its title and its web parts. */
const plainNames = ['pageLayout', 'promotionKind', 'showComments', 'showRecommendedPages'] as const
const optionalNames = ['description', 'thumbnailWebUrl'] as const

/** Graph makes pages of these layouts only; others belong to SharePoint itself. */
const layouts: ReadonlySet<string> = new Set(['article', 'home'])

/** Whether Graph can make such a page. */
export function isCreatable(page: JsonObject): boolean {
  const type = text(page, '@odata.type')
  return (type === undefined || type === sitePageType) && layouts.has(text(page, 'pageLayout') ?? 'article')
}

/** File name of the page, e.g. "Welcome.aspx". */
export function pageName(page: JsonObject): string {
  return filledText(page, 'name') ?? `${(filledText(page, 'title') ?? 'Page').replace(/["*:<>?/\\|#%]/g, '_')}.aspx`
}

/**
 * The body that creates the page; `plain` without what a stricter Graph may refuse.
 * https://learn.microsoft.com/graph/api/sitepage-create
 */
export function pageBody(page: JsonObject, name: string, plain = false): JsonObject {
  const canvasLayout = record(page, 'canvasLayout')
  const titleArea = plain ? undefined : record(page, 'titleArea')
  return {
    '@odata.type': sitePageType,
    name,
    title: filledText(page, 'title') ?? name.replace(/\.aspx$/i, ''),
    ...picked(
      page,
      plainNames.filter((one) => one !== 'promotionKind' || isPromotable(page)),
    ),
    ...(plain ? {} : picked(page, optionalNames)),
    ...(titleArea === undefined ? {} : { titleArea: withoutServed(titleArea) }),
    ...(canvasLayout === undefined ? {} : { canvasLayout: layoutBody(canvasLayout) }),
  }
}

function isPromotable(page: JsonObject): boolean {
  return page.promotionKind === 'page' || page.promotionKind === 'newsPost'
}

function picked(page: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => (page[name] === undefined || page[name] === null ? [] : [[name, page[name]]])),
  )
}

/** What the server works out of the title area by itself. */
function withoutServed({ serverProcessedContent: _served, ...titleArea }: JsonObject): JsonObject {
  return titleArea
}

/** The layout itself has an id of its own page. */
function layoutBody(layout: JsonObject): JsonValue {
  const { id: _id, ...rest } = layout
  return plainValue(rest)
}

/** Whether a part of the page shows something that is somewhere else: lists, pictures, files of the site that it was in. */
export function pointsElsewhere(page: JsonObject): boolean {
  return webPartsOf(record(page, 'canvasLayout')).some((part) => {
    if (text(part, 'innerHtml') !== undefined) return /\ssrc=/i.test(text(part, 'innerHtml') ?? '')
    const data = record(part, 'data') ?? {}
    const served = record(data, 'serverProcessedContent') ?? {}
    const isFed = ['imageSources', 'links'].some((name) => (list(served, name) ?? []).length > 0)
    return isFed || hasIds(record(data, 'properties') ?? {})
  })
}

/** Properties that name a list, a site or a file by its id. */
function hasIds(properties: JsonObject): boolean {
  return Object.entries(properties).some(([name, value]) => {
    if (isObject(value)) return hasIds(value)
    return /(?:list|site|web|item|unique)id$/i.test(name) && typeof value === 'string' && value !== ''
  })
}
