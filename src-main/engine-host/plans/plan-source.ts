import type { PlanDraft } from '../../../src-shared/ipc/contract/plans.ts'
import { describers, typeFolders } from '../../commands/parts/data-types.ts'
import { groupTypes, userTypes } from '../../commands/parts/included-types.ts'
import { namesIn } from '../../commands/parts/path-pattern.ts'
import { sourceOptionNames } from '../../commands/parts/source-options.ts'
import type { RootKind } from '../../engine/ports/data-type.ts'
import type { SourceSettings } from '../../settings/model.ts'
import { allKinds, rootTypesText } from './source-kinds.ts'

export type DraftSource = PlanDraft['sources'][number]

const ACCOUNT = 'account'
const CLIENT = 'office365-client-id'
const ROOTS = 'office365-included-root-types'
const USER_TYPES = 'office365-included-user-types'
const GROUP_TYPES = 'office365-included-group-types'
const INCLUDE = 'include'
const EXCLUDE = 'exclude'
const VERSIONS = 'file-versions'

const TYPE = /^type:\s*(.+)$/i
/** What a plan of the command line signs in with, if it says nothing of it: the environment does. */
const UNNAMED = 'environment'
const LONGEST_NAME = 64

/** A source as the window shows it. */
export function shownSource(source: SourceSettings): DraftSource {
  const include = listIn(source, INCLUDE)
  const roots = include.flatMap((pattern) => rootIn(pattern) ?? [])
  return {
    account: (textIn(source, ACCOUNT) ?? textIn(source, CLIENT) ?? UNNAMED).slice(0, LONGEST_NAME),
    kinds: shownKinds(source, roots),
    roots: roots.length === 0 ? null : roots,
    types: shownTypes(source),
    include: include.filter((pattern) => rootIn(pattern) === undefined && !TYPE.test(pattern)),
    exclude: [...listIn(source, EXCLUDE)],
    fileVersions: Number(textIn(source, VERSIONS) ?? 0),
  }
}

/**
 * The source that the window wants, with everything of `before` that the window does not know. What the window shows as
 * it was stays as it is written.
 */
export function savedSource(wanted: DraftSource, before: SourceSettings | undefined): SourceSettings {
  const shown = before === undefined ? undefined : shownSource(before)
  const saved = new Map(Object.entries(before ?? {}))
  const isNew = (name: keyof DraftSource): boolean =>
    shown === undefined || JSON.stringify(shown[name]) !== JSON.stringify(wanted[name])
  if (isNew('account')) {
    for (const name of sourceOptionNames) saved.delete(name)
    saved.set(ACCOUNT, wanted.account)
  }
  if (isNew('kinds')) saved.set(ROOTS, rootTypesText(wanted.kinds))
  if (isNew('types')) for (const name of [USER_TYPES, GROUP_TYPES]) saved.delete(name)
  if (isNew('roots') || isNew('types') || isNew('include')) set(saved, INCLUDE, includesOf(wanted, before, isNew))
  if (isNew('exclude')) set(saved, EXCLUDE, wanted.exclude)
  if (isNew('fileVersions'))
    if (wanted.fileVersions === 0) saved.delete(VERSIONS)
    else saved.set(VERSIONS, String(wanted.fileVersions))
  return Object.fromEntries(saved)
}

/** Which of the sources of before a source of the window is: by its place, or else the first of its account. */
export function sourceBefore(
  wanted: readonly DraftSource[],
  at: number,
  before: readonly SourceSettings[],
): SourceSettings | undefined {
  const own = before[at]
  const account = wanted[at]?.account
  if (own === undefined || shownSource(own).account === account) return own
  const others = before.filter((one, index) => shownSource(one).account === account && index >= wanted.length)
  return others[0] ?? (before.length === wanted.length ? own : undefined)
}

function set(saved: Map<string, SourceSettings[string]>, name: string, list: readonly string[]): void {
  if (list.length === 0) saved.delete(name)
  else saved.set(name, list)
}

function includesOf(
  { roots, types, include, kinds }: DraftSource,
  before: SourceSettings | undefined,
  isNew: (name: keyof DraftSource) => boolean,
): readonly string[] {
  const patterns = (roots ?? []).filter(({ kind }) => kinds.includes(kind)).map(({ kind, name }) => `${kind}s/${name}`)
  const typesBefore = before === undefined ? [] : listIn(before, INCLUDE).filter((pattern) => TYPE.test(pattern))
  const typed = types === null ? [] : [`type:${types.join(',')}`]
  return [...patterns, ...include, ...(isNew('types') ? typed : typesBefore)]
}

/** The single root that a pattern of --include names; undefined for several, and for folders below one. */
function rootIn(pattern: string): { readonly kind: RootKind; readonly name: string } | undefined {
  if (pattern.includes('*') || TYPE.test(pattern)) return undefined
  const [folder = '', ...names] = namesIn(pattern)
  const kind = allKinds.find((one) => folder.toLowerCase() === `${one}s`)
  const isOne = kind === 'site' ? isSite(names) : names.length === 1
  return kind !== undefined && isOne && pattern === `${kind}s/${names.join('/')}`
    ? { kind, name: names.join('/') }
    : undefined
}

/** A host, and behind it nothing that is a folder of a site in a snapshot. */
function isSite(names: readonly string[]): boolean {
  const [host = '', ...path] = names
  const folders = new Set(describers.site.map(({ folder }) => folder))
  return host.includes('.') && !path.some((name) => folders.has(name))
}

function shownKinds(source: SourceSettings, roots: NonNullable<DraftSource['roots']>): RootKind[] {
  const words = textIn(source, ROOTS)
  if (words !== undefined) {
    const named = words.split(',').map((word) => word.trim().toLowerCase())
    return allKinds.filter((kind) => named.includes(`${kind}s`))
  }
  return roots.length === 0 ? [...allKinds] : allKinds.filter((kind) => roots.some((root) => root.kind === kind))
}

/** By what people call them; null if nothing says that some are left out. */
function shownTypes(source: SourceSettings): string[] | null {
  const included = listIn(source, INCLUDE).flatMap((pattern) => TYPE.exec(pattern)?.[1]?.split(',') ?? [])
  if (included.length > 0) return [...new Set(included.map((word) => word.trim()))]
  const [users, groups] = [textIn(source, USER_TYPES), textIn(source, GROUP_TYPES)]
  if (users === undefined && groups === undefined) return null
  const ofUsers = typesOf('user', users ?? userTypes.join(','))
  const ofGroups = typesOf('group', groups ?? groupTypes.join(','))
  return [...new Set([...ofUsers, ...ofGroups])]
}

/** What people call the types that words of --office365-included-... name. */
function typesOf(kind: RootKind, words: string): readonly string[] {
  return words.split(',').flatMap((word) => {
    const folders = knownFolders(word.trim(), kind)
    return describers[kind].filter(({ folder }) => folders.includes(folder)).map(({ type }) => type)
  })
}

function knownFolders(word: string, kind: RootKind): readonly string[] {
  try {
    return typeFolders(word)[kind]
  } catch {
    // A run says what is wrong with it.
    return []
  }
}

function textIn(source: SourceSettings, name: string): string | undefined {
  const value = Object.hasOwn(source, name) ? source[name] : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}

function listIn(source: SourceSettings, name: string): readonly string[] {
  const value = Object.hasOwn(source, name) ? source[name] : undefined
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
