import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { GraphClient } from '../client/types.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { teamsPool } from '../messages/access.ts'
import { channelPath, pause, type ChannelCalls } from './restore-calls.ts'
import {
  completeMigration,
  isInMigration,
  type ChannelLedger,
  type MigrationEnd,
  type OpenedChannel,
} from './restore-ledger.ts'

/** Times that a request with an unknown outcome is made, looking in between. */
const attempts = 3

/** A channel that was just made may be unknown for a moment, in milliseconds. */
const unknownMs = 5_000

/** How long a channel may take to be completed when the restore was stopped. */
const closingMs = 60_000

/** A channel that could not be completed, and why. */
export interface LeftOpen {
  readonly channel: OpenedChannel
  readonly code: string
}

export interface MigrationSettings {
  readonly client: GraphClient
  readonly ledger: ChannelLedger
  /** The tenant as the sign-in names it: what the ledger goes by. */
  readonly tenant: string
  readonly clock: Clock
}

/**
 * The channel that is in migration mode now: its members cannot write in it, so there is never more than one, and none
 * that the ledger does not know.
 */
export class OpenChannel {
  readonly #settings: MigrationSettings
  #open: OpenedChannel | undefined
  /** Those that could not be completed. */
  #left: readonly LeftOpen[] = []
  /** Milliseconds since 1970 that messages have to be later than. */
  #floor = 0
  /** By channel: the time of creation that opening it gave it. */
  readonly #created = new Map<string, number>()

  constructor(settings: MigrationSettings) {
    this.#settings = settings
  }

  /**
   * Makes sure that messages of that time can be put into the channel. `createdAt`: when the channel was made, as listed;
   * `since`: nothing older is to be expected. Both in milliseconds since 1970, undefined if unknown.
   */
  async ensure(
    calls: ChannelCalls,
    moment: number,
    { createdAt, since }: { readonly createdAt: number | undefined; readonly since: number | undefined },
  ): Promise<void> {
    const { team, channel, signal } = calls
    if (this.#open?.channel === channel && moment > this.#floor) return
    await this.close(signal)
    const created = this.#created.get(channel) ?? createdAt
    // It must be older than the channel, and older than every message.
    const floor = Math.min(moment, created ?? moment, since ?? moment) - 1
    const { ledger, tenant, clock } = this.#settings
    const entry = { tenant, team, channel, openedAt: clock.now() }
    await ledger.opened(entry)
    await this.#start(calls, entry, floor)
    this.#created.set(channel, floor)
    this.#floor = floor
    this.#open = entry
  }

  /** Something has closed the channel: it has to be opened again. */
  async isLost(calls: ChannelCalls): Promise<boolean> {
    if (this.#open?.channel !== calls.channel) return false
    if (await isInMigration(calls.client, calls, calls.signal)) return false
    this.#open = undefined
    return true
  }

  /**
   * Gives the channel back to its members, and those that could not be given back before; tells those that still are not.
   * They stay in the ledger: the next start tries again.
   */
  async close(signal: AbortSignal): Promise<readonly LeftOpen[]> {
    if (this.#open !== undefined) this.#left = [...this.#left, { channel: this.#open, code: 'cancelled' }]
    this.#open = undefined
    // Who stops a restore does not mean to leave channels locked.
    const patience = signal.aborted ? AbortSignal.timeout(closingMs) : signal
    for (const { channel } of this.#left) {
      const end = await this.#complete(channel, patience)
      const others = this.#left.filter((one) => one.channel !== channel)
      this.#left = typeof end === 'string' ? others : [...others, { channel, code: end.code }]
    }
    return this.#left
  }

  async #complete(channel: OpenedChannel, signal: AbortSignal): Promise<MigrationEnd> {
    const { client, ledger } = this.#settings
    const end = await completeMigration(client, channel, signal)
    if (typeof end === 'string') await ledger.closed(channel)
    return end
  }

  async #start(calls: ChannelCalls, entry: OpenedChannel, floor: number): Promise<void> {
    const { client, signal } = calls
    const path = `${channelPath(calls)}/startMigration`
    const body = { conversationCreationDateTime: new Date(floor).toISOString() }
    for (let left = attempts; ; left -= 1) {
      try {
        await client.json({ method: 'POST', path, body, pool: teamsPool, signal })
        return
      } catch (error) {
        if (left > 1 && isEngineError(error, 'graph.not-found')) {
          await pause(this.#settings.clock, calls, unknownMs)
          continue
        }
        const isUnknown = hasUnknownOutcome(error)
        if (isUnknown && (await isInMigration(client, calls, signal))) return
        if (isUnknown && left > 1) continue
        if (isUnknown || isEngineError(error, 'cancelled')) throw error
        if (!(await this.#isLeftOver(calls, entry, error))) throw error
      }
    }
  }

  /**
   * Whether a refusal was about something that is out of the way now: the channel was in migration mode already, because
   * of a restore whose ledger is lost, or of another application, which alone can end that.
   */
  async #isLeftOver(calls: ChannelCalls, entry: OpenedChannel, error: unknown): Promise<boolean> {
    const { client, signal } = calls
    const isOpen = isEngineError(error, 'graph.request-refused') && (await isInMigration(client, calls, signal))
    const end = isOpen ? await completeMigration(client, calls, signal) : undefined
    if (end === 'closed') return true
    // Not opened by us: not ours to note.
    await this.#settings.ledger.closed(entry)
    if (isOpen) throw new EngineError('restore.channel-importing', { cause: error })
    return false
  }
}
