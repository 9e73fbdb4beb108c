import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { RestoreItem, RestoreRemark, StoredFile } from '../../engine/ports/restore-target.ts'
import { filledText, record, text } from '../item/fields.ts'
import { attachFile, attachOnce, postAttachment } from '../outlook/attachment-upload.ts'
import type { AttachTarget } from '../outlook/attachment-upload.ts'
import type { AttachmentFile } from '../outlook/attachment-file.ts'
import { fileInMemory } from '../outlook/attachment-file.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { createBytes } from '../outlook/restore-limits.ts'
import { attachedItemJson } from './attached-item.ts'
import { eventFiles, kindOf } from './event-parts.ts'
import type { EventFile } from './event-parts.ts'

/** What is to be put on one event, or on one day of a series. */
export interface WantedFiles {
  readonly files: readonly EventFile[]
  /** Stored bytes by file name. */
  readonly stored: ReadonlyMap<string, StoredFile>
  /** A text that was too long for the event, if there is one. */
  readonly longBody: string | undefined
}

/** The attachments of the event itself (`owner` its properties) or of one of its changed days. */
export function wantedFiles(
  item: RestoreItem,
  event: JsonObject,
  owner: JsonObject,
  longBody: string | undefined,
): WantedFiles {
  const files = eventFiles(event).filter((file) => file.owner === owner)
  return { files, stored: new Map(item.parts.map((part) => [part.name, part])), longBody }
}

/**
 * Puts attachments there that are not there yet, one after the other. Each that is there stands for one of its kind and
 * name. References cannot be made again in v1.0; an attached item comes back as one if its JSON says it all, otherwise
 * as a file (.eml, .ics, .vcf).
 */
export async function restoreAttachments(
  target: AttachTarget,
  wanted: WantedFiles,
  isNew: boolean,
): Promise<readonly RestoreRemark[]> {
  const present = isNew ? [] : await presentKeys(target)
  let position = present.length
  const remarks: RestoreRemark[] = []
  for (const put of plannedAttachments(wanted)) {
    const at = present.indexOf(put.key)
    if (at >= 0) {
      present.splice(at, 1)
      continue
    }
    const outcome = await putOne(target, put, position + 1)
    remarks.push(...outcome)
    position += 1
  }
  return [...remarks, ...leftOut(wanted)]
}

/** Sends one attachment; `position` counts the attachments that are there afterwards. */
interface PlannedAttachment {
  readonly key: string
  put(target: AttachTarget, position: number): Promise<readonly RestoreRemark[]>
}

async function putOne(
  target: AttachTarget,
  planned: PlannedAttachment,
  position: number,
): Promise<readonly RestoreRemark[]> {
  try {
    return await planned.put(target, position)
  } catch (error) {
    if (!isEngineError(error, 'graph.request-refused') || error.context.status === 507) throw error
    return [{ code: 'attachment-refused' }]
  }
}

function plannedAttachments({ files, stored, longBody }: WantedFiles): readonly PlannedAttachment[] {
  const planned = files.flatMap(({ attachment, fileName }) => {
    const file = fileName === undefined ? undefined : stored.get(fileName)
    if (kindOf(attachment) === 'reference') return []
    if (kindOf(attachment) === 'item') return plannedItem(attachment, file)
    return file === undefined ? [] : [plannedFile(storedFile(attachment, file))]
  })
  if (longBody === undefined) return planned
  const facts = { name: 'event.html', contentType: 'text/html', isInline: false, contentId: undefined }
  return [...planned, plannedFile(fileInMemory({ ...facts, bytes: Buffer.from(longBody) }))]
}

function plannedFile(file: AttachmentFile, remarks: readonly RestoreRemark[] = []): PlannedAttachment {
  return {
    key: keyOf('file', file.name),
    put: async (target, position) => {
      await attachFile(target, file, position)
      return remarks
    },
  }
}

function plannedItem(attachment: JsonObject, file: StoredFile | undefined): readonly PlannedAttachment[] {
  const asFile = file === undefined ? undefined : plannedFile(itemFile(file), [{ code: 'item-attachment-as-file' }])
  const item = attachedItemJson(record(attachment, 'item') ?? {})
  if (item === undefined) return asFile === undefined ? [] : [asFile]
  const name = text(attachment, 'name') ?? ''
  const body: JsonObject = { '@odata.type': '#microsoft.graph.itemAttachment', name, item }
  if (Buffer.byteLength(JSON.stringify(body)) > createBytes) return asFile === undefined ? [] : [asFile]
  const put: PlannedAttachment['put'] = async (target, position) => {
    try {
      await attachOnce(target, () => postAttachment(target, body), position)
      return []
    } catch (error) {
      if (asFile === undefined || !isEngineError(error, 'graph.request-refused')) throw error
      return await asFile.put(target, position)
    }
  }
  return [{ key: keyOf('item', name), put }]
}

function storedFile(attachment: JsonObject, file: StoredFile): AttachmentFile {
  return {
    ...bytesOf(file),
    name: filledText(attachment, 'name') ?? file.name,
    contentType: filledText(attachment, 'contentType'),
    isInline: attachment.isInline === true,
    contentId: filledText(attachment, 'contentId'),
  }
}

function itemFile(file: StoredFile): AttachmentFile {
  return { ...bytesOf(file), name: file.name, contentType: undefined, isInline: false, contentId: undefined }
}

/** Read range by range: an attachment may have 150 MB. */
function bytesOf(file: StoredFile): Pick<AttachmentFile, 'size' | 'read'> {
  const read: AttachmentFile['read'] = async (from, to, signal) => {
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of file.stream(signal, from)) {
      chunks.push(chunk)
      length += chunk.byteLength
      if (length >= to - from) break
    }
    return Buffer.concat(chunks).subarray(0, to - from)
  }
  return { size: file.size, read }
}

async function presentKeys({ mailbox, path }: AttachTarget): Promise<string[]> {
  const { client, user, signal } = mailbox
  const keys: string[] = []
  const request = { path: `${path}/attachments`, query: { $select: 'id,name' }, pool: mailboxPool(user), signal }
  for await (const page of client.pages<JsonObject>(request)) {
    for (const attachment of page.value) keys.push(keyOf(kindOf(attachment), text(attachment, 'name') ?? ''))
  }
  return keys
}

function keyOf(kind: string, name: string): string {
  return `${kind} ${name}`
}

/** What is not in the backup, and what Graph takes none of. */
function leftOut({ files, stored }: WantedFiles): readonly RestoreRemark[] {
  return files.flatMap(({ attachment, fileName }): readonly RestoreRemark[] => {
    if (kindOf(attachment) === 'reference') return [{ code: 'reference-attachment-lost' }]
    const isHere = fileName !== undefined && stored.has(fileName)
    const hasItem = kindOf(attachment) === 'item' && attachedItemJson(record(attachment, 'item') ?? {}) !== undefined
    return isHere || hasItem ? [] : [{ code: 'attachment-not-stored' }]
  })
}
