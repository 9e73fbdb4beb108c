import { GraphError } from '../../http/errors.ts'
import { emptyReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { isObject } from '../../routes/request-json.ts'
import { eTag, namesState, withItem } from './call.ts'
import type { DriveCall, ItemCall } from './call.ts'
import { downloadAddress } from './download-address.ts'
import type { DownloadTicket } from './download-address.ts'
import { accessDenied, invalidRequest, itemNotFound, malwareDetected, unauthenticated } from './errors.ts'
import type { FileContent } from './state/content.ts'
import { heldContent } from './state/content.ts'
import type { Drive } from './state/drive.ts'
import { drivesOf } from './state/drives.ts'
import type { StoredItem } from './state/item.ts'
import { mimeTypeOf } from './state/names.ts'

/** GET items/{item}/content: 302 to a pre-authenticated address. Source: https://learn.microsoft.com/graph/api/driveitem-get-content */
export function getContent(call: RouteCall): Reply {
  const found = withItem(call)
  const { drive, item } = found
  if (call.query.get('format') !== undefined) throw invalidRequest('Conversion is not supported here.')
  requireFile(item)
  if (isMalware(item) && drive.behaviour.malwareAnswer !== 'as-content') throw malwareDetected()
  const known = call.request.headers['if-none-match']
  if (known !== undefined && namesState(known, drive, item)) return emptyReply(304, { ETag: eTag(drive, item) })
  return emptyReply(302, { Location: downloadAddress(found, item) })
}

/** Folders, notebooks and shortcuts have no content. */
export function requireFile(item: StoredItem): void {
  if (item.kind !== 'file' || item.content === undefined) throw itemNotFound()
}

const isMalware = (item: StoredItem): boolean => 'malware' in item.facets

/** GET the pre-authenticated address itself. */
export function download(call: RouteCall): Reply {
  if (call.request.batched) throw invalidRequest('A download address cannot be part of a batch.')
  if (call.request.headers.authorization !== undefined) {
    throw unauthenticated('The download address must be called without an Authorization header.')
  }
  const found = ticketed(call)
  const { drive, item } = found
  requireFile(item)
  if (isMalware(item)) return malwareReply(drive)
  const content = contentOf(item, found.version)
  return contentReply(found, content)
}

interface TicketedCall extends ItemCall {
  readonly version: string | undefined
}

function ticketed(call: RouteCall): TicketedCall {
  const ticket = call.context.seal.open(call.query.get('tempauth') ?? '')
  if (!isTicket(ticket)) throw unauthenticated('The download address is not valid.')
  const drives = drivesOf(call.context.tenant)
  const drive = drives.findDrive(ticket.drive)
  if (drive === undefined) throw itemNotFound()
  if (call.now >= ticket.expiresAt) throw expired(drive)
  const found: DriveCall = { ...call, drives, drive }
  return { ...found, item: drive.itemOrThrow(ticket.item), version: ticket.version }
}

function isTicket(value: unknown): value is DownloadTicket {
  return isObject(value) && typeof value.drive === 'string' && typeof value.item === 'string' && 'expiresAt' in value
}

function expired(drive: Drive): GraphError {
  const { expiredDownload = 401 } = drive.behaviour
  if (expiredDownload === 403) return accessDenied()
  return expiredDownload === 404 ? itemNotFound() : unauthenticated('The download address has expired.')
}

function malwareReply(drive: Drive): Reply {
  if (drive.behaviour.malwareAnswer !== 'as-content') throw malwareDetected()
  const bytes = Buffer.from('{"error":{"code":"malwareDetected","message":"Malware detected"}}')
  return { status: 200, headers: { 'Content-Type': 'application/json' }, bytes }
}

function contentOf(item: StoredItem, version: string | undefined): FileContent {
  const older = item.history.find(({ id }) => id === version)
  if (version !== undefined && older === undefined) throw itemNotFound()
  return older?.content ?? item.served ?? item.content ?? heldContent([])
}

function contentReply(call: TicketedCall, content: FileContent): Reply {
  const { drive, item, request } = call
  const known = request.headers['if-none-match']
  if (known !== undefined && namesState(known, drive, item)) return emptyReply(304, { ETag: eTag(drive, item) })
  const headers = {
    'Accept-Ranges': 'bytes',
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(item.name)}`,
    'Content-Type': mimeTypeOf(item.name),
    ETag: eTag(drive, item),
  }
  const range = rangeOf(call, content.size)
  const { start, end } = range ?? { start: 0, end: content.size }
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...headers,
      ...(range === undefined
        ? {}
        : { 'Content-Range': `bytes ${String(start)}-${String(end - 1)}/${String(content.size)}` }),
    },
    stream: { size: end - start, open: () => content.read(start, end) },
  }
}

/** The range asked for; nothing when everything is to come. */
function rangeOf(call: TicketedCall, size: number): { readonly start: number; readonly end: number } | undefined {
  const { range, accept } = call.request.headers
  const ifRange = call.request.headers['if-range']
  if (range === undefined || call.drive.behaviour.ignoresRanges === true) return undefined
  if (ifRange !== undefined && !namesState(ifRange, call.drive, call.item)) return undefined
  // SharePoint wants to hear that any type will do, and refuses the range otherwise.
  if (accept?.includes('*/*') !== true) throw unsatisfiable(size)
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range.trim()) ?? []
  if (first === '' && last === '') return undefined
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size)
  if (start >= size || (first === '' && Number(last) === 0)) throw unsatisfiable(size)
  return end <= start ? undefined : { start, end }
}

function unsatisfiable(size: number): GraphError {
  return new GraphError(416, 'invalidRange', 'The requested range cannot be satisfied.', {
    headers: { 'Content-Range': `bytes */${String(size)}` },
  })
}
