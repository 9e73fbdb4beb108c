import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { RestoreRemark, StoredFile } from '../../engine/ports/restore-target.ts'
import { text } from '../item/fields.ts'
import { hashesOf, sameHash, timesBody } from './restore-facts.ts'
import type { FileTimes } from './restore-facts.ts'
import { cost, deleteItem, drivePool, findItem, findNamed, namedPath, patchItem } from './target-requests.ts'
import type { TargetDrive } from './target-requests.ts'
import { checkRoom } from './upload-quota.ts'
import { uploadFile } from './upload-session.ts'
import { UploadSource } from './upload-source.ts'

/** Times that a content is sent which arrives damaged. */
const attempts = 2

/** Contents into which SharePoint writes its own properties (gotcha 35). */
const rewritten = /\.(do[ct][xm]?|xl[stw][xmb]?|xlam|pp[tsa][xm]?|pot[xm]?|vs[dst][xm]|pub|mpp|pdf|html?|aspx)$/iu

/** Whether Graph may store this file otherwise than it was sent. */
export function isRewrittenKind(name: string): boolean {
  return rewritten.test(name)
}

/** What is to be uploaded, and where to. */
export interface NewContent {
  readonly folder: string
  readonly name: string
  readonly file: StoredFile
  readonly times: FileTimes
  /** Only personal drives take one. */
  readonly description?: string | undefined
  readonly conflict: 'fail' | 'replace'
}

export interface Uploaded {
  readonly id: string
  readonly remarks: readonly RestoreRemark[]
}

/**
 * Uploads a content and compares what Graph says has arrived with what was sent. A content that arrived damaged is
 * taken back and sent once more.
 *
 * Every file that is not empty goes through an upload session, small ones too: only a session takes the file's times
 * along with the content. A single PUT would need a PATCH behind it, as many requests, which leaves a second version
 * (and between the two a file with today's date). An upload session takes no empty file: those are put, and dated by a
 * PATCH; their second version is as empty as the first.
 *
 * Rejects like `uploadFile`, and with graph.upload-damaged.
 */
export async function uploadVerified(target: TargetDrive, content: NewContent): Promise<Uploaded> {
  const { file, conflict } = content
  if (file.size === 0) return await putEmpty(target, content)
  if (conflict === 'fail') await checkRoom(target, { ...content, size: file.size })
  for (let left = attempts; ; left -= 1) {
    const source = new UploadSource(file, target.signal)
    try {
      const item = await uploadFile({ ...content, target, source, arrived: () => arrivedItem(target, content, source) })
      const id = text(item, 'id') ?? ''
      const remarks = await verify(target, item, content, source)
      if (remarks !== undefined) return { id, remarks }
      if (conflict === 'fail') await deleteItem(target, id)
      if (left <= 1) throw new EngineError('graph.upload-damaged', { retry: 'later' })
    } finally {
      await source.close()
    }
  }
}

/** What to remark about what arrived; undefined if it is damaged. */
async function verify(
  target: TargetDrive,
  item: JsonObject,
  { name }: NewContent,
  source: UploadSource,
): Promise<readonly RestoreRemark[] | undefined> {
  const sent = await source.hashes()
  const first = sameHash(hashesOf(item), sent)
  const now = first === undefined ? await findItem(target, text(item, 'id') ?? '') : item
  const same = first ?? sameHash(hashesOf(now ?? {}), sent)
  if (same === true) return []
  if (isRewrittenKind(name)) return [{ code: 'content-rewritten' }]
  if (same === false || now?.size !== source.size) return undefined
  return [{ code: 'content-unverified' }]
}

async function arrivedItem(
  target: TargetDrive,
  { folder, name }: NewContent,
  source: UploadSource,
): Promise<JsonObject | undefined> {
  const item = await findNamed(target, folder, name)
  if (item === undefined) return undefined
  return sameHash(hashesOf(item), await source.hashes()) === true ? item : undefined
}

async function putEmpty(
  target: TargetDrive,
  { folder, name, times, description, conflict }: NewContent,
): Promise<Uploaded> {
  const { client, drive, signal } = target
  const item = await client.json<JsonObject>({
    method: 'PUT',
    path: `${namedPath(drive, folder, name)}:/content`,
    query: { '@microsoft.graph.conflictBehavior': conflict },
    body: new Uint8Array(0),
    pool: drivePool,
    cost: cost.write,
    signal,
  })
  const id = text(item, 'id') ?? ''
  const rest = { ...timesBody(times), ...(description === undefined ? {} : { description }) }
  if (Object.keys(rest).length > 0) await patchItem(target, id, rest)
  return { id, remarks: [] }
}
