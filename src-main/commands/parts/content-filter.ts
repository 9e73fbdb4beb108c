import type { ContentFilter } from '../../engine/index.ts'
import { rootOf } from '../../engine/model/root-path.ts'
import { readCondition, type ItemCondition } from './item-conditions.ts'
import { namesIn, pathPattern, type PathPattern } from './path-pattern.ts'

/** What --include and --exclude say beside the roots: folders, types, dates, sizes. */
export interface ContentChoice {
  readonly filter: ContentFilter
  /** Folder patterns that no container fitted so far. */
  readonly unused: () => readonly string[]
  /** Texts behind "type:", as they were typed. */
  readonly includedTypes: readonly string[]
  readonly excludedTypes: readonly string[]
  /** What is left: patterns that name roots, or folders below them (for the roots' sake). */
  readonly rootIncludes: readonly string[]
  readonly rootExcludes: readonly string[]
}

interface Side {
  readonly conditions: readonly ItemCondition[]
  readonly types: readonly string[]
  readonly paths: readonly string[]
}

const TYPE = /^type:\s*(.+)$/i

/** Whether nothing is left out. */
export function isWhole({ filter, includedTypes, excludedTypes, rootIncludes, rootExcludes }: ContentChoice): boolean {
  const lists = [includedTypes, excludedTypes, rootIncludes, rootExcludes]
  return filter.fingerprint === '' && lists.every((list) => list.length === 0)
}

/** Throws UsageError. */
export function readContentChoice(include: readonly string[], exclude: readonly string[]): ContentChoice {
  const included = readSide('include', include)
  const excluded = readSide('exclude', exclude)
  const folders = included.paths.some(namesFolder)
  // A root that is included as a whole includes all its folders.
  const includes = folders ? included.paths.map(noticed) : []
  const excludes = excluded.paths.filter(namesFolder).map(noticed)
  return {
    filter: contentFilter(includes, excludes, included.conditions, excluded.conditions),
    unused: () =>
      [...includes, ...excludes]
        .filter((pattern) => !pattern.used && namesFolder(pattern.text))
        .map(({ text }) => text),
    includedTypes: included.types,
    excludedTypes: excluded.types,
    rootIncludes: included.paths.map((path) => splitPattern(path).root),
    rootExcludes: excluded.paths.filter((path) => !namesFolder(path)),
  }
}

function readSide(option: string, texts: readonly string[]): Side {
  const conditions: ItemCondition[] = []
  const types: string[] = []
  const paths: string[] = []
  for (const text of texts) {
    const condition = readCondition(option, text)
    const type = TYPE.exec(text)?.[1]
    if (condition !== undefined) conditions.push(condition)
    else if (type !== undefined) types.push(...type.split(',').map((word) => word.trim()))
    else paths.push(text)
  }
  return { conditions, types, paths }
}

interface NoticedPattern extends Pick<PathPattern, 'text' | 'covers'> {
  used: boolean
}

/** A pattern that knows whether it ever fitted: one that never does is probably mistyped. */
function noticed(text: string): NoticedPattern {
  const { text: clean, covers } = pathPattern(text)
  const pattern = {
    text: clean,
    used: false,
    covers: (path: string): boolean => {
      const fits = covers(path)
      if (fits) pattern.used = true
      return fits
    },
  }
  return pattern
}

/** Whether the pattern goes on below a root ("users/ada/mailbox"). */
function namesFolder(path: string): boolean {
  return splitPattern(path).folder
}

/** The part of a pattern that names roots, and whether it names folders below them. */
function splitPattern(path: string): { readonly root: string; readonly folder: boolean } {
  const [kind = '', ...names] = namesIn(path)
  const rooted = rootOf([kind.toLowerCase(), ...names].join('/'))
  if (rooted === undefined || rooted.rest.every((name) => name === '**')) return { root: path, folder: false }
  return { root: rooted.root, folder: true }
}

function contentFilter(
  includes: readonly NoticedPattern[],
  excludes: readonly NoticedPattern[],
  wanted: readonly ItemCondition[],
  unwanted: readonly ItemCondition[],
): ContentFilter {
  return {
    fingerprint: fingerprint(includes, excludes, wanted, unwanted),
    takesContainer: (path) =>
      (includes.length === 0 || includes.some((pattern) => pattern.covers(path))) &&
      !excludes.some((pattern) => pattern.covers(path)),
    // What a condition cannot tell of an item does not keep the item out.
    takesItem: (_container, item) =>
      wanted.every((condition) => condition.matches(item) !== false) &&
      !unwanted.some((condition) => condition.matches(item) === true),
  }
}

function fingerprint(...sides: readonly (readonly { readonly text: string }[])[]): string {
  if (sides.every((side) => side.length === 0)) return ''
  return JSON.stringify(sides.map((side) => side.map(({ text }) => text.toLowerCase()).sort()))
}
