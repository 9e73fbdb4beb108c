import type { SimulatorClock } from '../clock.ts'
import type { GraphError } from '../http/errors.ts'
import type { PoolKind } from '../services/service.ts'
import { limitsOfKind, mailboxLimits, type PoolLimits, type RetryAfterForm, type ThrottlingOptions } from './options.ts'
import type { PoolUse } from './pool-use.ts'
import { Pool } from './pool.ts'
import { refusal } from './refusal.ts'

export type { RetryAfterForm, ThrottlingOptions } from './options.ts'

/** A request that came although its pool had been told to wait. */
export interface EarlyRequest {
  readonly pool: string
  readonly arrivedAt: number
  /** How many milliseconds too early. */
  readonly earlyBy: number
}

/** What a request asks of its pool. */
export interface Spent {
  /** Asked for only when somebody counts. */
  readonly units: () => number
  readonly bytes: number
  readonly writes: boolean
}

/** How a closed pool says so; each as the pool's kind and the options have it when absent. */
export interface Closing {
  readonly seconds: number
  readonly status: 429 | 503 | undefined
  readonly form: RetryAfterForm | undefined
}

const timerSlackMs = 5
/** The shortest first wait that deserves the name, for a pool that does not say how long. */
const firstBackoffMs = 250
/** So many refusals without Retry-After are nobody's fault: the first, and what a run starts with. */
const freeRounds = 2

/** Counts requests per pool, refuses those over the limits, and records who did not wait. */
export class ThrottlingPools {
  readonly earlyRequests: EarlyRequest[] = []
  /** Throttled answers given. */
  throttled = 0
  private readonly clock: SimulatorClock
  private options: ThrottlingOptions
  private readonly pools = new Map<string, Pool>()

  constructor(clock: SimulatorClock, options: ThrottlingOptions) {
    this.clock = clock
    this.options = options
  }

  /** Most requests that were ever in flight at once in any pool, refused ones included. */
  get maxInFlight(): number {
    return Math.max(0, ...[...this.pools.values()].map((pool) => pool.maxInFlight))
  }

  maxInFlightOf(pool: string): number {
    return this.pools.get(pool)?.maxInFlight ?? 0
  }

  get onenotePerUser(): boolean {
    const { onenote } = this.options.pools ?? {}
    return onenote !== undefined && onenote !== false && onenote.perUser === true
  }

  /** Other limits from now on. */
  configure(options: ThrottlingOptions): void {
    this.options = options
  }

  /** Forgets counters, records and closed pools; requests in flight stay counted. */
  clear(): void {
    this.earlyRequests.length = 0
    this.throttled = 0
    for (const [name, pool] of this.pools) {
      const fresh = new Pool(this.clock.now())
      fresh.inFlight = fresh.maxInFlight = pool.inFlight
      this.pools.set(name, fresh)
    }
  }

  /** Counts a request in. The returned function counts it out, however often it is called. */
  enter({ name }: PoolUse, arrivedAt: number): () => void {
    const pool = this.pool(name)
    pool.inFlight++
    pool.maxInFlight = Math.max(pool.maxInFlight, pool.inFlight)
    this.recordEarly(name, pool, arrivedAt)
    let inside = true
    return () => {
      if (inside) this.pool(name).inFlight--
      inside = false
    }
  }

  /** Throws 429 or 503 when the request is over one of its pool's limits. Refused requests count, too. */
  check(use: PoolUse, spent: Spent): void {
    const now = this.clock.now()
    const pool = this.pool(use.name)
    const limits = this.limits(use)
    if (limits !== undefined) {
      pool.spend(limits.windows, { units: spent.units(), bytes: spent.bytes, writes: spent.writes ? 1 : 0 }, now)
    }
    if (now < pool.closedUntil) throw this.refuse(use, pool)
    pool.rounds.count = 0
    if (limits === undefined) return
    if (pool.inFlight > limits.concurrency) throw this.refuseCrowd(use, pool, limits)
    const left = pool.overdrawnFor(limits.windows, now)
    if (left === 0) return
    const seconds = limits.retryAfterSeconds ?? Math.ceil(left / 1000)
    pool.closeUntil(limits.windows, now + seconds * 1000)
    throw this.refuse(use, pool)
  }

  /** Closes a pool for a while, as a throttling burst does, and returns the answer to give. */
  close(use: PoolUse, { seconds, status, form }: Closing): GraphError {
    const pool = this.pool(use.name)
    pool.closeUntil(this.limits(use)?.windows ?? [], this.clock.now() + seconds * 1000)
    return this.refuse(use, pool, status, form)
  }

  private limits(use: PoolUse): PoolLimits | undefined {
    if (use.kind === 'mailbox') return mailboxLimits(this.options)
    return limitsOfKind(use.kind, this.options, use.teamsPerSecond)
  }

  private refuse(use: PoolUse, pool: Pool, status?: 429 | 503, form?: RetryAfterForm): GraphError {
    const seconds = Math.max(1, Math.ceil((pool.closedUntil - this.clock.now()) / 1000))
    const retryAfter = this.retryAfter(use, pool, seconds, form)
    this.throttled++
    const every = this.options.serviceUnavailableEvery ?? 0
    const inTurn = has503(use.kind) && every > 0 && this.throttled % every === 0
    const unavailable = status === undefined ? inTurn : status === 503
    return refusal({ kind: use.kind, reason: 'limit', unavailable, retryAfter, application: application(use) })
  }

  private refuseCrowd(use: PoolUse, pool: Pool, limits: PoolLimits): GraphError {
    const retryAfter = this.retryAfter(use, pool, limits.retryAfterSeconds ?? 1, undefined)
    this.throttled++
    return refusal({
      kind: use.kind,
      reason: 'concurrency',
      unavailable: false,
      retryAfter,
      application: application(use),
    })
  }

  /** Writes Retry-After and remembers until when the pool's requests are too early. OneNote leaves that to the client. */
  private retryAfter(use: PoolUse, pool: Pool, seconds: number, form: RetryAfterForm | undefined): string | undefined {
    const now = this.clock.now()
    if (use.kind === 'onenote') {
      this.countRound(use.name, pool, now)
      return undefined
    }
    const wanted = form ?? this.options.retryAfterForm ?? 'seconds'
    const asDate = wanted === 'date' || (wanted === 'alternate' && this.throttled % 2 === 1)
    const until = asDate ? Math.ceil((now + seconds * 1000) / 1000) * 1000 : now + seconds * 1000
    if (until > pool.waitUntil) {
      if (now >= pool.waitUntil) pool.waitSince = now
      pool.waitUntil = until
    }
    return asDate ? new Date(until).toUTCString() : String(seconds)
  }

  /**
   * Who is not told how long to wait has to back off exponentially: within t ms of refusals there are then about
   * log2(1 + t / first wait) rounds, however the waits are jittered, and not t / first wait of them.
   */
  private countRound(name: string, pool: Pool, now: number): void {
    const { rounds } = pool
    if (rounds.count === 0) Object.assign(rounds, { since: now, last: now, count: 1 })
    else if (now >= rounds.last + (this.options.graceMs ?? 250))
      Object.assign(rounds, { last: now, count: rounds.count + 1 })
    else return
    const wanted = rounds.since + firstBackoffMs * (2 ** Math.max(0, rounds.count - 1 - freeRounds) - 1)
    if (now < wanted) this.earlyRequests.push({ pool: name, arrivedAt: now, earlyBy: wanted - now })
  }

  private recordEarly(name: string, pool: Pool, arrivedAt: number): void {
    const earlyBy = pool.waitUntil - arrivedAt
    const wasOnItsWay = arrivedAt < pool.waitSince + (this.options.graceMs ?? 250)
    if (earlyBy > timerSlackMs && !wasOnItsWay) this.earlyRequests.push({ pool: name, arrivedAt, earlyBy })
  }

  private pool(name: string): Pool {
    const known = this.pools.get(name)
    if (known !== undefined) return known
    const made = new Pool(this.clock.now())
    this.pools.set(name, made)
    return made
  }
}

const has503 = (kind: PoolKind): boolean => kind === 'mailbox' || kind === 'drive'

const application = ({ name }: PoolUse): string => name.split(':')[0] ?? ''
