import type { JsonObject } from '../../engine/model/json.ts'
import { filledText, isObject, record, text } from '../item/fields.ts'
import type { Column, ColumnKind } from './columns.ts'

/** Kinds that nobody can make through Graph, or not for another tenant: terms belong to sets of the tenant's own. */
const notMade: ReadonlySet<ColumnKind> = new Set(['contentApprovalStatus', 'term'])

export function canBeMade({ kind }: Column): boolean {
  return kind !== undefined && !notMade.has(kind)
}

/** What a lookup column looks up: a list of the source and a column of it. */
export interface LookupSource {
  /** Graph id of the list in the source. */
  readonly list: string
  readonly column: string
}

export function lookupSource({ kind, facet }: Column): LookupSource | undefined {
  if (kind !== 'lookup') return undefined
  return { list: text(facet, 'listId') ?? '', column: text(facet, 'columnName') ?? 'Title' }
}

/** Id of the column by which the item is looked up of which this one shows something more. */
export function primaryOf({ kind, facet }: Column): string | undefined {
  return kind === 'lookup' ? filledText(facet, 'primaryLookupColumnId') : undefined
}

/** What a column of the target looks up. */
export interface LookupTarget {
  readonly listId: string
  readonly columnName: string
  readonly primaryLookupColumnId?: string | undefined
}

/** The request that makes the column. https://learn.microsoft.com/graph/api/list-post-columns */
export function columnJson({ name, displayName, kind, facet, definition }: Column, lookup?: LookupTarget): JsonObject {
  const unique = definition.enforceUniqueValues === true
  const settings = Object.fromEntries(Object.entries(facet).filter(([, value]) => value !== null))
  const { listId: _list, columnName: _column, primaryLookupColumnId: _primary, ...rest } = settings
  const target = lookup === undefined ? {} : definedOnly({ ...lookup })
  return {
    name,
    displayName,
    ...(filledText(definition, 'description') === undefined
      ? {}
      : { description: text(definition, 'description') ?? '' }),
    ...(definition.required === true ? { required: true } : {}),
    ...(definition.hidden === true ? { hidden: true } : {}),
    ...(definition.indexed === true || unique ? { indexed: true } : {}),
    ...(unique ? { enforceUniqueValues: true } : {}),
    ...defaultJson(definition),
    [kind ?? 'text']: kind === 'lookup' ? { ...rest, ...target } : settings,
  }
}

function definedOnly(object: Readonly<Record<string, string | undefined>>): JsonObject {
  const kept = Object.entries(object).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  return Object.fromEntries(kept)
}

function defaultJson(definition: JsonObject): JsonObject {
  const value = record(definition, 'defaultValue')
  if (value === undefined) return {}
  const formula = filledText(value, 'formula')
  const plain = filledText(value, 'value')
  if (formula === undefined && plain === undefined) return {}
  return {
    defaultValue: { ...(formula === undefined ? {} : { formula }), ...(plain === undefined ? {} : { value: plain }) },
  }
}

/** Whether SharePoint fills something in where a new item says nothing. */
export function hasDefault({ definition }: Column): boolean {
  return isObject(definition.defaultValue)
}

/** Whether values of the one column are values of the other. */
export function fits(stored: Column, target: Column): boolean {
  if (stored.kind === undefined || target.kind === undefined) return true
  if (stored.kind !== target.kind) return stored.kind === 'currency' && target.kind === 'number'
  return stored.multiple === target.multiple
}
