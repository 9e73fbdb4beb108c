import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'
import { text } from '../item/fields.ts'
import type { FindDrives } from './find-drives.ts'
import { cost, drivePool } from './target-requests.ts'

/**
 * A user's OneDrive. Other libraries of the same site (what apps keep there) are not the user's files.
 * https://learn.microsoft.com/graph/api/drive-get
 */
export function userDrives(client: GraphClient): FindDrives {
  return async (root, signal) => [await userDrive(client, root, signal)]
}

/** Graph id of the drive that a restore to a user goes to. Rejects with graph.no-drive. */
export function userDriveId(client: GraphClient): (root: Root, signal: AbortSignal) => Promise<string> {
  return async (root, signal) => text(await userDrive(client, root, signal), 'id') ?? ''
}

/** Rejects with graph.no-drive if there is none: not provisioned, or no licence for it (gotcha 39). */
async function userDrive(client: GraphClient, root: Root, signal: AbortSignal): Promise<JsonObject> {
  try {
    const path = graphPath`/users/${root.id}/drive`
    const drive = await client.json<JsonObject>({ path, pool: drivePool, cost: cost.item, signal })
    if (text(drive, 'id') === undefined) throw new EngineError('graph.no-drive')
    return drive
  } catch (error) {
    // Without a licence for SharePoint in the tenant Graph answers 400.
    const isAbsent = isEngineError(error, 'graph.not-found') || isEngineError(error, 'graph.request-refused')
    throw isAbsent ? new EngineError('graph.no-drive', { context: error.context, cause: error }) : error
  }
}
