import type { EngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { poolBackoff } from './backoff.ts'
import { createSpending, type Spending } from './budget.ts'
import type { Budget, ClientLimits, PoolLimits } from './limits.ts'

/** Added to each Retry-After: the two clocks do not tick at the same instant, and early is worse than late. */
const marginMs = 20

/** One request in the queue. */
export interface Waiting {
  readonly ticket: number
  readonly notBefore: number
  readonly weight: number
  readonly requests: number
  readonly uploadBytes: number
  start(weight: number): void
  refuse(error: EngineError): void
}

/** Counts complaints. A request that started in an earlier era says nothing about the present one. */
export interface Era {
  readonly block: number
  readonly concurrency: number
}

export type PoolTuning = Pick<ClientLimits, 'backoffMs' | 'poolBackoffCapMs' | 'recoverAfter'>

export function createPoolState(
  poolLimits: PoolLimits,
  tuning: PoolTuning,
  clock: Clock,
  random: () => number,
): PoolState {
  return new PoolState(poolLimits, tuning, clock, random)
}

/** What the scheduler knows about one pool: its queue, its slots, its budgets, and how long it is blocked. */
export class PoolState {
  inFlight = 0
  /** Slots in use at most; below the pool's limit after Graph complained. */
  concurrency: number
  /** Set by the scheduler: when it will look at this pool again by itself. */
  timer: { readonly at: number; readonly stop: AbortController } | undefined
  readonly #limits: PoolLimits
  readonly #tuning: PoolTuning
  readonly #clock: Clock
  readonly #random: () => number
  readonly #spendings: readonly { readonly budget: Budget; readonly spending: Spending }[]
  /** Sorted by ticket. */
  #queue: Waiting[] = []
  #block = { since: 0, milliseconds: 0 }
  #era: Era = { block: 0, concurrency: 0 }
  #throttles = 0
  /** Clock time of the first refusal since a request was taken. */
  #refusedSince: number | undefined
  #successes = 0
  /** When `take` last looked: `wakeAt` must judge by the same moment, or what falls due between the two is forgotten. */
  #lookedAt: number

  constructor(limits: PoolLimits, tuning: PoolTuning, clock: Clock, random: () => number) {
    this.#limits = limits
    this.#tuning = tuning
    this.#clock = clock
    this.#random = random
    this.concurrency = limits.concurrency
    this.#lookedAt = clock.now()
    this.#spendings = limits.budgets.map((budget) => ({ budget, spending: createSpending(budget) }))
  }

  get empty(): boolean {
    return this.#queue.length === 0
  }

  forgettable(): boolean {
    const now = this.#clock.now()
    if (!this.empty || this.inFlight > 0 || this.blockedMs() > 0) return false
    if (this.concurrency < this.#limits.concurrency) return false
    return this.#spendings.every(({ spending }) => spending.idle(now))
  }

  add(entry: Waiting): void {
    let at = this.#queue.length
    while (at > 0 && (this.#queue[at - 1]?.ticket ?? -1) > entry.ticket) at--
    this.#queue.splice(at, 0, entry)
  }

  remove(entry: Waiting): void {
    const at = this.#queue.indexOf(entry)
    if (at >= 0) this.#queue.splice(at, 1)
  }

  takeAll(): readonly Waiting[] {
    const all = this.#queue
    this.#queue = []
    return all
  }

  /** Milliseconds that the pool stays blocked. */
  blockedMs(now = this.#clock.now()): number {
    // The wall clock was set back: what is left cannot be told, so the whole wait starts again.
    if (now < this.#block.since) this.#block = { since: now, milliseconds: this.#block.milliseconds }
    return Math.max(0, this.#block.since + this.#block.milliseconds - now)
  }

  /** The next request that may go out now, if any; its slots and its cost are booked. */
  take(room: number): { readonly entry: Waiting; readonly weight: number } | undefined {
    const now = this.#clock.now()
    this.#lookedAt = now
    if (this.blockedMs(now) > 0) return undefined
    const entry = this.#next(now)
    if (entry === undefined) return undefined
    // What comes behind a request that does not fit yet waits too, or a batch would never get its slots.
    const slots = this.#isProbing() ? 1 : this.concurrency
    const weight = Math.min(entry.weight, slots)
    if (this.inFlight + weight > slots || weight > room) return undefined
    if (this.#untilRoom(entry, now) > 0) return undefined
    this.#queue.splice(this.#queue.indexOf(entry), 1)
    this.inFlight += weight
    for (const { budget, spending } of this.#spendings) spending.spend(now, entry[budget.measure])
    return { entry, weight }
  }

  /** Clock time at which something may have changed without anybody calling; Infinity when only a call can. */
  wakeAt(): number {
    const now = this.#lookedAt
    const blocked = this.blockedMs(now)
    if (blocked > 0) return now + blocked
    const next = this.#next(now)
    const budget = next === undefined ? 0 : this.#untilRoom(next, now)
    let at = budget > 0 ? now + budget : Infinity
    for (const entry of this.#queue) if (entry.notBefore > now) at = Math.min(at, entry.notBefore)
    return at
  }

  refund(entry: Waiting): void {
    for (const { budget, spending } of this.#spendings) spending.refund(entry[budget.measure])
  }

  get era(): Era {
    return this.#era
  }

  succeeded(era: Era): void {
    if (era.block !== this.#era.block) return
    this.#throttles = 0
    this.#refusedSince = undefined
    if (this.concurrency === this.#limits.concurrency) return
    this.#successes++
    if (this.#successes < this.#tuning.recoverAfter) return
    this.#successes = 0
    this.concurrency++
  }

  /**
   * Blocks the pool, for the given time or by a back-off that grows as long as nothing succeeds. Returns by how many
   * milliseconds the pool is blocked longer than it was.
   */
  throttled(era: Era, milliseconds: number | undefined): number {
    // Requests that were in flight together are refused together: that is one complaint, not four.
    const first = era.block === this.#era.block
    if (first) {
      this.#era = { ...this.#era, block: this.#era.block + 1 }
      this.#throttles++
      this.#refusedSince ??= this.#clock.now()
      this.#successes = 0
    } else if (milliseconds === undefined) return 0
    return this.block(milliseconds === undefined ? this.#ownBackoff() : milliseconds + marginMs)
  }

  /** Nothing goes out for so long. Returns by how many milliseconds that is longer than it was. */
  block(wait: number): number {
    const left = this.blockedMs()
    if (wait <= left) return 0
    this.#block = { since: this.#clock.now(), milliseconds: wait }
    return wait - left
  }

  /** Goes on with one request less at a time; once for those that were in flight together. */
  tooManyAtOnce(era: Era): void {
    if (era.concurrency !== this.#era.concurrency) return
    this.#era = { ...this.#era, concurrency: this.#era.concurrency + 1 }
    this.#successes = 0
    this.concurrency = Math.max(1, this.concurrency - 1)
  }

  /** Whether it is blocked after refusals that have gone on for too long. */
  givesUp(): boolean {
    const { refusals } = this.#limits
    if (refusals === undefined || this.#refusedSince === undefined || this.blockedMs() === 0) return false
    return this.#clock.now() - this.#refusedSince > refusals.giveUpMs
  }

  #isProbing(): boolean {
    return this.#limits.refusals !== undefined && this.#refusedSince !== undefined
  }

  #ownBackoff(): number {
    const { backoffMs, poolBackoffCapMs: backoffCapMs } = this.#tuning
    return poolBackoff(this.#limits.refusals ?? { backoffMs, backoffCapMs }, this.#throttles, this.#random)
  }

  #next(now: number): Waiting | undefined {
    return this.#queue.find((entry) => entry.notBefore <= now)
  }

  #untilRoom(entry: Waiting, now: number): number {
    const waits = this.#spendings.map(({ budget, spending }) => spending.untilRoom(now, entry[budget.measure]))
    return Math.max(0, ...waits)
  }
}
