import { badRequest, idMalformed, itemNotFound } from '../../http/errors.ts'
import { bytesReply, emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { appliedPreferences, parseSelect, propertyNames } from '../../odata/query.ts'
import { attachmentInput } from '../../routes/attachment-input.ts'
import type { NewAttachment } from '../../routes/attachment-input.ts'
import { jsonObject } from '../../routes/request-json.ts'
import { openSession } from '../../routes/uploads.ts'
import type { Instance } from './instances.ts'
import type { StoredAttachment } from './model.ts'
import { attachmentIdOf, carrierOf, instanceIdOf, renderEventAttachment } from './render.ts'
import { eventOf } from './state.ts'
import type { CalendarCall } from './state.ts'

/** Properties of all kinds; those of files are selected with their type before them. */
const properties = propertyNames(['id', 'lastModifiedDateTime', 'name', 'contentType', 'size', 'isInline'])
const fileProperties = propertyNames(['contentId', 'contentLocation', 'contentBytes'])

interface View {
  readonly withContent: boolean
  readonly withItem: boolean
  readonly selected: ReadonlySet<string> | undefined
}

function viewOf(call: CalendarCall): View {
  const expand = call.query.get('$expand')
  const withItem = expand !== undefined && /^microsoft\.graph\.itemattachment\/item$/i.test(expand.trim())
  if (expand !== undefined && !withItem) throw badRequest(`The expand '${expand}' is not valid.`)
  return { withContent: true, withItem, selected: selectedOf(call.query.get('$select')) }
}

function selectedOf(text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined) return undefined
  const parts = text.split(',').map((part) => part.trim())
  const ofFiles = parts.flatMap((part) => /^microsoft\.graph\.fileAttachment\/(\w+)$/i.exec(part)?.[1] ?? [])
  const plain = parts.filter((part) => !part.includes('/')).join(',')
  const type = 'microsoft.graph.attachment'
  return new Set([
    ...(parseSelect(plain, properties, type) ?? []),
    ...(parseSelect(ofFiles.join(','), fileProperties, type) ?? []),
  ])
}

/** GET events/{id}/attachments: all at once. */
export function listAttachments(call: CalendarCall): Reply {
  const instance = eventOf(call)
  const view = viewOf(call)
  const id = instanceIdOf(instance, call)
  const value = carrierOf(instance).attachments.map((attachment) => renderEventAttachment(attachment, id, view))
  return jsonReply(200, { '@odata.context': contextOf(call, id), value }, appliedPreferences(call.preferences))
}

function contextOf(call: CalendarCall, id: string): string {
  const event = encodeURIComponent(id)
  return `${call.context.origin()}/v1.0/$metadata#users('${call.user.id}')/events('${event}')/attachments`
}

/** GET events/{id}/attachments/{id} */
export function getAttachment(call: CalendarCall): Reply {
  return attachmentReply(call, 200, eventOf(call), attachmentOf(call))
}

function attachmentReply(call: CalendarCall, status: number, instance: Instance, attachment: StoredAttachment): Reply {
  const id = instanceIdOf(instance, call)
  const shown = renderEventAttachment(attachment, id, viewOf(call))
  const json = { '@odata.context': `${contextOf(call, id)}/$entity`, ...shown }
  return jsonReply(status, json, appliedPreferences(call.preferences))
}

/** GET events/{id}/attachments/{id}/$value: the file, or the attached item as MIME, iCalendar or vCard. */
export function getAttachmentValue(call: CalendarCall): Reply {
  const attachment = attachmentOf(call)
  if (attachment.kind === 'reference') throw badRequest('A reference attachment has no content.', 'ErrorInvalidRequest')
  const type = attachment.kind === 'item' ? 'text/plain' : (attachment.contentType ?? 'application/octet-stream')
  return bytesReply(attachment.bytes(), type)
}

function attachmentOf(call: CalendarCall): StoredAttachment {
  const instance = eventOf(call)
  const wanted = call.parameters.attachment ?? ''
  if (!wanted.includes('BEgAQA')) throw idMalformed()
  const ids = (['immutable', 'regular'] as const).map((family) =>
    instanceIdOf(instance, { ...call, preferences: { ...call.preferences, ids: family } }),
  )
  const found = carrierOf(instance).attachments.find((attachment) =>
    ids.some((id) => attachmentIdOf(attachment, id) === wanted),
  )
  if (found === undefined) throw itemNotFound()
  return found
}

/** POST events/{id}/attachments: anything below 3 MB. On a day of a series it makes that day an exception. */
export function addAttachment(call: CalendarCall): Reply {
  const instance = eventOf(call)
  const added = attach(call, instance, attachmentInput(jsonObject(call.request)), call.now)
  return attachmentReply(call, 201, instance, added)
}

function attach(call: CalendarCall, instance: Instance, attachment: NewAttachment, now: number): StoredAttachment {
  const { calendars } = call
  const { event, date } = instance
  const carrier = date === undefined ? event : calendars.exception(event, date)
  const added = calendars.attach(carrier, attachment, now)
  calendars.touch(event, date, now)
  return added
}

/** POST events/{id}/attachments/createUploadSession */
export function createUploadSession(call: CalendarCall): Reply {
  const instance = eventOf(call)
  const id = instanceIdOf(instance, call)
  return openSession(call, {
    collection: 'Events',
    id,
    isGone: () => instance.event.isRemoved,
    attach: (now, attachment) => attachmentIdOf(attach(call, instance, attachment, now), id),
  })
}

/** DELETE events/{id}/attachments/{id} */
export function deleteAttachment(call: CalendarCall): Reply {
  const { calendars, now } = call
  const { event, date } = eventOf(call)
  const gone = attachmentOf(call)
  const carrier = date === undefined ? event : calendars.exception(event, date)
  carrier.attachments = carrier.attachments.filter((each) => each !== gone)
  calendars.touch(event, date, now)
  return emptyReply(204)
}
