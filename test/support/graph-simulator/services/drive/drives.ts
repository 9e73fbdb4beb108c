import { jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { ownerOf, withDrive, withItem } from './call.ts'
import type { DriveCall } from './call.ts'
import { noDrive, ownerNotFound } from './errors.ts'
import { itemOptions, renderWith } from './options.ts'
import { renderDrive, sharePointIds } from './render.ts'
import type { Rendered } from './render.ts'
import { option, selectedOf } from './select.ts'
import { drivesOf } from './state/drives.ts'

const driveProperties = [
  'createdBy',
  'createdDateTime',
  'description',
  'driveType',
  'id',
  'lastModifiedBy',
  'lastModifiedDateTime',
  'name',
  'owner',
  'quota',
  'sharePointIds',
  'system',
  'webUrl',
]
const driveType = 'microsoft.graph.drive'

/** A drive, with the ids that are shown only when they are selected. */
function shownDrive(call: DriveCall): Rendered {
  const wantsIds = /\bsharePointIds\b/i.test(option(call, 'select') ?? '')
  return { ...renderDrive(call), ...(wantsIds ? sharePointIds(call) : {}) }
}

/** GET users/{user}/drive, drives/{drive} */
export function getDrive(call: RouteCall): Reply {
  const found = withDrive(call)
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#drives/$entity`,
    ...selectedOf(call, driveProperties, driveType, [shownDrive(found)])[0],
  })
}

/** GET users/{user}/drives */
export function listDrives(call: RouteCall): Reply {
  const drives = drivesOf(call.context.tenant)
  const owner = ownerOf(call)
  if (owner === undefined) throw ownerNotFound('')
  const all = drives.ofOwner(owner)
  const refusal = drives.refusal(owner)
  if (all.length === 0 && refusal !== undefined) throw noDrive(refusal)
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#drives`,
    value: selectedOf(
      call,
      driveProperties,
      driveType,
      all.map((drive) => shownDrive({ ...call, drives, drive })),
    ),
  })
}

/** GET items/{item}, root, and both by path */
export function getItem(call: RouteCall): Reply {
  const found = withItem(call)
  const options = itemOptions(call)
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#drives('${found.drive.id}')/items/$entity`,
    ...renderWith(found, options),
  })
}
