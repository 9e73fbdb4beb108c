import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { text } from '../item/fields.ts'
import { fileJsonBytes } from '../outlook/attachment-file.ts'
import { attachOnce, lostAnswer, mayGoOn, nextStart, postAttachment } from '../outlook/attachment-upload.ts'
import type { AttachTarget } from '../outlook/attachment-upload.ts'
import { cleanText } from '../outlook/clean-text.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { attachBytes, sessionBytes } from '../outlook/restore-limits.ts'

/** Largest file that a task takes. https://learn.microsoft.com/graph/todo-attachments */
export const largestTaskFile = 25 * 1024 * 1024

/** "Each byte range needs to be less than 4 MB." */
const rangeBytes = 10 * 320 * 1024

/** Times that a session is asked what it has. */
const resumptions = 5

/** A file to be put on a task. */
export interface TaskFile {
  readonly name: string
  readonly contentType: string | undefined
  readonly stored: StoredFile
}

/**
 * Puts a file on a task, by one request or by an upload session. `position` counts the files that are on it afterwards:
 * where an answer gets lost, that number tells whether the file arrived.
 */
export async function uploadTaskFile(target: AttachTarget, file: TaskFile, position: number): Promise<void> {
  const fits = fitsRequest(file)
  const bytes = await file.stored.bytes(target.mailbox.signal)
  await attachOnce(target, () => (fits ? post(target, file, bytes) : uploadInRanges(target, file, bytes)), position)
}

/** Requests that the file takes. */
export function uploadRequests(file: TaskFile): number {
  return fitsRequest(file) ? 1 : 1 + Math.ceil(file.stored.size / rangeBytes)
}

function fitsRequest({ name, stored }: TaskFile): boolean {
  return stored.size < sessionBytes && fileJsonBytes(name, stored.size) <= attachBytes
}

function facts(file: TaskFile): JsonObject {
  return { name: cleanText(file.name), ...(file.contentType === undefined ? {} : { contentType: file.contentType }) }
}

async function post(target: AttachTarget, file: TaskFile, bytes: Uint8Array): Promise<void> {
  await postAttachment(target, {
    '@odata.type': '#microsoft.graph.taskFileAttachment',
    ...facts(file),
    contentBytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  })
}

/** Unlike the sessions of messages, those of tasks take their ranges below "/content", signed in. */
async function uploadInRanges(target: AttachTarget, file: TaskFile, bytes: Uint8Array): Promise<void> {
  const { mailbox } = target
  const session = await openSession(target, file, bytes.byteLength)
  let left = resumptions
  for (let at = 0; at < bytes.byteLength;) {
    try {
      at = await putRange(mailbox, session, bytes, at)
    } catch (error) {
      const isLast = at + rangeBytes >= bytes.byteLength
      // Behind a last range that arrived there is no session any more: whether the file is there shows on the task.
      if (isLast && isEngineError(error, 'graph.not-found')) throw lostAnswer(error)
      if (!mayGoOn(error) || left <= 0) throw error
      left -= 1
      at = await expectedStart(mailbox, session)
    }
  }
}

async function openSession({ mailbox, path }: AttachTarget, file: TaskFile, size: number): Promise<string> {
  const { client, user, signal } = mailbox
  const session = await client.json<JsonObject>({
    method: 'POST',
    path: `${path}/attachments/createUploadSession`,
    body: { attachmentInfo: { attachmentType: 'file', ...facts(file), size } },
    pool: mailboxPool(user),
    signal,
    // A session that nobody uses expires, so another one does no harm.
    idempotent: true,
  })
  const url = text(session, 'uploadUrl')
  if (url === undefined) throw new EngineError('graph.service-failed', { context: { fault: 'upload-session' } })
  return url
}

/** Where the next range begins. */
async function putRange(mailbox: Mailbox, session: string, bytes: Uint8Array, at: number): Promise<number> {
  const { client, user, signal } = mailbox
  const part = bytes.subarray(at, at + rangeBytes)
  const end = at + part.byteLength
  const answer = await client.json<unknown>({
    method: 'PUT',
    path: `${session}/content`,
    headers: { 'Content-Range': `bytes ${at}-${end - 1}/${bytes.byteLength}` },
    body: part,
    pool: mailboxPool(user),
    signal,
  })
  return end >= bytes.byteLength ? end : (nextStart(answer) ?? end)
}

async function expectedStart({ client, user, signal }: Mailbox, session: string): Promise<number> {
  try {
    return nextStart(await client.json<JsonObject>({ path: session, pool: mailboxPool(user), signal })) ?? 0
  } catch (error) {
    throw isEngineError(error, 'graph.not-found') ? lostAnswer(error) : error
  }
}
