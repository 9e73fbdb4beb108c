import { MIN_CHUNK, chunkEnd, type GearTable } from './gear.ts'
import { MIN_BODY, mimeBodies } from './mime-bodies.ts'

/**
 * Calls `emit` with start and end of each blob of the content, in order, without gaps. `inBody` says that the bytes
 * begin inside a base64 part of a mail; the result says so of the beginning of the last blob.
 */
export function cutContent(
  bytes: Uint8Array,
  mime: boolean,
  table: GearTable,
  emit: (start: number, end: number) => void,
  inBody = false,
): boolean {
  let start = 0
  let endsInBody = false
  if (mime && (inBody || bytes.length > MIN_BODY)) {
    for (const body of mimeBodies(bytes, inBody)) {
      endsInBody = body.end === bytes.length
      cutRange(bytes, start, body.start, table, emit)
      cutRange(bytes, body.start, body.end, table, emit)
      start = body.end
    }
  }
  cutRange(bytes, start, bytes.length, table, emit)
  return endsInBody
}

function cutRange(
  bytes: Uint8Array,
  start: number,
  end: number,
  table: GearTable,
  emit: (start: number, end: number) => void,
): void {
  while (start < end) {
    const next = end - start <= MIN_CHUNK ? end : chunkEnd(bytes, start, end, table)
    emit(start, next)
    start = next
  }
}
