import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, text, time } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { teamsPool } from '../messages/access.ts'
import { pause, type TeamsCalls } from './restore-calls.ts'
import { channelName, isSameName } from './restore-channel-names.ts'
import type { MembershipType, StoredChannel } from './restore-stored.ts'
import type { TargetTeam } from './restore-team.ts'

/** Numbers tried behind a name that something else holds, a deleted channel for instance. */
const numbers = 20

/** Refusals that may be about the name before another one is not tried any more. */
const mostRefusals = 2

/** Times that a channel is made whose creation has an unknown outcome, looking in between. */
const attempts = 3

/** A shared channel is made after Graph has answered. */
const lookMs = 3_000
const looks = 20

/** A channel of the target team. */
export interface TargetChannel {
  readonly id: string
  readonly name: string
  readonly membershipType: MembershipType
  /** Milliseconds since 1970; undefined if unknown. */
  readonly createdAt: number | undefined
  /** Made by this restore: nothing is in it yet. */
  readonly isNew: boolean
}

export interface WantedChannel {
  readonly stored: StoredChannel
  /** What stands behind its name: "" for the name as it was. */
  readonly ending: string
  /** Body of the request that makes it, without its name. */
  body(): Promise<JsonObject>
}

/** The channels of the target team: listed once, made one at a time. */
export class TargetChannels {
  readonly #team: TargetTeam
  readonly #clock: Clock
  readonly #dryRun: boolean
  #channels: readonly TargetChannel[] = []
  #primary: string | undefined
  /** Names that are given away: to channels by their ids in the source. */
  readonly #claims: { readonly name: string; readonly source: string }[] = []

  constructor(team: TargetTeam, clock: Clock, dryRun: boolean) {
    this.#team = team
    this.#clock = clock
    this.#dryRun = dryRun
  }

  async load({ client, signal }: TeamsCalls): Promise<void> {
    const path = graphPath`/teams/${this.#team.id}/channels`
    const channels: TargetChannel[] = []
    for await (const page of client.pages<JsonObject>({ path, pool: teamsPool, signal }))
      channels.push(...page.value.map(channelOf))
    this.#channels = channels
  }

  /**
   * The channel itself where it is still there, General for General, one of its name and kind, or a new one. A channel
   * of another kind is none of the same name: what was private must not become public. Undefined in a dry run where it
   * would be made. Rejects with restore.channel-refused.
   */
  async ensure(calls: TeamsCalls, wanted: WantedChannel): Promise<TargetChannel | undefined> {
    const { stored, ending } = wanted
    if (ending === '') {
      const own = this.#channels.find(({ id }) => id === stored.id)
      if (own !== undefined) return this.#claim(own, stored)
      if (stored.isPrimary) return this.#claim(await this.#primaryChannel(calls), stored)
    }
    for (let number = 1, refusals = 0; number <= numbers; number += 1) {
      const name = channelName(stored.name, number === 1 ? ending : `${ending} (${number})`)
      if (this.#claims.some((claim) => isSameName(claim.name, name) && claim.source !== stored.id)) continue
      const named = this.#channels.find((channel) => isSameName(channel.name, name))
      if (named !== undefined && named.membershipType !== stored.membershipType) continue
      if (named !== undefined) return this.#claim(named, stored)
      if (this.#dryRun) {
        this.#claims.push({ name, source: stored.id })
        return undefined
      }
      const made = await this.#create(calls, wanted, name)
      if (made !== undefined) return this.#claim(made, stored)
      refusals += 1
      if (refusals >= mostRefusals) break
    }
    throw new EngineError('restore.channel-refused')
  }

  #claim(channel: TargetChannel, { id: source }: StoredChannel): TargetChannel {
    this.#claims.push({ name: channel.name, source })
    return channel
  }

  async #primaryChannel(calls: TeamsCalls): Promise<TargetChannel> {
    this.#primary ??= await primaryId(calls, this.#team.id)
    const found = this.#channels.find(({ id }) => id === this.#primary)
    if (found === undefined) throw new EngineError('restore.channel-refused')
    return found
  }

  /** Undefined if the name may be what Graph does not like: it keeps those of deleted channels. */
  async #create(calls: TeamsCalls, wanted: WantedChannel, name: string): Promise<TargetChannel | undefined> {
    const body = { displayName: name, ...(await wanted.body()) }
    const before = new Set(this.#channels.map(({ id }) => id))
    for (let left = attempts; ; left -= 1) {
      try {
        const made = await this.#post(calls, body)
        return made ?? (await this.#appearing(calls, name, before, looks))
      } catch (error) {
        const isRefused = isEngineError(error, 'graph.request-refused') || isEngineError(error, 'graph.conflict')
        if (!isRefused && !hasUnknownOutcome(error)) throw error
        const made = await this.#appearing(calls, name, before, 1)
        if (made !== undefined || isRefused) return made
        if (left <= 1) throw error
      }
    }
  }

  /** Undefined if Graph makes it later. */
  async #post({ client, signal }: TeamsCalls, body: JsonObject): Promise<TargetChannel | undefined> {
    const path = graphPath`/teams/${this.#team.id}/channels`
    const made = await client.json<JsonObject | undefined>({ method: 'POST', path, body, pool: teamsPool, signal })
    if (made === undefined || filledText(made, 'id') === undefined) return undefined
    // The answer may tell less than was asked for.
    const told = Object.entries(made).filter(([, value]) => value !== null)
    const channel = { ...channelOf({ ...body, ...Object.fromEntries(told) }), isNew: true }
    this.#channels = [...this.#channels, channel]
    return channel
  }

  /** A channel that is on its way, or was made although no good answer came. */
  async #appearing(
    calls: TeamsCalls,
    name: string,
    before: ReadonlySet<string>,
    most: number,
  ): Promise<TargetChannel | undefined> {
    for (let look = 1; ; look += 1) {
      await this.load(calls)
      const made = this.#channels.find((channel) => isSameName(channel.name, name) && !before.has(channel.id))
      if (made !== undefined) return { ...made, isNew: true }
      if (look >= most) return undefined
      await pause(this.#clock, calls, lookMs)
    }
  }
}

async function primaryId({ client, signal }: TeamsCalls, team: string): Promise<string | undefined> {
  const path = graphPath`/teams/${team}/primaryChannel`
  return text(await client.json<JsonObject>({ path, pool: teamsPool, signal }), 'id')
}

function channelOf(channel: JsonObject): TargetChannel {
  const type = text(channel, 'membershipType')?.toLowerCase() ?? 'standard'
  return {
    id: text(channel, 'id') ?? '',
    name: text(channel, 'displayName') ?? '',
    membershipType: type === 'standard' || type === 'shared' ? type : 'private',
    createdAt: time(channel, 'createdDateTime'),
    isNew: false,
  }
}
