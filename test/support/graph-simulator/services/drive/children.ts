import { badRequest } from '../../http/errors.ts'
import { jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { isObject, jsonObject, property } from '../../routes/request-json.ts'
import { conflictIn, refuseOthers, textIn, timesIn, withItem, writerOf } from './call.ts'
import type { ItemCall } from './call.ts'
import { invalidRequest } from './errors.ts'
import { itemOptions, renderWith } from './options.ts'
import { renderItem } from './render.ts'
import { option } from './select.ts'
import type { StoredItem } from './state/item.ts'

const defaultPage = 200
const largestPage = 1000

/** GET items/{item}/children. Source: https://learn.microsoft.com/graph/api/driveitem-list-children */
export function listChildren(call: RouteCall): Reply {
  const found = withItem(call)
  const { item } = found
  if (!item.isContainer) throw invalidRequest('The item is not a folder.')
  const options = itemOptions(call)
  const size = pageSize(call)
  const all = inOrder(item.sortedChildren(), option(call, 'orderby'))
  const start = startOf(call)
  const page = all.slice(start, start + size)
  const more = start + size < all.length
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#drives('${found.drive.id}')/items('${item.id}')/children`,
    ...(start === 0 && call.query.flag('$count') ? { '@odata.count': all.length } : {}),
    value: page.map((child) => renderWith({ ...found, item: child }, options)),
    ...(more ? { '@odata.nextLink': nextLink(found, start + size) } : {}),
  })
}

/** An oversize `$top` gets the largest page. */
export function pageSize(call: RouteCall): number {
  const top = call.query.integer('$top')
  if (top === 0) throw invalidRequest('$top must be at least 1.')
  return Math.min(top ?? defaultPage, largestPage)
}

function inOrder(children: readonly StoredItem[], orderBy: string | undefined): readonly StoredItem[] {
  if (orderBy === undefined) return children
  const [name = '', direction = 'asc'] = orderBy.trim().split(/\s+/)
  const key = sortKeys[name.toLowerCase()]
  if (key === undefined) throw invalidRequest(`Sorting by '${name}' is not supported.`)
  const sorted = children.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
  return direction.toLowerCase() === 'desc' ? sorted.reverse() : sorted
}

const sortKeys: Readonly<Record<string, (item: StoredItem) => number | string>> = {
  name: ({ name }) => name.toLowerCase(),
  size: ({ size }) => size,
  lastmodifieddatetime: ({ modifiedAt }) => modifiedAt,
}

function startOf(call: RouteCall): number {
  const token = call.query.get('$skiptoken')
  if (token === undefined) return 0
  const value = call.context.seal.open(token)
  if (!isObject(value) || typeof value.at !== 'number')
    throw badRequest('The skip token is not valid.', 'invalidRequest')
  return value.at
}

function nextLink(call: ItemCall, at: number): string {
  const { context, request } = call
  const kept = request.queryText.split('&').filter((part) => part !== '' && !/^(\$|%24)skiptoken=/i.test(part))
  return `${context.origin()}${request.path}?${[...kept, `$skiptoken=${context.seal.seal({ at })}`].join('&')}`
}

/** POST items/{item}/children: a new folder. Source: https://learn.microsoft.com/graph/api/driveitem-post-children */
export function createFolder(call: RouteCall): Reply {
  const found = withItem(call)
  const { drive, item: parent } = found
  const body = jsonObject(call.request)
  refuseOthers(body, ['name', 'folder', 'fileSystemInfo', 'description'])
  const name = textIn(body, 'name')
  if (name === undefined) throw invalidRequest('Name must be specified.')
  if (!isObject(property(body, 'folder'))) throw invalidRequest('Exactly one of the folder facets must be provided.')
  const place = drive.placeFor(parent, name, true, conflictIn(body, call, 'fail'))
  const made =
    place.existing ?? drive.add(parent, { name: place.name, kind: 'folder', by: writerOf(call), times: timesIn(body) })
  if (place.existing === undefined && drive.type === 'personal') made.description = textIn(body, 'description')
  return jsonReply(place.existing === undefined ? 201 : 200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#drives('${drive.id}')/items/$entity`,
    ...renderItem(found, made, { inDelta: false, selected: undefined }),
  })
}
