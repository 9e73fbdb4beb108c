import type { MimePart } from './mime-parts.ts'

/** The part's content with its transfer encoding undone, byte for byte. Damaged encoding gives what can be read. */
export function partBytes(message: Uint8Array, part: MimePart): Uint8Array {
  const body = Buffer.from(message.buffer, message.byteOffset + part.bodyStart, part.bodyEnd - part.bodyStart)
  if (part.encoding === 'base64') return decodeBase64(body)
  if (part.encoding === 'quoted-printable') return decodeQuotedPrintable(body)
  return body
}

const equalsSign = 0x3d

/** Some senders pad in the middle (each line, each chunk): every padded piece is decoded by itself. */
export function decodeBase64(encoded: Buffer): Buffer {
  const firstPad = encoded.indexOf(equalsSign)
  if (firstPad < 0 || !/[A-Za-z0-9+/]/.test(encoded.toString('latin1', firstPad))) return plainBase64(encoded)
  const pieces = encoded.toString('latin1').split(/=+/)
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64')))
}

function plainBase64(encoded: Buffer): Buffer {
  return Buffer.from(encoded.toString('latin1'), 'base64')
}

/**
 * RFC 2045, 6.7: blanks at the end of a line were added on the way and are dropped, as is a line break behind "=".
 * Line breaks stay as they are. "=" that begins no escape stands for itself.
 */
export function decodeQuotedPrintable(encoded: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(encoded.length)
  let length = 0
  for (let at = 0; at < encoded.length;) {
    const byte = encoded[at] ?? 0
    const blanks = isBlank(byte) || byte === equalsSign ? blanksEnd(encoded, at + 1) : at
    const high = byte === equalsSign ? hexDigit(encoded[at + 1]) : -1
    const low = hexDigit(encoded[at + 2])
    if (high >= 0 && low >= 0) {
      decoded[length++] = high * 16 + low
      at += 3
    } else if (byte === equalsSign && isLineEnd(encoded, blanks)) {
      at = blanks + lineBreakLength(encoded, blanks)
    } else if (isBlank(byte)) {
      if (!isLineEnd(encoded, blanks)) length += encoded.copy(decoded, length, at, blanks)
      at = blanks
    } else {
      decoded[length++] = byte
      at += 1
    }
  }
  return decoded.subarray(0, length)
}

function blanksEnd(encoded: Buffer, from: number): number {
  let at = from
  while (isBlank(encoded[at])) at += 1
  return at
}

function isLineEnd(encoded: Buffer, at: number): boolean {
  return at >= encoded.length || lineBreakLength(encoded, at) > 0
}

function lineBreakLength(encoded: Buffer, at: number): number {
  if (encoded[at] === 0x0a) return 1
  return encoded[at] === 0x0d && encoded[at + 1] === 0x0a ? 2 : 0
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
