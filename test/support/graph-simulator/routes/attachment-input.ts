import { badRequest, GraphError } from '../http/errors.ts'
import type { AttachmentContent } from '../state/types.ts'
import { listValue, optionalBoolean, optionalText, wrongType } from './message-values.ts'
import { itemMime } from './item-attachment.ts'
import { isObject } from './request-json.ts'
import type { JsonObject } from './request-json.ts'

/** From this size on an attachment needs an upload session. Source: https://learn.microsoft.com/graph/outlook-large-attachments */
export const uploadSessionMinimum = 3 * 1024 * 1024
const sizeOverhead = 146

export type NewAttachment = Omit<AttachmentContent, 'key'>

/** The attachments inside a message's JSON. */
export function attachmentsValue(body: JsonObject): readonly NewAttachment[] {
  return (listValue(body, 'attachments') ?? []).map((entry) => {
    if (!isObject(entry)) throw wrongType('attachments', 'microsoft.graph.attachment')
    return attachmentInput(entry)
  })
}

/** One attachment's JSON: a file, an item, or a reference. The type must be stated. */
export function attachmentInput(body: JsonObject): NewAttachment {
  const type = (optionalText(body, '@odata.type') ?? '').replace(/^#/, '').toLowerCase()
  switch (type) {
    case 'microsoft.graph.fileattachment':
      return fileInput(body)
    case 'microsoft.graph.itemattachment':
      return itemInput(body)
    case 'microsoft.graph.referenceattachment':
      return { ...common(body), kind: 'reference', size: 0, bytes: () => Buffer.alloc(0) }
    default:
      throw badRequest('Cannot create an abstract class.', 'ErrorInvalidRequest')
  }
}

function common(body: JsonObject): Pick<AttachmentContent, 'name' | 'contentType' | 'isInline' | 'contentId'> {
  return {
    name: optionalText(body, 'name'),
    contentType: optionalText(body, 'contentType'),
    isInline: optionalBoolean(body, 'isInline') ?? false,
    contentId: optionalText(body, 'contentId'),
  }
}

function fileInput(body: JsonObject): NewAttachment {
  const text = optionalText(body, 'contentBytes')
  const name = optionalText(body, 'name')
  if (name === undefined) throw badRequest("The required property 'name' is missing.", 'ErrorRequiredPropertyMissing')
  if (text === undefined)
    throw badRequest("The required property 'contentBytes' is missing.", 'ErrorRequiredPropertyMissing')
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) throw wrongType('contentBytes', 'Edm.Binary')
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length >= uploadSessionMinimum) {
    throw new GraphError(413, 'ErrorMessageSizeExceeded', 'The attachment is too large for a single request.')
  }
  return fileAttachment({ ...common(body), contentType: common(body).contentType ?? guessedType(name) }, bytes)
}

export function fileAttachment(
  more: Pick<AttachmentContent, 'name' | 'contentType' | 'isInline' | 'contentId'>,
  bytes: Buffer,
): NewAttachment {
  return { ...more, kind: 'file', size: bytes.length + sizeOverhead, bytes: () => bytes }
}

const typesByExtension: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  zip: 'application/x-zip-compressed',
}

export function guessedType(name: string): string {
  return typesByExtension[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream'
}

function itemInput(body: JsonObject): NewAttachment {
  const { item } = body
  if (!isObject(item)) throw badRequest("The required property 'item' is missing.", 'ErrorRequiredPropertyMissing')
  const bytes = itemMime(item)
  return {
    ...common(body),
    contentType: undefined,
    kind: 'item',
    size: bytes.length + sizeOverhead,
    bytes: () => bytes,
    item,
  }
}
