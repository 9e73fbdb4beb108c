import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient, GraphPage } from '../client/types.ts'
import { filledText } from '../item/fields.ts'
import { pageProperties } from './page-metadata.ts'

/** One site as the client addresses it. */
export interface PageSite {
  readonly client: GraphClient
  /** Graph id. */
  readonly id: string
  readonly signal: AbortSignal
}

export const pagePool = { kind: 'drive' } as const

/** Resource units as SharePoint counts them. */
export const cost = { one: 1, many: 2, write: 2 } as const

/** A listing whose first answer is here already. */
export interface BegunListing {
  readonly first: readonly JsonObject[]
  /** The following ones. */
  readonly rest: AsyncGenerator<GraphPage<JsonObject>, void, undefined>
}

/**
 * Begins to list the pages of a site; undefined if it cannot have any (classic sites without such a library). Rejects with
 * graph.root-gone if there is no such site. https://learn.microsoft.com/graph/api/basesitepage-list
 */
export async function beginListing(site: PageSite, together?: string): Promise<BegunListing | undefined> {
  const { client, id, signal } = site
  const path = graphPath`/sites/${id}/pages`
  const rest = client.pages<JsonObject>({ path, pool: pagePool, cost: cost.many, signal, together })
  try {
    const { value } = await rest.next()
    return { first: value?.value ?? [], rest }
  } catch (error) {
    if (!isEngineError(error, 'graph.not-found')) throw error
    if (await isThere(site)) return undefined
    throw new EngineError('graph.root-gone', { context: error.context, cause: error })
  }
}

async function isThere({ client, id, signal }: PageSite): Promise<boolean> {
  try {
    const request = { path: graphPath`/sites/${id}`, query: { $select: 'id' }, pool: pagePool, cost: cost.one, signal }
    await client.json<JsonObject>(request)
    return true
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return false
    throw error
  }
}

/** The pages, answer by answer. */
export async function* listedPages({
  first,
  rest,
}: BegunListing): AsyncGenerator<readonly JsonObject[], void, undefined> {
  try {
    yield first.map(pageProperties)
    for await (const { value } of rest) yield value.map(pageProperties)
  } finally {
    await rest.return()
  }
}

/** The page with its layout and web parts. https://learn.microsoft.com/graph/api/sitepage-get */
export async function readPage({ client, id, signal }: PageSite, page: string): Promise<JsonObject> {
  const path = `${graphPath`/sites/${id}/pages/${page}`}/microsoft.graph.sitePage`
  const query = { $expand: 'canvasLayout' }
  const found = await client.json<JsonObject>({ path, query, pool: pagePool, cost: cost.one, signal })
  if (filledText(found, 'id') === undefined) throw new EngineError('graph.item-unreadable')
  return pageProperties(found)
}
