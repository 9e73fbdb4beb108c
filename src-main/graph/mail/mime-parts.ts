import { decodeCharset, headerValue, parseHeader, parseStructured } from './mime-header.ts'
import type { HeaderField, StructuredField } from './mime-header.ts'

/** One part of a MIME message; positions are offsets into its bytes. */
export interface MimePart {
  readonly header: readonly HeaderField[]
  /** Content-Type in lower case, with its parameters. */
  readonly type: StructuredField
  readonly disposition: StructuredField
  /** Content-Transfer-Encoding in lower case; empty for none. */
  readonly encoding: string
  readonly start: number
  readonly bodyStart: number
  /** Without the line break that belongs to the boundary below. */
  readonly bodyEnd: number
  /** Parts of a multipart, or the one message inside a message/rfc822. */
  readonly children: readonly MimePart[]
}

export interface PartsOptions {
  /** Whether to look into embedded messages as well (only such that are not encoded). */
  readonly embedded: boolean
}

/** Deeper nesting is not taken apart: such a part is one piece. Real mail stays below ten. */
const deepest = 60

interface Boundary {
  readonly lineStart: number
  readonly lineEnd: number
  /** Which of the open boundaries, counted from the outermost. */
  readonly level: number
  readonly closing: boolean
}

interface Scan {
  readonly bytes: Buffer
  readonly options: PartsOptions
  /** Boundaries of the multiparts that are open, outermost first. */
  readonly open: Buffer[]
}

/**
 * Finds the parts of a message by their boundaries (RFC 2046), without decoding or copying anything. Boundaries are
 * recognised as postal-mime does it: the innermost that fits, with trailing blanks allowed. Never throws.
 */
export function scanParts(bytes: Uint8Array, options: PartsOptions): MimePart {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return scanPart({ bytes: view, options, open: [] }, 0, 'text/plain', 0).part
}

interface Scanned {
  readonly part: MimePart
  /** The boundary that ended the part; undefined at the end of the message. */
  readonly stop: Boundary | undefined
}

function scanPart(scan: Scan, start: number, defaultType: string, depth: number): Scanned {
  const head = scanHeader(scan, start)
  const header = parseHeader(decodeCharset(scan.bytes.subarray(start, head.end), undefined))
  const type = parseStructured(headerValue(header, 'content-type') ?? defaultType)
  const part = {
    header,
    type,
    disposition: parseStructured(headerValue(header, 'content-disposition')),
    encoding: parseStructured(headerValue(header, 'content-transfer-encoding')).value.replace(/[^\w-].*$/s, ''),
    start,
    bodyStart: head.bodyStart,
  }
  const body = head.stop === undefined ? scanBody(scan, part, depth) : { children: [], stop: head.stop }
  const bodyEnd = body.stop === undefined ? scan.bytes.length : bodyEndBefore(scan, body.stop.lineStart)
  return { part: { ...part, bodyEnd: Math.max(bodyEnd, part.bodyStart), children: body.children }, stop: body.stop }
}

interface Head {
  /** End of the header block. */
  readonly end: number
  readonly bodyStart: number
  /** A boundary line in the middle of the header: the part has no body. */
  readonly stop: Boundary | undefined
}

function scanHeader(scan: Scan, start: number): Head {
  for (let at = start; at < scan.bytes.length;) {
    const lineEnd = endOfLine(scan, at)
    const stop = boundaryAt(scan, at)
    if (stop !== undefined) return { end: at, bodyStart: at, stop }
    if (isEmptyLine(scan, at, lineEnd)) return { end: at, bodyStart: lineEnd, stop: undefined }
    at = lineEnd
  }
  return { end: scan.bytes.length, bodyStart: scan.bytes.length, stop: undefined }
}

interface Body {
  readonly children: readonly MimePart[]
  readonly stop: Boundary | undefined
}

type PartHead = Pick<MimePart, 'type' | 'encoding' | 'bodyStart'>

function scanBody(scan: Scan, part: PartHead, depth: number): Body {
  const boundary = part.type.value.startsWith('multipart/') ? part.type.params.boundary : undefined
  if (depth < deepest && boundary !== undefined && boundary !== '') {
    return scanMultipart(scan, part, Buffer.from(boundary, 'utf8'), depth)
  }
  if (depth < deepest && scan.options.embedded && isReadableMessage(part)) {
    const inner = scanPart(scan, part.bodyStart, 'text/plain', depth + 1)
    return { children: [inner.part], stop: inner.stop }
  }
  return { children: [], stop: nextBoundary(scan, part.bodyStart) }
}

function scanMultipart(scan: Scan, part: PartHead, boundary: Buffer, depth: number): Body {
  const level = scan.open.push(boundary) - 1
  const children: MimePart[] = []
  const defaultType = part.type.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  let stop = nextBoundary(scan, part.bodyStart)
  while (stop?.level === level && !stop.closing) {
    const child = scanPart(scan, stop.lineEnd, defaultType, depth + 1)
    children.push(child.part)
    stop = child.stop
  }
  scan.open.pop()
  // Behind the closing line only an outer boundary counts.
  if (stop?.level === level) stop = nextBoundary(scan, stop.lineEnd)
  return { children, stop }
}

function isReadableMessage(part: PartHead): boolean {
  return part.type.value === 'message/rfc822' && part.encoding !== 'base64' && part.encoding !== 'quoted-printable'
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
const dash = 0x2d

/** The first boundary line at or behind `from`, the start of a line. */
function nextBoundary(scan: Scan, from: number): Boundary | undefined {
  if (scan.open.length === 0) return undefined
  for (let at = from; at < scan.bytes.length;) {
    const found = boundaryAt(scan, at)
    if (found !== undefined) return found
    const next = scan.bytes.indexOf('\n--', at, 'latin1')
    if (next < 0) return undefined
    at = next + 1
  }
  return undefined
}

function boundaryAt(scan: Scan, lineStart: number): Boundary | undefined {
  const { bytes, open } = scan
  if (bytes[lineStart] !== dash || bytes[lineStart + 1] !== dash) return undefined
  const lineEnd = endOfLine(scan, lineStart)
  const end = blanksStart(bytes, lineStart, lineEnd)
  for (let level = open.length - 1; level >= 0; level -= 1) {
    const boundary = open[level]
    if (boundary === undefined) continue
    const rest = lineStart + 2 + boundary.length
    // Lengths first: most lines that begin with dashes are not boundaries.
    const closing = end === rest + 2 && bytes[rest] === dash && bytes[rest + 1] === dash
    if (!closing && (end > rest || lineEnd < rest)) continue
    if (bytes.compare(boundary, 0, boundary.length, lineStart + 2, rest) !== 0) continue
    return { lineStart, lineEnd, level, closing }
  }
  return undefined
}

/** Where the blanks and the line break at the end of the line begin. */
function blanksStart(bytes: Buffer, start: number, end: number): number {
  let at = end
  while (at > start && isBlank(bytes[at - 1])) at -= 1
  return at
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === carriageReturn || byte === lineFeed
}

function isEmptyLine(scan: Scan, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = scan.bytes[at]
    if (byte !== carriageReturn && byte !== lineFeed) return false
  }
  return true
}

/** Behind the line feed. */
function endOfLine(scan: Scan, start: number): number {
  const at = scan.bytes.indexOf(lineFeed, start)
  return at < 0 ? scan.bytes.length : at + 1
}

function bodyEndBefore(scan: Scan, lineStart: number): number {
  const end = scan.bytes[lineStart - 1] === lineFeed ? lineStart - 1 : lineStart
  return scan.bytes[end - 1] === carriageReturn ? end - 1 : end
}
