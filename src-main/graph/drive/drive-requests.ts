import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchMember, GraphClient, GraphPage, GraphRequest } from '../client/types.ts'
import { itemSelect, listedItem } from './drive-item.ts'
import { cost, drivePool } from './target-requests.ts'

/** One drive as the client addresses it. */
export interface DriveAccess {
  readonly client: GraphClient
  /** Graph id. */
  readonly drive: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly signal: AbortSignal
  /** Word for the first question about the drive: see GraphRequest. */
  readonly together?: string | undefined
}

/** As many entries as a page may have. https://learn.microsoft.com/graph/api/driveitem-delta */
const pageSize = 1_000

/** The delta of the whole drive, from the start or from a delta link on; items as `listedItem` makes them. */
export async function* deltaPages(
  access: DriveAccess,
  link: string | undefined,
): AsyncGenerator<GraphPage<JsonObject>, void, undefined> {
  const query = { $select: itemSelect, $top: pageSize }
  const path = graphPath`/drives/${access.drive}/root/delta`
  if (link === undefined) yield* itemPages(access, { path, query }, 2)
  // Going on from a link mostly tells nothing: such short answers can travel together.
  else yield* itemPages(access, { path: link, together: access.together }, 1)
}

/** What is in a folder. */
export async function* childPages(
  access: DriveAccess,
  folder: string,
): AsyncGenerator<GraphPage<JsonObject>, void, undefined> {
  yield* itemPages(access, childrenMember(access.drive, folder), cost.list)
}

/** Further pages of an answer. */
export async function* morePages(
  access: DriveAccess,
  link: string,
): AsyncGenerator<GraphPage<JsonObject>, void, undefined> {
  yield* itemPages(access, { path: link }, cost.list)
}

async function* itemPages(
  { client, drive, now, signal }: DriveAccess,
  request: Pick<GraphRequest, 'path' | 'query' | 'together'>,
  units: number,
): AsyncGenerator<GraphPage<JsonObject>, void, undefined> {
  let asked = now()
  const pages = client.pages<JsonObject>({ ...request, pool: drivePool, cost: units, signal }, { prefetch: 1 })
  for await (const page of pages) {
    const at = asked
    // The next one is on its way by now.
    asked = now()
    yield { ...page, value: page.value.map((item) => listedItem(drive, item, at)) }
  }
}

export function itemMember(drive: string, item: string): BatchMember {
  return { path: graphPath`/drives/${drive}/items/${item}`, query: { $select: itemSelect } }
}

export function childrenMember(drive: string, folder: string): BatchMember {
  return {
    path: graphPath`/drives/${drive}/items/${folder}/children`,
    query: { $select: itemSelect, $top: pageSize },
    cost: cost.list,
  }
}

/** The item as it is now. */
export async function readItem(access: DriveAccess, item: string): Promise<JsonObject> {
  return await readOne(access, itemMember(access.drive, item))
}

/** The folder that everything in the drive is below. */
export async function readRootFolder(access: DriveAccess): Promise<JsonObject> {
  return await readOne(access, { path: graphPath`/drives/${access.drive}/root`, query: { $select: itemSelect } })
}

async function readOne(
  { client, drive, now, signal }: DriveAccess,
  { path, query = {} }: BatchMember,
): Promise<JsonObject> {
  const asked = now()
  const item = await client.json<JsonObject>({ path, query, pool: drivePool, cost: cost.item, signal })
  return listedItem(drive, item, asked)
}
