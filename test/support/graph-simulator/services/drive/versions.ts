import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { withItem, writerOf } from './call.ts'
import type { ItemCall } from './call.ts'
import { downloadAddress } from './download-address.ts'
import { invalidRequest, itemNotFound } from './errors.ts'
import { downloadUrl, identities, iso } from './render.ts'
import type { Rendered } from './render.ts'
import { requireFile } from './download.ts'
import { selectedOf } from './select.ts'
import type { StoredVersion } from './state/item.ts'

const versionProperties = ['id', 'lastModifiedBy', 'lastModifiedDateTime', 'publication', 'size', downloadUrl]

/** GET items/{item}/versions, the newest first. Source: https://learn.microsoft.com/graph/api/driveitem-list-versions */
export function listVersions(call: RouteCall): Reply {
  const found = withFile(call)
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#drives('${found.drive.id}')/items('${found.item.id}')/versions`,
    value: selectedOf(call, versionProperties, 'microsoft.graph.driveItemVersion', [
      current(found),
      ...found.item.history.toReversed().map((version) => older(found, version)),
    ]),
  })
}

/** GET items/{item}/versions/{version}; `current` names the one that is there. */
export function getVersion(call: RouteCall): Reply {
  const found = withFile(call)
  const version = versionOf(found)
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#driveItemVersion`,
    ...(version === undefined ? current(found) : older(found, version)),
  })
}

/** GET items/{item}/versions/{version}/content: a redirect, for older versions only. */
export function getVersionContent(call: RouteCall): Reply {
  const found = withFile(call)
  const version = versionOf(found)
  if (version === undefined) throw invalidRequest('You cannot get the content of the current version.')
  return emptyReply(302, { Location: downloadAddress(found, found.item, version.id) })
}

/** POST items/{item}/versions/{version}/restoreVersion */
export function restoreVersion(call: RouteCall): Reply {
  const found = withFile(call)
  const version = versionOf(found)
  if (version === undefined) throw invalidRequest('The current version cannot be restored.')
  found.drive.write(found.item, version.content, writerOf(call))
  return emptyReply(204)
}

function withFile(call: RouteCall): ItemCall {
  const found = withItem(call)
  requireFile(found.item)
  return found
}

/** The version the path names; nothing when it is the current one. */
function versionOf({ item, parameters }: ItemCall): StoredVersion | undefined {
  const { version = '' } = parameters
  if (version === 'current' || version === currentId(item.versionNumber)) return undefined
  const found = item.history.find(({ id }) => id === version)
  if (found === undefined) throw itemNotFound()
  return found
}

const currentId = (number: number): string => `${String(number)}.0`

function current(call: ItemCall): Rendered {
  const { item } = call
  return {
    [downloadUrl]: downloadAddress(call, item),
    id: currentId(item.versionNumber),
    lastModifiedDateTime: iso(item.modifiedAt),
    size: item.size,
    lastModifiedBy: identities(item.modifiedBy),
  }
}

function older(call: ItemCall, version: StoredVersion): Rendered {
  return {
    [downloadUrl]: downloadAddress(call, call.item, version.id),
    id: version.id,
    lastModifiedDateTime: iso(version.modifiedAt),
    size: version.content.size,
    lastModifiedBy: identities(version.modifiedBy),
  }
}
