import { isJsonObject } from './json.ts'

export interface ShapeDifference {
  readonly place: string
  readonly says: string
}

export interface ShapeOptions {
  /** Lower-case names that `$select` asked for: nothing else is missed. */
  readonly selected: ReadonlySet<string> | undefined
  /** Places at which the example does not fit the schema itself. */
  readonly unfit: ReadonlySet<string>
}

/**
 * Where an answer differs in shape from the documented one: another type of value, or a documented property of the
 * entity that is not there. Values are nobody's business, an absent value (null) fits everything.
 */
export function shapeDifferences(
  documented: unknown,
  answered: unknown,
  options: ShapeOptions,
  place = 'answer',
): readonly ShapeDifference[] {
  if (documented === null || answered === null || isPlaceholder(documented) || options.unfit.has(place)) return []
  if (Array.isArray(documented)) {
    if (!Array.isArray(answered)) return [{ place, says: 'is no list' }]
    if (documented.length === 0 || answered.length === 0) return []
    return shapeDifferences(documented[0], answered[0], options, `${place}[0]`)
  }
  if (!isJsonObject(documented)) {
    const says = `is ${typeof answered}, not ${typeof documented}`
    return typeof documented === typeof answered ? [] : [{ place, says }]
  }
  if (!isJsonObject(answered)) return [{ place, says: 'is no object' }]
  const isEntity = place === 'answer' || place === 'answer.value[0]'
  return Object.entries(documented).flatMap(([name, value]): readonly ShapeDifference[] => {
    const at = `${place}.${name}`
    if (name.includes('@') || options.unfit.has(at)) return []
    if (answered[name] !== undefined) return shapeDifferences(value, answered[name], options, at)
    const isMissed = isEntity && value !== null && options.selected?.has(name.toLowerCase()) !== false
    return isMissed ? [{ place: at, says: 'is missing' }] : []
  })
}

/** The documents write `"@odata.type": "microsoft.graph.x"` or `datetime-value` where something else stands. */
function isPlaceholder(value: unknown): boolean {
  return typeof value === 'string' && (/[\w ]+[- ]value$/i.test(value) || /^(\{.*\}|String.*|\.\.\.)$/.test(value))
}
