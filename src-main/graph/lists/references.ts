import type { JsonObject } from '../../engine/model/json.ts'
import { filledText, isObject, list, record, text } from '../item/fields.ts'
import type { Column } from './columns.ts'

/** A person in a field, and how the site knew them. */
export interface StoredPerson {
  readonly id: number
  readonly name: string | undefined
  readonly email: string | undefined
  readonly account: string | undefined
}

/** An item that a field looks up, and what is shown for it. */
export interface StoredLookup {
  readonly id: number
  readonly value: string | undefined
}

/** In the stored properties of an item: persons and looked up items of its fields, by column. */
export const peopleName = 'o365:People'
export const lookupsName = 'o365:Lookups'

/** The numbers that the field refers to: `<name>LookupId` of a single one, or a list under its own name. */
export function numbersIn(fields: JsonObject, { name }: Pick<Column, 'name'>): readonly number[] {
  const single = fields[`${name}LookupId`]
  if (typeof single === 'string' || typeof single === 'number') {
    const number = Number(single)
    return Number.isInteger(number) ? [number] : []
  }
  return entriesIn(fields, name).map((entry) => Number(entry.LookupId))
}

/** A list of persons or lookups as Graph gives it: `{LookupId, LookupValue, Email}`. */
export function entriesIn(fields: JsonObject, name: string): readonly JsonObject[] {
  return (list(fields, name) ?? []).filter(isObject).filter((entry) => Number.isInteger(Number(entry.LookupId)))
}

export function peopleIn(properties: JsonObject, column: string): readonly StoredPerson[] {
  const entries = list(record(properties, peopleName) ?? {}, column) ?? []
  return entries.filter(isObject).map((entry) => ({
    id: Number(entry.id),
    name: filledText(entry, 'name'),
    email: filledText(entry, 'email'),
    account: filledText(entry, 'account'),
  }))
}

/** The looked up items of a field; `list`: Graph id of their list in the source. */
export function lookupsIn(
  properties: JsonObject,
  column: string,
): { readonly list: string; readonly values: readonly StoredLookup[] } | undefined {
  const lookup = record(record(properties, lookupsName) ?? {}, column)
  if (lookup === undefined) return undefined
  const values = (list(lookup, 'values') ?? []).filter(isObject)
  return {
    list: text(lookup, 'list') ?? '',
    values: values.map((entry) => ({ id: Number(entry.id), value: filledText(entry, 'value') })),
  }
}
