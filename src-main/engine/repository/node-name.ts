import { isUtf8 } from 'node:buffer'

/**
 * Names of tree nodes. On disk a name is any bytes; restic keeps it as the inside of a Go string literal. Here it is a
 * string in which a byte that is not part of valid UTF-8 stands as a lone surrogate U+DC80 to U+DCFF (as in Python's
 * PEP 383), so that every name can be written back as it was.
 */

// Go: strconv.IsPrint without what a literal escapes anyway. Characters that are newer than restic's Unicode tables are
// escaped by restic and not here; both forms are read as the same name.
const PLAIN_ASCII = /^[ !#-[\]-~]*$/
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u
const ALL_PRINTABLE = /^(?!.*["\\])[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u
const ESCAPES = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0b, '\\v'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
])
const SIMPLE = new Map(Array.from(ESCAPES, ([code, text]) => [text.charCodeAt(1), code]))
const DIGITS = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
])
const BYTE_ESCAPE = 0xdc00

/** What is wrong with a name that is to be written, or undefined. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'empty name'
  if (name === '.' || name === '..') return 'name of a relative folder'
  if (name.includes('/')) return 'name with a slash'
  if (name.includes('\0')) return 'name with a zero byte'
  return undefined
}

/** Orders names by their bytes, as trees are ordered. */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left === right) continue
    // UTF-16 and UTF-8 order alike as long as no surrogate takes part.
    return left < 0xd800 && right < 0xd800 ? left - right : Buffer.compare(nameBytes(a), nameBytes(b))
  }
  return a.length - b.length
}

/** The name as it is on a disk. Throws RangeError for a surrogate that stands for no byte. */
export function nameBytes(name: string): Buffer {
  if (name.isWellFormed()) return Buffer.from(name)
  const parts = Array.from(name, (character) => {
    if (character.isWellFormed()) return Buffer.from(character)
    const byte = character.charCodeAt(0) - BYTE_ESCAPE
    if (byte < 0x80 || byte > 0xff) throw new RangeError('surrogate without a partner')
    return Buffer.of(byte)
  })
  return Buffer.concat(parts)
}

/** The name that those bytes are. */
export function nameFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString()
  let name = ''
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at)
    name +=
      length === 0 ? String.fromCharCode(BYTE_ESCAPE + bytes.readUInt8(at)) : bytes.toString('utf8', at, at + length)
    at += Math.max(length, 1)
  }
  return name
}

/** Bytes of the valid UTF-8 sequence there, or 0. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes.readUInt8(at)
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

/** The inside of the literal that Go's strconv.Quote makes of the name. https://pkg.go.dev/strconv#Quote */
export function goQuote(name: string): string {
  if (PLAIN_ASCII.test(name) || ALL_PRINTABLE.test(name)) return name
  let quoted = ''
  for (const character of name) quoted += quoteCharacter(character)
  return quoted
}

function quoteCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const escape = ESCAPES.get(code)
  if (escape !== undefined) return escape
  if (!character.isWellFormed()) return `\\x${nameBytes(character).toString('hex')}`
  if (PRINTABLE.test(character)) return character
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}

/** Undoes `goQuote`; undefined if the text is not the inside of a Go literal. https://pkg.go.dev/strconv#Unquote */
export function goUnquote(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted.includes('"') || quoted.includes('\n') ? undefined : quoted.toWellFormed()
  const parts: Buffer[] = []
  for (let at = 0; at < quoted.length;) {
    const next = quoted.indexOf('\\', at)
    const plain = quoted.slice(at, next < 0 ? quoted.length : next)
    if (plain.includes('"') || plain.includes('\n')) return undefined
    parts.push(Buffer.from(plain))
    if (next < 0) break
    const escape = readEscape(quoted, next + 1)
    if (escape === undefined) return undefined
    parts.push(escape.bytes)
    at = escape.end
  }
  return nameFromBytes(Buffer.concat(parts))
}

/** The bytes of the escape sequence whose letter is at `at`, and where it ends. */
function readEscape(quoted: string, at: number): { readonly bytes: Buffer; readonly end: number } | undefined {
  const letter = quoted.charAt(at)
  const simple = SIMPLE.get(quoted.charCodeAt(at))
  if (simple !== undefined) return { bytes: Buffer.of(simple), end: at + 1 }
  if (/^[0-3][0-7]{2}/.test(quoted.slice(at, at + 3)))
    return { bytes: Buffer.of(Number.parseInt(quoted.slice(at, at + 3), 8)), end: at + 3 }
  const digits = DIGITS.get(letter)
  if (digits === undefined) return undefined
  const end = at + 1 + digits
  const text = quoted.slice(at + 1, end)
  if (text.length < digits || !/^[0-9a-f]+$/i.test(text)) return undefined
  const code = Number.parseInt(text, 16)
  if (letter === 'x') return { bytes: Buffer.of(code), end }
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined
  return { bytes: Buffer.from(String.fromCodePoint(code)), end }
}
