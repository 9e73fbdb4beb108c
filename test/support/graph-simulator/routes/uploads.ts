import { badRequest, GraphError } from '../http/errors.ts'
import { emptyReply, jsonReply } from '../http/exchange.ts'
import type { Reply } from '../http/exchange.ts'
import { attachmentId, messageId } from '../state/ids.ts'
import { attach } from './attachments.ts'
import { fileAttachment, guessedType, uploadSessionMinimum } from './attachment-input.ts'
import type { MailboxCall } from './context.ts'
import { optionalBoolean, textProperty, wordValue } from './message-values.ts'
import { isObject, jsonObject, property } from './request-json.ts'
import { messageOf } from './require-mailbox.ts'
import type { UploadSession, UploadTarget } from './upload-sessions.ts'

/**
 * Upload sessions for large attachments.
 * Source: https://learn.microsoft.com/graph/outlook-large-attachments
 */
const largestAttachment = 150 * 1024 * 1024
const largestRange = 4 * 1024 * 1024
const sessionLifetimeMs = 60 * 60_000

/** POST messages/{id}/attachments/createUploadSession */
export function createUploadSession(call: MailboxCall): Reply {
  const message = messageOf(call)
  const id = messageId(call.mailbox.key, message.number, message.moves, call.preferences.ids)
  return openSession(call, {
    collection: 'Messages',
    id,
    isGone: () => message.isRemoved,
    attach: (now, attachment) => attachmentId(id, attach({ mailbox: call.mailbox, now }, message, attachment).key),
  })
}

/** Starts a session for a large file on `target`. */
export function openSession(call: MailboxCall, target: UploadTarget): Reply {
  const item = property(jsonObject(call.request), 'AttachmentItem')
  if (!isObject(item)) throw badRequest("The required parameter 'AttachmentItem' is missing.", 'ErrorInvalidParameter')
  const type = wordValue(property(item, 'attachmentType'), ['file', 'item', 'reference'], 'attachmentType')
  if (type !== 'file') throw badRequest('Only file attachments can be uploaded in a session.', 'ErrorInvalidParameter')
  const name = textProperty(item, 'name')
  if (name === undefined) throw badRequest("The required parameter 'name' is missing.", 'ErrorInvalidParameter')
  const session = call.context.uploads.start({
    userId: call.user.id,
    target,
    name,
    contentType: textProperty(item, 'contentType'),
    isInline: optionalBoolean(item, 'isInline') ?? false,
    contentId: textProperty(item, 'contentId'),
    size: sizeOf(property(item, 'size')),
    expiresAt: call.now + sessionLifetimeMs,
  })
  return jsonReply(201, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#microsoft.graph.uploadSession`,
    uploadUrl: `${sessionUrl(call, session)}?authtoken=${session.authToken}`,
    expirationDateTime: new Date(session.expiresAt).toISOString(),
    nextExpectedRanges: ['0-'],
  })
}

function sizeOf(size: unknown): number {
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0) {
    throw badRequest("The parameter 'size' must be a whole number.", 'ErrorInvalidParameter')
  }
  if (size < uploadSessionMinimum) {
    throw badRequest(
      'Attachment size must be greater than the minimum size.',
      'ErrorAttachmentSizeShouldNotBeLessThanMinimumSize',
    )
  }
  if (size > largestAttachment) {
    throw badRequest('Attachment size must not be greater than the maximum size.', 'ErrorAttachmentSizeLimitExceeded')
  }
  return size
}

function targetPath(call: MailboxCall, { target }: UploadSession): string {
  const owner = `${call.user.id}@${call.context.app.tenantId}`
  return `${call.context.origin()}/api/v2.0/Users('${owner}')/${target.collection}('${target.id}')`
}

function sessionUrl(call: MailboxCall, session: UploadSession): string {
  return `${targetPath(call, session)}/AttachmentSessions('${session.id}')`
}

/** The session the pre-authenticated address names. It must be called without Authorization. */
function sessionOf(call: MailboxCall): UploadSession {
  if (call.request.headers.authorization !== undefined) {
    throw new GraphError(
      401,
      'InvalidAudienceForResource',
      'The upload address must be called without an Authorization header.',
    )
  }
  const session = call.context.uploads.find(call.parameters.session ?? '', call.now)
  if (session?.userId !== call.user.id || session.target.isGone()) {
    throw new GraphError(404, 'ErrorItemNotFound', 'The upload session was not found.')
  }
  if (call.query.get('authtoken') !== session.authToken) {
    throw new GraphError(401, 'InvalidAuthenticationToken', 'The authtoken of the upload address is not valid.')
  }
  return session
}

/** PUT a range: 200 on the way, 201 with a Location and no body at the end. */
export function putRange(call: MailboxCall): Reply {
  const session = sessionOf(call)
  const { start, end } = rangeOf(call, session)
  if (start !== session.received) {
    throw new GraphError(416, 'ErrorInvalidRange', `The next expected range begins at ${String(session.received)}.`)
  }
  session.ranges.push(call.request.body)
  session.received = end + 1
  return session.received === session.size ? complete(call, session) : jsonReply(200, progress(call, session))
}

/** GET the session: what is expected next. */
export function getSession(call: MailboxCall): Reply {
  return jsonReply(200, progress(call, sessionOf(call)))
}

/** DELETE the session. */
export function deleteSession(call: MailboxCall): Reply {
  call.context.uploads.end(sessionOf(call))
  return emptyReply(204)
}

function progress(call: MailboxCall, session: UploadSession): object {
  return {
    '@odata.context': `${call.context.origin()}/api/v2.0/$metadata#AttachmentSessions/$entity`,
    ExpirationDateTime: new Date(session.expiresAt).toISOString(),
    NextExpectedRanges: [String(session.received)],
  }
}

function rangeOf(call: MailboxCall, session: UploadSession): { readonly start: number; readonly end: number } {
  const { body, overflow, headers } = call.request
  const [, first = '', last = '', total = ''] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '') ?? []
  if (first === '') throw badRequest('The Content-Range header is missing or malformed.', 'ErrorInvalidRange')
  const start = Number(first)
  const end = Number(last)
  if (Number(total) !== session.size || end >= session.size || end < start) {
    throw badRequest('The Content-Range header does not fit the size of the upload session.', 'ErrorInvalidRange')
  }
  if (overflow > 0 || body.length > largestRange) {
    throw new GraphError(413, 'ErrorRangeTooLarge', 'A range may have 4 MB at most.')
  }
  if (end - start + 1 !== body.length) {
    throw badRequest(
      'The Content-Range header length does not match the provided number of bytes.',
      'ErrorInvalidRange',
    )
  }
  if (!/^application\/octet-stream\b/i.test(headers['content-type'] ?? '')) {
    throw new GraphError(415, 'UnsupportedMediaType', 'A range must be sent as application/octet-stream.')
  }
  return { start, end }
}

function complete(call: MailboxCall, session: UploadSession): Reply {
  const { name, contentType = guessedType(session.name), isInline, contentId } = session
  const bytes = Buffer.concat(session.ranges)
  const id = session.target.attach(call.now, fileAttachment({ name, contentType, isInline, contentId }, bytes))
  call.context.uploads.end(session)
  return emptyReply(201, { Location: `${targetPath(call, session)}/Attachments('${id}')` })
}
