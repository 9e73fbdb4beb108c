import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { field, isObject, text } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { fileFacts, fileJson, fileJsonBytes } from './attachment-file.ts'
import type { AttachmentFile } from './attachment-file.ts'
import { mailboxPool } from './mailbox.ts'
import type { Mailbox } from './mailbox.ts'
import { attachBytes, largestAttachment, rangeBytes, sessionBytes } from './restore-limits.ts'

/** An item that was just created may not be found for a moment (gotcha 19): waits in milliseconds between attempts. */
const settling = [500, 1_000, 2_000, 4_000, 8_000] as const

/** Times that a file is sent whose answer got lost. */
const lostAnswers = 4

/** Times that a session is asked what it has, or begun anew, for one file. */
const resumptions = 5

/** A message or an event that files are put on, one after the other. */
export interface AttachTarget {
  readonly mailbox: Mailbox
  readonly clock: Clock
  /** Graph's path of it. */
  readonly path: string
}

/**
 * Puts a file on a message or an event: by one request where it fits, by an upload session where it must. `position` counts the
 * files that are on it afterwards: where an answer gets lost, that number tells whether the file arrived.
 */
export async function attachFile(target: AttachTarget, file: AttachmentFile, position: number): Promise<void> {
  if (file.size > largestAttachment) {
    throw new EngineError('graph.request-refused', { context: { reason: 'attachment-size' } })
  }
  const send = wayFor(file)
  await attachOnce(target, () => send(target, file), position)
}

/** Runs what puts one attachment there, again when its answer got lost and the attachment did not arrive. */
export async function attachOnce(target: AttachTarget, send: () => Promise<void>, position: number): Promise<void> {
  for (let left = lostAnswers; ; left -= 1) {
    try {
      await send()
      return
    } catch (error) {
      if (!hasUnknownOutcome(error) || left <= 1) throw error
      if ((await countAttachments(target)) >= position) return
    }
  }
}

function wayFor(file: AttachmentFile): (target: AttachTarget, file: AttachmentFile) => Promise<void> {
  if (file.size >= sessionBytes) return uploadFile
  return fileJsonBytes(file.name, file.size) <= attachBytes ? postFile : sendEitherWay
}

/** Just below the session's minimum, and in base64 just above what a request takes: whichever Graph agrees to. */
async function sendEitherWay(target: AttachTarget, file: AttachmentFile): Promise<void> {
  try {
    await postFile(target, file)
  } catch (error) {
    if (!isEngineError(error, 'graph.request-refused')) throw error
    await uploadFile(target, file)
  }
}

async function countAttachments({ mailbox, path }: AttachTarget): Promise<number> {
  const { client, user, signal } = mailbox
  let count = 0
  const all = `${path}/attachments`
  for await (const page of client.pages({ path: all, query: { $select: 'id' }, pool: mailboxPool(user), signal })) {
    count += page.value.length
  }
  return count
}

async function postFile(target: AttachTarget, file: AttachmentFile): Promise<void> {
  const bytes = await file.read(0, file.size, target.mailbox.signal)
  await postAttachment(target, fileJson(file, bytes))
}

/** Puts an attachment there that fits into one request. */
export async function postAttachment(target: AttachTarget, body: JsonObject): Promise<void> {
  const { client, user, signal } = target.mailbox
  const path = `${target.path}/attachments`
  await settled(target, () => client.json<JsonObject>({ method: 'POST', path, body, pool: mailboxPool(user), signal }))
}

async function settled<T>({ mailbox, clock }: AttachTarget, work: () => Promise<T>): Promise<T> {
  for (const wait of settling) {
    try {
      return await work()
    } catch (error) {
      if (!isEngineError(error, 'graph.not-found')) throw error
      await clock.wait(wait, mailbox.signal)
    }
  }
  return await work()
}

/** https://learn.microsoft.com/graph/outlook-large-attachments */
async function uploadFile(target: AttachTarget, file: AttachmentFile): Promise<void> {
  for (let left = resumptions; ; left -= 1) {
    const url = await openSession(target, file)
    try {
      await sendRanges(target.mailbox, url, file)
      return
    } catch (error) {
      // The session is gone, not the item: begin anew.
      if (!isEngineError(error, 'graph.not-found') || left <= 1) throw error
    }
  }
}

async function openSession(target: AttachTarget, file: AttachmentFile): Promise<string> {
  const { client, user, signal } = target.mailbox
  const item: JsonObject = { attachmentType: 'file', ...fileFacts(file), size: file.size }
  const path = `${target.path}/attachments/createUploadSession`
  const pool = mailboxPool(user)
  const session = await settled(target, () =>
    // A session that nobody uses expires, so another one does no harm.
    client.json<JsonObject>({ method: 'POST', path, body: { AttachmentItem: item }, pool, signal, idempotent: true }),
  )
  const url = text(session, 'uploadUrl')
  if (url === undefined) throw new EngineError('graph.service-failed', { context: { fault: 'upload-session' } })
  return url
}

async function sendRanges(mailbox: Mailbox, url: string, file: AttachmentFile): Promise<void> {
  const { client, user, signal } = mailbox
  let left = resumptions
  for (let at = 0; at < file.size;) {
    const part = await file.read(at, Math.min(at + rangeBytes, file.size), signal)
    const contentRange = `bytes ${at}-${at + part.byteLength - 1}/${file.size}`
    try {
      const answer = await client.putRange({ url, bytes: part, contentRange, pool: mailboxPool(user), signal })
      if (answer.status === 201) return
      at = nextStart(answer.body) ?? at + part.byteLength
    } catch (error) {
      // Behind a last range that arrived there is no session any more: whether the file is there shows on the item.
      if (at + part.byteLength >= file.size && isEngineError(error, 'graph.not-found')) throw lostAnswer(error)
      if (!mayGoOn(error) || left <= 0) throw error
      left -= 1
      at = await expectedStart(mailbox, url)
    }
  }
}

export function lostAnswer(cause: unknown): EngineError {
  return new EngineError('graph.service-failed', { retry: 'later', context: { fault: 'upload-answer-lost' }, cause })
}

/** A range that Graph has already (416), or one whose answer got lost. */
export function mayGoOn(error: unknown): boolean {
  if (!isEngineError(error)) return false
  return error.context.status === 416 || error.code === 'graph.service-failed' || error.code === 'graph.stalled'
}

async function expectedStart({ client, user, signal }: Mailbox, url: string): Promise<number> {
  try {
    const request = { path: url, anonymous: true, pool: mailboxPool(user), signal }
    return nextStart(await client.json<JsonObject>(request)) ?? 0
  } catch (error) {
    throw isEngineError(error, 'graph.not-found') ? lostAnswer(error) : error
  }
}

/** "NextExpectedRanges": a start offset or a range, in either spelling of the name. */
export function nextStart(body: unknown): number | undefined {
  if (!isObject(body)) return undefined
  const ranges: JsonValue | undefined = field(body, 'NextExpectedRanges') ?? field(body, 'nextExpectedRanges')
  const first: unknown = Array.isArray(ranges) ? ranges[0] : undefined
  const start = typeof first === 'string' ? Number.parseInt(first, 10) : Number.NaN
  return Number.isNaN(start) ? undefined : start
}
