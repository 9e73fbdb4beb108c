import type { StoredSite } from '../sites/stored.ts'
import { invalidRequest } from '../sites/errors.ts'
import type { ListDirectory } from './state.ts'
import { numbersOf, refers } from './values.ts'
import { itemTag } from './stored.ts'
import type { Actor, FieldValue, StoredColumn, StoredItem, StoredList } from './stored.ts'

type Rendered = Record<string, unknown>

/** "Up to 12 lookup fields may be requested in a single query." https://learn.microsoft.com/graph/api/resources/fieldvalueset */
const mostLookups = 12

/** What is needed to show the fields of an item. */
export interface FieldView {
  readonly directory: ListDirectory
  readonly site: StoredSite
  readonly list: StoredList
}

/**
 * The fields of an item: without a selection all that are not hidden, but of single lookups and persons only the number
 * (`<name>LookupId`); with one what it names.
 */
export function renderFields(view: FieldView, item: StoredItem, selected?: readonly string[]): Rendered {
  const tag = { '@odata.etag': itemTag(item) }
  if (selected === undefined) return { ...tag, ...allFields(view, item) }
  const entries = selected.map((name) => [name, fieldOf(view, item, name)] as const)
  return { ...tag, ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)) }
}

/** Refuses more lookups than one query may have. Names of columns that the list does not have are passed over. */
export function checkSelection({ list }: FieldView, selected: readonly string[]): void {
  const lookups = selected.filter((name) => {
    const column = list.column(name)
    return column !== undefined && refers(column)
  })
  if (lookups.length > mostLookups)
    throw invalidRequest('The request uses too many lookup columns. The number exceeds the lookup column threshold.')
}

function allFields(view: FieldView, item: StoredItem): Rendered {
  const fields: Rendered = { ...ownFields(view, item) }
  for (const column of view.list.columns) {
    if (column.hidden) continue
    const name = refers(column) && !isMultiple(column) ? `${column.name}LookupId` : column.name
    const value = fieldOf(view, item, name)
    if (value !== undefined) fields[name] = value
  }
  return fields
}

/** What every item has. */
function ownFields({ list }: FieldView, item: StoredItem): Rendered {
  const title = item.values.get('Title')
  return {
    id: String(item.number),
    ContentType: item.contentType.name,
    Modified: iso(item.modifiedAt),
    Created: iso(item.createdAt),
    AuthorLookupId: String(item.createdBy.person),
    EditorLookupId: String(item.modifiedBy.person),
    _UIVersionString: `${String(item.version)}.0`,
    ...(list.template === 'userInformation' ? {} : { Attachments: item.attachments.size > 0 }),
    Edit: '',
    ...(title === undefined ? {} : { LinkTitleNoMenu: title, LinkTitle: title }),
    ItemChildCount: '0',
    FolderChildCount: '0',
    _ComplianceFlags: '',
    _ComplianceTag: '',
    _ComplianceTagWrittenTime: '',
    _ComplianceTagUserId: '',
  }
}

/** One field by the name under which Graph gives it. */
export function fieldOf(view: FieldView, item: StoredItem, name: string): unknown {
  const column = view.list.column(name)
  if (column !== undefined && item.values.has(name)) return shown(view, item, column)
  if (column?.kind === 'calculated') return calculated(column, item)
  const base = /^(.+)LookupId$/.exec(name)?.[1]
  const looked = base === undefined ? undefined : view.list.column(base)
  const value = looked === undefined ? undefined : item.values.get(looked.name)
  if (looked !== undefined && Array.isArray(value) && refers(looked))
    return isMultiple(looked) ? undefined : String(value[0])
  return ownFields(view, item)[name]
}

function shown(view: FieldView, item: StoredItem, column: StoredColumn): unknown {
  const value = item.values.get(column.name)
  if (!refers(column)) return value
  const numbers = numbersOf(value)
  if (!isMultiple(column)) return numbers[0] === undefined ? undefined : lookedUp(view, column, numbers[0])
  return numbers.map((number) => {
    const entry = { LookupId: number, LookupValue: lookedUp(view, column, number) ?? '' }
    if (column.kind === 'lookup') return entry
    const address = view.directory.people(view.site).entry(number)?.values.get('EMail')
    return { ...entry, Email: address ?? '' }
  })
}

/** What stands for the item that is looked up. */
function lookedUp({ directory, site }: FieldView, column: StoredColumn, number: number): string | undefined {
  if (column.kind === 'personOrGroup') return textOf(directory.people(site).entry(number)?.values.get('Title'))
  const { listId, columnName } = column.facet
  const list = typeof listId === 'string' ? directory.findList(site, listId) : undefined
  return textOf(list?.item(number)?.values.get(typeof columnName === 'string' ? columnName : 'Title'))
}

export function textOf(value: FieldValue | undefined): string | undefined {
  if (value === undefined) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function isMultiple({ kind, facet }: StoredColumn): boolean {
  if (kind === 'personOrGroup') return facet.allowMultipleSelection === true
  if (kind === 'choice') return facet.displayAs === 'checkBoxes'
  return facet.allowMultipleValues === true
}

/** Enough of formulas to have something to show: products, sums and joined texts of columns. */
function calculated({ facet }: StoredColumn, item: StoredItem): unknown {
  const [, left = '', operator = '', right = ''] = /^=\[?(\w+)\]?([*+&])\[?(\w+)\]?$/.exec(String(facet.formula)) ?? []
  const one = item.values.get(left)
  const other = item.values.get(right)
  if (operator === '&') return `${textOf(one) ?? ''}${textOf(other) ?? ''}`
  if (typeof one !== 'number' || typeof other !== 'number') return undefined
  return operator === '*' ? one * other : one + other
}

export const iso = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`

export const identityOf = ({ displayName, email, id }: Actor): Rendered => ({
  user: { ...(email === undefined ? {} : { email }), ...(id === undefined ? {} : { id }), displayName },
})
