/** Never shown, and able to make a name look like another: direction marks, zero-width spaces, byte order mark. */
const invisible = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]/gu

/** C0 and C1 controls, line and paragraph separators. */
const controls = /[\p{Cc}\u2028\u2029]/gu

/** Characters that Windows refuses in a name; the slash also separates folders everywhere else. */
const refused = /[<>:"/\\|?*]/gu

/** Names that are devices on Windows, whatever extension follows (COM¹ and LPT¹ count as well). */
const device = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])[ ]*(?=\.|$)/iu

const placeholder = '_'

/** Bytes of the text as UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) bytes += characterBytes(character)
  return bytes
}

/**
 * Cuts the text to at most `maxBytes` of UTF-8, between characters as people see them (a letter with its accents, an
 * emoji of several parts), or between code points where one such character alone is too long.
 */
export function cutUtf8(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || utf8Length(text) <= maxBytes) return text
  const whole = takeWhileFits(graphemes(text), maxBytes)
  return whole === '' ? takeWhileFits(text, maxBytes) : whole
}

/**
 * The name as every file system takes it: composed (NFC), no control or invisible direction characters, none of the
 * characters and device names that Windows refuses, no space or dot at the end, at most `maxBytes` of UTF-8.
 * Never empty: what has no usable character becomes "_". Different names may come out equal: see uniqueName.
 */
export function safeName(name: string, maxBytes: number): string {
  const clean = name
    .toWellFormed()
    .replace(invisible, '')
    .replace(controls, ' ')
    .replace(refused, placeholder)
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .trimStart()
  const short = withoutTail(cutUtf8(withoutTail(clean), maxBytes))
  if (short === '') return placeholder
  return device.test(short) ? withoutDevice(short, maxBytes) : short
}

/** Names with the same key are one name on some file system (case and composition do not count). */
export function nameKey(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

/**
 * The name itself, or, if its key is taken, the name with ` ~suffix` (and a number, should even that be taken),
 * at most `maxBytes` of UTF-8. `taken` holds keys as nameKey gives them; the caller adds the new one.
 */
export function uniqueName(name: string, taken: { has(key: string): boolean }, suffix: string, maxBytes = 200): string {
  if (!taken.has(nameKey(name))) return name
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? ` ~${suffix}` : ` ~${suffix}-${number}`
    const candidate = withoutTail(cutUtf8(name, maxBytes - utf8Length(ending))) + ending
    if (!taken.has(nameKey(candidate))) return candidate
  }
}

function withoutTail(text: string): string {
  let end = text.length
  while (end > 0 && isTail(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

function isTail(character: string): boolean {
  return character === '.' || character.trim() === ''
}

function withoutDevice(name: string, maxBytes: number): string {
  const marked = name.replace(device, (_match, word: string) => `${word}${placeholder}`)
  return withoutTail(cutUtf8(marked, maxBytes))
}

function* graphemes(text: string): Generator<string> {
  for (const part of new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)) yield part.segment
}

function takeWhileFits(parts: Iterable<string>, maxBytes: number): string {
  let left = maxBytes
  let taken = ''
  for (const part of parts) {
    left -= utf8Length(part)
    if (left < 0) break
    taken += part
  }
  return taken
}

function characterBytes(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  return code < 0x10000 ? 3 : 4
}
