import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { ErrorCode } from '../../engine/model/errors.ts'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer, BatchMember, GraphClient } from '../client/types.ts'
import { answerBody, answerEntries } from '../item/batch-answers.ts'
import { text } from '../item/fields.ts'
import { groupProperties } from '../item/group-properties.ts'
import { exchangeProperties, itemId, listedSettings, memberEntry, ownNames, withChangeKey } from './group-metadata.ts'
import type { GroupItem } from './group-metadata.ts'

export const directoryPool = { kind: 'directory' } as const

/** What the reader found out about the sign-in on the way. */
export interface SignInFacts {
  /** What Exchange keeps of a group is refused, whichever group it is. */
  exchangeRefused: ErrorCode | undefined
}

/** One group as the client addresses it. */
export interface Group {
  readonly client: GraphClient
  readonly root: Root
  readonly facts: SignInFacts
  readonly signal: AbortSignal
}

/** Everything of a group; properties by item. */
export type GroupContents = Readonly<Record<GroupItem, JsonObject>>

const memberSelect = 'id,displayName,userPrincipalName,mail'
const memberQuery = { $select: memberSelect, $top: 999 }
/** Resource units. https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits */
const memberCost = 2

/**
 * Everything in as many requests as there are questions, all of which may travel in one batch: members, owners, photo,
 * what Exchange keeps as long as that is not refused, and the properties if the listing of roots did not tell them.
 * Rejects with graph.root-gone if the group was deleted.
 */
export async function readGroup(group: Group): Promise<GroupContents> {
  const { client, root, facts, signal } = group
  const own = graphPath`/groups/${root.id}`
  const listed = listedSettings(root.properties)
  const questions = {
    members: { path: `${own}/members`, query: memberQuery, cost: memberCost },
    owners: { path: `${own}/owners`, query: memberQuery, cost: memberCost },
    photo: { path: `${own}/photo` },
    ...(listed === undefined ? { settings: { path: own, query: { $select: groupProperties.join(',') } } } : {}),
    ...(facts.exchangeRefused === undefined
      ? { exchange: { path: own, query: { $select: ['id', ...exchangeProperties].join(',') } } }
      : {}),
  } satisfies Record<string, BatchMember>
  const options = { pool: directoryPool, signal, together: root.id }
  const answers = await client.batch(Object.values(questions), options)
  const told = new Map(Object.keys(questions).map((name, index) => [name, answers[index]]))
  const settings = listed ?? plain(present(told.get('settings')))
  const [members, owners] = [told.get('members'), told.get('owners')]
  // Whoever may see neither sees nothing of the group but its name.
  if (isForbidden(members) && isForbidden(owners)) answerBody(members)
  return {
    settings: withSettings(settings, exchangeFacts(facts, told.get('exchange')), photoFacts(told.get('photo'))),
    members: await people(group, 'members', members, settings),
    owners: await people(group, 'owners', owners, settings),
  }
}

function plain(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith('@')))
}

function isForbidden(answer: BatchAnswer | undefined): boolean {
  return answer?.ok === false && answer.error.code === 'graph.forbidden'
}

/** The answer's body; a group that is not there was deleted since the roots were listed. */
function present(answer: BatchAnswer | undefined): JsonObject {
  try {
    return answerBody(answer)
  } catch (error) {
    if (!isEngineError(error, 'graph.not-found')) throw error
    throw new EngineError('graph.root-gone', { cause: error })
  }
}

/** Further properties, or why they were not read. */
type Facts = JsonObject | ErrorCode

function withSettings(settings: JsonObject, exchange: Facts, photo: Facts): JsonObject {
  const unread = Object.entries({ exchange, [ownNames.photo]: photo }).filter(([, facts]) => typeof facts === 'string')
  return withChangeKey({
    ...settings,
    ...(typeof exchange === 'string' ? {} : exchange),
    ...(typeof photo === 'string' ? {} : photo),
    ...(unread.length === 0 ? {} : { [ownNames.notRead]: Object.fromEntries(unread) }),
  })
}

/** A group without a mailbox has none of it; a refusal holds for all groups. */
function exchangeFacts(facts: SignInFacts, answer: BatchAnswer | undefined): Facts {
  if (answer?.ok === true) {
    const body = answerBody(answer)
    return Object.fromEntries(exchangeProperties.map((name) => [name, body[name] ?? null]))
  }
  const code = answer?.error.code
  if (code === 'graph.no-mailbox' || code === 'graph.not-found') return {}
  if (code === 'graph.forbidden' || code === 'graph.request-refused') facts.exchangeRefused = code
  if (facts.exchangeRefused === undefined) throw answer?.error ?? new EngineError('internal')
  return facts.exchangeRefused
}

/** What a photo is known by. One pixel stands for no photo. https://learn.microsoft.com/graph/api/profilephoto-get */
function photoFacts(answer: BatchAnswer | undefined): Facts {
  if (answer?.ok === false) {
    const { code } = answer.error
    if (code === 'graph.not-found' || code === 'graph.no-mailbox') return {}
    if (code === 'graph.forbidden') return code
  }
  const body = answerBody(answer)
  const { width, height } = body
  if (width === 1 && height === 1) return {}
  const contentType = body['@odata.mediaContentType'] ?? null
  const mediaEtag = body['@odata.mediaEtag'] ?? null
  return { [ownNames.photo]: { width: width ?? null, height: height ?? null, contentType, mediaEtag } }
}

/** Sorted by id, so that equal lists are equal. */
async function people(
  { client, root, signal }: Group,
  side: 'members' | 'owners',
  answer: BatchAnswer | undefined,
  settings: JsonObject,
): Promise<JsonObject> {
  const id = itemId(root.id, side)
  if (isForbidden(answer)) return unread(id, side, 'graph.forbidden')
  present(answer)
  const found = await answerEntries(client, answer, { pool: directoryPool, signal })
  // Hidden members are shown to nobody who may not see them. https://learn.microsoft.com/graph/api/group-list-members
  const hidden = side === 'members' && found.length === 0 && text(settings, 'visibility') === 'HiddenMembership'
  if (hidden) return unread(id, side, 'graph.forbidden')
  const entries: readonly JsonValue[] = found.map(memberEntry).toSorted(byId)
  return withChangeKey({ id, [side]: entries })
}

function unread(id: string, side: 'members' | 'owners', code: ErrorCode): JsonObject {
  return withChangeKey({ id, [side]: [], [ownNames.notRead]: { [side]: code } })
}

function byId(one: JsonObject, other: JsonObject): number {
  return (text(one, 'id') ?? '') < (text(other, 'id') ?? '') ? -1 : 1
}

/** The largest photo there is; undefined if there is none. */
export async function readPhoto({
  client,
  root,
  signal,
}: Pick<Group, 'client' | 'root' | 'signal'>): Promise<Uint8Array | undefined> {
  try {
    return await client.bytes({ path: graphPath`/groups/${root.id}/photo/$value`, pool: directoryPool, signal })
  } catch (error) {
    if (isEngineError(error, 'graph.not-found') || isEngineError(error, 'graph.no-mailbox')) return undefined
    throw error
  }
}
