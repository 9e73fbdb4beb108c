import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { cost, drivePool, folderOf, itemPath, readFile, type DriveItem } from './drive-requests.ts'
import type { Downloads } from './download.ts'
import type { Folders } from './folders.ts'
import { uploadInFragments, waited, type FragmentUpload } from './fragment-upload.ts'
import type { SessionMemories } from './upload-sessions.ts'

/** Times that a content is sent which arrives damaged. */
const attempts = 2
/** Files up to this size go in one request. https://learn.microsoft.com/graph/api/driveitem-put-content */
const largestPut = 4 * 1024 * 1024
/**
 * Waits in milliseconds while the name is taken by another upload. OneDrive for Business and SharePoint begin no second
 * session for a name before the first one is over, and one whose address got lost goes only by itself.
 * https://github.com/OneDrive/onedrive-api-docs/issues/747
 */
const clashes = [200, 1_000, 5_000, 15_000, 30_000, 60_000] as const
/** Waits in milliseconds where a folder that was just made does not show yet. */
const unseen = [200, 1_000, 3_000] as const
/** Waits in milliseconds for the hash of a file that has just arrived. */
const hashing = [0, 1_000, 3_000] as const
/** How long a request that is nearly through may go on after the caller has cancelled, in milliseconds. */
const graceMs = 5_000

export interface Upload extends Omit<FragmentUpload, 'memory'> {
  readonly folders: Folders
  readonly memories: SessionMemories
  readonly downloads: Downloads
}

/**
 * Writes a file and compares what Graph says has arrived with what was sent; what arrived damaged is removed and sent
 * once more. Rejects like the client, or with `store.failed` (reason `damaged`).
 */
export async function uploadVerified(upload: Upload): Promise<void> {
  for (let left = attempts; ; left -= 1) {
    const item = await sendUnhindered(upload)
    if (await isWhole(upload, item)) return
    await removeDamaged(upload, item)
    if (left <= 1) throw new EngineError('store.failed', { context: { reason: 'damaged' } })
  }
}

/** Makes the folder that is missing, and comes back when somebody else was writing to the same name. */
async function sendUnhindered(upload: Upload): Promise<DriveItem> {
  const { name, folders, clock, signal } = upload
  const folder = folderOf(name)
  await folders.expect(folder, signal)
  const left = { 'graph.conflict': [...clashes], 'graph.not-found': [...unseen] }
  for (;;) {
    try {
      return await send(upload)
    } catch (error) {
      const code = isEngineError(error) ? error.code : undefined
      const wait = code === 'graph.conflict' || code === 'graph.not-found' ? left[code].shift() : undefined
      if (wait === undefined) throw error
      if (code === 'graph.not-found' && (await madeAgain(upload, folder))) continue
      await waited(clock, wait, signal)
    }
  }
}

async function madeAgain({ folders, signal }: Upload, folder: string): Promise<boolean> {
  folders.forget(folder)
  return folder !== '' && (await folders.make(folder, signal))
}

async function send(upload: Upload): Promise<DriveItem> {
  const { content, fragments, memories, at, name } = upload
  if (content.size <= Math.min(largestPut, fragments.size)) return await putWhole(upload)
  const memory = memories.of(at, name)
  try {
    return await uploadInFragments({ ...upload, memory })
  } finally {
    memory.leave()
  }
}

/** A PUT whose body does not come in whole leaves the name as it was. */
async function putWhole({ at, name, content, clock, signal }: Upload): Promise<DriveItem> {
  return await finishing(clock, signal, (late) =>
    at.client.json<DriveItem>({
      method: 'PUT',
      path: itemPath(at, name, 'content'),
      query: { '@microsoft.graph.conflictBehavior': 'replace' },
      body: content.range(0, content.size),
      contentType: 'application/octet-stream',
      pool: drivePool,
      cost: cost.write,
      signal: late,
    }),
  )
}

/**
 * Runs work whose effect cannot be told once it is broken off: it gets a moment to end by itself. A call that was
 * cancelled must not change anything afterwards.
 */
async function finishing<T>(
  clock: Clock,
  signal: AbortSignal | undefined,
  work: (late: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const over = new AbortController()
  const cancel = (): void => {
    clock.wait(graceMs, over.signal).then(
      () => {
        late.abort(signal?.reason)
      },
      () => undefined, // it ended in time
    )
  }
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    return await work(late.signal)
  } finally {
    signal?.removeEventListener('abort', cancel)
    over.abort()
  }
}

async function isWhole(upload: Upload, answered: DriveItem): Promise<boolean> {
  const { at, name, content, clock, signal } = upload
  let item = answered
  for (const wait of hashing) {
    if (item.size !== undefined && item.size !== content.size) return false
    const same = content.size === 0 || content.matches(item.file?.hashes ?? {})
    if (same !== undefined) return same
    await waited(clock, wait, signal)
    item = (await present(() => readFile(at, name, signal))) ?? item
  }
  // No hash at all: then only the bytes themselves can tell.
  const bytes = await upload.downloads.read(at, name, undefined, signal)
  return bytes.length === content.size && Buffer.compare(bytes, content.range(0, content.size)) === 0
}

/** Undefined if it does not show yet. */
async function present<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return undefined
    throw error
  }
}

/** Not what somebody else has put there meanwhile. */
async function removeDamaged({ at, signal }: Upload, { id, eTag }: DriveItem): Promise<void> {
  if (id === undefined) return
  try {
    await at.client.json<undefined>({
      method: 'DELETE',
      path: `/drives/${encodeURIComponent(at.drive)}/items/${encodeURIComponent(id)}`,
      headers: eTag === undefined ? {} : { 'if-match': eTag },
      pool: drivePool,
      cost: cost.write,
      signal,
    })
  } catch (error) {
    if (!isEngineError(error, 'graph.not-found') && !isEngineError(error, 'graph.conflict')) throw error
  }
}
