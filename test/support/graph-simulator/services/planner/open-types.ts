import { isObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { invalid } from './calls.ts'

/** The property as an object of an open type; undefined if it is not given. */
export function openType(body: JsonObject, name: string): JsonObject | undefined {
  const value = body[name]
  if (value === undefined) return undefined
  if (!isObject(value)) throw invalid(`The property '${name}' must be an object.`)
  return value
}

/** Its entries: null takes one away, anything else must say what type it is. */
export function openEntries(open: JsonObject, type: string): readonly (readonly [string, JsonObject | null])[] {
  const named = new RegExp(`^#?microsoft\\.graph\\.${type}$`, 'i')
  return Object.entries(open)
    .filter(([key]) => !key.startsWith('@'))
    .map(([key, value]) => {
      if (value === null) return [key, null]
      if (!isObject(value)) throw invalid(`The value of '${key}' must be an object.`)
      const given = value['@odata.type']
      if (typeof given !== 'string' || !named.test(given)) throw invalid(`The @odata.type of '${key}' must be ${type}.`)
      return [key, value]
    })
}

/** Refuses what may not be written; strict: also what nobody knows. */
export function onlyWritable(body: JsonObject, names: readonly string[]): void {
  for (const name of Object.keys(body))
    if (!name.startsWith('@') && !names.includes(name)) throw invalid(`The property '${name}' cannot be set.`)
}
