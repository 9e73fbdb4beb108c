import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type {
  ItemOutcome,
  RestoreContainer,
  RestoreOptions,
  RestoreRemark,
  TargetContainer,
} from '../../engine/ports/restore-target.ts'
import { filledText, text } from '../item/fields.ts'
import { outcomeOf } from '../item/outcome.ts'
import { TargetApps } from './restore-apps.ts'
import type { TeamsCalls } from './restore-calls.ts'
import { TargetChannels, type TargetChannel } from './restore-channels.ts'
import { ExistingMessages } from './restore-existing.ts'
import { addMembers, memberJson, membersFor, type ChannelMembers } from './restore-members.ts'
import { TargetPeople } from './restore-people.ts'
import { storedChannel, type StoredChannel } from './restore-stored.ts'
import { restoreTabs } from './restore-tabs.ts'
import { findTeam, makeTeam, type TargetTeam } from './restore-team.ts'

/** One restore into one team. */
export interface TeamSession {
  readonly root: Root
  readonly options: RestoreOptions
  readonly clock: Clock
  /** What stands behind the names of channels: "" for the channels as they were. */
  readonly ending: string
  /** Undefined in a dry run for a team that would be made, and where there is a failure. */
  readonly team: TargetTeam | undefined
  readonly channels: TargetChannels | undefined
  readonly people: TargetPeople
  readonly apps: TargetApps | undefined
  /** By the id of the stored channel. */
  readonly targets: Map<string, Promise<TeamsTarget>>
  /** What is said of channels at the end. */
  readonly findings: { readonly path: string; readonly remarks: readonly RestoreRemark[] }[]
}

/** The team itself, or one of its channels. */
export interface TeamsTarget extends TargetContainer {
  readonly session: TeamSession
  /** Undefined for the team itself, in a dry run for a channel that would be made, and where there is a failure. */
  readonly channel: OpenTarget | undefined
  /** Why nothing can go here: what each of its items becomes. */
  readonly failure: ItemOutcome | undefined
}

/** A channel that is there. */
interface OpenTarget {
  readonly stored: StoredChannel
  readonly found: TargetChannel
  /** Its messages; read when the first of them is to be restored. */
  existing: Promise<ExistingMessages> | undefined
}

export function asTeamsTarget(target: TargetContainer): TeamsTarget {
  if (!('session' in target && 'channel' in target)) {
    throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  }
  // Nobody else makes targets with a session.
  return target as TeamsTarget
}

/** Finds the team of the group, or gives it one. What keeps it from having one concerns its items alone. */
export async function beginTeam(
  calls: TeamsCalls,
  clock: Clock,
  root: Root,
  options: RestoreOptions,
): Promise<TeamsTarget> {
  let team: TargetTeam | undefined
  let channels: TargetChannels | undefined
  const failure = await teamFailure(async () => {
    if (root.kind !== 'group') throw new EngineError('graph.no-team')
    team = await findTeam(calls, root.id)
    if (team === undefined && !options.dryRun) team = await makeTeam(calls, clock, root.id)
    if (team === undefined) return
    channels = new TargetChannels(team, clock, options.dryRun)
    await channels.load(calls)
  })
  const names = options.targetFolder.split('/').map((name) => name.trim())
  const label = names.filter((name) => name !== '').join(' ')
  const session: TeamSession = {
    root,
    options,
    clock,
    ending: label === '' ? '' : ` (${label})`,
    team,
    channels,
    people: new TargetPeople(options, root.id),
    apps: team === undefined ? undefined : new TargetApps(team, options.dryRun),
    targets: new Map(),
    findings: [],
  }
  return { session, id: root.id, path: label, channel: undefined, failure }
}

/** The failure that items have when the team is not to be had; anything else is thrown as it is. */
async function teamFailure(work: () => Promise<void>): Promise<ItemOutcome | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    const concernsTeam = isEngineError(error, 'graph.no-team') || isEngineError(error, 'graph.forbidden')
    if (!concernsTeam) throw error
    return { kind: 'failed', code: error.code }
  }
}

/** The channel that a channel of the snapshot goes into; asked again, the same. */
export function openTarget(calls: TeamsCalls, parent: TeamsTarget, container: RestoreContainer): Promise<TeamsTarget> {
  const { session } = parent
  // The team's own things have a container without a channel.
  if (text(container.metadata ?? {}, 'o365:Type') === 'team') return Promise.resolve(parent)
  const stored = storedChannel(container)
  const known = session.targets.get(stored.id)
  if (known !== undefined) return known
  const target = tolerantly(parent, stored, () => open(calls, parent, stored))
  session.targets.set(stored.id, target)
  target.catch(() => session.targets.delete(stored.id))
  return target
}

/** A channel that cannot be had concerns its messages alone. */
async function tolerantly(
  { session, failure: above }: TeamsTarget,
  stored: StoredChannel,
  work: () => Promise<TeamsTarget>,
): Promise<TeamsTarget> {
  const path = stored.name + session.ending
  if (above !== undefined) return { session, id: undefined, path, channel: undefined, failure: above }
  let target: TeamsTarget | undefined
  const failure = await outcomeOf(async () => {
    target = await work()
    return { kind: 'created', id: '' }
  })
  return target ?? { session, id: undefined, path, channel: undefined, failure }
}

async function open(calls: TeamsCalls, { session }: TeamsTarget, stored: StoredChannel): Promise<TeamsTarget> {
  const { team, channels, people, ending } = session
  const path = stored.name + ending
  const absent: TeamsTarget = { session, id: undefined, path, channel: undefined, failure: undefined }
  if (team === undefined || channels === undefined) return absent
  let members: ChannelMembers | undefined
  const body = async (): Promise<JsonObject> => {
    members = await membersFor(calls, stored, people)
    return { ...shapeOf(stored), ...membersJson(team, members) }
  }
  const found = await channels.ensure(calls, { stored, ending, body })
  if (found === undefined) return absent
  const remarks = await finishChannel(calls, { session, team, stored, found, members })
  if (remarks.length > 0) session.findings.push({ path: found.name, remarks })
  const channel: OpenTarget = { stored, found, existing: undefined }
  return { session, id: found.id, path: found.name, channel, failure: undefined }
}

function shapeOf({ membershipType, properties }: StoredChannel): JsonObject {
  const description = filledText(properties, 'description')
  const layoutType = filledText(properties, 'layoutType')
  return {
    membershipType,
    ...(description === undefined ? {} : { description }),
    ...(layoutType === undefined || layoutType === 'unknownFutureValue' ? {} : { layoutType }),
    ...(properties.isFavoriteByDefault === true ? { isFavoriteByDefault: true } : {}),
  }
}

function membersJson({ base }: TargetTeam, { first }: ChannelMembers): JsonObject {
  return first.length === 0 ? {} : { members: first.map((member) => memberJson(base, member)) }
}

interface ChannelParts {
  readonly session: TeamSession
  readonly team: TargetTeam
  readonly stored: StoredChannel
  readonly found: TargetChannel
  /** Those that it was made with; undefined for one that was there. */
  readonly members: ChannelMembers | undefined
}

/** What a channel has beside its messages, and what did not come back of it. */
async function finishChannel(calls: TeamsCalls, parts: ChannelParts): Promise<readonly RestoreRemark[]> {
  const { session, team, stored, found } = parts
  const { apps, options } = session
  const channelCalls = { ...calls, team: team.id, channel: found.id }
  const codes = [...(await memberCodes(calls, parts))]
  if (found.name !== stored.name + session.ending) codes.push('channel-renamed')
  const source = stored.id === found.id ? [] : sourceIds(stored)
  const settings = { dryRun: options.dryRun, source }
  const tabs = apps === undefined ? [] : await restoreTabs(channelCalls, stored.tabs, { apps, ...settings })
  return [...codes.map((code) => ({ code })), ...tabs]
}

async function memberCodes(calls: TeamsCalls, parts: ChannelParts): Promise<readonly string[]> {
  const { session, team, stored, found, members } = parts
  const { options, people } = session
  const isAsked = options.onRequest.has('members') && !options.dryRun
  if (stored.membershipType === 'standard') return []
  if (!isAsked) return members?.codes ?? []
  const wanted = members ?? (await membersFor(calls, stored, people))
  const channelCalls = { ...calls, team: team.id, channel: found.id }
  const missing = members === undefined ? [...wanted.first, ...wanted.later] : wanted.later
  const refused = missing.length === 0 ? [] : await addMembers(channelCalls, team.base, missing)
  return [...wanted.codes.filter((code) => code !== 'channel-members-left-out'), ...refused]
}

/** Ids that addresses of the source's own things have in them. */
function sourceIds({ id, tenantId, properties }: StoredChannel): readonly string[] {
  const team = /[?&]groupId=([^&]+)/i.exec(text(properties, 'webUrl') ?? '')?.[1]
  return [id, tenantId, team].filter((one) => one !== undefined)
}

/** The messages of a channel; one that was just made has none. */
export function existingIn(calls: TeamsCalls, team: string, channel: OpenTarget): Promise<ExistingMessages> {
  if (channel.existing !== undefined) return channel.existing
  const messages = new ExistingMessages()
  const loading = channel.found.isNew
    ? Promise.resolve(messages)
    : messages.load({ ...calls, team, channel: channel.found.id }).then(() => messages)
  channel.existing = loading
  loading.catch(() => (channel.existing = undefined))
  return loading
}
