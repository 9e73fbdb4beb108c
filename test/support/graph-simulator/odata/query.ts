import { badRequest, unknownProperty } from '../http/errors.ts'
import type { SimulatorRequest } from '../http/exchange.ts'
import type { IdFamily } from '../state/ids.ts'

/** The query options of one request, names in lower case. */
export class QueryOptions {
  private readonly values = new Map<string, string>()
  private readonly used = new Set<string>()

  constructor(queryText: string) {
    for (const [name, value] of new URLSearchParams(queryText)) {
      const key = name.toLowerCase()
      if (this.values.has(key)) throw badRequest(`Query option '${name}' was specified more than once.`)
      this.values.set(key, value)
    }
  }

  get(name: string): string | undefined {
    this.used.add(name.toLowerCase())
    return this.values.get(name.toLowerCase())
  }

  /** Says that whatever else stands in the query may be passed over. */
  ignoreRest(): void {
    for (const name of this.values.keys()) this.used.add(name)
  }

  /** OData options that nobody asked for: the route does not know them. */
  unused(): readonly string[] {
    return [...this.values.keys()].filter((name) => name.startsWith('$') && !this.used.has(name))
  }

  /** The names that are present among `names`. */
  present(names: readonly string[]): readonly string[] {
    return names.filter((name) => this.values.has(name.toLowerCase()))
  }

  /** A whole number, or the 400 Graph gives for anything else. */
  integer(name: string): number | undefined {
    const text = this.get(name)
    if (text === undefined) return undefined
    if (!/^\d+$/.test(text)) {
      throw badRequest(
        `Invalid value '${text}' for ${name} query option found. The ${name} query option requires a non-negative integer value.`,
      )
    }
    return Number(text)
  }

  flag(name: string): boolean {
    return this.get(name)?.toLowerCase() === 'true'
  }
}

/** Reads `$select`: the property names as the type writes them. Unknown names are refused. */
export function parseSelect(
  text: string | undefined,
  properties: ReadonlyMap<string, string>,
  type: string,
): ReadonlySet<string> | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const selected = new Set<string>()
  for (const part of text.split(',')) {
    const name = part.trim()
    const known = properties.get(name.toLowerCase())
    if (known === undefined) throw unknownProperty(name, type)
    selected.add(known)
  }
  return selected
}

/** Property names by their lower-case form. */
export function propertyNames(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [name.toLowerCase(), name]))
}

/** What the Prefer header asks for. */
export interface Preferences {
  readonly ids: IdFamily
  readonly maxPageSize: number | undefined
  readonly textBodies: boolean
}

export function preferencesOf(request: SimulatorRequest): Preferences {
  const header = request.headers.prefer ?? ''
  const pageSize = /odata\.maxpagesize\s*=\s*"?(\d+)"?/i.exec(header)?.[1]
  return {
    ids: /IdType\s*=\s*"?ImmutableId"?/i.test(header) ? 'immutable' : 'regular',
    maxPageSize: pageSize === undefined ? undefined : Number(pageSize),
    textBodies: /outlook\.body-content-type\s*=\s*"?text"?/i.test(header),
  }
}

/** The Preference-Applied header for what was honoured. */
export function appliedPreferences(preferences: Preferences, more: readonly string[] = []): Record<string, string> {
  const applied = [...more]
  if (preferences.ids === 'immutable') applied.push('IdType="ImmutableId"')
  if (preferences.textBodies) applied.push('outlook.body-content-type="text"')
  return applied.length === 0 ? {} : { 'Preference-Applied': applied.join(', ') }
}
