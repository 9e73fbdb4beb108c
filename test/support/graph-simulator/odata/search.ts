import { badRequest } from '../http/errors.ts'
import type { QueryOptions } from './query.ts'

/** Whether something has what a `$search` asks for; `value` gives its properties. */
export type DirectorySearch = (value: (property: string) => unknown) => boolean

interface Clause {
  readonly property: string
  readonly words: readonly string[]
}

const clausePattern = /^\s*"((?:[^"\\]|\\.)*)"\s*/
const operatorPattern = /^(AND|OR)\b/

/** Cut into words; the others are compared by how they begin. */
const tokenized: ReadonlySet<string> = new Set(['displayName', 'description'])

const syntaxError = (text: string): Error =>
  badRequest(`Syntax error: '${text}' is not a valid search clause.`, 'BadRequest')

/**
 * `$search` of users and groups: clauses like "displayName:ada", joined by AND and OR. Undefined without one. Source:
 * https://learn.microsoft.com/graph/search-query-parameter#using-search-on-directory-object-collections
 */
export function directorySearch(
  query: QueryOptions,
  isEventual: boolean,
  searchable: readonly string[],
): DirectorySearch | undefined {
  const text = query.get('$search')
  if (text === undefined) return undefined
  if (!isEventual)
    throw badRequest(
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
      'Request_UnsupportedQuery',
    )
  // Sorted only as an advanced query: https://learn.microsoft.com/graph/aad-advanced-queries
  if (query.get('$orderby') !== undefined && !query.flag('$count'))
    throw badRequest('Sorting not supported for current query.', 'Request_UnsupportedQuery')
  const alternatives = parse(text, searchable)
  return (value) => alternatives.some((clauses) => clauses.every((clause) => matches(clause, value(clause.property))))
}

/** AND binds closer than OR. */
function parse(text: string, searchable: readonly string[]): readonly (readonly Clause[])[] {
  const alternatives: Clause[][] = [[]]
  for (let rest = text; ;) {
    const [whole, quoted] = clausePattern.exec(rest) ?? []
    if (whole === undefined || quoted === undefined) throw syntaxError(rest)
    alternatives.at(-1)?.push(clauseOf(quoted, searchable))
    rest = rest.slice(whole.length)
    if (rest === '') return alternatives
    const [operator] = operatorPattern.exec(rest) ?? []
    if (operator === undefined) throw syntaxError(rest)
    if (operator === 'OR') alternatives.push([])
    rest = rest.slice(operator.length)
  }
}

function clauseOf(quoted: string, searchable: readonly string[]): Clause {
  const plain = quoted.replaceAll(/\\(.)/g, '$1')
  const colon = plain.indexOf(':')
  const property = searchable.find((name) => name.toLowerCase() === plain.slice(0, Math.max(colon, 0)).toLowerCase())
  if (property === undefined)
    throw badRequest(`Property in '${plain}' is not supported for search.`, 'Request_UnsupportedQuery')
  const words = wordsOf(plain.slice(colon + 1))
  if (words.length === 0) throw syntaxError(quoted)
  return {
    property,
    words: tokenized.has(property)
      ? words
      : [
          plain
            .slice(colon + 1)
            .trim()
            .toLowerCase(),
        ],
  }
}

function matches({ property, words }: Clause, value: unknown): boolean {
  if (typeof value !== 'string') return false
  if (!tokenized.has(property)) return words.every((word) => value.toLowerCase().startsWith(word))
  const found = wordsOf(value)
  return words.every((word) => found.some((one) => one.startsWith(word)))
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}
