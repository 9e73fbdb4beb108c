import { isEngineError, type ErrorContext } from '../../engine/model/errors.ts'
import { graphPath } from '../../graph/client/graph-url.ts'
import type { GraphClient } from '../../graph/client/types.ts'
import { cost, drivePool } from './drive-requests.ts'
import { findGroup } from './find-group.ts'
import { findLibrary } from './find-library.ts'
import { noDrive } from './no-drive.ts'
import type { DrivePlace, DriveQuota, FoundDrive, OneDrivePlace } from './place.ts'

/** A drive as Graph tells of it. https://learn.microsoft.com/graph/api/resources/drive */
interface DriveAnswer {
  readonly id?: string
  readonly quota?: { readonly used?: number; readonly total?: number; readonly remaining?: number }
}

/**
 * Finds the drive of a place. Rejects with `store.no-drive`, whose `reason` says what is missing or differs, or like the
 * client.
 */
export async function findDrive(
  client: GraphClient,
  place: DrivePlace,
  signal: AbortSignal | undefined,
): Promise<FoundDrive> {
  switch (place.kind) {
    case 'onedrive':
      return { ...(await oneDrive(client, place, signal)), folder: place.folder }
    case 'group': {
      const group = await findGroup(client, place, signal)
      const found = await drive(client, graphPath`/groups/${group}/drive`, signal, 'group-without-drive', { group })
      return { ...found, folder: place.folder }
    }
    case 'sharepoint': {
      const { drive: id, folder } = await findLibrary(client, place, signal)
      const found = await drive(client, graphPath`/drives/${id}`, signal, 'drive-not-found', { drive: id })
      return { ...found, folder }
    }
  }
}

type Drive = Omit<FoundDrive, 'folder'>

async function oneDrive(
  client: GraphClient,
  { driveId, user }: OneDrivePlace,
  signal: AbortSignal | undefined,
): Promise<Drive> {
  if (driveId !== undefined)
    return await drive(client, graphPath`/drives/${driveId}`, signal, 'drive-not-found', { drive: driveId })
  if (user !== undefined)
    return await drive(client, graphPath`/users/${user}/drive`, signal, 'user-without-drive', { user })
  try {
    return await drive(client, '/me/drive', signal, 'account-without-drive', {})
  } catch (error) {
    // "/me" means nothing to Graph where no person has signed in.
    const isNobody = isEngineError(error, 'graph.request-refused') && error.context.status === 400
    throw isNobody ? noDrive('nobody-signed-in', {}, error) : error
  }
}

async function drive(
  client: GraphClient,
  path: string,
  signal: AbortSignal | undefined,
  reason: string,
  context: ErrorContext,
): Promise<Drive> {
  try {
    const query = { $select: 'id,quota' }
    const answer = await client.json<DriveAnswer>({ path, query, pool: drivePool, cost: cost.item, signal })
    return { drive: answer.id ?? '', quota: quotaOf(answer) }
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) throw noDrive(reason, context, error)
    throw error
  }
}

/** Undefined where Graph tells no bounds. */
function quotaOf({ quota }: DriveAnswer): DriveQuota | undefined {
  const { used, total, remaining } = quota ?? {}
  if (total === undefined || total <= 0) return undefined
  const left = remaining ?? Math.max(total - (used ?? 0), 0)
  return { used: used ?? total - left, total, remaining: left }
}

/** How much room the drive has; undefined where Graph tells no bounds. */
export async function readQuota(
  client: GraphClient,
  id: string,
  signal: AbortSignal | undefined,
): Promise<DriveQuota | undefined> {
  return (await drive(client, graphPath`/drives/${id}`, signal, 'drive-not-found', { drive: id })).quota
}
