import { nameKey } from '../../../src-shared/model/safe-name.ts'
import type { NotesKind } from './notebook-listing.ts'

/** https://learn.microsoft.com/graph/onenote-error-codes (20115, 20153, 20155) */
const refused: Readonly<Record<NotesKind, RegExp>> = {
  notebook: /[?*\\/:<>|'"]/g,
  sectionGroup: /[?*\\/:<>|&#"%~]/g,
  section: /[?*\\/:<>|&#"%~]/g,
}
const lengths: Readonly<Record<NotesKind, number>> = { notebook: 128, sectionGroup: 50, section: 50 }

/** The name as OneNote takes it; `number` above 1 for one that is taken. */
export function targetName(kind: NotesKind, wanted: string, number = 1): string {
  const end = number === 1 ? '' : ` (${number})`
  const clean = wanted.replace(refused[kind], '_').replace(/\s+/gu, ' ').trim()
  const name = clean === '' ? 'Untitled' : clean
  return `${cut(name, lengths[kind] - end.length)}${end}`
}

/** By UTF-16 units, as OneNote counts, but never through the middle of a character. */
function cut(name: string, longest: number): string {
  return name
    .slice(0, longest)
    .toWellFormed()
    .replace(/\ufffd$/u, '')
    .trimEnd()
}

/** Which source got which name below which parent: two that come out equal are not one. */
export class NameClaims {
  readonly #holders = new Map<string, string>()

  claim(parent: string, kind: NotesKind, wanted: string, source: string): string {
    for (let number = 1; ; number += 1) {
      const name = targetName(kind, wanted, number)
      const key = `${kind}\n${parent}\n${nameKey(name)}`
      const holder = this.#holders.get(key) ?? source
      this.#holders.set(key, holder)
      if (holder === source) return name
    }
  }
}
