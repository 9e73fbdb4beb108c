import type { RouteCall } from '../../routes/context.ts'
import type { RouteCost, Service, ServiceRoute } from '../service.ts'
import {
  addAttachment,
  ensureUser,
  listAttachments,
  readAttachment,
  sharePointAddress,
  sharePointAudience,
} from './attachments.ts'
import { createColumn, deleteColumn, getColumn, listColumns, updateColumn } from './column-routes.ts'
import { getContentType, listContentTypes, listTypeColumns } from './content-types.ts'
import { brokenDelta, itemsDelta } from './delta.ts'
import { createItem, deleteItem, getFields, getItem, listItems, updateFields } from './items.ts'
import { createList, deleteList, getList, listLists, updateList } from './lists.ts'

type Run = ServiceRoute['run']

/** Resource units. Source: SharePoint's throttling page, quoted in the limits that come with the contract. */
const single = 1
const many = 2

const route = (permission: string, cost: RouteCost, run: Run): ServiceRoute => ({
  permission,
  pool: 'drive',
  cost,
  run,
})
const read = (cost: RouteCost, run: Run): ServiceRoute => route('readLists', cost, run)
const schema = (run: Run): ServiceRoute => route('readListSchema', many, run)
const write = (run: Run): ServiceRoute => route('writeListItems', many, run)
const manage = (run: Run): ServiceRoute => route('manageLists', many, run)
/** Going on from a token is cheaper than starting. */
const deltaCost = (call: RouteCall): number => (call.query.get('token') === undefined ? many : single)
/** Requests to SharePoint itself, with a token for its host. */
const rest = (permission: string, run: Run, content = false): ServiceRoute => ({
  permission,
  pool: 'drive',
  content,
  audience: sharePointAudience,
  run,
})

const list = 'sites/{site}/lists/{list}'
const column = `${list}/columns/{column}`
const item = `${list}/items/{listItem}`

/** Lists with columns, content types and items, and SharePoint's own endpoint for the files of items. */
export const listsService: Service = {
  collections: { lists: 'list', items: 'listItem' },
  operations: ['fields'],
  address: sharePointAddress,
  permissions: {
    readLists: ['Sites.Read.All', 'Sites.ReadWrite.All'],
    readListSchema: ['Sites.Read.All', 'Sites.Manage.All', 'Sites.ReadWrite.All', 'Sites.FullControl.All'],
    writeListItems: ['Sites.ReadWrite.All'],
    createLists: ['Sites.Manage.All', 'Sites.ReadWrite.All'],
    manageLists: ['Sites.Manage.All', 'Sites.FullControl.All'],
  },
  granted: ['Sites.ReadWrite.All', 'Sites.Manage.All'],
  routes: {
    'GET sites/{site}/lists': read(many, listLists),
    'POST sites/{site}/lists': route('createLists', many, createList),
    [`GET ${list}`]: read(single, getList),
    [`PATCH ${list}`]: manage(updateList),
    [`DELETE ${list}`]: manage(deleteList),

    [`GET ${list}/columns`]: schema(listColumns),
    [`POST ${list}/columns`]: manage(createColumn),
    [`GET ${column}`]: schema(getColumn),
    [`PATCH ${column}`]: manage(updateColumn),
    [`DELETE ${column}`]: manage(deleteColumn),
    [`GET ${list}/contentTypes`]: schema(listContentTypes),
    [`GET ${list}/contentTypes/{contentType}`]: schema(getContentType),
    [`GET ${list}/contentTypes/{contentType}/columns`]: schema(listTypeColumns),

    [`GET ${list}/items`]: read(many, listItems),
    [`POST ${list}/items`]: write(createItem),
    [`GET ${list}/items/delta`]: { ...read(deltaCost, itemsDelta), deadCursor: brokenDelta },
    [`GET ${item}`]: read(single, getItem),
    [`DELETE ${item}`]: write(deleteItem),
    [`GET ${item}/fields`]: read(single, getFields),
    [`PATCH ${item}/fields`]: write(updateFields),

    'GET sharepoint/AttachmentFiles': rest('readLists', listAttachments),
    'GET sharepoint/AttachmentFiles/$value': rest('readLists', readAttachment, true),
    'POST sharepoint/AttachmentFiles/add': rest('writeListItems', addAttachment),
    'POST sharepoint/ensureuser': rest('manageLists', ensureUser),
  },
}
