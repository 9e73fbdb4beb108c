import { formatBytes } from '../../../../src-shared/text/amounts.ts'
import { record } from '../../../graph/item/fields.ts'
import type { StoredFile } from '../../../engine/ports/restore-target.ts'
import { decodedText, isText } from '../decoded-text.ts'
import { pictureType } from '../media-types.ts'
import { contentPart, filePart, type ShownPart } from '../parts.ts'
import { firstBytes, type OpenSnapshot, type StoredItem } from '../stored-item.ts'
import { fieldWords as words } from '../words.ts'
import { allFields, field, momentField, valueText } from './field-list.ts'
import type { MakePreview, PreviewOf } from './preview.ts'

const MiB = 1024 * 1024
const MOST_IMAGE = 20 * MiB
const MOST_PDF = 50 * MiB
const MOST_TEXT = 256 * 1024

/** A file of a drive or library: what it is, its first bytes tell. */
export const previewFile: MakePreview = async (item, open) => {
  const { content, title: name } = item
  if (content === undefined) return fieldsOf(item, [])
  const parts = [contentPart(content, name), ...item.parts.map((file) => filePart(file))]
  const shown = await shownContent(content, name, open)
  return shown === undefined ? fieldsOf(item, parts) : { ...shown, name, parts }
}

async function shownContent(content: StoredFile, name: string, { signal }: OpenSnapshot) {
  const start = await firstBytes(content, MOST_TEXT, signal)
  const mediaType = pictureType(start)
  if (mediaType !== undefined && content.size <= MOST_IMAGE)
    return { kind: 'image', mediaType, data: plainBytes(await content.bytes(signal)) } as const
  const isPdf = start.subarray(0, 1024).includes('%PDF-')
  if (isPdf && content.size <= MOST_PDF) return { kind: 'pdf', data: plainBytes(await content.bytes(signal)) } as const
  const truncated = content.size > start.length
  if (mediaType !== undefined || isPdf || !isText(start, name, truncated)) return undefined
  return { kind: 'text', text: decodedText(start, truncated), truncated } as const
}

/** Bytes that are nothing but themselves: a view into something larger would travel whole. */
function plainBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes)
}

function fieldsOf({ properties, title, version }: StoredItem, parts: ShownPart[]): PreviewOf<'fields'> {
  const { createdBy, lastModifiedBy, fileSystemInfo } = properties
  const times = { ...properties, ...record({ fileSystemInfo: fileSystemInfo ?? null }, 'fileSystemInfo') }
  const media = ['image', 'photo', 'video', 'audio'].map((facet) => record(properties, facet) ?? {})
  return {
    kind: 'fields',
    title: title === '' ? version.name : title,
    fields: [
      ...field(words.size, formatBytes(version.size)),
      ...field(words.type, valueText(record(properties, 'file')?.mimeType)),
      ...momentField(words.created, times, 'createdDateTime'),
      ...momentField(words.modified, times, 'lastModifiedDateTime'),
      ...field(words.by, [...new Set([valueText(createdBy), valueText(lastModifiedBy)])].filter(Boolean).join(', ')),
      ...field(words.sharedWith, version.to),
      ...field(words.description, valueText(properties.description)),
      ...media.flatMap((facet) => allFields(facet)),
    ],
    parts,
  }
}
