import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { RestoreRemark } from '../../engine/ports/restore-target.ts'
import { record } from '../item/fields.ts'
import { plainValue } from '../item/listed-value.ts'
import { hasDefault } from './column-json.ts'
import type { Column, ColumnKind } from './columns.ts'
import { lookupsIn, peopleIn } from './references.ts'
import type { StoredLookup } from './references.ts'

/** Kinds whose values Graph has refused so far: tried once, and left out when it still does. */
const fragileKinds: ReadonlySet<ColumnKind> = new Set(['hyperlinkOrPicture', 'geolocation', 'thumbnail'])

export function isFragile({ kind }: Column): boolean {
  return kind !== undefined && fragileKinds.has(kind)
}

/** A lookup whose item is not in the target yet. */
export interface OpenLookup {
  readonly column: Column
  /** Graph id of the list in the source. */
  readonly list: string
  readonly values: readonly StoredLookup[]
}

/** What an item's fields come to in the target. */
export interface TargetFields {
  /** As a request has them. */
  readonly json: JsonObject
  /** Names in `json` of values that may be refused, with the columns' names for people. */
  readonly fragile: ReadonlyMap<string, string>
  /** Numbers of persons and looked up items, by stored column. */
  readonly references: ReadonlyMap<string, readonly number[]>
  readonly open: readonly OpenLookup[]
  readonly remarks: readonly RestoreRemark[]
}

export interface FieldMapping {
  /** The stored columns. */
  readonly columns: readonly Column[]
  /** The column of the target that takes the values of a stored one. */
  readonly target: (stored: Column) => Column | undefined
  readonly person: (
    person: ReturnType<typeof peopleIn>[number],
  ) => Promise<{ readonly id: number } | { readonly missing: string }>
  /** The number that an item of another list got in the target. */
  readonly restored: (list: string, item: number) => number | undefined
}

/** The stored values as a request for the target. */
export async function targetFields(properties: JsonObject, mapping: FieldMapping): Promise<TargetFields> {
  const fields = record(properties, 'fields') ?? {}
  const json: Record<string, JsonValue> = {}
  const fragile = new Map<string, string>()
  const references = new Map<string, readonly number[]>()
  const open: OpenLookup[] = []
  const remarks: RestoreRemark[] = []
  for (const column of mapping.columns) {
    if (column.readOnly || column.kind === 'calculated') continue
    const target = mapping.target(column)
    const name = target?.name ?? column.name
    if (column.kind === 'personOrGroup') {
      if (target === undefined) continue
      const { ids, missing } = await persons(properties, column, mapping)
      references.set(column.name, ids)
      Object.assign(json, numbersJson(name, ids, target))
      remarks.push(...missing.map((code) => ({ code, detail: column.displayName })))
    } else if (column.kind === 'lookup') {
      const ids = lookedUp(properties, column, mapping)
      if (ids === undefined || target === undefined) open.push(...openLookups(properties, column))
      else references.set(column.name, ids)
      Object.assign(json, ids === undefined || target === undefined ? {} : numbersJson(name, ids, target))
    } else if (target !== undefined) {
      if (column.kind === 'term') {
        if (fields[column.name] !== undefined) remarks.push({ code: 'field-refused', detail: column.displayName })
        continue
      }
      Object.assign(json, valueJson(name, fields[column.name], column))
      if (isFragile(column) && fields[column.name] !== undefined) fragile.set(name, column.displayName)
    }
  }
  return { json, fragile, references, open, remarks }
}

function valueJson(name: string, value: JsonValue | undefined, column: Column): JsonObject {
  // An empty field would be filled with the column's default.
  if (value === undefined || value === null) return hasDefault(column) ? { [name]: null } : {}
  if (Array.isArray(value)) return { [`${name}@odata.type`]: 'Collection(Edm.String)', [name]: value }
  return { [name]: plainValue(value) }
}

/** Persons and lookups are written by their numbers, lists of them with a type. */
export function numbersJson(name: string, ids: readonly number[], { multiple }: Pick<Column, 'multiple'>): JsonObject {
  if (ids.length === 0) return {}
  const field = `${name}LookupId`
  if (!multiple) return { [field]: ids[0] ?? null }
  return { [`${field}@odata.type`]: 'Collection(Edm.Int32)', [field]: ids }
}

async function persons(
  properties: JsonObject,
  column: Column,
  mapping: FieldMapping,
): Promise<{ readonly ids: readonly number[]; readonly missing: readonly string[] }> {
  const ids = new Set<number>()
  const missing = new Set<string>()
  for (const person of peopleIn(properties, column.name)) {
    const found = await mapping.person(person)
    if ('id' in found) ids.add(found.id)
    else missing.add(found.missing)
  }
  return { ids: [...ids], missing: [...missing] }
}

/** Undefined if one of them is not in the target yet. */
function lookedUp(properties: JsonObject, column: Column, mapping: FieldMapping): readonly number[] | undefined {
  const lookup = lookupsIn(properties, column.name)
  if (lookup === undefined) return []
  const ids = lookup.values.map(({ id }) => mapping.restored(lookup.list, id))
  return ids.every((id) => id !== undefined) ? ids : undefined
}

/** The lookup of a column as it is stored; none for other columns. */
export function openLookups(properties: JsonObject, column: Column): readonly OpenLookup[] {
  const lookup = lookupsIn(properties, column.name)
  return lookup === undefined || lookup.values.length === 0 ? [] : [{ column, ...lookup }]
}
