import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'
import { filledText, record, text } from '../item/fields.ts'

/** One site as the client addresses it. */
export interface Site {
  readonly client: GraphClient
  readonly root: Root
  readonly signal: AbortSignal
}

export const sitePool = { kind: 'drive' } as const

/**
 * Resource units as SharePoint counts them.
 * https://learn.microsoft.com/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online
 */
export const cost = { item: 1, list: 2, write: 2 } as const

export function listPath(site: string, list: string): string {
  return graphPath`/sites/${site}/lists/${list}`
}

export function itemPath(site: string, list: string, item: string): string {
  return graphPath`/sites/${site}/lists/${list}/items/${item}`
}

/** What is asked of lists. Naming `system` among these shows the lists that SharePoint has for itself, too. */
const listSelect = 'id,name,displayName,description,createdDateTime,lastModifiedDateTime,eTag,webUrl,list,system'

/** All lists of a site, its libraries and those of the system among them. `site`: any address of one. */
export async function readLists(
  { client, signal }: Pick<Site, 'client' | 'signal'>,
  site: string,
  together?: string,
): Promise<readonly JsonObject[]> {
  const path = graphPath`/sites/${site}/lists`
  const request = { path, query: { $select: listSelect }, pool: sitePool, cost: cost.list, signal, together }
  const lists: JsonObject[] = []
  for await (const page of client.pages<JsonObject>(request)) lists.push(...page.value)
  return lists.filter((list) => filledText(list, 'id') !== undefined)
}

export function templateOf(list: JsonObject): string {
  return text(record(list, 'list') ?? {}, 'template') ?? ''
}

/** Address of the site in the browser; asked for if the listing of roots did not tell it. */
export async function webUrlOf({ client, root, signal }: Site): Promise<string> {
  const known = filledText(root.properties ?? {}, 'webUrl')
  if (known !== undefined) return known
  const path = graphPath`/sites/${root.id}`
  const request = { path, query: { $select: 'id,webUrl' }, pool: sitePool, cost: cost.item, signal }
  return text(await client.json<JsonObject>(request), 'webUrl') ?? ''
}
