import { GraphError } from '../../http/errors.ts'
import { bytesReply, emptyReply, type Reply } from '../../http/exchange.ts'
import { collection, entity, pageOf, sectionOf, type NotesCall } from './calls.ts'
import { defaultPage, largestPage } from './limits.ts'
import { onePart, partsOf, type Part } from './multipart.ts'
import { asOutput } from './page-html.ts'
import { orderOf, renderHtml, renderPage, renderParent, selected, type Json } from './render.ts'
import type { StoredPage } from './state.ts'

const sortable = ['title', 'createdDateTime', 'lastModifiedDateTime', 'id'] as const

/**
 * GET onenote/sections/{section}/pages and onenote/pages. The documents promise a next link only to requests without
 * $top, so there is none for the others.
 */
export function listPages(call: NotesCall): Reply {
  const { query, parameters, notes } = call
  const all = parameters.section === undefined ? [...notes.pages.values()] : sectionOf(call).pages
  const levels = levelsWanted(call, parameters.section !== undefined)
  const top = query.integer('$top')
  const select = query.get('$select')
  if (top !== undefined && (top < 1 || top > largestPage)) {
    throw new GraphError(400, '20129', `The top query option must not be above ${String(largestPage)}.`)
  }
  const skip = query.integer('$skip') ?? 0
  const page = sorted(call, all).slice(skip, skip + (top ?? defaultPage))
  const reply = collection(
    call,
    'pages',
    page.map((one) => pageJson(call, one, levels, select)),
  )
  if (top !== undefined || skip + page.length >= all.length) return reply
  const kept = call.request.queryText.split('&').filter((part) => part !== '' && !/^(\$|%24)skip=/i.test(part))
  const address = `${call.context.origin()}${call.request.path}?${[...kept, `$skip=${String(skip + page.length)}`].join('&')}`
  return { ...reply, json: { ...(reply.json as Json), '@odata.nextLink': address } }
}

function sorted(call: NotesCall, pages: readonly StoredPage[]): readonly StoredPage[] {
  const [name, backwards] = orderOf(call.query.get('$orderby'), sortable, 'lastModifiedDateTime desc')
  const key = name as (typeof sortable)[number]
  const inOrder = pages.toSorted((one, other) => (one[key] < other[key] ? -1 : Number(one[key] > other[key])))
  return backwards ? inOrder.reverse() : inOrder
}

function levelsWanted(call: NotesCall, allowed: boolean): boolean {
  if (call.query.get('pagelevel')?.toLowerCase() !== 'true') return false
  if (!allowed) throw new GraphError(400, '20104', 'The pagelevel query option is not supported here.')
  return true
}

function pageJson(call: NotesCall, page: StoredPage, levels: boolean, select: string | undefined): Json {
  const json = selected(renderPage(page, call.base, levels), select)
  return select === undefined ? { ...json, parentSection: renderParent(page.section, call.base) } : json
}

/** GET onenote/pages/{page} */
export function getPage(call: NotesCall): Reply {
  return entity(call, 'pages', 200, pageJson(call, pageOf(call), levelsWanted(call, true), call.query.get('$select')))
}

export function deletePage(call: NotesCall): Reply {
  call.notes.deletePage(pageOf(call))
  return emptyReply(204)
}

/** GET onenote/pages/{page}/content */
export function getContent(call: NotesCall): Reply {
  const ids = call.query.get('includeIDs')?.toLowerCase() === 'true'
  return bytesReply(Buffer.from(renderHtml(pageOf(call), call.base, ids)), 'text/html')
}

/** GET onenote/resources/{resource}/content, and $value */
export function getResource(call: NotesCall): Reply {
  const resource = call.notes.resources.get(call.parameters.resource ?? '')
  if (resource === undefined) throw new GraphError(404, '20102', 'The specified resource ID does not exist.')
  return bytesReply(resource.bytes, resource.type)
}

/** POST onenote/sections/{section}/pages. Source: https://learn.microsoft.com/graph/onenote-create-page */
export function createPage(call: NotesCall): Reply {
  const section = sectionOf(call)
  const parts = partsOf(call.request, 'Presentation')
  const presentation = onePart(parts, 'Presentation', '20001', '20002')
  if (!/^(text\/html|application\/xhtml\+xml)\b/i.test(presentation.type)) {
    throw new GraphError(400, '20003', 'The content type of the "Presentation" part can be only text/html.')
  }
  if (section.pages.length >= call.tenantNotes.pagesPerSection) {
    throw new GraphError(507, '30102', 'Exceeded the maximum number of pages allowed per section.')
  }
  const html = presentation.bytes.toString('utf8')
  const { title, created, body } = asOutput(html, filesOf(parts), (type, bytes) => call.notes.addResource(type, bytes))
  const dropped = call.tenantNotes.dropTitles > 0
  if (dropped) call.tenantNotes.dropTitles--
  const page = call.notes.putPage(section, dropped ? '' : title, body, created)
  const reply = entity(call, 'pages', 201, renderPage(page, call.base, false))
  return { ...reply, headers: { ...reply.headers, Location: `${call.base.url}/pages/${page.id}` } }
}

export function filesOf(parts: readonly Part[]): ReadonlyMap<string, Part> {
  return new Map(parts.map((part) => [part.name, part]))
}
