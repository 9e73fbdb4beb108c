import type { JsonObject, JsonValue } from '../../engine/model/json.ts'

/** Reading of JSON that came from outside: what is not of the expected kind counts as absent. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function field(object: JsonObject, name: string): JsonValue | undefined {
  return object[name]
}

export function text(object: JsonObject, name: string): string | undefined {
  const value = field(object, name)
  return typeof value === 'string' ? value : undefined
}

/** Like `text`, and an empty one counts as absent. */
export function filledText(object: JsonObject, name: string): string | undefined {
  const value = text(object, name)
  return value === '' ? undefined : value
}

export function record(object: JsonObject, name: string): JsonObject | undefined {
  const value = field(object, name)
  return isObject(value) ? value : undefined
}

export function list(object: JsonObject, name: string): readonly JsonValue[] | undefined {
  const value = field(object, name)
  return Array.isArray(value) ? (value as readonly JsonValue[]) : undefined
}

/** Graph's "0001-01-01T00:00:00Z" stands for no time at all; anything that early is one. */
const earliest = Date.UTC(1900, 0, 1)
const latest = Date.UTC(9999, 11, 31)

/** Milliseconds since 1970 of an ISO time, or undefined if it is none. */
export function time(object: JsonObject, name: string): number | undefined {
  const milliseconds = Date.parse(text(object, name) ?? '')
  return milliseconds >= earliest && milliseconds <= latest ? milliseconds : undefined
}

/** ISO 8601 to the second, as Graph writes mail times. */
export function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}
