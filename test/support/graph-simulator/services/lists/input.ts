import { isObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { invalidRequest } from '../sites/errors.ts'
import { isStandard } from './columns.ts'
import { isMultiple } from './fields.ts'
import type { FieldView } from './fields.ts'
import type { NewFields } from './new-lists.ts'
import { refers } from './values.ts'
import type { FieldValue, StoredColumn } from './stored.ts'

const collectionOf = (type: string): string => `Collection(Edm.${type})`

/**
 * The values in a request, by column. Lookups and persons are written as numbers under `<name>LookupId`, lists with
 * their `@odata.type`. Values of links, places, pictures and terms are refused, as they were whenever people tried
 * (microsoft-graph-docs 1965, 12638; msgraph-sdk-dotnet 2957).
 */
export function fieldsIn(view: FieldView, fields: JsonObject): NewFields {
  const values: Record<string, FieldValue | undefined> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (name.includes('@')) continue
    const type = fields[`${name}@odata.type`]
    const { column, refersBy } = columnOf(view, name)
    if (column.readOnly || column.kind === 'calculated') throw invalidRequest(`Field '${name}' is read-only`)
    if (refersBy !== refers(column)) throw invalidRequest(`Field '${name}' is not recognized`)
    values[column.name] = value === null ? undefined : valueOf(view, column, value, type)
  }
  return values
}

function columnOf({ list }: FieldView, name: string): { readonly column: StoredColumn; readonly refersBy: boolean } {
  const own = list.column(name)
  if (own !== undefined && (!isStandard(name) || name === 'Title')) return { column: own, refersBy: false }
  const base = /^(.+)LookupId$/.exec(name)?.[1]
  const looked = base === undefined ? undefined : list.column(base)
  if (own !== undefined || (looked !== undefined && isStandard(looked.name)))
    throw invalidRequest(`Field '${name}' is read-only`)
  if (looked === undefined) throw invalidRequest(`Field '${name}' is not recognized`)
  return { column: looked, refersBy: true }
}

function valueOf(view: FieldView, column: StoredColumn, value: unknown, type: unknown): FieldValue {
  const { name, kind } = column
  switch (kind) {
    case 'text':
      return text(column, value)
    case 'number':
    case 'currency':
      return expected(name, typeof value === 'number', value) as number
    case 'boolean':
      return expected(name, typeof value === 'boolean', value) as boolean
    case 'dateTime':
      return time(name, value)
    case 'choice':
      return choices(column, value, type)
    case 'lookup':
    case 'personOrGroup':
      return numbers(view, column, value, type)
    default:
      throw invalidRequest('Invalid request')
  }
}

function expected(name: string, fits: boolean, value: unknown): unknown {
  if (fits) return value
  throw invalidRequest(`The value of field '${name}' is not valid.`)
}

function text({ name, facet }: StoredColumn, value: unknown): string {
  const plain = expected(name, typeof value === 'string', value) as string
  const most = facet.allowMultipleLines === true ? Infinity : Number(facet.maxLength ?? 255)
  return expected(name, plain.length <= most, plain) as string
}

function time(name: string, value: unknown): string {
  const shaped =
    typeof value === 'string' && /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(value)
  const at = shaped ? Date.parse(value) : Number.NaN
  expected(name, !Number.isNaN(at), value)
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

function choices(column: StoredColumn, value: unknown, type: unknown): FieldValue {
  const { name } = column
  if (!isMultiple(column)) return expected(name, typeof value === 'string', value) as string
  const list = listOf(name, value, type, collectionOf('String'))
  return expected(
    name,
    list.every((one) => typeof one === 'string'),
    list,
  ) as readonly string[]
}

function listOf(name: string, value: unknown, type: unknown, wanted: string): readonly unknown[] {
  if (Array.isArray(value) && type === wanted) return value as readonly unknown[]
  throw invalidRequest(
    `A value without a type name was found and no expected type is available. The field '${name}' needs ${name}@odata.type.`,
  )
}

function numbers(view: FieldView, column: StoredColumn, value: unknown, type: unknown): readonly number[] {
  const { name } = column
  const given = isMultiple(column) ? listOf(`${name}LookupId`, value, type, collectionOf('Int32')) : [value]
  const ids = given.map((one) => (typeof one === 'string' && /^\d+$/.test(one) ? Number(one) : one))
  for (const id of ids) {
    if (typeof id !== 'number' || !exists(view, column, id))
      throw invalidRequest(`The item that field '${name}' refers to was not found.`)
  }
  return ids as readonly number[]
}

function exists({ directory, site }: FieldView, { kind, facet }: StoredColumn, id: number): boolean {
  if (kind === 'personOrGroup') return directory.people(site).entry(id) !== undefined
  const list = typeof facet.listId === 'string' ? directory.findList(site, facet.listId) : undefined
  return list?.item(id) !== undefined
}

/** What a new item has where nothing was said of a column. */
export function defaultsOf({ list }: FieldView, given: NewFields): NewFields {
  const values: Record<string, FieldValue> = {}
  for (const column of list.columns) {
    const { value } = column.defaultValue ?? {}
    if (column.name in given || typeof value !== 'string') continue
    values[column.name] = fromText(column, value)
  }
  return values
}

function fromText(column: StoredColumn, value: string): FieldValue {
  switch (column.kind) {
    case 'number':
    case 'currency':
      return Number(value)
    case 'boolean':
      return value === '1' || value.toLowerCase() === 'true'
    case 'choice':
      return isMultiple(column) ? [value] : value
    default:
      return value
  }
}

/** The object under a name of a request; undefined if there is none. */
export function objectIn(body: JsonObject, name: string): JsonObject | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw invalidRequest(`The property '${name}' must be an object.`)
  return value
}
