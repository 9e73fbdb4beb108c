import type { MimePart } from './mime-parts.ts'

/** A part without parts, and what it is to the reader of the message. */
export interface Leaf {
  readonly part: MimePart
  /** `text`: belongs to the body. `shapeless`: a multipart in which no parts were found. */
  readonly role: 'text' | 'attachment' | 'shapeless'
  /** The innermost multipart/alternative around it. */
  readonly alternative: MimePart | undefined
}

/** The leaves of one message in order; embedded messages are leaves, whether they were looked into or not. */
export function messageLeaves(message: MimePart): readonly Leaf[] {
  const leaves: Leaf[] = []
  collect(message, undefined, leaves)
  return leaves
}

function collect(part: MimePart, alternative: MimePart | undefined, leaves: Leaf[]): void {
  if (!isMultipart(part)) {
    leaves.push({ part, role: roleOf(part, alternative, leaves.length === 0), alternative })
    return
  }
  if (part.children.length === 0) leaves.push({ part, role: 'shapeless', alternative })
  const inner = part.type.value === 'multipart/alternative' ? part : alternative
  for (const child of part.children) collect(child, inner, leaves)
}

export function isMultipart(part: MimePart): boolean {
  return part.type.value.startsWith('multipart/')
}

/**
 * Plain and HTML text belong to the body unless they are marked as attachments, or have a file name and are not the
 * text that the message begins with (a log file dropped into a mail comes "inline").
 */
function roleOf(part: MimePart, alternative: MimePart | undefined, isFirst: boolean): 'text' | 'attachment' {
  if (part.type.value !== 'text/plain' && part.type.value !== 'text/html') return 'attachment'
  if (part.disposition.value === 'attachment') return 'attachment'
  return isFirst || alternative !== undefined || fileName(part) === undefined ? 'text' : 'attachment'
}

/** The file name that the sender gave the part. */
export function fileName(part: MimePart): string | undefined {
  const name = part.disposition.params.filename ?? part.type.params.name ?? ''
  return name.trim() === '' ? undefined : name
}

/** What to put in the place of a part: its body, and header lines in front of its own (the first of a name counts). */
export interface PartEdit {
  readonly part: MimePart
  readonly body: Uint8Array
  readonly header?: string
}

/** The message with some parts changed, everything else as it is. */
export function editParts(message: Uint8Array, edits: readonly PartEdit[]): Uint8Array {
  const pieces: Uint8Array[] = []
  let at = 0
  for (const { part, body, header = '' } of [...edits].sort((one, other) => one.part.start - other.part.start)) {
    pieces.push(message.subarray(at, part.start), Buffer.from(header, 'latin1'))
    pieces.push(message.subarray(part.start, part.bodyStart), body)
    at = part.bodyEnd
  }
  return Buffer.concat([...pieces, message.subarray(at)])
}
