import { badRequest, GraphError, itemNotFound } from '../../http/errors.ts'
import { bytesReply, emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { parseSelect, propertyNames } from '../../odata/query.ts'
import { guessedType } from '../../routes/attachment-input.ts'
import { optionalText, wordValue } from '../../routes/message-values.ts'
import { collectionPage } from '../../routes/paging.ts'
import { isObject, jsonObject, property } from '../../routes/request-json.ts'
import { childOf, refused } from './calls.ts'
import type { TaskCall } from './calls.ts'
import { onlySelected, renderFile } from './render.ts'
import type { StoredFile, StoredTask } from './stored.ts'

/** https://learn.microsoft.com/graph/todo-attachments */
const postLimit = 3 * 1024 * 1024
const largestFile = 25 * 1024 * 1024
/** "Each byte range needs to be less than 4 MB." */
const rangeLimit = 4 * 1024 * 1024
const lifetimeMs = 60 * 60_000

const fileNames = propertyNames(['id', 'name', 'contentType', 'size', 'lastModifiedDateTime'])

export function listFiles(call: TaskCall): Reply {
  const selected = parseSelect(call.query.get('$select'), fileNames, 'microsoft.graph.attachmentBase')
  const render = (file: StoredFile): object => onlySelected(renderFile(file, false), selected)
  return collectionPage(call, call.task.files, { kind: 'attachments', defaultPage: 20, largestPage: 100, render })
}

export function getFile(call: TaskCall): Reply {
  return jsonReply(200, renderFile(childOf(call.task.files, call.parameters.attachment), true))
}

export function getFileValue(call: TaskCall): Reply {
  const { bytes, contentType } = childOf(call.task.files, call.parameters.attachment)
  return bytesReply(bytes, contentType)
}

export function deleteFile(call: TaskCall): Reply {
  const file = childOf(call.task.files, call.parameters.attachment)
  call.task.files = call.task.files.filter((one) => one !== file)
  if (call.task.files.length === 0) call.task.version++
  call.book.childChanged(call.task)
  return emptyReply(204)
}

/** https://learn.microsoft.com/graph/api/todotask-post-attachments */
export function addFile(call: TaskCall): Reply {
  const body = jsonObject(call.request)
  if (!/^#?microsoft\.graph\.taskFileAttachment$/i.test(optionalText(body, '@odata.type') ?? ''))
    throw badRequest('Cannot create an abstract class.', 'ErrorInvalidRequest')
  const name = optionalText(body, 'name')
  const text = optionalText(body, 'contentBytes')
  if (name === undefined || text === undefined)
    throw refused("The required properties 'name' and 'contentBytes' are missing.")
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) throw refused("The value of 'contentBytes' is not valid.")
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length >= postLimit)
    throw new GraphError(413, 'ErrorMessageSizeExceeded', 'The file is too large for one request.')
  const contentType = optionalText(body, 'contentType') ?? guessedType(name)
  return jsonReply(
    201,
    renderFile(call.book.addFile(call.task, { name, contentType, bytes, modifiedAt: call.now }), false),
  )
}

interface Session {
  readonly id: string
  readonly task: StoredTask
  readonly name: string
  readonly contentType: string
  readonly size: number
  readonly expiresAt: number
  readonly ranges: Buffer[]
  received: number
}

/** Upload sessions under way, by id. */
class TodoSessions {
  readonly open = new Map<string, Session>()
}

const todoSessions = (): TodoSessions => new TodoSessions()

/** https://learn.microsoft.com/graph/api/taskfileattachment-createuploadsession */
export function createSession(call: TaskCall): Reply {
  const info = property(jsonObject(call.request), 'attachmentInfo')
  if (!isObject(info)) throw refused("The required parameter 'attachmentInfo' is missing.")
  wordValue(info.attachmentType, ['file'], 'attachmentType')
  const name = optionalText(info, 'name')
  const { size } = info
  if (name === undefined) throw refused("The required parameter 'name' is missing.")
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > largestFile)
    throw badRequest('The size of the file is not valid.', 'ErrorAttachmentSizeLimitExceeded')
  const session: Session = {
    id: `AAMkAD${Buffer.from(call.book.guid('session')).toString('base64url')}AAA=`,
    task: call.task,
    name,
    contentType: optionalText(info, 'contentType') ?? guessedType(name),
    size,
    expiresAt: call.now + lifetimeMs,
    ranges: [],
    received: 0,
  }
  sessions(call).open.set(session.id, session)
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#microsoft.graph.uploadSession`,
    uploadUrl: `${taskAddress(call)}/attachmentSessions/${session.id}`,
    expirationDateTime: new Date(session.expiresAt).toISOString(),
    nextExpectedRanges: ['0-'],
  })
}

function sessions(call: TaskCall): TodoSessions {
  return call.context.tenant.service(todoSessions)
}

function taskAddress(call: TaskCall): string {
  return `${call.context.origin()}/v1.0/users/${call.user.id}/todo/lists/${call.list.id}/tasks/${call.task.id}`
}

function sessionOf(call: TaskCall): Session {
  const session = sessions(call).open.get(call.parameters.session ?? '')
  if (session?.task !== call.task || session.expiresAt <= call.now) throw itemNotFound()
  return session
}

/** https://learn.microsoft.com/graph/todo-attachments: below the session's address, and signed in. */
export function putRange(call: TaskCall): Reply {
  const session = sessionOf(call)
  const { body, overflow, headers } = call.request
  const [, first = '', last = '', total = ''] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '') ?? []
  if (!/^application\/octet-stream\b/i.test(headers['content-type'] ?? ''))
    throw new GraphError(415, 'UnsupportedMediaType', 'A range must be sent as application/octet-stream.')
  if (overflow > 0 || body.length >= rangeLimit)
    throw new GraphError(413, 'ErrorRangeTooLarge', 'A range is below 4 MB.')
  const fits = Number(total) === session.size && Number(last) - Number(first) + 1 === body.length
  if (first === '' || !fits || Number(last) >= session.size)
    throw badRequest('The Content-Range does not fit.', 'ErrorInvalidRange')
  if (Number(first) !== session.received)
    throw new GraphError(416, 'ErrorInvalidRange', `The next expected range begins at ${String(session.received)}.`)
  session.ranges.push(body)
  session.received += body.length
  return session.received === session.size ? complete(call, session) : jsonReply(200, progress(session))
}

export function getSession(call: TaskCall): Reply {
  return jsonReply(200, progress(sessionOf(call)))
}

export function deleteSession(call: TaskCall): Reply {
  sessions(call).open.delete(sessionOf(call).id)
  return emptyReply(204)
}

function progress(session: Session): object {
  return {
    ExpirationDateTime: new Date(session.expiresAt).toISOString(),
    NextExpectedRanges: [String(session.received)],
  }
}

function complete(call: TaskCall, session: Session): Reply {
  const { name, contentType, ranges } = session
  const file = call.book.addFile(call.task, { name, contentType, bytes: Buffer.concat(ranges), modifiedAt: call.now })
  sessions(call).open.delete(session.id)
  return emptyReply(201, { Location: `${taskAddress(call)}/Attachments/${file.id}` })
}
