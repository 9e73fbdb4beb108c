import type { EngineError } from '../../engine/model/errors.ts'
import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer, BatchMember, GraphClient } from '../client/types.ts'
import { answerBody, answerEntries } from '../item/batch-answers.ts'
import { isObject, text } from '../item/fields.ts'
import { ownNames, withChangeKey } from './profile-metadata.ts'
import type { PropertyRefusals } from './property-refusals.ts'
import { directoryProperties, sharePointProperties, singleProperties } from './profile-properties.ts'

/** One user as the client addresses it. */
export interface ProfileUser {
  readonly client: GraphClient
  readonly id: string
  readonly signal: AbortSignal
}

const pool = { kind: 'directory' } as const
const personSelect = 'id,displayName,userPrincipalName,mail'

/**
 * All that Graph tells of the user: one batch, and a second one if it refuses some group of properties, which are then
 * asked for one by one. What it does not give is named in `notRead`; what it gives nobody is not asked for again.
 * Rejects if the user is gone or the directory fails.
 */
export async function readProfile(user: ProfileUser, refusals: PropertyRefusals): Promise<JsonObject> {
  const own = graphPath`/users/${user.id}`
  const groups = askedGroups(refusals)
  const members: readonly BatchMember[] = [
    { path: `${own}/manager`, query: { $select: personSelect } },
    { path: `${own}/directReports`, query: { $select: personSelect, $top: 999 } },
    { path: `${own}/licenseDetails` },
    { path: `${own}/photo` },
    ...groups.map((names) => selectMember(user, names)),
  ]
  const [manager, reports, licences, photo, ...answers] = await send(user, members)
  const gathered = await readGroups(user, groups, answers, refusals)
  gathered.put(ownNames.manager, () => person(answerBody(manager)))
  await gathered.putLater(ownNames.directReports, async () => (await entries(user, reports)).map(person).toSorted(byId))
  await gathered.putLater(ownNames.licenseDetails, () => entries(user, licences))
  gathered.put(ownNames.photo, () => photoFacts(answerBody(photo)))
  return withChangeKey(gathered.properties())
}

/** Properties that are asked for in one request each. */
type Groups = readonly (readonly string[])[]

function askedGroups(refusals: PropertyRefusals): Groups {
  const single = singleProperties.filter((name) => refusals.of(name) === undefined)
  return [directoryProperties, sharePointProperties, ...single.map((name) => [name])]
}

function selectMember({ id }: ProfileUser, names: readonly string[]): BatchMember {
  return { path: graphPath`/users/${id}`, query: { $select: names.join(',') } }
}

function send({ client, signal }: ProfileUser, members: readonly BatchMember[]): Promise<readonly BatchAnswer[]> {
  return client.batch(members, { pool, signal })
}

function entries({ client, signal }: ProfileUser, answer: BatchAnswer | undefined): Promise<readonly JsonObject[]> {
  return answerEntries(client, answer, { pool, signal })
}

/** The properties of all groups; those of a refused one singly. Without the directory's there is no profile. */
async function readGroups(
  user: ProfileUser,
  groups: Groups,
  answers: readonly BatchAnswer[],
  refusals: PropertyRefusals,
): Promise<Gathered> {
  const gathered = new Gathered()
  const singly: string[] = []
  for (const name of singleProperties) {
    const refusal = refusals.of(name)
    if (refusal !== undefined) gathered.missed(name, refusal)
  }
  for (const [index, names] of groups.entries()) {
    const answer = answers[index]
    const [name = ''] = names
    if (names.length === 1) noteAnswer(refusals, name, answer)
    if (answer?.ok !== false) gathered.merge(answerBody(answer))
    else if (names === directoryProperties && !isRefusal(answer.error)) throw answer.error
    else if (names.length > 1 && isRefusal(answer.error)) singly.push(...names)
    else for (const name of names) gathered.missed(name, answer.error)
  }
  const retried =
    singly.length === 0
      ? []
      : await send(
          user,
          singly.map((name) => selectMember(user, [name])),
        )
  for (const [index, answer] of retried.entries()) {
    const name = singly[index] ?? ''
    // Without the id nothing can be said of the user at all.
    if (answer.ok) gathered.merge(answerBody(answer))
    else if (name === 'id') throw answer.error
    else gathered.missed(name, answer.error)
  }
  return gathered
}

function noteAnswer(refusals: PropertyRefusals, name: string, answer: BatchAnswer | undefined): void {
  if (answer?.ok !== false) refusals.note(name, undefined)
  else if (isRefusal(answer.error)) refusals.note(name, answer.error)
}

/** Graph does not give this, whoever asks how often: forbidden, not implemented, unknown. */
function isRefusal(error: EngineError): boolean {
  return isEngineError(error, 'graph.forbidden') || isEngineError(error, 'graph.request-refused')
}

/** Properties as they come in, and why some did not. */
class Gathered {
  readonly #properties: Record<string, JsonValue> = {}
  readonly #notRead: Record<string, string> = {}

  merge(body: JsonObject): void {
    for (const [name, value] of Object.entries(body)) if (!name.startsWith('@')) this.#properties[name] = value
  }

  missed(name: string, error: EngineError): void {
    if (error.code === 'cancelled' || error.code.startsWith('auth.')) throw error
    this.#notRead[name] = error.code
  }

  /** "Not found" means that the user has none. */
  put(name: string, read: () => JsonValue | undefined): void {
    try {
      const value = read()
      if (value !== undefined) this.#properties[name] = value
    } catch (error) {
      if (!isEngineError(error)) throw error
      const isAbsent = error.code === 'graph.not-found' || error.code === 'graph.no-mailbox'
      if (!isAbsent) this.missed(name, error)
    }
  }

  async putLater(name: string, read: () => Promise<readonly JsonValue[]>): Promise<void> {
    try {
      this.#properties[name] = await read()
    } catch (error) {
      if (!isEngineError(error)) throw error
      this.missed(name, error)
    }
  }

  properties(): JsonObject {
    const isWhole = Object.keys(this.#notRead).length === 0
    return isWhole ? this.#properties : { ...this.#properties, [ownNames.notRead]: this.#notRead }
  }
}

function person(entry: JsonObject): JsonObject {
  const names = ['id', 'displayName', 'userPrincipalName', 'mail']
  return Object.fromEntries(names.flatMap((name) => (name in entry ? [[name, entry[name] ?? null] as const] : [])))
}

function byId(one: JsonObject, other: JsonObject): number {
  return (text(one, 'id') ?? '') < (text(other, 'id') ?? '') ? -1 : 1
}

/** What a photo is known by. One pixel stands for no photo. https://learn.microsoft.com/graph/api/profilephoto-get */
function photoFacts(body: JsonObject): JsonObject | undefined {
  const { width, height } = body
  if (width === 1 && height === 1) return undefined
  return {
    width: width ?? null,
    height: height ?? null,
    contentType: body['@odata.mediaContentType'] ?? null,
    mediaEtag: body['@odata.mediaEtag'] ?? null,
  }
}

/** What could not be read this time stays what it was: a failure must not look like a deletion. */
export function keepingUnread(properties: JsonObject, before: JsonObject): JsonObject {
  const notRead = properties[ownNames.notRead]
  if (!isObject(notRead)) return properties
  const kept = Object.keys(notRead).flatMap((name) => (name in before ? [[name, before[name] ?? null] as const] : []))
  return { ...properties, ...Object.fromEntries(kept) }
}

/** The largest photo there is; undefined if there is none. */
export async function readPhoto({ client, id, signal }: ProfileUser): Promise<Uint8Array | undefined> {
  try {
    return await client.bytes({ path: graphPath`/users/${id}/photo/$value`, pool, signal })
  } catch (error) {
    if (isEngineError(error, 'graph.not-found') || isEngineError(error, 'graph.no-mailbox')) return undefined
    throw error
  }
}
