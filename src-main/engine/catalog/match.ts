import type { FindQuery } from './model.ts'

/** What unicode61 makes tokens of: letters, numbers, private use. */
const SEARCHABLE = /[\p{L}\p{N}\p{Co}]/u

/**
 * The text as one phrase whose last word may go on. Quoted, nothing in it is syntax of FTS5
 * (https://sqlite.org/fts5.html#full_text_query_syntax).
 */
function phrase(text: string): string {
  return `"${text.replaceAll('\0', ' ').replaceAll('"', '""')}" *`
}

function inColumn(column: string, text: string | undefined): readonly string[] | undefined {
  const words = text?.split(/\s+/u).filter((word) => word !== '')
  return words?.map((word) => (SEARCHABLE.test(word) ? `${column} : ${phrase(word)}` : ''))
}

/**
 * The full-text condition of a query: undefined if there is none, '' if nothing can match because what was asked for
 * has no searchable character. Beside others, words without one (a dash) do not count.
 */
export function matchExpression(query: FindQuery): string | undefined {
  const words = query.words.map((word) => (SEARCHABLE.test(word) ? phrase(word) : ''))
  const fields = [words, inColumn('sender', query.from), inColumn('recipients', query.to)]
  const asked = fields.filter((field) => field !== undefined && field.length > 0)
  const terms = asked.map((field) => field?.filter((term) => term !== '') ?? [])
  if (terms.length === 0) return undefined
  return terms.some((field) => field.length === 0) ? '' : terms.flat().join(' AND ')
}
