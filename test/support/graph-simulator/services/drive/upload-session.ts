import { GraphError } from '../../http/errors.ts'
import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { isObject, property } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import {
  checkPreconditions,
  conflictIn,
  findItem,
  flagIn,
  newPlace,
  optionalJson,
  refuseOthers,
  textIn,
  timesIn,
  withDrive,
  writerOf,
} from './call.ts'
import type { DriveCall } from './call.ts'
import { invalidRequest, itemNotFound, quotaLimitReached, unauthenticated } from './errors.ts'
import { drivesOf } from './state/drives.ts'
import type { UploadSession, UploadTarget } from './state/uploads.ts'
import { largestFile, largestFragment, store, storedReply } from './upload.ts'

/** Upload sessions. Source: https://learn.microsoft.com/graph/api/driveitem-createuploadsession */

const fragmentUnit = 320 * 1024

/** POST createUploadSession: by path for a new file, by id for one that is there. */
export function createUploadSession(call: RouteCall): Reply {
  const found = withDrive(call)
  const body = optionalJson(call)
  refuseOthers(body, ['item', 'deferCommit'])
  const item = property(body, 'item') ?? {}
  if (!isObject(item)) throw invalidRequest('item must be an object.')
  const existing = findItem(found)
  checkPreconditions(found, existing)
  const session = found.drives.uploads.start(targetOf(found, body, item))
  const address = `drives/${encodeURIComponent(found.drive.id)}/items/${encodeURIComponent(call.parameters.item ?? 'root')}`
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#microsoft.graph.uploadSession`,
    uploadUrl: `${call.context.origin()}/_api/v2.0/${address}/uploadSession?guid='${session.id}'&tempauth=${session.key}`,
    ...progress(session),
  })
}

function targetOf(call: DriveCall, body: JsonObject, item: JsonObject): UploadTarget {
  const { drive } = call
  refuseOthers(item, ['name', 'description', 'fileSystemInfo', 'fileSize', 'driveItemSource', 'mediaSource'])
  const existing = findItem(call)
  const place = newPlace(call)
  if (place === undefined && existing?.kind !== 'file') throw invalidRequest('The item is not a file.')
  const name = place?.name ?? existing?.name ?? ''
  const wanted = textIn(item, 'name')
  if (wanted !== undefined && wanted !== name)
    throw invalidRequest('The name in the body is another one than that in the path.')
  if (place !== undefined) drive.checkPlace(place.parent, name, false)
  const fileSize = sizeIn(item)
  const free = drive.quota - drive.root.size + (existing?.kind === 'file' ? existing.size : 0)
  if (fileSize !== undefined && fileSize > free) throw quotaLimitReached()
  return {
    drive,
    parent: place?.parent,
    existing: place === undefined ? existing : undefined,
    name,
    conflict: conflictIn(item, call, 'fail'),
    times: timesIn(item),
    description: textIn(item, 'description'),
    deferCommit: flagIn(body, 'deferCommit') ?? false,
    fileSize,
    by: writerOf(call),
  }
}

function sizeIn(item: JsonObject): number | undefined {
  const size = property(item, 'fileSize')
  if (size === undefined || size === null) return undefined
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw invalidRequest('fileSize must be a whole number.')
  if (size > largestFile) throw invalidRequest('The file is too large.', 'maxFileSizeExceeded')
  return size
}

function progress(session: UploadSession): object {
  const { content, total } = session
  const rest = total !== undefined && content.size === total ? [] : [`${String(content.size)}-`]
  return { expirationDateTime: new Date(session.expiresAt).toISOString(), nextExpectedRanges: rest }
}

interface SessionCall extends DriveCall {
  readonly session: UploadSession
}

/** The session that the pre-authenticated address names. It is called without Authorization. */
function withSession(call: RouteCall): SessionCall {
  const drives = drivesOf(call.context.tenant)
  const session = drives.uploads.find((call.query.get('guid') ?? '').replaceAll("'", ''))
  if (call.request.headers.authorization !== undefined) {
    throw unauthenticated('The upload address must be called without an Authorization header.')
  }
  if (session === undefined)
    throw new GraphError(404, 'itemNotFound', 'The upload session was not found.', {
      innerCode: 'uploadSessionNotFound',
    })
  if (call.query.get('tempauth') !== session.key) throw unauthenticated('The upload address is not valid.')
  return { ...call, drives, drive: session.target.drive, session }
}

/** PUT a fragment. */
export function putFragment(call: RouteCall): Reply {
  const found = withSession(call)
  const { session } = found
  const { end, total } = fragmentOf(found)
  session.total = total
  session.content.append(call.request.body)
  if (end + 1 < total || session.target.deferCommit) return jsonReply(202, progress(session))
  return commit(found)
}

interface Fragment {
  readonly start: number
  readonly end: number
  readonly total: number
}

function fragmentOf({ request, session }: SessionCall): Fragment {
  const [, first = '', last = '', all = ''] =
    /^bytes (\d+)-(\d+)\/(\d+)$/.exec(request.headers['content-range'] ?? '') ?? []
  if (first === '') throw invalidRequest('The Content-Range header is missing or malformed.')
  const fragment: Fragment = { start: Number(first), end: Number(last), total: Number(all) }
  const { start, end, total } = fragment
  if (end < start || end >= total) throw invalidRequest('The Content-Range header is malformed.')
  if (total !== (session.total ?? session.target.fileSize ?? total))
    throw invalidRequest('The declared total size is another one than before.')
  if (request.overflow > 0 || request.body.length > largestFragment) {
    throw new GraphError(413, 'invalidRequest', 'A fragment must have less than 60 MiB.', {
      innerCode: 'maxFragmentSizeExceeded',
    })
  }
  if (request.body.length !== end - start + 1)
    throw invalidRequest('The length of the fragment does not match its Content-Range.', 'fragmentLengthMismatch')
  const expected = session.content.size
  if (start < expected)
    throw invalidRange('The uploaded fragment overlaps with data that has already been received.', 'fragmentOverlap')
  if (start > expected) throw invalidRange('The uploaded fragment is out of order.', 'fragmentOutOfOrder')
  const aligned = request.body.length % fragmentUnit === 0 || end + 1 === total
  if (!aligned) throw invalidRange('The size of a fragment must be a multiple of 320 KiB.', 'invalidRange')
  return fragment
}

const invalidRange = (message: string, innerCode: string): GraphError =>
  new GraphError(416, 'invalidRange', message, { innerCode })

/** POST with nothing in it: completes a session whose commit was deferred. */
export function completeUpload(call: RouteCall): Reply {
  const found = withSession(call)
  const { session } = found
  if (session.total !== undefined && session.content.size < session.total)
    throw invalidRequest('The upload session is not complete.', 'uploadSessionIncomplete')
  return commit(found)
}

/** A refused commit keeps the session: the name may become free. */
function commit(call: SessionCall): Reply {
  const { session, drive } = call
  const { parent, existing, name, conflict, times, by, description } = session.target
  if (parent?.removed !== undefined && parent.removed !== 'no') throw itemNotFound()
  const place = parent === undefined ? undefined : { parent, name }
  const stored = store(drive, { place, existing, conflict, content: session.content.finish(), times, by })
  if (drive.type === 'personal' && description !== undefined) stored.item.description = description
  call.drives.uploads.end(session)
  return storedReply(call, stored)
}

/** GET the session: what is expected next. */
export function getUpload(call: RouteCall): Reply {
  return jsonReply(200, progress(withSession(call).session))
}

/** DELETE the session. */
export function cancelUpload(call: RouteCall): Reply {
  const found = withSession(call)
  found.drives.uploads.end(found.session)
  return emptyReply(204)
}
