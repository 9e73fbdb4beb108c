import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Container, ContainerListing, Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, isObject, list, record, text } from '../item/fields.ts'
import { plainValue } from '../item/listed-value.ts'
import { containerMetadata, propertiesOf } from '../item/metadata.ts'
import { teamRequest, type Team } from './team-access.ts'
import {
  answersTo,
  detailsOf,
  questionsOfChannel,
  questionsOfTags,
  questionsOfTeam,
  type Answers,
  type Question,
} from './team-details.ts'

/** What there is of a team beside its channels; absent: it cannot be read. */
export interface TeamFacts {
  readonly team?: JsonObject
  readonly installedApps?: readonly JsonObject[]
  readonly tags?: readonly JsonObject[]
  /** Channels of other teams that are shared with this one: named, not read. */
  readonly incoming: readonly JsonObject[]
}

export interface ListedTeam {
  readonly listing: ContainerListing
  readonly facts: TeamFacts
}

/**
 * The channels of a group's team with their tabs, the members of private and shared ones and the places of their files,
 * and one container for the team itself. Rejects with graph.no-team if the group has none, which costs nothing where the
 * list of groups told it.
 */
export async function listTeam(team: Team, root: Root, last: ContainerListing | undefined): Promise<ListedTeam> {
  if (!mayHaveTeam(root)) throw new EngineError('graph.no-team')
  const known = new Map((last?.containers ?? []).map(({ id, properties }) => [id, propertiesOf(properties)]))
  // What was there before is asked about at once, so that the questions can travel together.
  const before = [...known].filter(([id]) => id !== team.id).map(([, channel]) => channel)
  const ofTeam = questionsOfTeam(team, before.some(isPrimary))
  const early = last === undefined ? undefined : ask(team, [...ofTeam, ...about(team, before, known)], known)
  early?.catch(() => undefined)
  const { own, incoming } = await readChannels(team, root)
  const added = own.filter((channel) => !known.has(text(channel, 'id') ?? ''))
  const late = await ask(team, [...(early === undefined ? ofTeam : []), ...about(team, added, known)], known)
  const answers: Answers = new Map([...((await early) ?? []), ...late])
  const primary = text(record(answers.get(team.id) ?? {}, 'primaryChannel') ?? {}, 'id')
  const channels = own.map((channel) => containerOf(channel, answers, known, primary))
  const listing = { containers: [teamContainer(team), ...channels], cursor: undefined }
  return { listing, facts: await factsOf(team, answers, incoming) }
}

/** The team's own things when nobody listed its channels: an interrupted run goes on. */
export async function readFacts(team: Team, root: Root): Promise<TeamFacts> {
  const { incoming } = await readChannels(team, root)
  return await factsOf(team, await ask(team, questionsOfTeam(team, true), new Map()), incoming)
}

function mayHaveTeam(root: Root): boolean {
  return root.kind === 'group' && saysTeam(root) !== false
}

/** Whether the list of groups told that there is a team; undefined if it told nothing. */
function saysTeam({ properties = {} }: Root): boolean | undefined {
  return list(properties, 'resourceProvisioningOptions')?.includes('Team')
}

function about(
  team: Team,
  channels: readonly JsonObject[],
  known: ReadonlyMap<string, JsonObject>,
): readonly Question[] {
  return channels.flatMap((channel) => questionsOfChannel(team, channel, known.get(text(channel, 'id') ?? '') ?? {}))
}

async function ask(
  team: Team,
  questions: readonly Question[],
  known: ReadonlyMap<string, JsonObject>,
): Promise<Answers> {
  if (questions.length === 0) return new Map()
  return await answersTo(team, questions, ({ about: id, name }) =>
    id === team.id ? known.size > 0 : known.get(id)?.[name] !== undefined,
  )
}

/** https://learn.microsoft.com/graph/api/team-list-allchannels */
async function readChannels(
  team: Team,
  root: Root,
): Promise<{ readonly own: readonly JsonObject[]; readonly incoming: readonly JsonObject[] }> {
  const own: JsonObject[] = []
  const incoming: JsonObject[] = []
  const request = { ...teamRequest(team, graphPath`/teams/${team.id}/allChannels`), together: team.id }
  try {
    for await (const page of team.client.pages<JsonObject>(request))
      for (const channel of page.value.filter(isObject)) (isOwn(team, channel) ? own : incoming).push(channel)
  } catch (error) {
    if (!isEngineError(error, 'graph.not-found')) throw error
    // Who was told that there is a team is told so late that there is none any more.
    throw new EngineError(saysTeam(root) === true ? 'graph.root-gone' : 'graph.no-team', { cause: error })
  }
  return { own, incoming: incoming.map(named) }
}

/** The address of a channel names the team that owns it. */
function isOwn({ id }: Team, channel: JsonObject): boolean {
  const owner = ownerOf(channel)
  return owner === undefined || owner.toLowerCase() === id.toLowerCase()
}

function ownerOf(channel: JsonObject): string | undefined {
  return /\/teams\/([^/]+)\/channels\//i.exec(text(channel, '@odata.id') ?? '')?.[1]
}

/** What can be said of a channel that somebody else owns. */
function named(channel: JsonObject): JsonObject {
  const names = ['id', 'displayName', 'description', 'membershipType', 'tenantId', 'webUrl']
  const told = names.flatMap((name) => (typeof channel[name] === 'string' ? [[name, channel[name]] as const] : []))
  const owner = ownerOf(channel)
  return { ...Object.fromEntries(told), ...(owner === undefined ? {} : { teamId: owner }) }
}

function isPrimary(channel: JsonObject): boolean {
  return channel.isPrimary === true
}

function containerOf(
  channel: JsonObject,
  answers: Answers,
  known: ReadonlyMap<string, JsonObject>,
  primary: string | undefined,
): Container {
  const id = text(channel, 'id') ?? ''
  const name = filledText(channel, 'displayName') ?? id
  const before = known.get(id) ?? {}
  const own = plainValue(channel)
  const properties = {
    ...(isObject(own) ? own : {}),
    ...(id === primary || isPrimary(before) ? { isPrimary: true } : {}),
    ...detailsOf(answers.get(id) ?? {}, before),
  }
  return { id, parentId: undefined, name, properties: containerMetadata('channel', name, properties) }
}

/** What is not in a channel is in a container of its own, whose id is the team's. */
const teamName = 'Team'

function teamContainer({ id }: Team): Container {
  return { id, parentId: undefined, name: teamName, properties: containerMetadata('team', teamName, { id }) }
}

async function factsOf(team: Team, answers: Answers, incoming: readonly JsonObject[]): Promise<TeamFacts> {
  const told = answers.get(team.id) ?? {}
  const itself = record(told, 'team')
  const installedApps = list(told, 'installedApps')?.filter(isObject)
  const tags = await withMembers(team, list(told, 'tags')?.filter(isObject))
  return {
    ...(itself === undefined ? {} : { team: itself }),
    ...(installedApps === undefined ? {} : { installedApps }),
    ...(tags === undefined ? {} : { tags }),
    incoming,
  }
}

/** Tags with those whom they mean; none of them is told if one's cannot be had. */
async function withMembers(
  team: Team,
  tags: readonly JsonObject[] | undefined,
): Promise<readonly JsonObject[] | undefined> {
  if (tags === undefined || tags.length === 0) return tags
  const answers = await answersTo(team, questionsOfTags(team, tags), () => true)
  if (tags.some((tag) => answers.get(text(tag, 'id') ?? '') === undefined)) return undefined
  return tags.map((tag) => ({ ...tag, ...answers.get(text(tag, 'id') ?? '') }))
}
