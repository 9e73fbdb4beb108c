import { ComposedSource } from '../mime/composed-source.ts'
import { composedFrom } from '../mime/edit.ts'
import { badRequest, idMalformed, itemNotFound } from '../http/errors.ts'
import { bytesReply, emptyReply, jsonReply } from '../http/exchange.ts'
import type { Reply } from '../http/exchange.ts'
import { appliedPreferences, parseSelect, propertyNames } from '../odata/query.ts'
import { renderAttachment } from '../render/attachment.ts'
import type { AttachmentView } from '../render/attachment.ts'
import { attachmentId, messageId } from '../state/ids.ts'
import type { StoredMessage } from '../state/stored.ts'
import type { AttachmentContent } from '../state/types.ts'
import { attachmentInput } from './attachment-input.ts'
import type { NewAttachment } from './attachment-input.ts'
import type { MailboxCall } from './context.ts'
import { plainNumber } from './folders.ts'
import { jsonObject } from './request-json.ts'
import { messageOf } from './require-mailbox.ts'

const properties = propertyNames([
  'id',
  'lastModifiedDateTime',
  'name',
  'contentType',
  'size',
  'isInline',
  'contentId',
  'contentLocation',
  'contentBytes',
])

/** GET messages/{id}/attachments: all at once, contents included, as Graph gives them unless `$select` leaves them out. */
export function listAttachments(call: MailboxCall): Reply {
  const message = messageOf(call)
  const view: AttachmentView = { withContent: true, ...viewOf(call) }
  const id = shownId(call, message)
  const value = attachmentsOf(message).map((attachment) => renderAttachment(attachment, id, message, view))
  const json = { '@odata.context': contextOf(call, id), value }
  return jsonReply(200, json, appliedPreferences(call.preferences))
}

/** GET messages/{id}/attachments/$count */
export function countAttachments(call: MailboxCall): Reply {
  return plainNumber(attachmentsOf(messageOf(call)).length)
}

function viewOf(call: MailboxCall): Pick<AttachmentView, 'selected' | 'withItem'> {
  const expand = call.query.get('$expand')
  const withItem = expand !== undefined && /^microsoft\.graph\.itemattachment\/item/i.test(expand.trim())
  if (expand !== undefined && !withItem) throw badRequest(`The expand '${expand}' is not valid.`)
  return { selected: parseSelect(call.query.get('$select'), properties, 'microsoft.graph.attachment'), withItem }
}

/** GET messages/{id}/attachments/{id} */
export function getAttachment(call: MailboxCall): Reply {
  const message = messageOf(call)
  const id = shownId(call, message)
  const shown = renderAttachment(attachmentOf(call, message), id, message, { withContent: true, ...viewOf(call) })
  const json = { '@odata.context': `${contextOf(call, id)}/$entity`, ...shown }
  return jsonReply(200, json, appliedPreferences(call.preferences))
}

/** GET messages/{id}/attachments/{id}/$value: the file's bytes, or an attached message's MIME. */
export function getAttachmentValue(call: MailboxCall): Reply {
  const attachment = attachmentOf(call, messageOf(call))
  if (attachment.kind === 'reference') throw badRequest('A reference attachment has no content.', 'ErrorInvalidRequest')
  const type = attachment.kind === 'item' ? 'text/plain' : (attachment.contentType ?? 'application/octet-stream')
  return bytesReply(attachment.bytes(), type)
}

/** POST messages/{id}/attachments: anything below 3 MB. */
export function addAttachment(call: MailboxCall): Reply {
  const message = messageOf(call)
  const added = attach(call, message, attachmentInput(jsonObject(call.request)))
  const id = shownId(call, message)
  const shown = renderAttachment(added, id, message, { withContent: true })
  return jsonReply(
    201,
    { '@odata.context': `${contextOf(call, id)}/$entity`, ...shown },
    appliedPreferences(call.preferences),
  )
}

/** DELETE messages/{id}/attachments/{id} */
export function deleteAttachment(call: MailboxCall): Reply {
  const message = messageOf(call)
  const { key } = attachmentOf(call, message)
  call.mailbox.change(message, 'changed', Math.floor(call.now / 1000), () => {
    composed(message).detach(key)
  })
  return emptyReply(204)
}

/** Puts an attachment on a message; its MIME is another one afterwards. */
export function attach(
  call: Pick<MailboxCall, 'mailbox' | 'now'>,
  message: StoredMessage,
  attachment: NewAttachment,
): AttachmentContent {
  const holder: { added?: AttachmentContent } = {}
  call.mailbox.change(message, 'changed', Math.floor(call.now / 1000), () => {
    holder.added = composed(message).attach(attachment)
  })
  if (holder.added === undefined) throw new Error('The attachment was not added')
  return holder.added
}

function composed(message: StoredMessage): ComposedSource {
  const source = composedFrom(message)
  message.source = source
  message.seed = 0
  return source
}

function attachmentsOf(message: StoredMessage): readonly AttachmentContent[] {
  return message.source.attachments(message.seed)
}

function attachmentOf(call: MailboxCall, message: StoredMessage): AttachmentContent {
  const wanted = call.parameters.attachment ?? ''
  if (!wanted.includes('BEgAQA')) throw idMalformed()
  const ids = (['immutable', 'regular'] as const).map((family) =>
    messageId(call.mailbox.key, message.number, message.moves, family),
  )
  const found = attachmentsOf(message).find((attachment) =>
    ids.some((id) => attachmentId(id, attachment.key) === wanted),
  )
  if (found === undefined) throw itemNotFound()
  return found
}

function shownId(call: MailboxCall, message: StoredMessage): string {
  return messageId(call.mailbox.key, message.number, message.moves, call.preferences.ids)
}

function contextOf(call: MailboxCall, id: string): string {
  const message = encodeURIComponent(id)
  return `${call.context.origin()}/v1.0/$metadata#users('${call.user.id}')/messages('${message}')/attachments`
}
