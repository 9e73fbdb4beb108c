import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { mentionedPaths, parseFilter, passes } from '../../odata/filter.ts'
import type { FilterValue } from '../../odata/filter.ts'
import type { RouteCall } from '../../routes/context.ts'
import { jsonObject } from '../../routes/request-json.ts'
import { invalidRequest } from '../sites/errors.ts'
import { listingPage } from '../sites/listing.ts'
import type { Rendered } from '../sites/listing.ts'
import { checkMatch, withList, withListItem, writerOf } from './call.ts'
import type { ListCall } from './call.ts'
import { checkSelection, fieldOf, identityOf, iso, renderFields, textOf } from './fields.ts'
import type { FieldView } from './fields.ts'
import { defaultsOf, fieldsIn, objectIn } from './input.ts'
import { checkShape, selected, shapeOf } from './options.ts'
import type { Shape } from './options.ts'
import { itemTag } from './stored.ts'
import type { StoredItem } from './stored.ts'

const itemProperties = [
  'contentType',
  'createdBy',
  'createdDateTime',
  'deleted',
  'description',
  'eTag',
  'id',
  'lastModifiedBy',
  'lastModifiedDateTime',
  'name',
  'parentReference',
  'sharepointIds',
  'webUrl',
]

/** The same shape, checked. */
export function itemShape(shape: Shape): Shape {
  checkShape(shape, 'microsoft.graph.listItem', itemProperties, ['fields'])
  return shape
}

export function renderItem(view: FieldView, item: StoredItem, shape: Shape): Rendered {
  const { site, list } = view
  const fields = shape.expand.get('fields')
  if (fields?.select !== undefined) checkSelection(view, fields.select)
  const folder = item.folder === '' ? '' : `${item.folder.split('/').map(encodeURIComponent).join('/')}/`
  const place = list.template === 'userInformation' ? '_catalogs/users' : `Lists/${encodeURIComponent(list.name)}`
  const isFolder = item.contentType.id.startsWith('0x0120')
  const name = isFolder ? encodeURIComponent(textOf(item.values.get('Title')) ?? '') : `${String(item.number)}_.000`
  const all: Rendered = {
    '@odata.etag': itemTag(item),
    createdDateTime: iso(item.createdAt),
    eTag: itemTag(item),
    id: String(item.number),
    lastModifiedDateTime: iso(item.modifiedAt),
    webUrl: `${site.webUrl}/${place}/${folder}${name}`,
    createdBy: identityOf(item.createdBy),
    lastModifiedBy: identityOf(item.modifiedBy),
    parentReference: { id: list.id, siteId: site.id },
    contentType: { id: item.contentType.id, name: item.contentType.name },
    ...(fields === undefined ? {} : { fields: renderFields(view, item, fields.select) }),
  }
  return selected(all, shape)
}

/** GET items. Source: https://learn.microsoft.com/graph/api/listitem-list */
export function listItems(call: RouteCall): Reply {
  const found = withList(call)
  const { list, lists, site, view } = found
  const shape = itemShape(shapeOf(call))
  return listingPage(call, filtered(found), {
    context: `sites('${encodeURIComponent(site.id)}')/lists('${list.id}')/items`,
    defaultPage: lists.pageSize,
    largestPage: lists.largestPage,
    render: (item) => renderItem(view, item, shape),
  })
}

/** Columns without an index can be filtered by only on request, and not at all in large lists. */
function filtered(call: ListCall): readonly StoredItem[] {
  const { list, lists, view } = call
  const all = list.present()
  const text = call.query.get('$filter')
  if (text === undefined) return all
  const node = parseFilter(text)
  const byPath = new Map(list.columns.map((column) => [`fields/${column.name.toLowerCase()}`, column]))
  for (const path of mentionedPaths(node)) {
    const column = byPath.get(path)
    if (path !== 'id' && column === undefined) throw invalidRequest(`The field '${path}' cannot be filtered by.`)
    if (path === 'id' || column?.indexed === true) continue
    if (!/HonorNonIndexedQueriesWarningMayFailRandomly/i.test(call.request.headers.prefer ?? ''))
      throw invalidRequest(
        `Field '${column?.name ?? ''}' cannot be referenced in filter or orderby as it is not indexed. Provide the 'Prefer: HonorNonIndexedQueriesWarningMayFailRandomly' header to allow this, but be warned that such queries may fail on large lists.`,
      )
    if (all.length > lists.threshold)
      throw invalidRequest('The attempted operation is prohibited because it exceeds the list view threshold.')
  }
  const value = (item: StoredItem, path: string): FilterValue =>
    path === 'id' ? item.number : (fieldOf(view, item, byPath.get(path)?.name ?? '') as FilterValue)
  return all.filter((item) => passes(node, { value: (path) => value(item, path), hasProperty: () => false }))
}

/** GET items/{listItem}. Source: https://learn.microsoft.com/graph/api/listitem-get */
export function getItem(call: RouteCall): Reply {
  const { item, view } = withListItem(call)
  return jsonReply(200, renderItem(view, item, itemShape(shapeOf(call))))
}

/** POST items. Source: https://learn.microsoft.com/graph/api/listitem-create */
export function createItem(call: RouteCall): Reply {
  const found = withList(call)
  const { list, lists, view } = found
  const body = jsonObject(call.request)
  const other = Object.keys(body).find((name) => !name.startsWith('@') && !['fields', 'contentType'].includes(name))
  if (other !== undefined) throw invalidRequest(`The property '${other}' cannot be set.`)
  const given = fieldsIn(view, objectIn(body, 'fields') ?? {})
  const contentType = typeNamed(found, objectIn(body, 'contentType')?.id)
  checkUnique(found, given)
  const item = lists.putItem(list, { ...defaultsOf(view, given), ...given }, writerOf(found), { contentType })
  const shape: Shape = { select: undefined, expand: new Map([['fields', { select: undefined, expand: new Map() }]]) }
  return jsonReply(201, renderItem(view, item, shape))
}

/** Folders are made in the browser: there is no way to say what one is called. */
function typeNamed({ list }: ListCall, id: unknown): string {
  if (id === undefined || id === null) return list.defaultType.name
  const type = list.contentTypes.find((one) => one.id === id)
  if (type === undefined || type.id.startsWith('0x0120')) throw invalidRequest('The content type is not valid.')
  return type.name
}

function checkUnique({ list }: ListCall, given: Readonly<Record<string, unknown>>): void {
  for (const { name, enforceUniqueValues } of list.columns) {
    const value = given[name]
    if (!enforceUniqueValues || value === undefined) continue
    if (list.present().some((item) => JSON.stringify(item.values.get(name)) === JSON.stringify(value)))
      throw invalidRequest(`The value of field '${name}' is taken.`)
  }
}

export function getFields(call: RouteCall): Reply {
  const { item, view } = withListItem(call)
  const { select } = shapeOf(call)
  if (select !== undefined) checkSelection(view, select)
  return jsonReply(200, renderFields(view, item, select))
}

/** PATCH items/{listItem}/fields. Source: https://learn.microsoft.com/graph/api/listitem-update */
export function updateFields(call: RouteCall): Reply {
  const found = withListItem(call)
  const { item, list, lists, view } = found
  checkMatch(call, itemTag(item))
  lists.changeItem(list, item, fieldsIn(view, jsonObject(call.request)), writerOf(found))
  return jsonReply(200, renderFields(view, item))
}

export function deleteItem(call: RouteCall): Reply {
  const { item, list, lists } = withListItem(call)
  checkMatch(call, itemTag(item))
  lists.removeItem(list, item)
  return emptyReply(204)
}
