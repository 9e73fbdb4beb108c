import { nameKey, safeName } from '../../../src-shared/model/safe-name.ts'
import { shortId } from '../../engine/model/short-id.ts'

/** Longest name that a drive takes, in UTF-16 units. https://learn.microsoft.com/onedrive/developer/rest-api/concepts/addressing-driveitems */
const longestName = 255

/** Of a name that was too long for its path, so much stays. */
const shortStem = 24

/** UTF-8 bytes of a name that is mapped more strictly than the documents ask for. */
const strictBytes = 200

/** What may follow the stem of a copy: " (restored 2026-11-21 9999)". */
const copyEnding = 27

/** An extension longer than this is no extension. */
const longestExtension = 20

const refusedCharacters = /["*:<>?/\\|\p{Cc}]/gu
/** https://support.microsoft.com/office/64883a5d-228e-48f5-b3d2-eb39e07630fa */
const reserved = /^(\.lock|con|prn|aux|nul|com[0-9]|lpt[0-9]|desktop\.ini)$/iu
const copyPattern = /^(.*) \(restored \d{4}-\d{2}-\d{2}(?: \d{1,4})?\)(\.[^.]*)?$/su

/** The name as OneDrive and SharePoint take it: itself for nearly every name that comes from there. Never empty. */
export function acceptableName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(refusedCharacters, '_')
    .replace(/_vti_/giu, '_vti-')
    .replace(/^~\$/u, '_$')
    .trim()
  const whole = withoutEndDots(clean)
  const fitting = whole.length > longestName ? cutStem(whole, longestName) : whole
  if (fitting === '') return '_'
  return reserved.test(fitting) ? `_${fitting}` : fitting
}

/**
 * Names to try one after the other while Graph refuses them: as it is, with nothing in it that any system refuses, and
 * short, for a path that got too long.
 */
export function nameForms(name: string, folder: boolean): readonly string[] {
  const first = acceptableName(name)
  const { stem, extension } = folder ? { stem: first, extension: '' } : splitName(first)
  const plain = strictText(stem)
  const strict = `${plain}${strictText(extension)}`
  const short = `${cutUnits(plain, shortStem)} ~${shortId(name)}${strictText(extension)}`
  return [...new Set([first, strict, short])]
}

function strictText(text: string): string {
  return text === '' ? '' : safeName(text.replace(/[#%&{}~]/gu, '_'), strictBytes)
}

/** The name of a copy beside a file or folder that has the name already. `date` as 2026-11-21, `number` from 1 on. */
export function copyName(name: string, date: string, number: number, folder: boolean): string {
  const { stem, extension } = copyParts(name, folder)
  return `${stem} (restored ${date}${number === 1 ? '' : ` ${number}`})${extension}`
}

/** Names with the same key are the same to Graph's own comparison: regardless of case. */
export function caseKey(name: string): string {
  return name.toUpperCase().toLowerCase()
}

/** Of two names with the same key one may have been made of the other: regardless of case and composition. */
export { nameKey }

/** The key that copies of this name are found by; see `copyKeyOf`. */
export function copiesKey(name: string, folder: boolean): string {
  const { stem, extension } = copyParts(name, folder)
  return nameKey(`${stem}${extension}`)
}

/** The key of what this name is a copy of; undefined if it is no copy's name. */
export function copyKeyOf(name: string): string | undefined {
  const parts = copyPattern.exec(name)
  return parts === null ? undefined : nameKey(`${parts[1] ?? ''}${parts[2] ?? ''}`)
}

function copyParts(name: string, folder: boolean): { readonly stem: string; readonly extension: string } {
  const { stem, extension } = folder ? { stem: name, extension: '' } : splitName(name)
  return { stem: cutUnits(stem, longestName - copyEnding - extension.length).trimEnd(), extension }
}

function splitName(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.')
  if (dot <= 0 || name.length - dot > longestExtension) return { stem: name, extension: '' }
  return { stem: name.slice(0, dot), extension: name.slice(dot) }
}

function cutStem(name: string, most: number): string {
  const { stem, extension } = splitName(name)
  return cutUnits(stem, most - extension.length).trimEnd() + extension
}

/** At most so many UTF-16 units, and no half character at the end. */
function cutUnits(text: string, most: number): string {
  if (text.length <= most) return text
  const cut = text.slice(0, most)
  return cut.isWellFormed() ? cut : cut.slice(0, -1)
}

function withoutEndDots(text: string): string {
  return text.replace(/[.\s]+$/u, '')
}
