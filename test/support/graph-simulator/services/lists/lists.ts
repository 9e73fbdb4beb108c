import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { jsonObject, isObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { invalidRequest, nameAlreadyExists, notFound } from '../sites/errors.ts'
import { listingPage } from '../sites/listing.ts'
import type { Rendered } from '../sites/listing.ts'
import { checkMatch, withList, withLists } from './call.ts'
import type { ListsCall } from './call.ts'
import { renderColumn, templates } from './columns.ts'
import { addColumn } from './column-routes.ts'
import { renderContentType } from './content-types.ts'
import { iso } from './fields.ts'
import { objectIn } from './input.ts'
import { itemShape, renderItem } from './items.ts'
import { checkShape, selected, shapeOf } from './options.ts'
import type { Shape } from './options.ts'
import type { StoredList } from './stored.ts'

const listProperties = [
  'createdBy',
  'createdDateTime',
  'description',
  'displayName',
  'eTag',
  'id',
  'lastModifiedBy',
  'lastModifiedDateTime',
  'list',
  'name',
  'parentReference',
  'sharepointIds',
  'system',
  'webUrl',
]
const listType = 'microsoft.graph.list'

/**
 * GET sites/{site}/lists: "Lists with the system facet are hidden by default. To list them, include system in your
 * $select statement." https://learn.microsoft.com/graph/api/list-list
 */
export function listLists(call: RouteCall): Reply {
  const found = withLists(call)
  const shape = shapeOf(call)
  checkShape(shape, listType, listProperties, ['columns', 'contentTypes'])
  const withSystem = shape.select?.includes('system') === true
  const lists = [...found.lists.of(found.site).values()].filter(({ isSystem }) => withSystem || !isSystem)
  const all = [...libraries(found), ...lists.map((list) => renderList(found, list, shape))]
  return listingPage(call, all, {
    context: `sites('${encodeURIComponent(found.site.id)}')/lists`,
    defaultPage: found.lists.listsPerPage,
    largestPage: found.lists.listsPerPage,
    render: (list) => selected(list, shape),
  })
}

/** Document libraries, which are lists too, and the library of pages. */
function libraries(call: ListsCall): readonly Rendered[] {
  const { site, lists } = call
  const library = (id: string, name: string, template: string, createdAt: number): Rendered => ({
    '@odata.etag': `"${id},1"`,
    createdDateTime: iso(createdAt),
    description: '',
    eTag: `"${id},1"`,
    id,
    lastModifiedDateTime: iso(createdAt),
    name,
    webUrl: `${site.webUrl}/${encodeURIComponent(name)}`,
    displayName: name,
    createdBy: { user: { displayName: 'System Account' } },
    parentReference: { siteId: site.id },
    list: { contentTypesEnabled: false, hidden: false, template },
  })
  return [
    ...lists.libraries(site).map(({ id, name, createdAt }) => library(id, name, 'documentLibrary', createdAt)),
    ...(site.hasPages ? [library(site.listId, 'Site Pages', 'webPageLibrary', site.createdAt)] : []),
  ]
}

function renderList(call: ListsCall, list: StoredList, shape: Shape): Rendered {
  const { site } = call
  const folder = list.template === 'userInformation' ? '_catalogs/users' : `Lists/${encodeURIComponent(list.name)}`
  return {
    '@odata.etag': list.eTag,
    createdDateTime: iso(list.createdAt),
    description: list.description,
    eTag: list.eTag,
    id: list.id,
    lastModifiedDateTime: iso(list.modifiedAt),
    name: list.name,
    webUrl: `${site.webUrl}/${folder}`,
    displayName: list.displayName,
    createdBy: { user: { displayName: 'System Account' } },
    parentReference: { siteId: site.id },
    list: { contentTypesEnabled: list.contentTypesEnabled, hidden: list.hidden, template: list.template },
    ...(list.isSystem ? { system: {} } : {}),
    ...(shape.select?.includes('sharepointIds') === true
      ? { sharepointIds: { listId: list.id, siteId: site.collectionId, webId: site.webId, siteUrl: site.webUrl } }
      : {}),
    ...(shape.expand.has('columns')
      ? { columns: list.columns.filter(({ hidden }) => !hidden).map((column) => renderColumn(column)) }
      : {}),
    ...(shape.expand.has('contentTypes')
      ? { contentTypes: list.contentTypes.map((type) => renderContentType(list, type)) }
      : {}),
  }
}

/** GET sites/{site}/lists/{list}: by id or title, items and all where they are expanded. */
export function getList(call: RouteCall): Reply {
  const found = withLists(call)
  const shape = shapeOf(call)
  checkShape(shape, listType, listProperties, ['columns', 'contentTypes', 'items'])
  const context = `${call.context.origin()}/v1.0/$metadata#sites('${encodeURIComponent(found.site.id)}')/lists/$entity`
  const library = libraries(found).find(({ id, name }) => [id, name].includes(call.parameters.list))
  if (library !== undefined) return jsonReply(200, { '@odata.context': context, ...selected(library, shape) })
  const { list, view } = withList(call)
  const items = shape.expand.get('items')
  const shown =
    items === undefined ? {} : { items: list.present().map((item) => renderItem(view, item, itemShape(items))) }
  return jsonReply(200, {
    '@odata.context': context,
    ...selected({ ...renderList(found, list, shape), ...shown }, shape),
  })
}

/** POST sites/{site}/lists. Source: https://learn.microsoft.com/graph/api/list-create */
export function createList(call: RouteCall): Reply {
  const found = withLists(call)
  const body = jsonObject(call.request)
  const displayName = nameIn(body)
  const list = objectIn(body, 'list') ?? {}
  const template = list.template ?? 'genericList'
  if (typeof template !== 'string' || !templates.has(template))
    throw invalidRequest('The list template is not supported.')
  const taken = [
    ...found.lists.libraries(found.site).map(({ name }) => name),
    ...[...found.lists.of(found.site).values()].map((one) => one.displayName),
  ]
  if (taken.some((name) => name.toLowerCase() === displayName.toLowerCase()))
    throw nameAlreadyExists('The specified name is already in use.')
  const context = `${call.context.origin()}/v1.0/$metadata#sites('${encodeURIComponent(found.site.id)}')/lists/$entity`
  if (template === 'documentLibrary') {
    const { id } = found.directory.makeLibrary(found.site, displayName, displayName)
    const made = libraries(found).find(({ name }) => name === displayName)
    return jsonReply(201, {
      '@odata.context': context,
      ...made,
      parentReference: { siteId: found.site.id, driveId: id },
    })
  }
  const made = makeList(found, body, displayName, template)
  return jsonReply(201, {
    '@odata.context': context,
    ...renderList(found, made, { select: undefined, expand: new Map() }),
  })
}

const creatable = ['displayName', 'name', 'description', 'columns', 'list']

function nameIn(body: JsonObject): string {
  const other = Object.keys(body).find((name) => !name.startsWith('@') && !creatable.includes(name))
  if (other !== undefined) throw invalidRequest(`The property '${other}' cannot be set.`)
  const { displayName } = body
  if (typeof displayName === 'string' && displayName.trim() !== '' && displayName.length <= 255) return displayName
  throw invalidRequest('The list name is missing or not valid.')
}

/** All of it or nothing: a column that is refused takes the list with it. */
function makeList(call: ListsCall, body: JsonObject, displayName: string, template: string): StoredList {
  const { lists, site } = call
  const list = lists.make(site, { displayName, template })
  try {
    list.description = typeof body.description === 'string' ? body.description : ''
    list.contentTypesEnabled = objectIn(body, 'list')?.contentTypesEnabled === true
    const columns: unknown = body.columns ?? []
    if (!Array.isArray(columns)) throw invalidRequest("The property 'columns' must be a list.")
    for (const column of columns as readonly unknown[]) {
      if (!isObject(column)) throw invalidRequest('A column must be an object.')
      addColumn({ directory: lists, site, list }, column)
    }
    return list
  } catch (error) {
    lists.of(site).delete(list.id)
    throw error
  }
}

/** PATCH sites/{site}/lists/{list} */
export function updateList(call: RouteCall): Reply {
  const found = withList(call)
  const body = jsonObject(call.request)
  checkMatch(call, found.list.eTag)
  const other = Object.keys(body).find(
    (name) => !name.startsWith('@') && !['displayName', 'description'].includes(name),
  )
  if (other !== undefined) throw invalidRequest(`The property '${other}' cannot be changed.`)
  if (typeof body.displayName === 'string') found.list.displayName = body.displayName
  if (typeof body.description === 'string') found.list.description = body.description
  found.list.touch(found.lists.now())
  return jsonReply(200, renderList(found, found.list, { select: undefined, expand: new Map() }))
}

export function deleteList(call: RouteCall): Reply {
  const { lists, site, list } = withList(call)
  if (list.isSystem) throw notFound()
  lists.of(site).delete(list.id)
  return emptyReply(204)
}
