import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { isObject, list, record, text, time } from '../item/fields.ts'
import { htmlToText } from '../item/html-text.ts'
import { plainValue, valueHash } from '../item/listed-value.ts'
import { itemMetadata, propertiesOf } from '../item/metadata.ts'
import { itemName, peopleText } from '../item/names.ts'
import type { Person } from '../item/names.ts'
import { listItemId, schemaId } from './ids.ts'
import { isStandardColumn } from './columns.ts'
import { peopleIn, peopleName } from './references.ts'

/** In the stored properties: Graph id of the list that the item is of. */
const listName = 'o365:List'
/** In the stored properties of what a list's schema is stored as. */
const schemaMark = 'o365:Schema'

/** What is stored of an item as a listing gave it. `files`: whether the files attached to it can be read. */
export function listedProperties(entry: JsonObject, listId: string, files: boolean): JsonObject {
  const kept = Object.entries(entry).filter(([name]) => !name.includes('@'))
  const properties = Object.fromEntries(kept.map(([name, value]) => [name, plainValue(value)]))
  const tag = text(entry, 'eTag') ?? text(entry, '@odata.etag') ?? valueHash(properties)
  const more = hasFiles(entry) ? ` ${files ? 'files' : 'no files'}` : ''
  return { ...properties, [listName]: listId, changeKey: `${tag}${more}` }
}

/** Whether files are attached. */
export function hasFiles(properties: JsonObject): boolean {
  return record(properties, 'fields')?.Attachments === true
}

/** What is stored of a list's schema, by the stored properties of its container. */
export function schemaProperties(stored: JsonObject): JsonObject {
  const properties = { ...stored, [schemaMark]: true }
  return { ...properties, changeKey: valueHash(properties) }
}

export function isSchema(properties: JsonObject): boolean {
  return properties[schemaMark] === true
}

export function storedMetadata(properties: JsonObject): JsonObject {
  const id = text(properties, 'id') ?? ''
  const listId = text(properties, listName) ?? ''
  const facts = {
    type: isSchema(properties) ? 'list' : 'listItem',
    name: titleOf(properties),
    created: text(properties, 'createdDateTime'),
    modified: text(properties, 'lastModifiedDateTime'),
  }
  const own = isSchema(properties) ? schemaId(id) : listItemId(listId, id)
  return { ...itemMetadata(facts, properties), 'o365:Id': own }
}

/** The title, or else the first text that somebody entered. */
function titleOf(properties: JsonObject): string {
  if (isSchema(properties)) return text(properties, 'displayName') ?? ''
  const fields = record(properties, 'fields') ?? {}
  const title = text(fields, 'Title')
  if (title !== undefined && title !== '') return title
  const other = Object.entries(fields).find(
    ([name, value]) => isEntered(name) && typeof value === 'string' && value !== '',
  )
  return typeof other?.[1] === 'string' ? htmlToText(other[1]).slice(0, 200) : ''
}

function isEntered(name: string): boolean {
  return !isStandardColumn(name) && name !== 'id' && !name.includes('@') && !name.endsWith('LookupId')
}

export function storedIdentity(metadata: JsonObject): { readonly id: string; readonly changeKey: string } {
  return { id: text(metadata, 'o365:Id') ?? '', changeKey: text(propertiesOf(metadata), 'changeKey') ?? '' }
}

/** Items lie in folders by the month in which they were made: large lists have many of them. */
export function storedRow(metadata: JsonObject, contentSize: number): ReturnType<ItemDescriber['row']> {
  const properties = propertiesOf(metadata)
  const title = text(metadata, 'o365:Name') ?? ''
  const modified = time(properties, 'lastModifiedDateTime') ?? time(properties, 'createdDateTime') ?? 0
  const row = { time: modified, size: contentSize, title, from: '', to: '', hasAttachments: false }
  if (isSchema(properties)) return { ...row, name: 'schema', shard: '' }
  const created = time(properties, 'createdDateTime')
  return {
    ...row,
    name: itemName(title, storedIdentity(metadata).id),
    shard: created === undefined ? '' : new Date(created).toISOString().slice(0, 7),
    from: makerOf(properties),
    to: peopleText(Object.keys(record(properties, peopleName) ?? {}).flatMap((name) => othersIn(properties, name))),
    hasAttachments: hasFiles(properties),
  }
}

function makerOf(properties: JsonObject): string {
  const user = record(record(properties, 'createdBy') ?? {}, 'user') ?? {}
  const named = { name: text(user, 'displayName'), address: text(user, 'email') }
  const [author] = peopleIn(properties, 'Author')
  return peopleText([author === undefined ? named : { name: author.name, address: author.email }])
}

function othersIn(properties: JsonObject, column: string): readonly Person[] {
  if (isStandardColumn(column)) return []
  return peopleIn(properties, column).map(({ name, email }) => ({ name, address: email }))
}

/** What people would look for: everything that was entered, as text. */
export function storedText(metadata: JsonObject): string {
  const properties = propertiesOf(metadata)
  if (isSchema(properties)) {
    const columns = (list(properties, 'columns') ?? []).filter(isObject)
    const names = columns
      .filter((column) => !isStandardColumn(text(column, 'name') ?? ''))
      .map((column) => text(column, 'displayName'))
    return [text(properties, 'description'), ...names].filter((line) => line !== undefined && line !== '').join('\n')
  }
  const entered = Object.entries(record(properties, 'fields') ?? {}).filter(([name]) => isEntered(name))
  const looked = Object.values(record(properties, 'o365:Lookups') ?? {})
  const files = (list(properties, filesName) ?? []).filter((name) => typeof name === 'string')
  return [...entered.flatMap(([, value]) => texts(value)), ...looked.flatMap(texts), ...files].join('\n')
}

/** In the stored properties: names of the files that are attached. */
export const filesName = 'o365:Attachments'

function texts(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value.includes('<') ? htmlToText(value) : value]
  if (typeof value === 'number') return [String(value)]
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(texts)
  return isObject(value) ? Object.entries(value).flatMap(([name, inner]) => (isId(name) ? [] : texts(inner))) : []
}

/** Numbers and ids say nothing to anybody. */
function isId(name: string): boolean {
  return ['LookupId', 'TermGuid', 'WssId', 'id', 'list', 'column'].includes(name)
}
