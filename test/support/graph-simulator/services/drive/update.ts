import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { isObject, jsonObject, property } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { pathNames } from './address.ts'
import { checkPreconditions, refuseOthers, textIn, timesIn, withItem, writerOf } from './call.ts'
import type { ItemCall } from './call.ts'
import { accessDenied, invalidRequest, itemNotFound } from './errors.ts'
import { renderItem } from './render.ts'
import { sameDriveId } from './state/ids.ts'
import type { StoredItem } from './state/item.ts'

/** PATCH items/{item}: rename, move, times, description. Source: https://learn.microsoft.com/graph/api/driveitem-update */
export function updateItem(call: RouteCall): Reply {
  const found = withItem(call)
  const { drive, item } = found
  const body = jsonObject(call.request)
  refuseOthers(body, ['name', 'parentReference', 'fileSystemInfo', 'description'])
  checkPreconditions(found, item)
  const times = timesIn(body)
  const name = textIn(body, 'name') ?? item.name
  const target = targetFolder(found, body)
  const by = writerOf(call)
  if (target !== undefined && target !== item.parent) drive.move(item, target, name, by)
  else if (name !== item.name) drive.rename(item, name, by)
  if (Object.keys(times).length > 0) {
    drive.setTimes(item, times, by)
  }
  if (drive.type === 'personal' && 'description' in body) {
    item.description = textIn(body, 'description')
    drive.change(item, by)
  }
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#drives('${drive.id}')/items/$entity`,
    ...renderItem(found, item, { inDelta: false, selected: undefined }),
  })
}

/** Where `parentReference` sends the item: by the folder's id, or by a path like `/drives/{id}/root:/folder`. */
function targetFolder(call: ItemCall, body: JsonObject): StoredItem | undefined {
  const reference = property(body, 'parentReference')
  if (reference === undefined || reference === null) return undefined
  if (!isObject(reference)) throw invalidRequest('parentReference must be an object.')
  refuseOthers(reference, ['id', 'driveId', 'path', 'driveType', 'name', 'siteId', 'shareId', 'sharepointIds'])
  const { drive } = call
  const driveId = textIn(reference, 'driveId')
  if (driveId !== undefined && sameDriveId(driveId) !== sameDriveId(drive.id)) {
    throw invalidRequest('Items cannot be moved between drives.')
  }
  const id = textIn(reference, 'id')
  const path = textIn(reference, 'path')
  if (id !== undefined) return drive.itemOrThrow(id)
  if (path === undefined) return undefined
  const [, inside] = /\/root:?(?:\/(.*))?$/i.exec(path) ?? []
  const folder = drive.descend(drive.root, pathNames(inside ?? ''))
  if (folder === undefined) throw itemNotFound()
  return folder
}

/** DELETE items/{item}: into the recycle bin. */
export function deleteItem(call: RouteCall): Reply {
  return removed(call, 'recycled')
}

/** POST items/{item}/permanentDelete */
export function permanentlyDelete(call: RouteCall): Reply {
  return removed(call, 'gone')
}

function removed(call: RouteCall, how: 'recycled' | 'gone'): Reply {
  const found = withItem(call)
  if (found.item === found.drive.root) throw accessDenied()
  checkPreconditions(found, found.item)
  found.drive.remove(found.item, how)
  return emptyReply(204)
}
