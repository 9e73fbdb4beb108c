import { badRequest } from '../http/errors.ts'
import { normalizePropertyId } from '../state/extended-properties.ts'
import { listValue } from './message-values.ts'
import { isObject } from './request-json.ts'
import type { JsonObject } from './request-json.ts'

/** The single-value extended properties of a message's JSON, by normalized id, their values checked against their types. */
export function singleValueInput(body: JsonObject): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const entry of listValue(body, 'singleValueExtendedProperties') ?? []) {
    const { id, value } = propertyEntry(entry)
    if (typeof value !== 'string' || !valueFits(id, value)) throw badValue(id)
    if (found.has(id)) throw badRequest(`The property '${id}' is given twice.`, 'ErrorInvalidProperty')
    found.set(id, value)
  }
  return found
}

/** The multi-value extended properties of a message's JSON, by normalized id. */
export function multiValueInput(body: JsonObject): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const entry of listValue(body, 'multiValueExtendedProperties') ?? []) {
    const { id, value } = propertyEntry(entry)
    const fits = Array.isArray(value) && value.every((part): part is string => typeof part === 'string')
    if (!fits || !id.includes('Array ')) throw badValue(id)
    found.set(id, value)
  }
  return found
}

function propertyEntry(entry: unknown): { readonly id: string; readonly value: unknown } {
  if (!isObject(entry) || typeof entry.id !== 'string') throw badValue('id')
  return { id: normalizePropertyId(entry.id), value: entry.value }
}

const badValue = (id: string): Error =>
  badRequest(`The value of the extended property '${id}' is not valid.`, 'ErrorInvalidExtendedPropertyValue')

function valueFits(id: string, value: string): boolean {
  const [type = ''] = id.split(' ')
  if (type.endsWith('Array')) return false
  if (/^(Integer|Short|Long|Currency|Error)$/.test(type)) return /^-?\d+$/.test(value)
  if (type === 'Boolean') return /^(true|false)$/i.test(value)
  if (type === 'SystemTime') return /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value))
  return true
}
