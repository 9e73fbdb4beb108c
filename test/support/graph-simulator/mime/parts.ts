import type { InternetHeader } from '../state/types.ts'
import { headerValue, parseHeaders, parseStructured } from './headers.ts'
import type { StructuredValue } from './headers.ts'
import { decodeTransfer } from './text.ts'

const deepest = 20
const lineFeed = 10
const carriageReturn = 13
const dash = 45

/** One node of a message's MIME tree. */
export interface MimePart {
  readonly headers: readonly InternetHeader[]
  readonly type: StructuredValue
  readonly disposition: StructuredValue
  readonly encoding: string | undefined
  /** Still transfer-encoded. */
  readonly raw: Buffer
  readonly children: readonly MimePart[]
}

export function parsePart(bytes: Buffer, depth = 0): MimePart {
  const { headers, bodyOffset } = parseHeaders(bytes)
  const type = parseStructured(headerValue(headers, 'content-type') ?? 'text/plain')
  const raw = bytes.subarray(bodyOffset)
  const boundary = type.value.startsWith('multipart/') ? type.parameters.get('boundary') : undefined
  const children =
    boundary === undefined || depth >= deepest
      ? []
      : splitParts(raw, boundary).map((part) => parsePart(part, depth + 1))
  return {
    headers,
    type,
    disposition: parseStructured(headerValue(headers, 'content-disposition')),
    encoding: headerValue(headers, 'content-transfer-encoding'),
    raw,
    children,
  }
}

/** The bytes between the boundary lines, without the line break that belongs to the boundary. */
function splitParts(raw: Buffer, boundary: string): Buffer[] {
  const marker = Buffer.from(`--${boundary}`, 'utf8')
  const parts: Buffer[] = []
  let start = -1
  for (let at = nextMarker(raw, marker, 0); at >= 0; at = nextMarker(raw, marker, at + marker.length)) {
    if (start >= 0) parts.push(withoutLastLineBreak(raw.subarray(start, at)))
    const after = at + marker.length
    if (raw[after] === dash && raw[after + 1] === dash) return parts
    const lineEnd = raw.indexOf(lineFeed, after)
    start = lineEnd < 0 ? raw.length : lineEnd + 1
  }
  if (start >= 0) parts.push(raw.subarray(start))
  return parts
}

function nextMarker(raw: Buffer, marker: Buffer, from: number): number {
  for (let at = raw.indexOf(marker, from); at >= 0; at = raw.indexOf(marker, at + 1)) {
    if (at === 0 || raw[at - 1] === lineFeed) return at
  }
  return -1
}

function withoutLastLineBreak(part: Buffer): Buffer {
  if (part.at(-1) !== lineFeed) return part
  return part.subarray(0, part.at(-2) === carriageReturn ? -2 : -1)
}

export function decodedContent(part: MimePart): Buffer {
  return decodeTransfer(part.raw, part.encoding)
}

export function partFileName(part: MimePart): string | undefined {
  return part.disposition.parameters.get('filename') ?? part.type.parameters.get('name')
}
