import type { JsonObject } from '../../engine/model/json.ts'
import { rootPath } from '../../engine/model/root-path.ts'
import type { Root, RootKind } from '../../engine/ports/data-type.ts'
import { namesIn, pathPattern } from './path-pattern.ts'
import { UsageError } from './usage-error.ts'

/** In the order in which they are read: a site leaves out the library of a group that is read. */
export const rootKinds = ['user', 'group', 'site'] as const satisfies readonly RootKind[]

/** Which roots of one kind are read. */
export interface KindChoice {
  readonly kind: RootKind
  /** All of them; then there is neither a name nor a pattern. */
  readonly all: boolean
  /** Names of single roots, as they were typed. */
  readonly names: readonly string[]
  readonly patterns: readonly string[]
  isIncludedByPattern(root: Root): boolean
}

/** Which roots are read. */
export interface RootFilter {
  /** Only the kinds that --include mentions, and none that --exclude leaves out as a whole; at least one. */
  readonly kinds: readonly KindChoice[]
  isExcluded(root: Root): boolean
}

interface RootPattern {
  readonly kind: RootKind
  readonly text: string
  /** Whether it is one name, or stands for several; `all`: for every root of the kind. */
  readonly means: 'one' | 'some' | 'all'
  matches(root: Root): boolean
}

/**
 * Patterns on the layout of a snapshot: `users/ada@contoso.example`, `groups/sales*`, `sites/contoso.example/sites/**`.
 * Case does not matter; an id does as well as the name. `isRead`: whether anything of a kind is read. Throws UsageError
 * for what does not name roots, and if nothing is left.
 */
export function readRootFilter(
  include: readonly string[],
  exclude: readonly string[],
  isRead: (kind: RootKind) => boolean = () => true,
): RootFilter {
  const included = include.flatMap((text) => readPatterns('include', text))
  const excluded = exclude.flatMap((text) => readPatterns('exclude', text))
  const useless = included.find(({ kind, means }) => means !== 'all' && !isRead(kind))
  if (useless !== undefined)
    throw new UsageError(
      `--include "${rootPath({ kind: useless.kind, name: useless.text })}": nothing of ${kindFolder(useless.kind)} is read with these options: correct them.`,
    )
  const kinds = rootKinds
    .filter((kind) => isRead(kind) && !excluded.some((pattern) => pattern.kind === kind && pattern.means === 'all'))
    .flatMap((kind) => {
      const own = included.filter((pattern) => pattern.kind === kind)
      return included.length > 0 && own.length === 0 ? [] : [kindChoice(kind, own)]
    })
  if (kinds.length === 0) throw new UsageError('Nothing is left to read: correct --include and --exclude.')
  return { kinds, isExcluded: (root) => excluded.some((pattern) => pattern.matches(root)) }
}

function kindChoice(kind: RootKind, included: readonly RootPattern[]): KindChoice {
  const all = included.length === 0 || included.some(({ means }) => means === 'all')
  const patterns = all ? [] : included.filter(({ means }) => means === 'some')
  return {
    kind,
    all,
    names: all ? [] : included.filter(({ means }) => means === 'one').map(({ text }) => text),
    patterns: patterns.map(({ text }) => text),
    isIncludedByPattern: (root) => all || patterns.some((pattern) => pattern.matches(root)),
  }
}

function readPatterns(option: string, text: string): readonly RootPattern[] {
  // What follows the root names folders: see content-filter.
  const [word = '', ...names] = namesIn(text)
  const folder = word.toLowerCase()
  if (folder === '**' && names.length === 0) return rootKinds.map((kind) => rootPattern(kind, []))
  const kind = rootKinds.find((one) => folder === kindFolder(one))
  if (kind === undefined) throw noRoot(option, text)
  // An address as a browser shows it.
  return [rootPattern(kind, kind === 'site' ? names.filter((name) => !/^https?:$/i.test(name)) : names.slice(0, 1))]
}

function rootPattern(kind: RootKind, names: readonly string[]): RootPattern {
  const isAll = names.every((name) => /^\*+$/.test(name))
  const text = names.join('/')
  const { fits } = pathPattern(text)
  return {
    kind,
    text,
    means: isAll ? 'all' : text.includes('*') ? 'some' : 'one',
    matches: (root) => root.kind === kind && (isAll || namesOf(root).some(fits)),
  }
}

/** All by which a person may call a root. */
function namesOf({ kind, id, name, properties = {} }: Root): readonly string[] {
  const more =
    kind === 'group' ? [properties.mail, properties.displayName] : kind === 'site' ? [address(properties)] : []
  return [name, id, ...more.filter((one) => typeof one === 'string')]
}

/** Host and path of a site as the browser shows them. */
function address({ webUrl }: JsonObject): string | undefined {
  if (typeof webUrl !== 'string' || !URL.canParse(webUrl)) return undefined
  const { host, pathname } = new URL(webUrl)
  try {
    return `${host}${decodeURIComponent(pathname)}`
  } catch {
    return undefined // not by this name, then
  }
}

function noRoot(option: string, text: string): UsageError {
  return new UsageError(
    `--${option} "${text}": patterns begin with users/, groups/ or sites/; write users/<name>, with * for any letters.`,
  )
}

/** The folder of a kind of root in a snapshot. */
export function kindFolder(kind: RootKind): string {
  return `${kind}s`
}

/** The paths by which a series of snapshots is known: the roots that were chosen, or all of a kind. */
export function seriesPaths(kinds: readonly KindChoice[], found: ReadonlyMap<string, Root>): readonly string[] {
  const paths = kinds.flatMap(({ kind, all, names, patterns }) => {
    if (all) return [`/${kindFolder(kind)}`]
    const own = names.map((name) => found.get(rootPath({ kind, name }))?.name ?? name.toLowerCase())
    return [...own, ...patterns].map((name) => `/${rootPath({ kind, name })}`)
  })
  return [...new Set(paths)].sort()
}
