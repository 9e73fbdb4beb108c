/** Attachments shorter than this stay in one blob with what surrounds them. */
export const MIN_BODY = 32 * 1024

const DELIMITER = Buffer.from('\n--')
const NEWLINE = 10
const DASH = 45
const CARRIAGE_RETURN = 13
const MAX_HEADER = 8 * 1024
const BASE64 = /^content-transfer-encoding:\s*base64/im

export interface BodyRange {
  readonly start: number
  readonly end: number
}

/**
 * Bodies of base64 parts in a mail. Cutting there gives an attachment the same blobs in every mail that carries it.
 * A guess by the lines alone, without knowing the boundaries: wrong guesses cost some deduplication, nothing else.
 *
 * `inBody` says that the bytes begin inside such a body; a body that does not end is reported up to the end.
 */
export function mimeBodies(mail: Uint8Array, inBody = false): BodyRange[] {
  const bytes = Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength)
  const bodies: BodyRange[] = []
  // A window of a mail may begin with a delimiter line.
  let start = inBody ? 0 : startsWithDashes(bytes, 0) ? base64BodyStart(bytes, 0) : -1
  for (let at = Math.max(start - 1, 0); ;) {
    const found = bytes.indexOf(DELIMITER, at)
    const end = found < 0 ? bytes.length : found + 1
    const isLong = end - start >= (inBody && start === 0 ? 1 : MIN_BODY)
    if (start >= 0 && isLong) bodies.push({ start, end })
    if (found < 0) return bodies
    start = base64BodyStart(bytes, found + 1)
    at = Math.max(found + DELIMITER.length, start - 1)
  }
}

/** Where the body of the part begins whose delimiter line is at `line`; -1 if it is none or not base64. */
function base64BodyStart(bytes: Buffer, line: number): number {
  const header = bytes.indexOf(NEWLINE, line)
  if (header < 0) return -1
  const body = headerEnd(bytes, header + 1)
  if (body < 0 || !BASE64.test(bytes.toString('latin1', header + 1, body))) return -1
  return body
}

function startsWithDashes(bytes: Buffer, line: number): boolean {
  return bytes[line] === DASH && bytes[line + 1] === DASH
}

function headerEnd(bytes: Buffer, from: number): number {
  const limit = Math.min(bytes.length, from + MAX_HEADER)
  for (let line = from; line < limit;) {
    if (bytes[line] === NEWLINE) return line + 1
    if (bytes[line] === CARRIAGE_RETURN && bytes[line + 1] === NEWLINE) return line + 2
    // Another delimiter: that was no header. Looking on would take quadratic time in a text full of dashes.
    if (startsWithDashes(bytes, line)) return -1
    const next = bytes.indexOf(NEWLINE, line)
    if (next < 0) return -1
    line = next + 1
  }
  return -1
}
