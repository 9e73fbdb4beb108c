import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { expectedStart } from '../client/upload-ranges.ts'
import { filledText, isObject } from '../item/fields.ts'
import { timesBody } from './restore-facts.ts'
import type { FileTimes } from './restore-facts.ts'
import { cost, drivePool, namedPath, type TargetDrive } from './target-requests.ts'
import type { UploadSource } from './upload-source.ts'

/** A multiple of 320 KiB, below 60 MiB. https://learn.microsoft.com/graph/api/driveitem-createuploadsession */
export const fragmentBytes = 32 * 320 * 1024

/** Upload addresses carry their permission in themselves and are not counted as requests to the drive. */
const contentPool = { kind: 'content' } as const

/** Sessions begun for one file; each may run for days. */
const sessions = 5

/** Times that a session is asked what it has without it having got further. */
const resumptions = 5

/** Waits in milliseconds for a file whose bytes are all there. */
const settling = [1_000, 2_000, 4_000, 8_000] as const

/** How long an upload that is given up may take to be told so. */
const cleanupMs = 10_000

/** A file on its way into a folder. */
export interface FileUpload {
  readonly target: TargetDrive
  /** Graph id of the folder. */
  readonly folder: string
  readonly name: string
  readonly times: FileTimes
  readonly description?: string | undefined
  /** `fail` if the name must be free, `replace` for the next version of a file that is there. */
  readonly conflict: 'fail' | 'replace'
  readonly source: UploadSource
  /** The file, if it is there with this content: asked for when an answer got lost. */
  readonly arrived: () => Promise<JsonObject | undefined>
}

/**
 * Uploads a file that is not empty and gives the new driveItem as Graph answered it. Breaks are mended: the session is
 * asked what it has, and one that is gone is begun anew. An upload that is given up leaves nothing behind.
 *
 * Rejects with graph.conflict if the name is taken (at the beginning or at the end), graph.request-refused if Graph
 * does not like the name.
 */
export async function uploadFile(upload: FileUpload): Promise<JsonObject> {
  for (let left = sessions; ; left -= 1) {
    const url = await openSession(upload)
    try {
      return await sendAll(upload, url)
    } catch (error) {
      if (!isGone(error)) {
        await abandon(upload.target, url, error)
        throw afterBegin(error)
      }
      const item = await upload.arrived()
      if (item !== undefined) return item
      if (left <= 1) throw serviceFailed('upload-session', error)
    }
  }
}

async function openSession({ target, folder, name, times, description, conflict }: FileUpload): Promise<string> {
  const { client, drive, signal } = target
  const described = description === undefined ? {} : { description }
  const item: JsonObject = { '@microsoft.graph.conflictBehavior': conflict, name, ...timesBody(times), ...described }
  const session = await client.json<JsonObject>({
    method: 'POST',
    path: `${namedPath(drive, folder, name)}:/createUploadSession`,
    body: { item },
    pool: drivePool,
    cost: cost.write,
    signal,
    // A session that nobody uses expires and leaves nothing.
    idempotent: true,
  })
  const url = filledText(session, 'uploadUrl')
  if (url === undefined) throw serviceFailed('upload-session')
  return url
}

async function sendAll(upload: FileUpload, url: string): Promise<JsonObject> {
  const { size } = upload.source
  let furthest = 0
  let left = resumptions
  for (let at = 0; at < size;) {
    const sent = await sendFragment(upload, url, at)
    if (sent.item !== undefined) return sent.item
    left = sent.next > furthest ? resumptions : left - 1
    if (left < 0) throw sent.fault ?? serviceFailed('upload-session')
    at = sent.next
    furthest = Math.max(furthest, at)
  }
  return await waitForItem(upload)
}

interface Sent {
  readonly item?: JsonObject
  /** Where to go on. */
  readonly next: number
  readonly fault?: EngineError
}

async function sendFragment({ target, source }: FileUpload, url: string, at: number): Promise<Sent> {
  const { client, signal } = target
  const { size } = source
  const bytes = await source.range(at, Math.min(fragmentBytes, size - at))
  const contentRange = `bytes ${at}-${at + bytes.byteLength - 1}/${size}`
  try {
    const { body } = await client.putRange({ url, bytes, contentRange, pool: contentPool, signal })
    if (isObject(body) && filledText(body, 'id') !== undefined) return { item: body, next: size }
    return { next: expectedStart(body, size) ?? at + bytes.byteLength }
  } catch (error) {
    if (!mayGoOn(error)) throw error
    const status = await client.json<JsonObject>({ path: url, anonymous: true, pool: contentPool, signal })
    return { next: expectedStart(status, size) ?? size, fault: error }
  }
}

/** All bytes are there, but no answer told of the file. */
async function waitForItem({ target, arrived }: FileUpload): Promise<JsonObject> {
  for (const wait of settling) {
    const item = await arrived()
    if (item !== undefined) return item
    await target.clock.wait(wait, target.signal)
  }
  // As if the session were gone: another one brings the file.
  throw new EngineError('graph.not-found', { context: { fault: 'upload-not-committed' } })
}

/** A range that the session has already (416), or one whose answer got lost. */
function mayGoOn(error: unknown): error is EngineError {
  if (!isEngineError(error)) return false
  return error.context.status === 416 || error.code === 'graph.service-failed' || error.code === 'graph.stalled'
}

/** An upload address that does not work any more answers 404, 410 or, once its permission has expired, 401 or 403. */
function isGone(error: unknown): boolean {
  return ['graph.not-found', 'graph.cursor-lost', 'graph.forbidden'].some(
    (code) => isEngineError(error) && error.code === code,
  )
}

/** A refusal in the middle of the content is not about the name. */
function afterBegin(error: unknown): unknown {
  if (!isEngineError(error, 'graph.request-refused')) return error
  const { retry, context } = error
  return new EngineError('graph.request-refused', { retry, context: { ...context, phase: 'content' }, cause: error })
}

/** Should this fail as well, the session expires by itself. */
async function abandon({ client, signal }: TargetDrive, url: string, reason: unknown): Promise<void> {
  if (isEngineError(reason, 'graph.unreachable')) return
  const ending = signal.aborted ? AbortSignal.timeout(cleanupMs) : signal
  try {
    await client.json<undefined>({ method: 'DELETE', path: url, anonymous: true, pool: contentPool, signal: ending })
  } catch (error) {
    if (!isEngineError(error)) throw error
  }
}

function serviceFailed(fault: string, cause?: unknown): EngineError {
  return new EngineError('graph.service-failed', { retry: 'later', context: { fault }, cause })
}
