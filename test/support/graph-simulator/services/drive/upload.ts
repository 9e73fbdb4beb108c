import { GraphError } from '../../http/errors.ts'
import { jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { checkPreconditions, conflictIn, findItem, newPlace, withDrive, writerOf } from './call.ts'
import type { DriveCall, NewPlace } from './call.ts'
import { invalidRequest, itemNotFound, nameAlreadyExists } from './errors.ts'
import { renderItem } from './render.ts'
import type { FileContent } from './state/content.ts'
import { heldContent } from './state/content.ts'
import type { ConflictBehavior, Drive } from './state/drive.ts'
import type { Identities, StoredItem, Times } from './state/item.ts'
import { isOfficeFile } from './state/names.ts'

/** Largest body of a simple upload. Source: https://learn.microsoft.com/graph/api/driveitem-put-content */
const largestSimpleUpload = 250 * 1024 * 1024
export const largestFile = 250 * 1024 ** 3

/** PUT content, by path (new or replaced) or by the file's id (replaced). */
export function putContent(call: RouteCall): Reply {
  const found = withDrive(call)
  const { body, overflow } = call.request
  if (overflow > 0 || body.length > largestSimpleUpload) {
    throw new GraphError(413, 'invalidRequest', 'The request is larger than the service accepts (250 MB).')
  }
  const conflict = conflictIn(undefined, call, 'replace')
  const existing = findItem(found)
  checkPreconditions(found, existing)
  const place = newPlace(found)
  if (place === undefined && existing?.kind !== 'file')
    throw existing === undefined ? itemNotFound() : invalidRequest('The item is not a file.')
  const stored = store(found.drive, {
    place,
    existing,
    conflict,
    content: heldContent([body]),
    times: {},
    by: writerOf(call),
  })
  return storedReply(found, stored)
}

export interface Upload {
  /** Undefined when a file is replaced by its id. */
  readonly place: NewPlace | undefined
  readonly existing: StoredItem | undefined
  readonly conflict: ConflictBehavior
  readonly content: FileContent
  readonly times: Partial<Times>
  readonly by: Identities
}

export interface Stored {
  readonly item: StoredItem
  readonly isNew: boolean
}

/** Puts content where it belongs. Times that come with it do not make another version. */
export function store(drive: Drive, upload: Upload): Stored {
  const { place, by, times } = upload
  const target =
    place === undefined ? upload.existing : drive.placeFor(place.parent, place.name, false, upload.conflict)
  if (target === undefined) throw itemNotFound()
  const existing = 'existing' in target ? target.existing : target
  if (existing !== undefined && existing.kind !== 'file') throw nameAlreadyExists()
  const name = existing?.name ?? target.name
  const content =
    drive.behaviour.rewritesOfficeFiles === true && isOfficeFile(name) ? rewritten(upload.content) : upload.content
  if (existing === undefined) {
    if (place === undefined) throw itemNotFound()
    return { item: drive.addFile(place.parent, { name, kind: 'file', by, times }, content), isNew: true }
  }
  drive.write(existing, content, by)
  existing.times = {
    createdAt: times.createdAt ?? existing.times.createdAt,
    modifiedAt: times.modifiedAt ?? existing.modifiedAt,
  }
  return { item: existing, isNew: false }
}

/** SharePoint puts properties of the library into Office files that arrive. */
function rewritten(content: FileContent): FileContent {
  return heldContent([...content.read(0, content.size), Buffer.from('<!-- properties of the library -->')])
}

export function storedReply(call: DriveCall, { item, isNew }: Stored): Reply {
  return jsonReply(isNew ? 201 : 200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#drives('${call.drive.id}')/items/$entity`,
    ...renderItem(call, item, { inDelta: false, selected: undefined }),
  })
}

/** Longest body on a drive's path; undefined where the usual limit holds. */
export function bodyLimitOf(path: string): number | undefined {
  if (/\/uploadSession$/i.test(path)) return largestFragment
  return /\/content$/i.test(path) ? largestSimpleUpload : undefined
}

/** A fragment has less than 60 MiB. Source: https://learn.microsoft.com/graph/api/driveitem-createuploadsession */
export const largestFragment = 60 * 1024 * 1024 - 1
