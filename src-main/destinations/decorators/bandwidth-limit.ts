import { EngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { DestinationStore } from '../../engine/ports/destination-store.ts'
import { forwarding } from './forwarding.ts'

/** From some minute of the day on, until the next entry's. */
export interface BandwidthRule {
  /** Minutes since midnight, local time: 0 to 1,439. */
  readonly from: number
  /** Bytes per second; absent for no limit. */
  readonly up?: number
  readonly down?: number
}

const DAY = 24 * 60
const MINUTE = 60_000
/** What may go at once after a pause, in milliseconds of the limit. */
const BURST = 1_000

/**
 * The store, slowed down to so many bytes a second, by the time of day. A whole call goes at full speed and the next ones
 * wait until it is paid for, so the limit holds on average over some packs. Rules need no order; without one, no limit.
 */
export function bandwidthLimited(
  store: DestinationStore,
  rules: readonly BandwidthRule[],
  clock: Clock,
): DestinationStore {
  const up = new Meter(clock, () => ruleAt(rules, clock.now())?.up)
  const down = new Meter(clock, () => ruleAt(rules, clock.now())?.down)
  return {
    ...forwarding(store),
    put: async (name, parts, signal) => {
      await up.admit(signal)
      up.count(parts.reduce((sum, part) => sum + part.length, 0))
      await store.put(name, parts, signal)
    },
    get: async (name, range, signal, memory) => {
      await down.admit(signal)
      const bytes = await store.get(name, range, signal, memory)
      down.count(bytes.length)
      return bytes
    },
  }
}

/** The rule that holds at a moment: the last one that began, today or yesterday. */
export function ruleAt(rules: readonly BandwidthRule[], time: number): BandwidthRule | undefined {
  const date = new Date(time)
  const minute = date.getHours() * 60 + date.getMinutes()
  const begun = (rule: BandwidthRule): number => (rule.from <= minute ? rule.from : rule.from - DAY)
  return rules.toSorted((one, other) => begun(other) - begun(one))[0]
}

/** Counts bytes of one direction and says when the next may go. */
class Meter {
  readonly #clock: Clock
  readonly #rate: () => number | undefined
  /** Bytes that are still to be paid for. */
  #debt = 0
  #since: number
  #queue: Promise<void> = Promise.resolve()

  constructor(clock: Clock, rate: () => number | undefined) {
    this.#clock = clock
    this.#rate = rate
    this.#since = clock.now()
  }

  count(bytes: number): void {
    this.#pay()
    this.#debt += bytes
  }

  /** Resolves when nothing is owed, one caller after the other. */
  async admit(signal: AbortSignal | undefined): Promise<void> {
    const turn = this.#queue.then(() => this.#paid(signal))
    this.#queue = turn.catch(() => undefined)
    await turn
  }

  async #paid(signal: AbortSignal | undefined): Promise<void> {
    for (let wait = this.#pay(); wait > 0; wait = this.#pay()) {
      try {
        // Another rule may begin meanwhile.
        await this.#clock.wait(Math.min(wait, MINUTE), signal)
      } catch (error) {
        throw new EngineError('cancelled', { cause: error })
      }
    }
  }

  /** Takes off what the time since then was good for. Milliseconds until all is paid. */
  #pay(): number {
    const now = this.#clock.now()
    const elapsed = Math.max(0, now - this.#since)
    this.#since = now
    const rate = this.#rate()
    if (rate === undefined) {
      this.#debt = 0
      return 0
    }
    this.#debt = Math.max(-(rate * BURST) / 1000, this.#debt - (elapsed * rate) / 1000)
    return this.#debt <= 0 ? 0 : Math.ceil((this.#debt * 1000) / rate)
  }
}
