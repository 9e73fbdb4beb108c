import { isDeepStrictEqual } from 'node:util'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { ItemOutcome, RestoreRemark, StoredFile } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { text } from '../item/fields.ts'
import { imageType, mostPhotoBytes } from '../item/picture.ts'
import { exchangeProperties } from './group-metadata.ts'
import { directoryPool, readPhoto } from './group-reading.ts'
import { isRefusal, readTarget } from './group-target.ts'
import type { TargetGroup } from './group-target.ts'

/** What an application may write. Not here: addresses, the kind of group, and the rule that says who is a member. */
const fields = ['description', 'visibility', 'classification', 'preferredLanguage', 'theme'] as const

/** A change that is needed, and what a remark says if Graph does not take it. */
interface Change {
  readonly name: string
  readonly value: JsonValue
  readonly refusal: string
}

export const settingsRequests = 2 + fields.length + exchangeProperties.length

interface Restored {
  readonly changed: boolean
  readonly remarks: readonly RestoreRemark[]
}

/**
 * `group-settings` sets the fields that differ, each by itself: one that Graph refuses is named, the others go on. What
 * is empty in the backup clears nothing; the name is set only on the group that it came from. `photo` puts the photo
 * back. https://learn.microsoft.com/graph/api/group-update
 */
export async function restoreGroupSettings(
  target: TargetGroup,
  stored: JsonObject,
  photo: StoredFile | undefined,
): Promise<ItemOutcome> {
  const { onRequest } = target.options
  const parts: Restored[] = []
  if (onRequest.has('group-settings')) parts.push(await restoreFields(target, stored))
  if (onRequest.has('photo') && photo !== undefined) parts.push(await restorePhoto(target, photo))
  const remarks = parts.flatMap((part) => part.remarks)
  return parts.some(({ changed }) => changed)
    ? { kind: 'created', id: target.root.id, remarks }
    : { kind: 'duplicate', remarks }
}

async function restoreFields(target: TargetGroup, stored: JsonObject): Promise<Restored> {
  const isSame = text(stored, 'id')?.toLowerCase() === target.root.id.toLowerCase()
  const names = isSame ? ['displayName', ...fields] : fields
  const present = await readTarget(target, ['id', ...names])
  const changes = [...names, ...exchangeProperties].flatMap((name): Change[] => {
    const value = stored[name]
    if (value === undefined || value === null || value === '') return []
    if (isDeepStrictEqual(present[name], value)) return []
    return [{ name, value, refusal: isExchange(name) ? 'needs-signed-in-user' : 'field-refused' }]
  })
  const different = await withoutEqual(target, changes)
  if (target.options.dryRun || different.length === 0) return { changed: different.length > 0, remarks: [] }
  const remarks: RestoreRemark[] = []
  for (const { name, value, refusal } of different)
    if (!(await isTaken(target, { [name]: value }))) remarks.push({ code: refusal, detail: name })
  return { changed: remarks.length < different.length, remarks }
}

function isExchange(name: string): boolean {
  return (exchangeProperties as readonly string[]).includes(name)
}

/** What Exchange keeps is compared with what it has now, if it tells. */
async function withoutEqual(target: TargetGroup, changes: readonly Change[]): Promise<readonly Change[]> {
  if (!changes.some(({ name }) => isExchange(name))) return changes
  try {
    const present = await readTarget(target, exchangeProperties)
    return changes.filter(({ name, value }) => !isExchange(name) || !isDeepStrictEqual(present[name], value))
  } catch (error) {
    if (isRefusal(error)) return changes
    throw error
  }
}

async function isTaken({ client, root, signal }: TargetGroup, body: JsonObject): Promise<boolean> {
  const path = graphPath`/groups/${root.id}`
  try {
    await client.json<unknown>({ method: 'PATCH', path, body, pool: directoryPool, signal })
    return true
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}

async function restorePhoto(target: TargetGroup, photo: StoredFile): Promise<Restored> {
  if (photo.size > mostPhotoBytes) return { changed: false, remarks: [{ code: 'photo-too-large' }] }
  const { client, root, options, signal } = target
  const bytes = await photo.bytes(signal)
  const present = await readPhoto(target)
  if (present !== undefined && Buffer.compare(present, bytes) === 0) return { changed: false, remarks: [] }
  if (options.dryRun) return { changed: true, remarks: [] }
  const path = graphPath`/groups/${root.id}/photo/$value`
  const contentType = imageType(bytes)
  try {
    await client.json<undefined>({ method: 'PUT', path, body: bytes, contentType, pool: directoryPool, signal })
    return { changed: true, remarks: [] }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { changed: false, remarks: [{ code: 'photo-refused' }] }
  }
}
