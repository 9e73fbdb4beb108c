import { EngineError } from '../engine/model/errors.ts'

export type Fields = Readonly<Record<string, unknown>>

/** The error for a file whose text is not what it must be; `field` is where. */
export function damagedSettings(field: string, cause?: unknown): EngineError {
  return new EngineError('settings.damaged', { context: { field }, cause })
}

/** Reading of JSON that a person may have edited; each names its field in `settings.damaged`. */
export function fieldsOf(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damagedSettings(field)
  return value as Fields
}

export function textOf(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '') throw damagedSettings(field)
  return value
}

export function numberOf(value: unknown, field: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) throw damagedSettings(field)
  return value
}

export function wholeOf(value: unknown, field: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  const number = numberOf(value, field, least, most)
  if (!Number.isInteger(number)) throw damagedSettings(field)
  return number
}

export function flagOf(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') throw damagedSettings(field)
  return value
}

export function listOf<T>(value: unknown, field: string, read: (item: unknown, field: string) => T): readonly T[] {
  if (!Array.isArray(value)) throw damagedSettings(field)
  return value.map((item: unknown, at) => read(item, `${field}[${String(at)}]`))
}

/** Empty if the value is absent, otherwise an object with that one field: for optional fields. */
export function optional<Name extends string, T>(
  fields: Fields,
  name: Name,
  field: string,
  read: (value: unknown, field: string) => T,
): Partial<Record<Name, T>> {
  const value = fields[name]
  return value === undefined || value === null
    ? {}
    : ({ [name]: read(value, `${field}.${name}`) } as Partial<Record<Name, T>>)
}
