import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, text } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { teamsPool } from '../messages/access.ts'
import { pause, type TeamsCalls } from './restore-calls.ts'

/** A new group may be unknown to Teams for a while: "retry three times, with a 10 second delay". */
const attempts = 4
const delayMs = 10_000

const globalGraph = 'https://graph.microsoft.com/v1.0'

/** Somebody of the target tenant. */
export interface TargetPerson {
  readonly id: string
  readonly displayName: string
}

/** The team of the target group. */
export interface TargetTeam {
  /** Graph id: that of the group. */
  readonly id: string
  /** Undefined if Graph does not tell. */
  readonly tenantId: string | undefined
  /** Where Graph is, with its version: references in requests name things by their whole address (gotcha 50). */
  readonly base: string
  /** Made by this restore. */
  readonly isNew: boolean
}

/** The team of a group; undefined if it has none. */
export async function findTeam(calls: TeamsCalls, id: string): Promise<TargetTeam | undefined> {
  const { client, signal } = calls
  try {
    const team = await client.json<JsonObject>({ path: graphPath`/teams/${id}`, pool: teamsPool, signal })
    const base = /^(https?:\/\/.+)\/\$metadata/.exec(text(team, '@odata.context') ?? '')?.[1]
    return { id, tenantId: filledText(team, 'tenantId'), base: base ?? globalGraph, isNew: false }
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return undefined
    throw error
  }
}

/**
 * Gives a group a team; who belongs to the group stays as it is. Rejects with graph.no-team if it cannot have one: no owner,
 * no Microsoft 365 group.
 * https://learn.microsoft.com/graph/api/team-put-teams
 */
export async function makeTeam(calls: TeamsCalls, clock: Clock, id: string): Promise<TargetTeam> {
  const { client, signal } = calls
  const path = graphPath`/groups/${id}/team`
  for (let left = attempts; ; left -= 1) {
    try {
      await client.json({ method: 'PUT', path, body: {}, pool: teamsPool, signal })
    } catch (error) {
      if (isEngineError(error, 'graph.request-refused')) throw new EngineError('graph.no-team', { cause: error })
      const mayCome =
        hasUnknownOutcome(error) || isEngineError(error, 'graph.not-found') || isEngineError(error, 'graph.conflict')
      if (!mayCome) throw error
      if (left <= 1) throw isEngineError(error, 'graph.not-found') ? new EngineError('graph.no-team') : error
    }
    const made = await findTeam(calls, id)
    if (made !== undefined) return { ...made, isNew: true }
    if (left <= 1) throw new EngineError('graph.no-team')
    await pause(clock, calls, delayMs)
  }
}

/** Members or owners of the group. */
export async function peopleOfGroup(
  { client, signal }: TeamsCalls,
  id: string,
  side: 'members' | 'owners',
): Promise<readonly TargetPerson[]> {
  const path = graphPath`/groups/${id}/` + side
  const query = { $select: 'id,displayName', $top: 999 }
  const people: TargetPerson[] = []
  for await (const page of client.pages<JsonObject>({ path, query, pool: { kind: 'directory' }, signal }))
    people.push(...page.value.filter(isUser).map(personOf))
  return people
}

/** Groups and devices can be members too. */
function isUser(member: JsonObject): boolean {
  return /user$/i.test(text(member, '@odata.type') ?? 'user')
}

function personOf(member: JsonObject): TargetPerson {
  const id = text(member, 'id') ?? ''
  return { id, displayName: filledText(member, 'displayName') ?? id }
}
