import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import { record } from '../item/fields.ts'
import { cost, drivePool, findNamed } from './target-requests.ts'
import type { TargetDrive } from './target-requests.ts'

/** Graph's words for a drive that is full. https://learn.microsoft.com/graph/errors */
const full = /^(quotaLimitReached|quotaExceeded|insufficientStorage)$/i

/** Runs the work; a drive that is full rejects with graph.drive-full, which ends the restore. */
export async function driveFull<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isEngineError(error)) throw error
    const { context } = error
    if (context.status !== 507 && !full.test(String(context.graphCode ?? ''))) throw error
    throw new EngineError('graph.drive-full', { context, cause: error })
  }
}

/** Bytes from which on two requests beforehand are less than an upload in vain. */
const largeBytes = 64 * 1024 * 1024

/**
 * Graph looks at the name and at the room that is left only when a whole file is there. For a large one both are asked
 * for beforehand. Rejects with graph.conflict, graph.drive-full.
 */
export async function checkRoom(
  target: TargetDrive,
  { folder, name, size }: { readonly folder: string; readonly name: string; readonly size: number },
): Promise<void> {
  if (size < largeBytes) return
  if ((await findNamed(target, folder, name)) !== undefined) throw new EngineError('graph.conflict')
  const { client, drive, signal } = target
  const path = graphPath`/drives/${drive}`
  const query = { $select: 'quota' }
  const answer = await client.json<JsonObject>({ path, query, pool: drivePool, cost: cost.item, signal })
  const remaining = record(answer, 'quota')?.remaining
  if (typeof remaining === 'number' && remaining < size) {
    throw new EngineError('graph.drive-full', { context: { status: 507 } })
  }
}
