import type { JsonObject } from '../../engine/model/json.ts'
import { record } from '../item/fields.ts'
import type { Column } from './columns.ts'
import type { Unmet } from './existing-items.ts'
import type { OpenLookup, TargetFields } from './item-fields.ts'
import { fragileKey } from './item-key.ts'
import { endpointOf, isRefusedSignIn } from './item-files.ts'
import { readShown } from './lookup-values.ts'
import { lookupsIn } from './references.ts'
import type { ListsSession, RestoredList } from './restore-session.ts'
import { lookupTarget } from './restore-targets.ts'
import { webUrlOf } from './site.ts'
import type { Site } from './site.ts'

/** A stored item as it would be in the target. */
export interface WantedItem {
  readonly properties: JsonObject
  readonly fields: TargetFields
  /** Names of the files that are attached. */
  readonly files: readonly string[]
}

/**
 * Whether an item of the target is a stored one: all of it, or what an interrupted restore left of it, lookups and files
 * being put in last.
 */
export type Match = 'same' | 'unfinished' | 'other'

export async function matchOf(
  session: ListsSession,
  list: RestoredList,
  item: Unmet,
  wanted: WantedItem,
  site: Site,
): Promise<Match> {
  const matches: Match[] = [
    ...referenceMatches(list, item, wanted.properties, wanted.fields),
    fragileMatch(list, item, wanted.properties),
  ]
  if (matches.includes('other')) return 'other'
  for (const open of wanted.fields.open)
    matches.push(await openMatch(session, list, item, wanted.properties, open, site))
  if (matches.includes('other')) return 'other'
  matches.push(await filesMatch(session, list, item, wanted.files, site))
  if (matches.includes('other')) return 'other'
  return matches.includes('unfinished') ? 'unfinished' : 'same'
}

function referenceMatches(
  list: RestoredList,
  item: Unmet,
  properties: JsonObject,
  { references }: TargetFields,
): readonly Match[] {
  return [...references].map(([name, wanted]) => {
    const there = item.references.get(name) ?? []
    const column = list.columns.find((one) => one.name === name)
    if (isSameSet(wanted, there) || (column !== undefined && isUntouched(list, properties, column, there)))
      return 'same'
    return column?.kind === 'lookup' && there.length === 0 ? 'unfinished' : 'other'
  })
}

/** In place, a lookup of the very list that it looked up still has the numbers that are stored. */
function isUntouched(list: RestoredList, properties: JsonObject, column: Column, there: readonly number[]): boolean {
  const stored = lookupsIn(properties, column.name)
  if (stored === undefined || list.mapping?.get(column)?.facet.listId !== stored.list) return false
  return isSameSet(
    stored.values.map(({ id }) => id),
    there,
  )
}

function isSameSet<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((value) => other.includes(value))
}

/** What Graph refuses is missing in what was restored. */
function fragileMatch(list: RestoredList, item: Unmet, properties: JsonObject): Match {
  const fields = record(properties, 'fields') ?? {}
  const isSame = list.columns.every(({ name }) => {
    const there = item.fragile.get(name) ?? ''
    return there === '' || there === fragileKey(fields[name])
  })
  return isSame ? 'same' : 'other'
}

/** Lookups of which it is not known yet what they refer to in the target are compared by what is shown. */
async function openMatch(
  session: ListsSession,
  list: RestoredList,
  item: Unmet,
  properties: JsonObject,
  { column, values }: OpenLookup,
  site: Site,
): Promise<Match> {
  const there = item.references.get(column.name) ?? []
  if (there.length === 0) return 'unfinished'
  if (isUntouched(list, properties, column, there)) return 'same'
  const target = list.mapping?.get(column)
  const listId = lookupTarget(session, list, column)?.listId ?? target?.facet.listId
  if (typeof listId !== 'string') return 'other'
  const shownName = typeof target?.facet.columnName === 'string' ? target.facet.columnName : 'Title'
  const shown = await shownIn(list, site, listId, shownName)
  const texts = there.map((number) => shown.get(number))
  return isSameSet(
    values.map(({ value }) => value),
    texts,
  )
    ? 'same'
    : 'other'
}

const tables = new WeakMap<RestoredList, Map<string, Promise<ReadonlyMap<number, string>>>>()

/** What was shown for the items of a list when it was first asked for. */
function shownIn(list: RestoredList, site: Site, id: string, column: string): Promise<ReadonlyMap<number, string>> {
  const known = tables.get(list) ?? new Map<string, Promise<ReadonlyMap<number, string>>>()
  tables.set(list, known)
  const key = `${id} ${column}`
  const reading = known.get(key) ?? readShown(site, id, column)
  known.set(key, reading)
  reading.catch(() => known.delete(key))
  return reading
}

async function filesMatch(
  session: ListsSession,
  list: RestoredList,
  item: Unmet,
  wanted: readonly string[],
  site: Site,
): Promise<Match> {
  if (wanted.length === 0 && !item.hasFiles) return 'same'
  const there = item.hasFiles ? await filesOf(session, list, item, site) : []
  // Without SharePoint's endpoint nothing is attached, and nothing of it can be compared.
  if (there === undefined) return 'same'
  if (isSameSet(wanted, there)) return 'same'
  return there.every((name) => wanted.includes(name)) ? 'unfinished' : 'other'
}

async function filesOf(
  { sharePoint }: ListsSession,
  list: RestoredList,
  item: Unmet,
  site: Site,
): Promise<readonly string[] | undefined> {
  const webUrl = await webUrlOf(site)
  const endpoint = endpointOf(sharePoint, webUrl)
  if (endpoint === undefined) return undefined
  try {
    return await endpoint.list({ webUrl, list: list.target.id ?? '', item: item.id }, site.signal)
  } catch (error) {
    if (isRefusedSignIn(error)) return undefined
    throw error
  }
}
