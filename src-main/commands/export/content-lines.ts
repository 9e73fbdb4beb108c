/** A property of iCalendar or vCard: name, parameters, value as it stands in the file. */
export interface ContentLine {
  readonly name: string
  readonly parameters?: Readonly<Record<string, string | undefined>> | undefined
  readonly value: string
}

/** Bytes of UTF-8 on a line. https://www.rfc-editor.org/rfc/rfc5545#section-3.1 */
const WIDTH = 75

/** The lines, folded, each with the line break that both formats ask for. */
export function contentText(lines: readonly ContentLine[]): string {
  return lines.map((line) => `${folded(unfolded(line))}\r\n`).join('')
}

function unfolded({ name, parameters = {}, value }: ContentLine): string {
  const given = Object.entries(parameters).flatMap(([key, word]) =>
    word === undefined || word === '' ? [] : [`;${key}=${parameterValue(word)}`],
  )
  return `${name}${given.join('')}:${value}`
}

/** Quoted where need be; a quotation mark cannot be written in a parameter. */
function parameterValue(text: string): string {
  const clean = text.replaceAll('"', "'").replaceAll(/\p{Cc}+/gu, ' ')
  return /[:;,]/.test(clean) ? `"${clean}"` : clean
}

const ASCII = /^[\x20-\x7e]*$/

/** Cut between characters, never within one: a line that goes on begins with a space. */
function folded(line: string): string {
  if (ASCII.test(line)) return foldedAscii(line)
  let result = ''
  let room = WIDTH
  for (const character of line) {
    const bytes = Buffer.byteLength(character)
    if (bytes > room) {
      result += '\r\n '
      room = WIDTH - 1
    }
    result += character
    room -= bytes
  }
  return result
}

/** A character is a byte: attachments may have millions of them. */
function foldedAscii(line: string): string {
  const pieces = [line.slice(0, WIDTH)]
  for (let at = WIDTH; at < line.length; at += WIDTH - 1) pieces.push(line.slice(at, at + WIDTH - 1))
  return pieces.join('\r\n ')
}

/** A text as a value. https://www.rfc-editor.org/rfc/rfc5545#section-3.3.11, rfc6350#section-3.4 */
export function textValue(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\\', '\\\\')
    .replaceAll(';', '\\;')
    .replaceAll(',', '\\,')
    .replaceAll(/\r\n?|\n/g, '\\n')
    .replaceAll(/[^\P{Cc}\t]/gu, '')
}

/** A line of text if there is any. */
export function textLine(
  name: string,
  text: string | undefined,
  parameters?: ContentLine['parameters'],
): readonly ContentLine[] {
  const value = text?.trim() ?? ''
  return value === '' ? [] : [{ name, parameters, value: textValue(value) }]
}
