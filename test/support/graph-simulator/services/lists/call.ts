import { GraphError } from '../../http/errors.ts'
import type { RouteCall } from '../../routes/context.ts'
import { withSite } from '../sites/call.ts'
import type { SiteCall } from '../sites/call.ts'
import { notFound } from '../sites/errors.ts'
import type { FieldView } from './fields.ts'
import { listDirectory } from './state.ts'
import type { ListDirectory } from './state.ts'
import type { Actor, StoredItem, StoredList } from './stored.ts'

/** A call about the lists of a site that exists. */
export interface ListsCall extends SiteCall {
  readonly lists: ListDirectory
}

/** A call about a list that exists. */
export interface ListCall extends ListsCall {
  readonly list: StoredList
  readonly view: FieldView
}

export interface ListItemCall extends ListCall {
  readonly item: StoredItem
}

export function withLists(call: RouteCall): ListsCall {
  return { ...withSite(call), lists: listDirectory(call.context.tenant) }
}

/** Libraries are found too, but what is in them is for their drives to tell. */
export function withList(call: RouteCall): ListCall {
  const found = withLists(call)
  const list = found.lists.findList(found.site, call.parameters.list ?? '')
  if (list === undefined) throw notFound()
  return { ...found, list, view: { directory: found.lists, site: found.site, list } }
}

export function withListItem(call: RouteCall): ListItemCall {
  const found = withList(call)
  const { listItem = '' } = call.parameters
  const item = /^\d+$/.test(listItem) ? found.list.item(Number(listItem)) : undefined
  if (item === undefined) throw notFound()
  if (found.list.unreadable.has(item.number) && call.request.method === 'GET')
    throw new GraphError(500, 'generalException', 'General exception while processing')
  return { ...found, item }
}

/** Who writes through the API: the application itself. */
export function writerOf({ lists, site }: ListsCall): Actor {
  return lists.people(site).application
}

/** 412 when If-Match names another state. */
export function checkMatch({ request }: RouteCall, eTag: string): void {
  const given = request.headers['if-match']
  if (given === undefined || given === '*' || given.replace(/^W\//, '') === eTag) return
  throw new GraphError(412, 'resourceModified', "ETag does not match current item's value", {
    innerCode: 'entityTagDoesNotMatch',
  })
}
