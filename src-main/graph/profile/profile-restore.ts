import { isDeepStrictEqual } from 'node:util'
import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { PersonMap, RestoreRemark, StoredFile } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, isObject, record, text } from '../item/fields.ts'
import { imageType, mostPhotoBytes } from '../item/picture.ts'
import { ownNames } from './profile-metadata.ts'
import { editableAlone, editableProperties } from './profile-properties.ts'
import { readPhoto } from './profile-reading.ts'
import type { ProfileUser } from './profile-reading.ts'

const pool = { kind: 'directory' } as const

/** What a part of a profile's restore came to. */
export interface Restored {
  readonly changed: boolean
  readonly remarks: readonly RestoreRemark[]
}

/** A change that is needed, and how it is made. */
type Change = readonly [name: string, value: JsonValue]

/**
 * Sends what the stored profile has and the user has not, or has otherwise. What is empty in the stored profile clears
 * nothing. A field that Graph refuses is named, the others go on.
 */
export async function restoreFields(user: ProfileUser, stored: JsonObject, dryRun: boolean): Promise<Restored> {
  const together = await differences(user, stored, editableProperties)
  const alone = await differences(user, stored, editableAlone)
  const changed = together.length + alone.length > 0
  if (dryRun || !changed) return { changed, remarks: [] }
  const refused = (await isTaken(user, together)) ? [] : await sendSingly(user, together, 'field-refused')
  const unsent = await sendSingly(user, alone, 'needs-signed-in-user')
  const remarks = [...refused, ...unsent]
  return { changed: remarks.length < together.length + alone.length, remarks }
}

/** Filled fields that the user has otherwise. What cannot be read counts as different. */
async function differences(
  user: ProfileUser,
  stored: JsonObject,
  names: readonly string[],
): Promise<readonly Change[]> {
  const wanted = names.flatMap((name): Change[] => {
    const value = filledValue(stored[name])
    return value === undefined ? [] : [[name, value]]
  })
  if (wanted.length === 0) return []
  const present = await readFields(user, wanted)
  return wanted.filter(([name, value]) => !isDeepStrictEqual(filledValue(present[name]), value))
}

async function readFields({ client, id, signal }: ProfileUser, wanted: readonly Change[]): Promise<JsonObject> {
  const query = { $select: wanted.map(([name]) => name).join(',') }
  try {
    return await client.json<JsonObject>({ path: graphPath`/users/${id}`, query, pool, signal })
  } catch (error) {
    if (isRefusal(error)) return {}
    throw error
  }
}

/** SharePoint's word for "no date", since birthday and hireDate have no null. */
const noDate = '0001-01-01T'

/** Without what is empty; undefined if nothing is left. */
function filledValue(value: JsonValue | undefined): JsonValue | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string' && value.startsWith(noDate)) return undefined
  if (Array.isArray(value)) return value.length === 0 ? undefined : value
  if (!isObject(value)) return value
  const filled = Object.entries(value).filter(([name, part]) => !name.includes('@') && part !== null)
  return filled.length === 0 ? undefined : Object.fromEntries(filled)
}

async function sendSingly(
  user: ProfileUser,
  changes: readonly Change[],
  code: string,
): Promise<readonly RestoreRemark[]> {
  const remarks: RestoreRemark[] = []
  for (const change of changes) if (!(await isTaken(user, [change]))) remarks.push({ code, detail: change[0] })
  return remarks
}

async function isTaken({ client, id, signal }: ProfileUser, changes: readonly Change[]): Promise<boolean> {
  if (changes.length === 0) return true
  const body = Object.fromEntries(changes)
  try {
    await client.json<undefined>({ method: 'PATCH', path: graphPath`/users/${id}`, body, pool, signal })
    return true
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}

/** The manager, if somebody in the target stands for that person. */
export async function restoreManager(
  user: ProfileUser,
  stored: JsonObject,
  people: PersonMap,
  dryRun: boolean,
): Promise<Restored> {
  const manager = record(stored, ownNames.manager)
  if (manager === undefined) return { changed: false, remarks: [] }
  const address = filledText(manager, 'userPrincipalName') ?? filledText(manager, 'mail')
  const person = people({ id: filledText(manager, 'id'), address })
  if (person === undefined) return { changed: false, remarks: [{ code: 'person-unmapped', detail: 'manager' }] }
  if ((await managerId(user)) === person.id) return { changed: false, remarks: [] }
  if (dryRun) return { changed: true, remarks: [] }
  const isSet = await setManager(user, person.id)
  return { changed: isSet, remarks: isSet ? [] : [{ code: 'field-refused', detail: 'manager' }] }
}

async function managerId({ client, id, signal }: ProfileUser): Promise<string | undefined> {
  try {
    const path = graphPath`/users/${id}/manager`
    return text(await client.json<JsonObject>({ path, query: { $select: 'id' }, pool, signal }), 'id')
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return undefined
    throw error
  }
}

/** https://learn.microsoft.com/graph/api/user-post-manager */
async function setManager(user: ProfileUser, manager: string): Promise<boolean> {
  const { client, id, signal } = user
  try {
    const body = { '@odata.id': await referenceTo(user, manager) }
    await client.json<undefined>({ method: 'PUT', path: graphPath`/users/${id}/manager/$ref`, body, pool, signal })
    return true
  } catch (error) {
    if (isRefusal(error) || isEngineError(error, 'graph.not-found')) return false
    throw error
  }
}

/** A reference names an object by its whole address; where Graph is, it says itself in its answers (gotcha 50). */
async function referenceTo({ client, signal }: ProfileUser, other: string): Promise<string> {
  const path = graphPath`/users/${other}`
  const found = await client.json<JsonObject>({ path, query: { $select: 'id' }, pool, signal })
  const base = /^(https?:\/\/.+)\/\$metadata/.exec(text(found, '@odata.context') ?? '')?.[1]
  return `${base ?? 'https://graph.microsoft.com/v1.0'}${path}`
}

export async function restorePhoto(user: ProfileUser, photo: StoredFile, dryRun: boolean): Promise<Restored> {
  if (photo.size > mostPhotoBytes) return { changed: false, remarks: [{ code: 'photo-too-large' }] }
  const bytes = await photo.bytes(user.signal)
  const present = await readPhoto(user)
  if (present !== undefined && Buffer.compare(present, bytes) === 0) return { changed: false, remarks: [] }
  if (dryRun) return { changed: true, remarks: [] }
  const { client, id, signal } = user
  const path = graphPath`/users/${id}/photo/$value`
  try {
    await client.json<undefined>({ method: 'PUT', path, body: bytes, contentType: imageType(bytes), pool, signal })
    return { changed: true, remarks: [] }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { changed: false, remarks: [{ code: 'photo-refused' }] }
  }
}

/** Graph understood and does not want it, from this application or at all. */
function isRefusal(error: unknown): boolean {
  return isEngineError(error, 'graph.forbidden') || isEngineError(error, 'graph.request-refused')
}
