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
  return onlyDrive((root, signal) => userDrive(client, root, signal))
}

/** Graph id of the drive that a restore to a user goes to. Rejects with graph.no-drive. */
export function userDriveId(client: GraphClient): (root: Root, signal: AbortSignal) => Promise<string> {
  return async (root, signal) => text(await userDrive(client, root, signal), 'id') ?? ''
}

/** The files of a group: the default library of its site, which is the one that Teams and Outlook show. */
export function groupDrives(client: GraphClient): FindDrives {
  return onlyDrive((root, signal) => groupDrive(client, root, signal))
}

/** Graph id of the drive that a restore to a group goes to. Rejects with graph.no-site. */
export function groupDriveId(client: GraphClient): (root: Root, signal: AbortSignal) => Promise<string> {
  return async (root, signal) => text(await groupDrive(client, root, signal), 'id') ?? ''
}

function onlyDrive(read: (root: Root, signal: AbortSignal) => Promise<JsonObject>): FindDrives {
  return {
    mayGrow: false,
    find: async (root, _before, signal) => {
      const drive = await read(root, signal)
      return { drives: [drive], main: text(drive, 'id'), groupFiles: {} }
    },
  }
}

/** Rejects with graph.no-drive if there is none: not provisioned, or no licence for it (gotcha 39). */
function userDrive(client: GraphClient, root: Root, signal: AbortSignal): Promise<JsonObject> {
  return defaultDrive(client, root, graphPath`/users/${root.id}/drive`, 'graph.no-drive', signal)
}

/** Rejects with graph.no-site: a group without a site, or one whose site is still being made. */
function groupDrive(client: GraphClient, root: Root, signal: AbortSignal): Promise<JsonObject> {
  return defaultDrive(client, root, graphPath`/groups/${root.id}/drive`, 'graph.no-site', signal)
}

async function defaultDrive(
  client: GraphClient,
  { id }: Root,
  path: string,
  absent: 'graph.no-drive' | 'graph.no-site',
  signal: AbortSignal,
): Promise<JsonObject> {
  try {
    const request = { path, pool: drivePool, cost: cost.item, signal, together: id }
    const drive = await client.json<JsonObject>(request)
    if (text(drive, 'id') === undefined) throw new EngineError(absent)
    return drive
  } catch (error) {
    // Without a licence for SharePoint in the tenant Graph answers 400.
    const isAbsent = isEngineError(error, 'graph.not-found') || isEngineError(error, 'graph.request-refused')
    throw isAbsent ? new EngineError(absent, { context: error.context, cause: error }) : error
  }
}
