import { createHash } from 'node:crypto'
import type { JsonValue } from '../../engine/model/json.ts'
import { isObject } from './fields.ts'

/** A value without what Graph says about its answer (@odata...), lists included; types are part of the value and stay. */
export function plainValue(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(plainValue)
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(([name]) => name.endsWith('@odata.type') || !name.includes('@'))
  return Object.fromEntries(kept.map(([name, inner]) => [name, plainValue(inner)]))
}

/** Equal for equal values, in whatever order their properties stand: for change keys. 96 bits. */
export function valueHash(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('base64url')
    .slice(0, 16)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return entries.map(([name, inner]) => [name, sorted(inner)])
}
