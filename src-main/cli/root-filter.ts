import { UsageError } from './usage-error.ts'

/** A user as a filter sees it. */
export interface FilteredRoot {
  readonly id: string
  readonly name: string
}

/** Which users are read. */
export interface RootFilter {
  /** Names of single users, as they were typed; with `patterns` empty too, all users. */
  readonly names: readonly string[]
  readonly patterns: readonly string[]
  isIncludedByPattern(root: FilteredRoot): boolean
  isExcluded(root: FilteredRoot): boolean
}

interface UserPattern {
  readonly text: string
  readonly isPlain: boolean
  matches(root: FilteredRoot): boolean
}

/**
 * Patterns on the layout of a snapshot: `users/ada@contoso.example`, `users/*@sales.contoso.example`, `users/**`. Case
 * does not matter; a user's id does as well as the name. Throws UsageError for what does not name users.
 */
export function readRootFilter(include: readonly string[], exclude: readonly string[]): RootFilter {
  const included = include.map((text) => readPattern('include', text))
  const excluded = exclude.map((text) => readPattern('exclude', text))
  const patterns = included.filter(({ isPlain }) => !isPlain)
  return {
    names: included.filter(({ isPlain }) => isPlain).map(({ text }) => text),
    patterns: patterns.map(({ text }) => text),
    isIncludedByPattern: (root) => patterns.some((pattern) => pattern.matches(root)),
    isExcluded: (root) => excluded.some((pattern) => pattern.matches(root)),
  }
}

function readPattern(option: string, text: string): UserPattern {
  // What follows the user names folders: see content-filter.
  const [kind = '', user = ''] = text.replaceAll(/^\/+|\/+$/g, '').split('/')
  if (kind === '**' && user === '') return userPattern('*')
  if (kind.toLowerCase() !== 'users') throw notUsers(option, text, kind)
  if (user === '') return userPattern('*')
  return userPattern(user)
}

function userPattern(user: string): UserPattern {
  const name = user === '**' ? '*' : user
  const expression = new RegExp(`^${name.split(/\*+/).map(escaped).join('.*')}$`, 'is')
  return {
    text: name,
    isPlain: !name.includes('*'),
    matches: (root) => expression.test(root.name) || expression.test(root.id),
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

function notUsers(option: string, text: string, kind: string): UsageError {
  const why = kind === 'groups' || kind === 'sites' ? `${kind} are not available yet` : 'patterns begin with users/'
  return new UsageError(`--${option} "${text}": ${why}; write users/<name>, with * for any letters.`)
}

/** The paths by which a series of snapshots is known: the users that were chosen, or all. */
export function seriesPaths(filter: RootFilter, found: ReadonlyMap<string, FilteredRoot>): readonly string[] {
  if (filter.patterns.includes('*') || filter.names.length + filter.patterns.length === 0) return ['/users']
  const names = filter.names.map((name) => found.get(name)?.name ?? name.toLowerCase())
  return [...new Set([...names, ...filter.patterns].map((name) => `/users/${name}`))].sort()
}
