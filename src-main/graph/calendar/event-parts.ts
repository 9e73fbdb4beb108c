import type { JsonObject } from '../../engine/model/json.ts'
import { isObject, list, record, text } from '../item/fields.ts'
import { partNames } from '../item/names.ts'

/** Attachments as they are stored: Graph's properties without the bytes, an attached item's JSON with them. */
export function attachmentsOf(event: JsonObject): readonly JsonObject[] {
  return (list(event, 'attachments') ?? []).filter(isObject)
}

/** Changed occurrences as they are stored with their series, with all their properties. */
export function exceptionsOf(event: JsonObject): readonly JsonObject[] {
  return (list(event, 'exceptionOccurrences') ?? []).filter(isObject)
}

/** Days (yyyy-mm-dd, in the zone of the series) whose occurrences were cancelled or deleted. */
export function cancelledDaysOf(event: JsonObject): readonly string[] {
  return (list(event, 'cancelledOccurrences') ?? []).flatMap((id) => {
    const day = typeof id === 'string' ? /\.(\d{4}-\d\d-\d\d)$/.exec(id)?.[1] : undefined
    return day === undefined ? [] : [day]
  })
}

export type AttachmentKind = 'file' | 'item' | 'reference'

export function kindOf(attachment: JsonObject): AttachmentKind {
  const type = (text(attachment, '@odata.type') ?? '').toLowerCase()
  if (type.endsWith('itemattachment')) return 'item'
  return type.endsWith('referenceattachment') ? 'reference' : 'file'
}

/** A stored attachment, whose it is, and the name of the file that holds its bytes. */
export interface EventFile {
  /** The event's own properties, or those of one of its changed occurrences. */
  readonly owner: JsonObject
  readonly attachment: JsonObject
  /** Undefined for references, which have no bytes. */
  readonly fileName: string | undefined
}

/**
 * All attachments of an event and of its changed occurrences, in their order. The names follow from the stored
 * properties alone, so that a restore finds each attachment's file again.
 */
export function eventFiles(event: JsonObject): readonly EventFile[] {
  const all = [event, ...exceptionsOf(event)].flatMap((owner) =>
    attachmentsOf(owner).map((attachment) => ({ owner, attachment })),
  )
  const stored = all.filter(({ attachment }) => kindOf(attachment) !== 'reference')
  const names = partNames(stored.map(({ attachment }) => wantedName(attachment)))
  return all.map((entry) => ({ ...entry, fileName: names[stored.indexOf(entry)] }))
}

/** An attached item has no extension of its own: mail gets `.eml`, an event `.ics`, a contact `.vcf`. */
function wantedName(attachment: JsonObject): string {
  const name = text(attachment, 'name') ?? ''
  const plain = name.trim() === '' ? 'attachment' : name
  return kindOf(attachment) === 'item' ? `${plain}${itemExtension(attachment)}` : plain
}

function itemExtension(attachment: JsonObject): string {
  const type = (text(record(attachment, 'item') ?? {}, '@odata.type') ?? '').toLowerCase()
  if (type.endsWith('.event')) return '.ics'
  return type.endsWith('.contact') ? '.vcf' : '.eml'
}
