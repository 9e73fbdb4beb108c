import type { RouteCall } from '../../routes/context.ts'
import { invalidRequest } from '../sites/errors.ts'

/** What `$expand` and `$select` ask for. */
export interface Shape {
  /** Undefined: whatever Graph shows unasked. */
  readonly select: readonly string[] | undefined
  readonly expand: ReadonlyMap<string, Shape>
}

const plain: Shape = { select: undefined, expand: new Map() }

/** Reads `$select` and `$expand` of a request, with the options inside; the dollar may be missing, as in the examples. */
export function shapeOf(call: RouteCall): Shape {
  return {
    select: names(call.query.get('$select') ?? call.query.get('select')),
    expand: expansion(call.query.get('$expand') ?? call.query.get('expand')),
  }
}

/** Refuses what is not among the given names. */
export function checkShape(
  shape: Shape,
  type: string,
  properties: readonly string[],
  relations: readonly string[],
): void {
  const unknown =
    shape.select?.find((name) => !properties.includes(name)) ??
    [...shape.expand.keys()].find((name) => !relations.includes(name))
  if (unknown !== undefined)
    throw invalidRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type '${type}'.`,
    )
}

function names(text: string | undefined): readonly string[] | undefined {
  if (text === undefined || text.trim() === '') return undefined
  return text.split(',').map((name) => name.trim())
}

export function expansion(text: string | undefined): ReadonlyMap<string, Shape> {
  const expand = new Map<string, Shape>()
  if (text === undefined || text.trim() === '') return expand
  for (const part of split(text, ',')) {
    const [, name = '', , inside] = /^\s*([A-Za-z]+)\s*(\(([\s\S]*)\))?\s*$/.exec(part) ?? []
    if (name === '') throw invalidRequest(`'${part}' cannot be expanded.`)
    expand.set(name, inside === undefined ? plain : options(inside))
  }
  return expand
}

function options(text: string): Shape {
  const found = new Map<string, string>()
  for (const part of split(text, ';')) {
    const [, name = '', value = ''] = /^\s*\$?(select|expand)\s*=([\s\S]*)$/i.exec(part) ?? []
    if (name === '') throw invalidRequest(`The option '${part}' is not supported here.`)
    found.set(name.toLowerCase(), value)
  }
  return { select: names(found.get('select')), expand: expansion(found.get('expand')) }
}

/** Parts between separators that stand in no parentheses. */
function split(text: string, separator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let index = 0; index < text.length; index++) {
    const letter = text[index]
    if (letter === '(') depth++
    else if (letter === ')') depth--
    else if (letter === separator && depth === 0) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  return [...parts, text.slice(start)]
}

/** What the selection leaves; annotations, the id and what was expanded stay. */
export function selected(entity: Record<string, unknown>, { select, expand }: Shape): Record<string, unknown> {
  if (select === undefined) return entity
  return Object.fromEntries(
    Object.entries(entity).filter(
      ([name]) => name === 'id' || name.startsWith('@odata.') || select.includes(name) || expand.has(name),
    ),
  )
}
