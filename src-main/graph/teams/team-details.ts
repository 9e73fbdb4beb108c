import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer, BatchMember, BatchOptions } from '../client/types.ts'
import { answerBody, answerEntries } from '../item/batch-answers.ts'
import { list, record, text } from '../item/fields.ts'
import { plainValue } from '../item/listed-value.ts'
import { isWithheld, teamsPool } from '../messages/access.ts'
import type { Team } from './team-access.ts'

/** So many questions may travel with those about other things; more fill batches of their own. */
const companions = 6

/** Something about a team or a channel that is asked for by itself. */
export interface Question {
  /** Graph id of the channel; the team's for the team itself. */
  readonly about: string
  /** Name of the property that the answer makes. */
  readonly name: string
  readonly member: BatchMember
  /** A single thing, not a list. */
  readonly single?: boolean
}

/** Answers by what they are about and their name; what cannot be had is absent. */
export type Answers = ReadonlyMap<string, Readonly<Record<string, JsonValue>>>

/**
 * Answers to the questions, 20 a request. What the sign-in may not read, and what there is not, has no answer.
 * `kept`: whether an answer of before is at hand; then any failure of Graph leaves it as it is.
 */
export async function answersTo(
  team: Team,
  questions: readonly Question[],
  kept: (question: Question) => boolean = () => false,
): Promise<Answers> {
  const { client, id, signal } = team
  const options: BatchOptions = { pool: teamsPool, signal }
  const members = questions.map(({ member }) => member)
  const answers = await client.batch(members, members.length > companions ? options : { ...options, together: id })
  const found = new Map<string, Record<string, JsonValue>>()
  for (const [index, question] of questions.entries()) {
    const { about, name } = question
    const value = await valueOf(team, question, answers[index], kept)
    if (value !== undefined) found.set(about, { ...found.get(about), [name]: value })
  }
  return found
}

async function valueOf(
  { client, signal }: Team,
  question: Question,
  answer: BatchAnswer | undefined,
  kept: (question: Question) => boolean,
): Promise<JsonValue | undefined> {
  try {
    if (question.single === true) return plainValue(answerBody(answer))
    return sortedById((await answerEntries(client, answer, { pool: teamsPool, signal })).map(plainValue))
  } catch (error) {
    if (isWithheld(error) || (isEngineError(error, 'graph.service-failed') && kept(question))) return undefined
    throw error
  }
}

/** In an order of their own, so that what is unchanged is stored as the same bytes. */
function sortedById(entries: readonly JsonValue[]): readonly JsonValue[] {
  return entries.toSorted((one, other) => (idOf(one) < idOf(other) ? -1 : Number(idOf(one) > idOf(other))))
}

function idOf(entry: JsonValue): string {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry)
    ? (text(entry as JsonObject, 'id') ?? '')
    : ''
}

/** What there is to know of a channel beside what the list of channels tells; `known` is what was stored of it. */
export function questionsOfChannel({ id: team }: Team, channel: JsonObject, known: JsonObject): readonly Question[] {
  const id = text(channel, 'id') ?? ''
  const path = graphPath`/teams/${team}/channels/${id}`
  const isOpen = (text(channel, 'membershipType') ?? 'standard') === 'standard'
  return [
    { about: id, name: 'tabs', member: { path: `${path}/tabs`, query: { $expand: 'teamsApp' } } },
    // Everybody in the team is in its standard channels.
    ...(isOpen ? [] : [{ about: id, name: 'members', member: { path: `${path}/members` } }]),
    // It stays where it is.
    ...(record(known, 'filesFolder') === undefined
      ? [{ about: id, name: 'filesFolder', member: { path: `${path}/filesFolder` }, single: true }]
      : []),
  ]
}

/** The team itself, its apps and tags; and if nobody knows it yet, its first channel, which is called otherwise in every language. */
export function questionsOfTeam({ id }: Team, knowsPrimary: boolean): readonly Question[] {
  const query = { $expand: 'teamsApp,teamsAppDefinition' }
  const primary = { path: graphPath`/teams/${id}/primaryChannel`, query: { $select: 'id' } }
  return [
    ...(knowsPrimary ? [] : [{ about: id, name: 'primaryChannel', member: primary, single: true }]),
    { about: id, name: 'team', member: { path: graphPath`/teams/${id}` }, single: true },
    { about: id, name: 'installedApps', member: { path: graphPath`/teams/${id}/installedApps`, query } },
    { about: id, name: 'tags', member: { path: graphPath`/teams/${id}/tags` } },
  ]
}

/** Who is meant by the tags. */
export function questionsOfTags({ id }: Team, tags: readonly JsonObject[]): readonly Question[] {
  return tags.flatMap((tag) => {
    const about = text(tag, 'id')
    return about === undefined
      ? []
      : [{ about, name: 'members', member: { path: graphPath`/teams/${id}/tags/${about}/members` } }]
  })
}

const details = ['tabs', 'members'] as const

/** The details of a channel as they are stored; of those without an answer, what was stored before. */
export function detailsOf(answers: Readonly<Record<string, JsonValue>>, known: JsonObject): JsonObject {
  const lists = details.flatMap((name) => {
    const value = answers[name] ?? list(known, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const folder = record(answers, 'filesFolder')
  const filesFolder = folder === undefined ? record(known, 'filesFolder') : lastingFolder(folder)
  return { ...Object.fromEntries(lists), ...(filesFolder === undefined ? {} : { filesFolder }) }
}

/** Where the files are; what they are changes all the time. */
function lastingFolder(folder: JsonObject): JsonObject {
  const kept = ['id', 'name', 'webUrl', 'parentReference'].flatMap((name) => {
    const value = folder[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(kept)
}
