import type { RouteCall } from '../../routes/context.ts'
import type { RouteCost, Service, ServiceRoute } from '../service.ts'
import { driveAddress } from './address.ts'
import { createFolder, listChildren } from './children.ts'
import { brokenDelta, delta } from './delta.ts'
import { download, getContent } from './download.ts'
import { getDrive, getItem, listDrives } from './drives.ts'
import { option } from './select.ts'
import {
  createLink,
  deletePermission,
  getPermission,
  grantLink,
  invite,
  listPermissions,
  updatePermission,
} from './permissions.ts'
import { deleteItem, permanentlyDelete, updateItem } from './update.ts'
import { bodyLimitOf, putContent } from './upload.ts'
import { cancelUpload, completeUpload, createUploadSession, getUpload, putFragment } from './upload-session.ts'
import { getVersion, getVersionContent, listVersions, restoreVersion } from './versions.ts'

export { drivesOf, TenantDrives } from './state/drives.ts'
export type { DumpedItem } from './state/dump.ts'
export type { ContentInput } from './state/content.ts'
export { bytesOf, contentFrom } from './state/content.ts'
export { QuickXorHash } from './state/quick-xor-hash.ts'

type Run = ServiceRoute['run']

/** Resource units. Source: SharePoint's throttling page, quoted in the limits that come with the contract. */
const single = 1
const many = 2
const permissionUnits = 5

const read = (cost: RouteCost, run: Run): ServiceRoute => ({ permission: 'readFiles', pool: 'drive', cost, run })
const write = (cost: number, run: Run): ServiceRoute => ({ permission: 'writeFiles', pool: 'drive', cost, run })
/** Whatever shows permissions costs as much as they do. */
const unlessExpanded =
  (cost: number) =>
  (call: RouteCall): number =>
    /permissions/i.test(option(call, 'expand') ?? '') ? permissionUnits : cost
/** Going on from a token is cheaper than starting. */
const deltaCost = (call: RouteCall): number =>
  (call.parameters.token ?? call.query.get('token')) === undefined ? many : single
/** Pre-authenticated addresses lead to SharePoint itself, past Graph's count. */
const anonymous = (run: Run, content = false): ServiceRoute => ({
  permission: undefined,
  pool: undefined,
  content,
  run,
})

const item = 'drives/{drive}/items/{item}'
const permission = `${item}/permissions/{permission}`
const version = `${item}/versions/{version}`
const readers = ['Files.Read.All', 'Sites.Read.All', 'Files.ReadWrite.All', 'Sites.ReadWrite.All']

/**
 * OneDrive and document libraries. All forms of address lead to the templates below (see `driveAddress`):
 * `users/{id}/drive/root/delta` is the route `drives/{drive}/items/{item}/delta`.
 */
export const driveService: Service = {
  collections: {},
  operations: [],
  address: driveAddress,
  bodyLimit: bodyLimitOf,
  permissions: {
    readFiles: readers,
    writeFiles: ['Files.ReadWrite.All', 'Sites.ReadWrite.All'],
  },
  granted: ['Files.ReadWrite.All', 'Sites.ReadWrite.All'],
  routes: {
    'GET users/{user}/drive': read(single, getDrive),
    'GET users/{user}/drives': read(many, listDrives),
    'GET groups/{group}/drive': read(single, getDrive),
    'GET groups/{group}/drives': read(many, listDrives),
    'GET sites/{site}/drive': read(single, getDrive),
    'GET sites/{site}/drives': read(many, listDrives),
    'GET sites/{site}/lists/{list}/drive': read(single, getDrive),
    'GET drives/{drive}': read(single, getDrive),

    [`GET ${item}`]: read(unlessExpanded(single), getItem),
    [`PATCH ${item}`]: write(many, updateItem),
    [`DELETE ${item}`]: write(many, deleteItem),
    [`POST ${item}/permanentDelete`]: write(many, permanentlyDelete),
    [`GET ${item}/children`]: read(unlessExpanded(many), listChildren),
    [`POST ${item}/children`]: write(many, createFolder),
    [`GET ${item}/delta`]: { ...read(deltaCost, delta), deadCursor: brokenDelta },

    [`GET ${item}/content`]: read(single, getContent),
    [`PUT ${item}/content`]: write(many, putContent),
    [`GET ${item}/children/{child}/content`]: read(single, getContent),
    [`PUT ${item}/children/{child}/content`]: write(many, putContent),
    [`POST ${item}/createUploadSession`]: write(many, createUploadSession),
    [`GET ${item}/download`]: anonymous(download, true),
    [`PUT ${item}/uploadSession`]: anonymous(putFragment),
    [`GET ${item}/uploadSession`]: anonymous(getUpload),
    [`POST ${item}/uploadSession`]: anonymous(completeUpload),
    [`DELETE ${item}/uploadSession`]: anonymous(cancelUpload),

    [`GET ${item}/permissions`]: read(permissionUnits, listPermissions),
    [`GET ${permission}`]: read(permissionUnits, getPermission),
    [`PATCH ${permission}`]: write(permissionUnits, updatePermission),
    [`DELETE ${permission}`]: write(permissionUnits, deletePermission),
    [`POST ${permission}/grant`]: write(permissionUnits, grantLink),
    [`POST ${item}/invite`]: write(permissionUnits, invite),
    [`POST ${item}/createLink`]: write(permissionUnits, createLink),

    [`GET ${item}/versions`]: read(many, listVersions),
    [`GET ${version}`]: read(single, getVersion),
    [`GET ${version}/content`]: read(single, getVersionContent),
    [`POST ${version}/restoreVersion`]: write(many, restoreVersion),
  },
}
