import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { expectedStart } from '../../graph/client/upload-ranges.ts'
import {
  contentPool,
  cost,
  drivePool,
  itemPath,
  readFile,
  type DriveItem,
  type RepositoryFolder,
} from './drive-requests.ts'
import type { Fragments } from './fragments.ts'
import { requireGoing } from './store-errors.ts'
import type { UploadContent } from './upload-content.ts'
import type { SessionMemory } from './upload-sessions.ts'

/** Sessions begun for one file: each may be gone in the middle. */
const mostSessions = 5
/** Waits in milliseconds for a file whose bytes are all there. */
const settling = [500, 1_000, 2_000, 4_000] as const
/** Longest wait before a fragment is tried again, in milliseconds. */
const longestDelayMs = 5 * 60_000
/** How long an upload that is given up may take to be told so, in milliseconds. */
const cleanupMs = 10_000

/** A file on its way into the repository. */
export interface FragmentUpload {
  readonly at: RepositoryFolder
  readonly name: string
  readonly content: UploadContent
  readonly fragments: Fragments
  readonly memory: SessionMemory
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly signal: AbortSignal | undefined
}

/**
 * Uploads a file by an upload session, which shows it only when all of it is there, over what had the name. After a
 * break it goes on where the session says; a session that is gone is begun anew. Gives the item as Graph answered.
 *
 * Rejects like the client. The session is then ended, or kept where it is remembered.
 */
export async function uploadInFragments(upload: FragmentUpload): Promise<DriveItem> {
  const { memory } = upload
  for (let left = mostSessions; ; left -= 1) {
    const session = await beginSession(upload)
    try {
      const item = await session.send()
      await memory.forget()
      return item
    } catch (error) {
      if (!isGone(error)) return await session.giveUp(error)
      await memory.forget()
      const item = await arrivedItem(upload, upload.signal)
      if (item !== undefined) return item
      if (left <= 1) throw new EngineError('graph.service-failed', { retry: 'later', cause: error })
    }
  }
}

async function beginSession(upload: FragmentUpload): Promise<Session> {
  const { at, name, content, memory, signal } = upload
  const known = await memory.recall(content)
  if (known !== undefined) return new Session(upload, known, true)
  const { uploadUrl } = await at.client.json<{ readonly uploadUrl?: string }>({
    method: 'POST',
    path: itemPath(at, name, 'createUploadSession'),
    body: { item: { '@microsoft.graph.conflictBehavior': 'replace' } },
    pool: drivePool,
    cost: cost.write,
    signal,
    // A session that nobody uses expires and leaves nothing.
    idempotent: true,
  })
  if (uploadUrl === undefined) throw serviceFailed('upload-session')
  await memory.keep(uploadUrl, content)
  return new Session(upload, uploadUrl, false)
}

class Session {
  readonly #upload: FragmentUpload
  readonly #url: string
  #at = 0
  #furthest = 0
  #failures = 0
  /** Only the session itself knows what it has. */
  #isUnsure: boolean
  /** The last fragment was on its way, so that the file may be complete although no answer said so. */
  #mayBeDone = false

  constructor(upload: FragmentUpload, url: string, isResumed: boolean) {
    this.#upload = upload
    this.#url = url
    this.#isUnsure = isResumed
  }

  async send(): Promise<DriveItem> {
    const { size } = this.#upload.content
    for (;;) {
      try {
        if (this.#isUnsure) await this.#ask()
        if (this.#at >= size) return await this.#settled()
        const item = await this.#sendFragment()
        if (item !== undefined) return item
      } catch (error) {
        await this.#failed(error)
      }
    }
  }

  /** Ends the session, or leaves it to be resumed. Gives the file if it turns out to be complete; else rejects. */
  async giveUp(reason: unknown): Promise<DriveItem> {
    const { memory } = this.#upload
    const mayGoOn = isEngineError(reason) && (reason.code === 'cancelled' || reason.retry === 'later')
    // What may be completed yet must not be left so: a call that failed leaves the former content.
    if (memory.isKept && mayGoOn && !this.#mayBeDone) throw reason
    const signal = AbortSignal.timeout(cleanupMs)
    const item = await this.#end(signal)
    if (item === undefined) throw reason
    return item
  }

  async #end(signal: AbortSignal): Promise<DriveItem | undefined> {
    const { at, memory } = this.#upload
    try {
      await at.client.json<undefined>({
        method: 'DELETE',
        path: this.#url,
        anonymous: true,
        pool: contentPool,
        signal,
      })
      await memory.forget()
      return undefined
    } catch (error) {
      if (!isEngineError(error)) throw error
      if (!isGone(error)) return undefined
      await memory.forget()
      return this.#mayBeDone ? await arrivedItem(this.#upload, signal) : undefined
    }
  }

  async #sendFragment(): Promise<DriveItem | undefined> {
    const { at, content, fragments, signal } = this.#upload
    const length = Math.min(fragments.size, content.size - this.#at)
    const end = this.#at + length
    this.#mayBeDone ||= end === content.size
    const answer = await at.client.json<DriveItem | undefined>({
      method: 'PUT',
      path: this.#url,
      anonymous: true,
      body: content.range(this.#at, length),
      headers: { 'content-range': `bytes ${this.#at}-${end - 1}/${content.size}` },
      pool: contentPool,
      signal,
      // The client would send all of it again without asking what has arrived.
      idempotent: false,
    })
    if (answer?.id !== undefined) return answer
    this.#moveTo(expectedStart(answer, content.size) ?? end)
    return undefined
  }

  async #ask(): Promise<void> {
    const { at, content, signal } = this.#upload
    const status = await at.client.json<unknown>({ path: this.#url, anonymous: true, pool: contentPool, signal })
    this.#isUnsure = false
    this.#moveTo(expectedStart(status, content.size) ?? content.size)
  }

  #moveTo(next: number): void {
    this.#at = next
    if (next <= this.#furthest) return
    this.#furthest = next
    this.#failures = 0
  }

  /** Waits before the next attempt. Rejects if there is to be none. */
  async #failed(error: unknown): Promise<void> {
    const { fragments, clock, random, signal } = this.#upload
    requireGoing(signal)
    if (!mayGoOn(error)) throw error
    this.#isUnsure = true
    this.#failures += 1
    if (this.#failures > fragments.retryCount) throw error
    const delay = Math.min(fragments.retryDelayMs * 2 ** (this.#failures - 1), longestDelayMs)
    // Uploads that broke together need not come back together.
    await waited(clock, delay * (0.75 + random() / 2), signal)
  }

  /** All bytes are there, but no answer told of the file. */
  async #settled(): Promise<DriveItem> {
    const { clock, signal } = this.#upload
    this.#mayBeDone = true
    for (const wait of settling) {
      const item = await arrivedItem(this.#upload, signal)
      if (item !== undefined) return item
      await waited(clock, wait, signal)
    }
    // As if the session were gone: another one brings the file.
    throw new EngineError('graph.not-found', { context: { fault: 'upload-not-committed' } })
  }
}

/** The file, if it is there with this content. */
async function arrivedItem(
  { at, name, content }: FragmentUpload,
  signal: AbortSignal | undefined,
): Promise<DriveItem | undefined> {
  try {
    const item = await readFile(at, name, signal)
    return item.size === content.size && content.matches(item.file?.hashes ?? {}) === true ? item : undefined
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return undefined
    throw error
  }
}

/** Rejects with `cancelled` when the signal fires. */
export async function waited(clock: Clock, milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.wait(Math.ceil(milliseconds), signal)
  } catch (error) {
    throw new EngineError('cancelled', { cause: error })
  }
}

/** A range that the session has already (416), or one whose answer got lost. */
function mayGoOn(error: unknown): error is EngineError {
  if (!isEngineError(error) || error.code === 'graph.throttled') return false
  return error.context.status === 416 || error.retry === 'later'
}

/** An upload address that does not work any more answers 404, 410 or, once its permission has expired, 401 or 403. */
function isGone(error: unknown): boolean {
  return ['graph.not-found', 'graph.cursor-lost', 'graph.forbidden'].some(
    (code) => isEngineError(error) && error.code === code,
  )
}

function serviceFailed(fault: string): EngineError {
  return new EngineError('graph.service-failed', { retry: 'later', context: { fault } })
}
