import type { InternetHeader, MailAddress } from '../state/types.ts'
import { decodeEncodedWords, decodeUnlabelled } from './text.ts'

export interface HeaderBlock {
  /** In the order they stand in the message, unfolded, not decoded. */
  readonly headers: readonly InternetHeader[]
  /** Offset of the first body byte. */
  readonly bodyOffset: number
}

const lineFeed = 10
const carriageReturn = 13

/** Reads a header block. Lines that are no header (a stray "From " line, say) are passed over. */
export function parseHeaders(bytes: Buffer): HeaderBlock {
  const bodyOffset = endOfHeaders(bytes)
  const text = decodeUnlabelled(bytes.subarray(0, bodyOffset))
  const headers: InternetHeader[] = []
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon)
    if (colon > 0 && !/\s/.test(name)) headers.push({ name, value: line.slice(colon + 1).trim() })
  }
  return { headers, bodyOffset }
}

function endOfHeaders(bytes: Buffer): number {
  let start = 0
  for (;;) {
    const end = bytes.indexOf(lineFeed, start)
    if (end < 0) return bytes.length
    const empty = end === start || (end === start + 1 && bytes[start] === carriageReturn)
    if (empty) return end + 1
    start = end + 1
  }
}

/** First header of that name, not decoded. */
export function headerValue(headers: readonly InternetHeader[], name: string): string | undefined {
  const wanted = name.toLowerCase()
  return headers.find((header) => header.name.toLowerCase() === wanted)?.value
}

export interface StructuredValue {
  /** Before the first semicolon, in lower case. */
  readonly value: string
  readonly parameters: ReadonlyMap<string, string>
}

/** Content-Type and Content-Disposition: value and parameters, RFC 2231 continuations and charsets included. */
export function parseStructured(text: string | undefined): StructuredValue {
  const [value = '', ...rest] = splitOutsideQuotes(text ?? '', ';')
  const parameters = new Map<string, string>()
  for (const part of rest) {
    const equals = part.indexOf('=')
    if (equals <= 0) continue
    const name = part.slice(0, equals).trim().toLowerCase()
    addParameter(parameters, name, unquote(part.slice(equals + 1).trim()))
  }
  return { value: value.trim().toLowerCase(), parameters }
}

function addParameter(parameters: Map<string, string>, name: string, value: string): void {
  const [base = name] = name.split('*')
  if (base === name) {
    if (!parameters.has(name)) parameters.set(name, decodeEncodedWords(value))
    return
  }
  const decoded = name.endsWith('*') ? percentDecoded(value) : value
  parameters.set(base, (parameters.get(base) ?? '') + decoded)
}

function percentDecoded(value: string): string {
  const text = value.replace(/^[^']*'[^']*'/, '')
  const bytes = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return decodeUnlabelled(Buffer.from(bytes, 'latin1'))
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, text.endsWith('"') ? -1 : undefined).replace(/\\(.)/g, '$1') : text
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = []
  let quoted = false
  let current = ''
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    if (character === '\\' && quoted) {
      current += character + text.charAt(++index)
      continue
    }
    if (character === '"') quoted = !quoted
    if (character === separator && !quoted) {
      parts.push(current)
      current = ''
    } else {
      current += character
    }
  }
  return [...parts, current]
}

/** A list of addresses as it stands in From, To ...; group names and comments are dropped. */
export function parseAddresses(text: string | undefined): MailAddress[] {
  if (text === undefined) return []
  const found: MailAddress[] = []
  for (const part of splitOutsideQuotes(text.replace(/\([^()]*\)/g, ''), ',')) {
    const address = parseAddress(part)
    if (address !== undefined) found.push(address)
  }
  return found
}

function parseAddress(part: string): MailAddress | undefined {
  const bracketed = /<([^<>]*)>/.exec(part)
  const address = (bracketed?.[1] ?? part.replace(/^.*:/, '').replace(/;.*$/, '')).trim()
  if (address === '') return undefined
  const name = bracketed === null ? '' : decodeEncodedWords(unquote(part.slice(0, bracketed.index).trim()))
  return { name: name === '' ? address : name, address }
}
