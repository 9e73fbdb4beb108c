import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { isObject, jsonObject, property } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { withSite } from './call.ts'
import type { SiteCall } from './call.ts'
import { invalidRequest, nameAlreadyExists, notFound } from './errors.ts'
import { listingPage, selecting } from './listing.ts'
import type { Rendered } from './listing.ts'
import { iso } from './sites.ts'
import type { NewPage, StoredPage } from './stored.ts'

const pageType = 'microsoft.graph.sitePage'
const pageProperties = [
  'contentType',
  'createdBy',
  'createdDateTime',
  'description',
  'eTag',
  'id',
  'lastModifiedBy',
  'lastModifiedDateTime',
  'name',
  'pageLayout',
  'parentReference',
  'promotionKind',
  'publishingState',
  'reactions',
  'showComments',
  'showRecommendedPages',
  'thumbnailWebUrl',
  'title',
  'titleArea',
  'webUrl',
]

interface PageCall extends SiteCall {
  readonly page: StoredPage
}

function withPage(call: RouteCall): PageCall {
  const found = withPages(call)
  const page = found.site.pages.get(call.parameters.page?.toLowerCase() ?? '')
  if (page === undefined) throw notFound()
  return { ...found, page }
}

/** Sites without the library "Site Pages" have no pages at all. */
function withPages(call: RouteCall): SiteCall {
  const found = withSite(call)
  if (!found.site.hasPages) throw notFound()
  return found
}

const eTagOf = (page: StoredPage): string => `"{${page.id.toUpperCase()}},${String(page.version)}"`

function renderPage({ site }: SiteCall, page: StoredPage): Rendered {
  const { isPublished, version } = page
  return {
    '@odata.type': `#${pageType}`,
    '@odata.etag': eTagOf(page),
    ...(page.description === undefined ? {} : { description: page.description }),
    eTag: eTagOf(page),
    id: page.id,
    createdDateTime: iso(page.createdAt),
    lastModifiedDateTime: iso(page.modifiedAt),
    name: page.name,
    webUrl: `${site.webUrl}/SitePages/${page.name}`,
    title: page.title,
    pageLayout: page.pageLayout,
    ...(page.thumbnailWebUrl === undefined ? {} : { thumbnailWebUrl: page.thumbnailWebUrl }),
    promotionKind: page.promotionKind,
    showComments: page.showComments,
    showRecommendedPages: page.showRecommendedPages,
    contentType: { id: '0x0101009D1CB255DA76424F860D91F20E6C4118', name: 'Site Page' },
    createdBy: { user: { ...(page.createdBy ?? systemAccount) } },
    lastModifiedBy: { user: { ...(page.modifiedBy ?? systemAccount) } },
    parentReference: { siteId: site.id },
    publishingState: isPublished
      ? { level: 'published', versionId: `${String(version)}.0` }
      : { level: 'draft', versionId: `0.${String(version)}` },
    reactions: {},
    ...(page.titleArea === undefined ? {} : { titleArea: page.titleArea }),
  }
}

const systemAccount = { displayName: 'System Account' }

/** GET sites/{site}/pages and its form for site pages. Source: https://learn.microsoft.com/graph/api/basesitepage-list */
export function listPages(call: RouteCall): Reply {
  const found = withPages(call)
  const { site, directory } = found
  const pick = selecting(call, pageProperties, pageType)
  return listingPage(call, [...site.pages.values()], {
    context: `sites('${encodeURIComponent(site.id)}')/pages`,
    defaultPage: directory.pagesPerListing,
    largestPage: directory.pagesPerListing,
    render: (page) => pick(renderPage(found, page)),
  })
}

/** GET sites/{site}/pages/{page}, which cannot be expanded */
export function getPage(call: RouteCall): Reply {
  return jsonReply(200, shown(withPage(call)))
}

/** GET sites/{site}/pages/{page}/microsoft.graph.sitePage: layout and web parts on demand. Source: https://learn.microsoft.com/graph/api/sitepage-get */
export function getSitePage(call: RouteCall): Reply {
  const found = withPage(call)
  const wanted = (call.query.get('$expand') ?? '').split(',').map((word) => word.trim().toLowerCase())
  const unknown = wanted.find((word) => word !== '' && word !== 'canvaslayout' && word !== 'webparts')
  if (unknown !== undefined)
    throw invalidRequest(`Parsing OData Select and Expand failed: Could not find a property named '${unknown}'.`)
  if (found.page.isUnreadable) throw invalidRequest('The page cannot be parsed.')
  const layout = found.page.canvasLayout
  return jsonReply(200, {
    ...shown(found),
    ...(wanted.includes('canvaslayout') && layout !== undefined ? { canvasLayout: layout } : {}),
    ...(wanted.includes('webparts') ? { webParts: webPartsOf(layout) } : {}),
  })
}

function shown(call: PageCall): Rendered {
  const pick = selecting(call, pageProperties, pageType)
  return {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#sites('${encodeURIComponent(call.site.id)}')/pages/$entity`,
    ...pick(renderPage(call, call.page)),
  }
}

/** GET sites/{site}/pages/{page}/microsoft.graph.sitePage/webParts */
export function listWebParts(call: RouteCall): Reply {
  const { page } = withPage(call)
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#Collection(webPart)`,
    value: webPartsOf(page.canvasLayout),
  })
}

/** All web parts of a layout, from the top down. */
function webPartsOf(layout: unknown): readonly unknown[] {
  if (!isObject(layout)) return []
  const sections = Array.isArray(layout.horizontalSections) ? layout.horizontalSections : []
  const columns = sections.flatMap((section: unknown) => (isObject(section) ? list(section.columns) : []))
  return [...columns, layout.verticalSection].flatMap((place: unknown) =>
    isObject(place) ? list(place.webparts ?? place.webParts) : [],
  )
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : [])

const takenProperties = new Set(
  [
    'name',
    'title',
    'description',
    'pageLayout',
    'promotionKind',
    'showComments',
    'showRecommendedPages',
    'thumbnailWebUrl',
    'titleArea',
    'canvasLayout',
  ].map((name) => name.toLowerCase()),
)

/**
 * POST sites/{site}/pages: a draft. The type has to be said; without a name the title makes one, and a name that is taken is
 * refused. Source: https://learn.microsoft.com/graph/api/sitepage-create
 */
export function createPage(call: RouteCall): Reply {
  const found = withPages(call)
  const body = jsonObject(call.request)
  if (body['@odata.type'] !== `#${pageType}`) throw invalidRequest(`The @odata.type must be #${pageType}.`)
  const other = Object.keys(body).find((name) => !name.includes('@') && !takenProperties.has(name.toLowerCase()))
  if (other !== undefined) throw invalidRequest(`The property '${other}' cannot be set.`)
  const page = pageIn(body)
  const taken = [...found.site.pages.values()].some(({ name }) => name.toLowerCase() === page.name.toLowerCase())
  if (taken) throw nameAlreadyExists()
  const id = found.directory.addPage(found.site.id, page)
  const stored = found.site.pages.get(id)
  if (stored === undefined) throw notFound()
  return jsonReply(201, shown({ ...found, page: stored }))
}

function pageIn(body: JsonObject): NewPage {
  const title = textIn(body, 'title')
  if (title === undefined || title === '') throw invalidRequest('title is required.')
  const name = textIn(body, 'name') ?? `${title.replace(/["*:<>?/\\|#%]/g, '')}.aspx`
  if (!/^[^"*:<>?/\\|#%]+\.aspx$/i.test(name)) throw invalidRequest('name must be a file name that ends in .aspx.')
  const [titleArea, canvasLayout] = [objectIn(body, 'titleArea'), objectIn(body, 'canvasLayout')]
  const [description, thumbnailWebUrl] = [textIn(body, 'description'), textIn(body, 'thumbnailWebUrl')]
  const [showComments, showRecommendedPages] = [flagIn(body, 'showComments'), flagIn(body, 'showRecommendedPages')]
  return {
    name,
    title,
    pageLayout: wordIn(body, 'pageLayout', ['article', 'home']) ?? 'article',
    promotionKind: wordIn(body, 'promotionKind', ['page', 'newsPost']) ?? 'page',
    ...(description === undefined ? {} : { description }),
    ...(thumbnailWebUrl === undefined ? {} : { thumbnailWebUrl }),
    ...(showComments === undefined ? {} : { showComments }),
    ...(showRecommendedPages === undefined ? {} : { showRecommendedPages }),
    ...(titleArea === undefined ? {} : { titleArea }),
    ...(canvasLayout === undefined ? {} : { canvasLayout: checkedLayout(canvasLayout) }),
  }
}

/** Sections have ids and known layouts, columns have ids and widths, web parts are text or of a known kind. */
function checkedLayout(layout: JsonObject): JsonObject {
  for (const section of list(layout.horizontalSections)) {
    if (!isObject(section)) throw invalidRequest('A section must be an object.')
    wordIn(section, 'layout', sectionLayouts)
    for (const column of list(section.columns)) {
      if (!isObject(column) || typeof column.width !== 'number') throw invalidRequest('A column needs a width.')
      list(column.webparts).forEach(checkWebPart)
    }
  }
  if (isObject(layout.verticalSection)) list(layout.verticalSection.webparts).forEach(checkWebPart)
  return layout
}

function checkWebPart(part: unknown): void {
  const isText = isObject(part) && typeof part.innerHtml === 'string'
  const isStandard = isObject(part) && typeof part.webPartType === 'string' && isObject(part.data)
  if (!isText && !isStandard) throw invalidRequest('A web part needs innerHtml, or webPartType and data.')
}

const sectionLayouts = [
  'none',
  'oneColumn',
  'twoColumns',
  'threeColumns',
  'oneThirdLeftColumn',
  'oneThirdRightColumn',
  'fullWidth',
] as const

function textIn(body: JsonObject, name: string): string | undefined {
  const value = property(body, name)
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalidRequest(`${name} must be a string.`)
  return value
}

function flagIn(body: JsonObject, name: string): boolean | undefined {
  const value = property(body, name)
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw invalidRequest(`${name} must be true or false.`)
  return value
}

function objectIn(body: JsonObject, name: string): JsonObject | undefined {
  const value = property(body, name)
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw invalidRequest(`${name} must be an object.`)
  return value
}

function wordIn<Word extends string>(body: JsonObject, name: string, words: readonly Word[]): Word | undefined {
  const text = textIn(body, name)
  if (text === undefined) return undefined
  const word = words.find((one) => one.toLowerCase() === text.toLowerCase())
  if (word === undefined) throw invalidRequest(`${name} must be one of ${words.join(', ')}.`)
  return word
}

/** DELETE sites/{site}/pages/{page} */
export function deletePage(call: RouteCall): Reply {
  const { site, page } = withPage(call)
  site.pages.delete(page.id)
  return emptyReply(204)
}
