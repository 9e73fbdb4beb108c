/** What a terminal would take for a command, and what makes a line look like another: none of it belongs in a line. */
const unprintable = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Text from outside (a name, a subject), fit for one line on a terminal. */
export function printable(text: string): string {
  return text.toWellFormed().replaceAll(/\s+/gu, ' ').replaceAll(unprintable, '\ufffd')
}

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Columns that the text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0
  for (const { segment } of segments.segment(text)) width += segmentWidth(segment)
  return width
}

/** Scripts and symbols that take two columns. https://www.unicode.org/reports/tr11/ */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const noWidth = /^[\p{M}\u200b-\u200d\ufeff]+$/u

function segmentWidth(segment: string): number {
  if (wide.test(segment)) return 2
  return noWidth.test(segment) ? 0 : 1
}

/** The text in at most `columns` columns; what is too long loses its middle, as its end says more than that. */
export function shortenMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  if (columns <= 1) return columns === 1 ? '…' : ''
  const parts = Array.from(segments.segment(text), ({ segment }) => segment)
  const room = columns - 1
  const start = takeWidth(parts, Math.floor(room / 3))
  const end = takeWidth(parts.toReversed(), room - displayWidth(start.join('')))
  return `${start.join('')}…${end.toReversed().join('')}`
}

/** The text in at most `columns` columns; what is too long loses its end. */
export function shortenEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  if (columns <= 0) return ''
  const parts = Array.from(segments.segment(text), ({ segment }) => segment)
  return `${takeWidth(parts, columns - 1).join('')}…`
}

function takeWidth(parts: readonly string[], columns: number): string[] {
  const taken: string[] = []
  let width = 0
  for (const part of parts) {
    width += segmentWidth(part)
    if (width > columns) break
    taken.push(part)
  }
  return taken
}
