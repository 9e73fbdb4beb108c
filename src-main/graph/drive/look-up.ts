import type { JsonObject } from '../../engine/model/json.ts'
import type { BatchAnswer, BatchMember } from '../client/types.ts'
import { isObject, list, text } from '../item/fields.ts'
import { listedItem, splitItemId } from './drive-item.ts'
import { childrenMember, itemMember, morePages, type DriveAccess } from './drive-requests.ts'
import { drivePool } from './target-requests.ts'

/** The items as they are now, by their ids across drives; one that is gone is not among them. */
export async function lookUpItems(
  access: DriveAccess,
  ids: readonly string[],
): Promise<ReadonlyMap<string, JsonObject>> {
  const real = ids.filter((id) => splitItemId(id).item !== '')
  const asked = access.now()
  const answers = await sendBatch(
    access,
    real.map((id) => itemMember(access.drive, splitItemId(id).item)),
  )
  const found = new Map<string, JsonObject>()
  for (const [index, id] of real.entries()) {
    const body = bodyOf(answers[index])
    if (body !== undefined) found.set(id, listedItem(access.drive, body, asked))
  }
  return found
}

/** Hands what is in these folders to `take`; a folder that is gone has nothing. */
export async function lookUpChildren(
  access: DriveAccess,
  folders: readonly string[],
  take: (children: readonly JsonObject[]) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < folders.length; from += foldersAtOnce) {
    const some = folders.slice(from, from + foldersAtOnce)
    const asked = access.now()
    const answers = await sendBatch(
      access,
      some.map((id) => childrenMember(access.drive, splitItemId(id).item)),
    )
    for (const answer of answers) {
      const body = bodyOf(answer)
      if (body === undefined) continue
      const children = (list(body, 'value') ?? []).filter(isObject)
      await take(children.map((child) => listedItem(access.drive, child, asked)))
      const link = text(body, '@odata.nextLink')
      if (link === undefined) continue
      for await (const page of morePages(access, link)) await take(page.value)
    }
  }
}

/** Their first pages are in memory together. */
const foldersAtOnce = 10

function sendBatch({ client, signal }: DriveAccess, members: readonly BatchMember[]): Promise<readonly BatchAnswer[]> {
  return client.batch(members, { pool: drivePool, signal })
}

/** Undefined if it is gone; any other failure is the caller's. */
function bodyOf(answer: BatchAnswer | undefined): JsonObject | undefined {
  if (answer === undefined) return undefined
  if (answer.ok) return isObject(answer.body) ? answer.body : undefined
  if (answer.error.code === 'graph.not-found') return undefined
  throw answer.error
}
