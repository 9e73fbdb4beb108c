import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { attachmentName } from '../../graph/mail/attachment-name.ts'
import { messageLeaves } from '../../graph/mail/mime-leaves.ts'
import { scanParts, type MimePart } from '../../graph/mail/mime-parts.ts'
import { lines } from './mime-lines.ts'

/** A file of a message that is too large to be held in memory. */
export interface LargeFile {
  readonly name: string
  readonly mediaType: string
  readonly encoding: string
  /** Bytes of the stored message, its transfer encoding not undone. */
  readonly start: number
  readonly end: number
}

/** Lines that base64 fills: they can neither begin a part nor end one, and mean nothing to the structure. */
const FULL_LINE = 60

/** Where what was left out of the skeleton begins, in the message. */
interface Gap {
  readonly at: number
  readonly skipped: number
}

/** The files of a message, found in one pass that holds all of it but the lines of base64. */
export async function largeMailFiles(file: StoredFile, signal: AbortSignal): Promise<readonly LargeFile[]> {
  const kept: Uint8Array[] = []
  const gaps: Gap[] = []
  let length = 0
  for await (const line of lines(file.stream(signal))) {
    if (isBase64(line)) {
      const last = gaps.at(-1)
      if (last?.at === length) gaps[gaps.length - 1] = { at: length, skipped: last.skipped + line.length }
      else gaps.push({ at: length, skipped: line.length })
    } else {
      // The piece that it is cut from must not stay in memory for it.
      kept.push(Uint8Array.from(line))
      length += line.length
    }
  }
  const skeleton = Buffer.concat(kept)
  const attached = messageLeaves(scanParts(skeleton, { embedded: false })).filter(({ role }) => role === 'attachment')
  const placeOf = placesIn(gaps)
  return attached.map(({ part }, at) => largeFile(part, attachmentName(skeleton, part, at + 1), placeOf))
}

function largeFile(part: MimePart, name: string, placeOf: (offset: number, isEnd: boolean) => number): LargeFile {
  return {
    name,
    mediaType: part.type.value,
    encoding: part.encoding,
    start: placeOf(part.bodyStart, false),
    end: placeOf(part.bodyEnd, true),
  }
}

/** From offsets in the skeleton to those in the message; a body that begins or ends at a gap has it inside. */
function placesIn(gaps: readonly Gap[]): (offset: number, isEnd: boolean) => number {
  return (offset, isEnd) => {
    let place = offset
    for (const { at, skipped } of gaps) {
      if (at > offset || (at === offset && !isEnd)) break
      place += skipped
    }
    return place
  }
}

function isBase64(line: Uint8Array): boolean {
  let end = line.length
  while (end > 0 && (line[end - 1] === 0x0a || line[end - 1] === 0x0d)) end--
  if (end < FULL_LINE) return false
  for (let at = 0; at < end; at++) if (!BASE64[line[at] ?? 0]) return false
  return true
}

const BASE64: readonly boolean[] = Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9+/=]/.test(String.fromCharCode(byte)),
)
