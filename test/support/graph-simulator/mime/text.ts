import { TextDecoder } from 'node:util'

/** Text in mails: charsets, transfer encodings, encoded words. Tolerant, as mail in the wild needs. */

const decoders = new Map<string, TextDecoder | undefined>()

function decoderFor(charset: string): TextDecoder | undefined {
  const label = charset.trim().toLowerCase()
  if (!decoders.has(label)) decoders.set(label, makeDecoder(label))
  return decoders.get(label)
}

function makeDecoder(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Bytes as text; an unknown charset is read as Latin-1, so nothing is lost. */
export function decodeCharset(bytes: Buffer, charset: string | undefined): string {
  const decoder = charset === undefined ? undefined : decoderFor(charset)
  if (decoder !== undefined) return decoder.decode(bytes)
  return decodeUnlabelled(bytes)
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/** UTF-8 when it is valid UTF-8, otherwise Latin-1. */
export function decodeUnlabelled(bytes: Buffer): string {
  try {
    return strictUtf8.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return bytes.toString('latin1')
    throw error
  }
}

/** Undoes a Content-Transfer-Encoding. */
export function decodeTransfer(bytes: Buffer, encoding: string | undefined): Buffer {
  const name = (encoding ?? '').trim().toLowerCase()
  if (name === 'base64') return Buffer.from(bytes.toString('latin1'), 'base64')
  if (name === 'quoted-printable')
    return decodeQuotedPrintable(bytes.toString('latin1').replace(/[ \t]+(\r?\n)/g, '$1'))
  return bytes
}

function decodeQuotedPrintable(text: string): Buffer {
  const joined = text.replace(/=\r?\n/g, '')
  const plain = joined.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(plain, 'latin1')
}

const encodedWord = /=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=/g

/** Undoes RFC 2047 encoded words. */
export function decodeEncodedWords(text: string): string {
  if (!text.includes('=?')) return text
  const joined = text.replace(/(\?=)\s+(=\?)/g, '$1$2')
  return joined.replace(encodedWord, (_, charset: string, form: string, data: string) => {
    const bytes =
      form.toLowerCase() === 'b' ? Buffer.from(data, 'base64') : decodeQuotedPrintable(data.replaceAll('_', '=20'))
    return decodeCharset(bytes, charset.split('*')[0])
  })
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', apos: "'" }

/** The readable text of some HTML, good enough for a preview. */
export function htmlToText(html: string): string {
  return html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<br\s*\/?>|<\/p>|<\/div>|<\/tr>/gi, '\r\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, digits: string) => codePoint(Number(digits)))
    .replace(/&([a-z]+);/gi, (whole, name: string) => entities[name.toLowerCase()] ?? whole)
}

function codePoint(value: number): string {
  return value > 0 && value <= 0x10ffff ? String.fromCodePoint(value) : ''
}

/** Graph's bodyPreview: the first 255 characters of the text, blank runs shortened. */
export function previewOf(text: string): string {
  return text
    .slice(0, 4096)
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*\n\s*\n\s*/g, '\r\n\r\n')
    .trim()
    .slice(0, 255)
}
