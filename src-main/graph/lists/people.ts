import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { filledText, record, text } from '../item/fields.ts'
import { isUserInformation } from './list-kinds.ts'
import { cost, listPath, readLists, sitePool } from './site.ts'
import type { Site } from './site.ts'

/** A person or group as the site knows them: an entry of its User Information List. */
export interface SitePerson {
  /** Number in that list; another one in every collection of sites. */
  readonly id: number
  readonly name: string
  readonly email: string | undefined
  /** As SharePoint writes accounts, e.g. "i:0#.f|membership|ada@contoso.example". */
  readonly account: string | undefined
}

const pageSize = 1_000

/**
 * Everybody whom the site knows, by number: one paged listing. Subsites have the list of the topmost site of their
 * collection. `lists`: those of the site itself, as Graph gave them.
 */
export async function readPeople(site: Site, lists: readonly JsonObject[]): Promise<ReadonlyMap<number, SitePerson>> {
  const place = await findList(site, lists)
  if (place === undefined) return new Map()
  const { client, signal } = site
  const $expand = 'fields($select=Title,EMail,Name,UserName)'
  const path = `${listPath(place.site, place.list)}/items`
  const request = { path, query: { $select: 'id', $expand, $top: pageSize }, pool: sitePool, cost: cost.list, signal }
  const people = new Map<number, SitePerson>()
  for await (const page of client.pages<JsonObject>(request, { prefetch: 1 })) {
    for (const entry of page.value) {
      const person = asPerson(entry)
      if (person !== undefined) people.set(person.id, person)
    }
  }
  return people
}

/** The same, and nobody where the list is not to be had: then only numbers are known. */
export async function readPeopleIfAllowed(
  site: Site,
  lists: readonly JsonObject[],
): Promise<ReadonlyMap<number, SitePerson>> {
  try {
    return await readPeople(site, lists)
  } catch (error) {
    if (isEngineError(error, 'graph.not-found') || isEngineError(error, 'graph.forbidden')) return new Map()
    throw error
  }
}

function asPerson(entry: JsonObject): SitePerson | undefined {
  const id = Number(text(entry, 'id'))
  const fields = record(entry, 'fields') ?? {}
  if (!Number.isInteger(id)) return undefined
  return {
    id,
    name: text(fields, 'Title') ?? '',
    email: filledText(fields, 'EMail') ?? filledText(fields, 'UserName'),
    account: filledText(fields, 'Name'),
  }
}

interface ListPlace {
  readonly site: string
  readonly list: string
}

async function findList(site: Site, lists: readonly JsonObject[]): Promise<ListPlace | undefined> {
  const own = lists.find(isUserInformation)
  if (own !== undefined) return { site: site.root.id, list: text(own, 'id') ?? '' }
  // The id of a site: host, collection, site. The id of the collection alone is that of its topmost site.
  const [, collection] = site.root.id.split(',')
  if (collection === undefined) return undefined
  const above = (await readLists(site, collection)).find(isUserInformation)
  return above === undefined ? undefined : { site: collection, list: text(above, 'id') ?? '' }
}
