import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'

/** The drive that is restored to, as the client addresses it. */
export interface TargetDrive {
  readonly client: GraphClient
  /** Graph id. */
  readonly drive: string
  readonly clock: Clock
  readonly signal: AbortSignal
}

export const drivePool = { kind: 'drive' } as const

/**
 * Resource units as SharePoint counts them.
 * https://learn.microsoft.com/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online
 */
export const cost = { item: 1, list: 2, write: 2, permissions: 5 } as const

/** What the restore needs to know of what is there. */
export const targetSelect = 'id,name,size,file,folder,package,specialFolder,fileSystemInfo'

export function itemPath(drive: string, item: string): string {
  return graphPath`/drives/${drive}/items/${item}`
}

export function namedPath(drive: string, parent: string, name: string): string {
  return graphPath`/drives/${drive}/items/${parent}:/${name}`
}

/** What has that name in the folder; undefined if nothing has. */
export async function findNamed(target: TargetDrive, parent: string, name: string): Promise<JsonObject | undefined> {
  return await getItem(target, namedPath(target.drive, parent, name))
}

/** The item as it is now; undefined if it is not there. */
export async function findItem(target: TargetDrive, id: string): Promise<JsonObject | undefined> {
  return await getItem(target, itemPath(target.drive, id))
}

async function getItem({ client, signal }: TargetDrive, path: string): Promise<JsonObject | undefined> {
  try {
    const query = { $select: targetSelect }
    return await client.json<JsonObject>({ path, query, pool: drivePool, cost: cost.item, signal })
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return undefined
    throw error
  }
}

export async function patchItem({ client, drive, signal }: TargetDrive, id: string, body: JsonObject): Promise<void> {
  const path = itemPath(drive, id)
  await client.json<JsonObject>({ method: 'PATCH', path, body, pool: drivePool, cost: cost.write, signal })
}

/** Into the recycle bin; what is gone already is fine. */
export async function deleteItem({ client, drive, signal }: TargetDrive, id: string): Promise<void> {
  try {
    const path = itemPath(drive, id)
    await client.json<undefined>({ method: 'DELETE', path, pool: drivePool, cost: cost.write, signal })
  } catch (error) {
    if (!isEngineError(error, 'graph.not-found')) throw error
  }
}
