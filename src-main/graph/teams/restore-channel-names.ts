import { nameKey } from '../../../src-shared/model/safe-name.ts'

/** Characters of a channel's name. https://learn.microsoft.com/graph/api/channel-post */
const longest = 50

/** https://learn.microsoft.com/microsoftteams/limits-specifications-teams (characters that names cannot have) */
const refused = /[~#%&*{}+/\\:<>?|'"]/gu

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * The name of a channel as Teams takes it, with `ending` (" (Restored)", " (2)") whole behind as much of the name as
 * there is room for.
 */
export function channelName(name: string, ending = ''): string {
  const end = cut(clean(ending), longest - 1)
  const start = cut(clean(name).replace(/^[_.\s]+/u, ''), longest - end.length).replace(/[.\s]+$/u, '')
  return `${start === '' ? '-' : start}${end}`.replace(/[.\s]+$/u, '')
}

function clean(name: string): string {
  return name
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .replace(refused, '-')
    .replace(/\.{2,}/gu, '.')
    .replace(/\s+/gu, ' ')
    .trimEnd()
}

/** At most so many UTF-16 units, never half a character. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text
  let kept = ''
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > most) break
    kept += segment
  }
  return kept
}

export function isSameName(one: string, other: string): boolean {
  return nameKey(one.trim()) === nameKey(other.trim())
}
