import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { text } from '../item/fields.ts'
import { teamsPool } from '../messages/access.ts'
import { channelPath, type ChannelCalls, type TeamsCalls } from './restore-calls.ts'
import type { TargetPeople } from './restore-people.ts'
import type { StoredChannel, StoredMember } from './restore-stored.ts'

/** Members that a private channel is created with at most. https://learn.microsoft.com/graph/api/channel-post */
const mostMembers = 200

/** Somebody of the target who belongs to a channel. */
export interface Member {
  readonly id: string
  readonly isOwner: boolean
}

export interface ChannelMembers {
  /** As a new channel is given them; empty for a standard one, which has those of the team. */
  readonly first: readonly Member[]
  /** Whom Teams would tell that they were added: only when members are asked for. */
  readonly later: readonly Member[]
  readonly codes: readonly string[]
}

/**
 * Members for a new private or shared channel. A private one takes members of the team alone, and a shared one begins
 * with a single owner; each needs an owner, and gets one of the team's if none of its own has a counterpart.
 */
export async function membersFor(
  calls: TeamsCalls,
  { membershipType, members }: StoredChannel,
  people: TargetPeople,
): Promise<ChannelMembers> {
  if (membershipType === 'standard') return { first: [], later: [], codes: [] }
  const codes = new Set<string>()
  const found = await counterparts(calls, members, people, membershipType === 'private', codes)
  if (!found.some(({ isOwner }) => isOwner)) {
    const owner = await people.standIn(calls)
    if (owner !== undefined) found.unshift({ id: owner.id, isOwner: true })
    codes.add('channel-owner-replaced')
  }
  const unique = [...new Map(found.toReversed().map((member) => [member.id, member])).values()].toReversed()
  return { ...shared(membershipType === 'shared', unique, codes), codes: [...codes] }
}

/** Owners first. */
async function counterparts(
  calls: TeamsCalls,
  members: readonly StoredMember[],
  people: TargetPeople,
  onlyTeam: boolean,
  codes: Set<string>,
): Promise<Member[]> {
  const inTeam = onlyTeam ? await people.inTeam(calls) : undefined
  const found: Member[] = []
  for (const member of members.toSorted((one, other) => Number(other.isOwner) - Number(one.isOwner))) {
    const id = people.find(member)
    if (id === undefined) codes.add('person-unmapped')
    else if (inTeam?.has(id) === false) codes.add('member-not-in-team')
    else found.push({ id, isOwner: member.isOwner })
  }
  return found
}

function shared(
  isShared: boolean,
  members: readonly Member[],
  codes: Set<string>,
): Pick<ChannelMembers, 'first' | 'later'> {
  const owner = members.find(({ isOwner }) => isOwner)
  const isFirst = (member: Member): boolean => !isShared || member === owner || !member.isOwner
  const first = members.filter(isFirst).slice(0, mostMembers)
  const later = members.filter((member) => !first.includes(member))
  if (later.length > 0) codes.add('channel-members-left-out')
  return { first, later }
}

/** `base`: where Graph is. */
export function memberJson(base: string, { id, isOwner }: Member): JsonObject {
  return {
    '@odata.type': '#microsoft.graph.aadUserConversationMember',
    roles: isOwner ? ['owner'] : [],
    'user@odata.bind': `${base}/users('${encodeURIComponent(id)}')`,
  }
}

/** Adds those who are missing, of whom Teams tells each; gives codes of what was refused. */
export async function addMembers(
  calls: ChannelCalls,
  base: string,
  wanted: readonly Member[],
): Promise<readonly string[]> {
  const { client, signal } = calls
  const path = `${channelPath(calls)}/members`
  const there = new Set<string>()
  for await (const page of client.pages<JsonObject>({ path, pool: teamsPool, signal }))
    for (const member of page.value) there.add(text(member, 'userId') ?? '')
  const codes = new Set<string>()
  for (const member of wanted) {
    if (there.has(member.id)) continue
    try {
      const body = memberJson(base, member)
      await client.json({ method: 'POST', path, body, pool: teamsPool, signal, idempotent: true })
    } catch (error) {
      if (isEngineError(error, 'graph.conflict')) continue
      if (!isEngineError(error, 'graph.request-refused') && !isEngineError(error, 'graph.not-found')) throw error
      codes.add('channel-member-refused')
    }
  }
  return [...codes]
}
