import { badRequest } from '../http/errors.ts'

export type FilterValue = string | number | boolean | null | undefined

/** What a filter asks about one entity. Paths are in lower case, segments joined by "/". */
export interface FilterSubject {
  value(path: string): FilterValue
  /** Whether any extended property has this id and value; for `singleValueExtendedProperties/any(...)`. */
  hasProperty(id: string, value: string | undefined): boolean
}

export type FilterNode =
  | { readonly kind: 'compare'; readonly path: string; readonly operator: string; readonly value: FilterValue }
  | { readonly kind: 'call'; readonly name: string; readonly path: string; readonly text: string }
  | { readonly kind: 'property'; readonly id: string; readonly value: string | undefined }
  | { readonly kind: 'and' | 'or'; readonly left: FilterNode; readonly right: FilterNode }
  | { readonly kind: 'not'; readonly inner: FilterNode }

const tokenForm = /\s*(?:('(?:[^']|'')*')|([A-Za-z0-9_@.:/+-]+)|([(),]))/y

/** Parses the part of OData's filter language that mail clients use. Anything else is a 400, as in Graph. */
export function parseFilter(text: string): FilterNode {
  const parser = new FilterParser(tokens(text))
  const node = parser.disjunction()
  parser.end()
  return node
}

function tokens(text: string): string[] {
  const found: string[] = []
  tokenForm.lastIndex = 0
  while (tokenForm.lastIndex < text.trimEnd().length) {
    const match = tokenForm.exec(text)
    if (match === null) throw invalid()
    found.push(match[0].trim())
  }
  return found
}

const invalid = (): Error => badRequest('Invalid filter clause', 'BadRequest')

class FilterParser {
  private readonly list: readonly string[]
  private at = 0

  constructor(list: readonly string[]) {
    this.list = list
  }

  disjunction(): FilterNode {
    let left = this.conjunction()
    while (this.accept('or')) left = { kind: 'or', left, right: this.conjunction() }
    return left
  }

  end(): void {
    if (this.at < this.list.length) throw invalid()
  }

  private conjunction(): FilterNode {
    let left = this.term()
    while (this.accept('and')) left = { kind: 'and', left, right: this.term() }
    return left
  }

  private term(): FilterNode {
    if (this.accept('not')) return { kind: 'not', inner: this.term() }
    if (this.accept('(')) {
      const inner = this.disjunction()
      this.expect(')')
      return inner
    }
    const name = this.take()
    if (/^(startswith|contains|endswith)$/i.test(name)) return this.call(name.toLowerCase())
    if (/^singlevalueextendedproperties\/any$/i.test(name)) return this.anyProperty()
    const operator = this.take().toLowerCase()
    if (!/^(eq|ne|gt|ge|lt|le)$/.test(operator)) throw invalid()
    return { kind: 'compare', path: name.toLowerCase(), operator, value: literal(this.take()) }
  }

  private call(name: string): FilterNode {
    this.expect('(')
    const path = this.take().toLowerCase()
    this.expect(',')
    const text = literal(this.take())
    this.expect(')')
    if (typeof text !== 'string') throw invalid()
    return { kind: 'call', name, path, text }
  }

  /** `any(ep:ep/id eq '...' and ep/value eq '...')` */
  private anyProperty(): FilterNode {
    this.expect('(')
    const first = this.take()
    if (!first.includes(':')) throw invalid()
    if (first.endsWith(':')) this.take()
    this.expect('eq')
    const id = literal(this.take())
    let value: FilterValue
    if (this.accept('and')) {
      this.take()
      this.expect('eq')
      value = literal(this.take())
    }
    this.expect(')')
    if (typeof id !== 'string') throw invalid()
    return { kind: 'property', id, value: typeof value === 'string' ? value : undefined }
  }

  private accept(word: string): boolean {
    if (this.list[this.at]?.toLowerCase() !== word) return false
    this.at++
    return true
  }

  private expect(word: string): void {
    if (!this.accept(word)) throw invalid()
  }

  private take(): string {
    const token = this.list[this.at++]
    if (token === undefined) throw invalid()
    return token
  }
}

function literal(token: string): FilterValue {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'")
  if (token === 'true' || token === 'false') return token === 'true'
  if (token === 'null') return null
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token)
  if (/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?$/i.test(token)) return Date.parse(token)
  throw invalid()
}

/** Whether an entity passes the filter. Texts are compared regardless of case, as Exchange and the directory do. */
export function passes(node: FilterNode, subject: FilterSubject): boolean {
  switch (node.kind) {
    case 'and':
      return passes(node.left, subject) && passes(node.right, subject)
    case 'or':
      return passes(node.left, subject) || passes(node.right, subject)
    case 'not':
      return !passes(node.inner, subject)
    case 'property':
      return subject.hasProperty(node.id, node.value)
    case 'call':
      return callPasses(node.name, fold(subject.value(node.path)), fold(node.text))
    case 'compare':
      return comparePasses(node.operator, fold(subject.value(node.path)), fold(node.value))
  }
}

function fold(value: FilterValue): FilterValue {
  return typeof value === 'string' ? value.toLowerCase() : value
}

function callPasses(name: string, value: FilterValue, text: FilterValue): boolean {
  if (typeof value !== 'string' || typeof text !== 'string') return false
  if (name === 'contains') return value.includes(text)
  return name === 'startswith' ? value.startsWith(text) : value.endsWith(text)
}

function comparePasses(operator: string, left: FilterValue, right: FilterValue): boolean {
  if (operator === 'eq') return left === right
  if (operator === 'ne') return left !== right
  if (left === undefined || left === null || right === undefined || right === null) return false
  if (operator === 'gt') return left > right
  if (operator === 'ge') return left >= right
  return operator === 'lt' ? left < right : left <= right
}

/** The internetMessageId a filter pins every result to, when it does; such a search needs no walk over the mailbox. */
export function pinnedMessageId(node: FilterNode): string | undefined {
  if (node.kind === 'and') return pinnedMessageId(node.left) ?? pinnedMessageId(node.right)
  const pins = node.kind === 'compare' && node.path === 'internetmessageid' && node.operator === 'eq'
  return pins && typeof node.value === 'string' ? node.value : undefined
}

/** The properties a filter mentions, in order. */
export function mentionedPaths(node: FilterNode): readonly string[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return [...mentionedPaths(node.left), ...mentionedPaths(node.right)]
    case 'not':
      return mentionedPaths(node.inner)
    case 'property':
      return []
    default:
      return [node.path]
  }
}
