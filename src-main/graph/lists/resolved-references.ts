import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { record, text } from '../item/fields.ts'
import type { Column } from './columns.ts'
import { readShownOf, shownText } from './lookup-values.ts'
import type { SitePerson } from './people.ts'
import { entriesIn, lookupsName, numbersIn, peopleName } from './references.ts'
import type { SiteFacts } from './site-facts.ts'
import type { Site } from './site.ts'

/** Up to so many items are asked themselves for what they show; for more of them the lists that they look up are read. */
const mostAsked = 20

/** Author and editor, whom every item names. */
const makers = ['Author', 'Editor'].map((name) => ({ name }))

/** One list whose items are read. */
export interface SourceList {
  readonly site: Site
  readonly facts: SiteFacts
  /** Graph id. */
  readonly list: string
}

/**
 * Items with the persons and looked up items that their fields refer to by number: another site has other numbers.
 * Costs one listing of the site's people for a run, and for lookups one round trip or one listing of their list.
 */
export async function withReferences(
  source: SourceList,
  entries: readonly JsonObject[],
): Promise<readonly JsonObject[]> {
  if (entries.length === 0) return entries
  const columns = await source.facts.columns(source.site, source.list)
  const people = await source.facts.people(source.site)
  const persons = [...columns.filter(({ kind, name }) => kind === 'personOrGroup' && !isMaker(name)), ...makers]
  const lookups = columns.filter(({ kind, readOnly }) => kind === 'lookup' && !readOnly)
  const shown = await shownFor(source, entries, lookups)
  return entries.map((entry) => {
    const fields = record(entry, 'fields') ?? {}
    const own = Object.fromEntries(persons.flatMap((column) => personEntry(fields, column, people)))
    const looked = Object.fromEntries(lookups.flatMap((column) => lookupEntry(entry, fields, column, shown)))
    return {
      ...entry,
      ...(Object.keys(own).length === 0 ? {} : { [peopleName]: own }),
      ...(Object.keys(looked).length === 0 ? {} : { [lookupsName]: looked }),
    }
  })
}

function isMaker(name: string): boolean {
  return makers.some((maker) => maker.name === name)
}

type Entry = readonly [string, JsonValue]

function personEntry(
  fields: JsonObject,
  column: Pick<Column, 'name'>,
  people: ReadonlyMap<number, SitePerson>,
): readonly Entry[] {
  const told = new Map(entriesIn(fields, column.name).map((entry) => [Number(entry.LookupId), entry]))
  const numbers = numbersIn(fields, column)
  if (numbers.length === 0) return []
  const persons = numbers.map((id) => {
    const person = people.get(id)
    const entry = told.get(id) ?? {}
    const facts = {
      name: person?.name ?? text(entry, 'LookupValue'),
      email: person?.email ?? text(entry, 'Email'),
      account: person?.account,
    }
    return {
      id,
      ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== '')),
    }
  })
  return [[column.name, persons]]
}

type Shown = (item: string, column: Column, number: number) => string | undefined

function lookupEntry(entry: JsonObject, fields: JsonObject, column: Column, shown: Shown): readonly Entry[] {
  const told = new Map(entriesIn(fields, column.name).map((one) => [Number(one.LookupId), text(one, 'LookupValue')]))
  const numbers = numbersIn(fields, column)
  if (numbers.length === 0) return []
  const values = numbers.map((id) => {
    const value = told.get(id) ?? shown(text(entry, 'id') ?? '', column, id)
    return value === undefined ? { id } : { id, value }
  })
  return [[column.name, { list: listOf(column), column: shownColumn(column), values }]]
}

function listOf({ facet }: Pick<Column, 'facet'>): string {
  return text(facet, 'listId') ?? ''
}

function shownColumn({ facet }: Pick<Column, 'facet'>): string {
  return text(facet, 'columnName') ?? 'Title'
}

/** Single lookups come as numbers alone. */
async function shownFor(
  { site, facts, list }: SourceList,
  entries: readonly JsonObject[],
  lookups: readonly Column[],
): Promise<Shown> {
  const single = lookups.filter((column) => !column.multiple)
  const open = single.filter((column) => !facts.isShown(listOf(column), shownColumn(column)))
  const asking = entries.filter((entry) => open.some((column) => refers(entry, column)))
  if (asking.length > 0 && asking.length <= mostAsked) {
    const ids = asking.map((entry) => text(entry, 'id') ?? '')
    const told = await readShownOf(
      site,
      list,
      ids,
      open.map(({ name }) => name),
    )
    const tables = await tablesOf(
      site,
      facts,
      single.filter((column) => !open.includes(column)),
    )
    return (item, column, number) => shownText(told.get(item)?.[column.name]) ?? tables.get(column)?.get(number)
  }
  const needed = single.filter((column) => entries.some((entry) => refers(entry, column)))
  const tables = await tablesOf(site, facts, needed)
  return (_item, column, number) => tables.get(column)?.get(number)
}

function refers(entry: JsonObject, column: Column): boolean {
  return numbersIn(record(entry, 'fields') ?? {}, column).length > 0
}

async function tablesOf(
  site: Site,
  facts: SiteFacts,
  columns: readonly Column[],
): Promise<ReadonlyMap<Column, ReadonlyMap<number, string>>> {
  const tables = new Map<Column, ReadonlyMap<number, string>>()
  for (const column of columns) tables.set(column, await facts.shown(site, listOf(column), shownColumn(column)))
  return tables
}
