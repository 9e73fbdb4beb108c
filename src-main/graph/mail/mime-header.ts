import { decodeWords } from 'postal-mime'

/** A header field, unfolded; the name in lower case. */
export interface HeaderField {
  readonly name: string
  readonly value: string
}

/** A field like `Content-Type: text/plain; charset=utf-8`: the value in lower case, the parameters decoded. */
export interface StructuredField {
  readonly value: string
  readonly params: Readonly<Record<string, string>>
}

const none: StructuredField = { value: '', params: {} }

/** The fields of a header block, in order. Lines that are no field are left out. */
export function parseHeader(block: string): readonly HeaderField[] {
  const lines = block.split(/\r*\n/).map((line) => line.replace(/\r/g, ''))
  const folded: string[][] = []
  for (const line of lines) {
    const last = folded.at(-1)
    if (last !== undefined && /^[ \t]/.test(line)) last.push(line)
    else folded.push([line])
  }
  return folded.map((parts) => headerField(parts.join(''))).filter((each) => each !== undefined)
}

function headerField(line: string): HeaderField | undefined {
  const colon = line.indexOf(':')
  if (colon <= 0) return undefined
  return { name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() }
}

/** The first field of that name: later copies do not count, as in the mail parser used for the text. */
export function headerValue(header: readonly HeaderField[], name: string): string | undefined {
  return header.find((each) => each.name === name)?.value
}

/** Characters of a field that are looked at; a real one has a few hundred. */
const longestField = 32_768

/** Characters that a comment in a field may have. */
const longestComment = 1_000

/** Reads a structured field: comments dropped, quotes undone, RFC 2231 and (out of order but usual) RFC 2047 decoded. */
export function parseStructured(value: string | undefined): StructuredField {
  if (value === undefined) return none
  const [first = '', ...rest] = splitParts(value.slice(0, longestField))
  const raw = new Map<string, string>()
  for (const part of rest) {
    const equals = part.indexOf('=')
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase()
    if (name !== '' && !raw.has(name)) raw.set(name, equals < 0 ? '' : trimmed(part.slice(equals + 1)))
  }
  return { value: trimmed(first).toLowerCase(), params: Object.fromEntries(decodeParams(raw)) }
}

/** Stands for a blank inside quotes, which is not to be trimmed. A header cannot hold it otherwise. */
const quotedBlank = '\u0000'

function trimmed(value: string): string {
  return value.trim().replaceAll(quotedBlank, ' ')
}

/** Splits at semicolons outside quotes; removes the quotes, and the comments outside them. */
function splitParts(value: string): string[] {
  const parts: string[] = []
  let part = ''
  let quoted = false
  let inValue = false
  for (let at = 0; at < value.length; at += 1) {
    const character = value.charAt(at)
    if (quoted && character === '\\') {
      at += 1
      part += value.charAt(at)
    } else if (character === '"') quoted = !quoted
    else if (quoted) part += character === ' ' ? quotedBlank : character
    else if (character === ';') {
      parts.push(part)
      part = ''
      inValue = false
    } else if (character === '(' && (!inValue || part.endsWith(' ') || part.endsWith('\t'))) at = commentEnd(value, at)
    else {
      inValue ||= character === '='
      part += character
    }
  }
  return [...parts, part]
}

/** Position of the parenthesis that closes the comment; a comment that never ends is none. */
function commentEnd(value: string, start: number): number {
  let depth = 0
  for (let at = start; at < Math.min(value.length, start + longestComment); at += 1) {
    const character = value.charAt(at)
    if (character === '\\') at += 1
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    if (depth === 0) return at
  }
  return start
}

/** The parameters that people read: encoded words occur in them against the rules. */
const worded: ReadonlySet<string> = new Set(['name', 'filename'])

/** Joins `name*0*`, `name*1` ... and decodes `charset'language'%XX` (RFC 2231). */
function decodeParams(raw: ReadonlyMap<string, string>): Map<string, string> {
  const decoded = new Map<string, string>()
  for (const [name, value] of raw) {
    if (!name.includes('*')) decoded.set(name, worded.has(name) ? decodeWords(value) : value)
  }
  for (const name of new Set(
    [...raw.keys()].filter((key) => key.includes('*')).map((key) => key.replace(/\*.*$/, '')),
  )) {
    const extended = extendedValue(raw, name)
    if (extended !== undefined) decoded.set(name, extended)
  }
  return decoded
}

function extendedValue(raw: ReadonlyMap<string, string>, name: string): string | undefined {
  const whole = raw.get(`${name}*`)
  if (whole !== undefined) return decodeExtended([{ value: whole, encoded: true }])
  const sections: Section[] = []
  for (let index = 0; ; index += 1) {
    const plain = raw.get(`${name}*${index}`)
    const value = plain ?? raw.get(`${name}*${index}*`)
    if (value === undefined) break
    sections.push({ value, encoded: plain === undefined })
  }
  return sections.length === 0 ? undefined : decodeExtended(sections)
}

interface Section {
  readonly value: string
  readonly encoded: boolean
}

function decodeExtended(sections: readonly Section[]): string {
  const first = sections[0]
  const match = first?.encoded === true ? /^([^']*)'[^']*'/.exec(first.value) : null
  const bytes = sections.map((section, index) => {
    const value = index === 0 && match !== null ? section.value.slice(match[0].length) : section.value
    return section.encoded ? percentBytes(value) : Buffer.from(value, 'utf8')
  })
  return decodeCharset(Buffer.concat(bytes), match?.[1])
}

function percentBytes(value: string): Buffer {
  const latin1 = value.replace(/%([0-9a-f]{2})/gi, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(latin1, 'latin1')
}

/** Text of bytes in a named charset; UTF-8 when the name is unknown and the bytes are that, else windows-1252. */
export function decodeCharset(bytes: Uint8Array, charset: string | undefined): string {
  const named = decoder(charset?.trim().toLowerCase())
  if (named !== undefined) return named.decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function decoder(charset: string | undefined): InstanceType<typeof TextDecoder> | undefined {
  if (charset === undefined || charset === '') return undefined
  try {
    return new TextDecoder(charset)
  } catch {
    // A label that nobody registered: the caller guesses.
    return undefined
  }
}
