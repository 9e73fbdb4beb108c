import type { SimulatorClock } from '../clock.ts'
import { GraphError } from '../http/errors.ts'

/** Graph's limits for one app and one mailbox. Source: https://learn.microsoft.com/graph/throttling-limits */
export interface ThrottlingOptions {
  /** Requests in flight per mailbox; 4 in Graph. */
  readonly concurrency?: number
  /** Requests per window and mailbox; 10,000 in Graph. */
  readonly requestsPerWindow?: number
  /** Length of the window in milliseconds; 10 minutes in Graph. */
  readonly windowMs?: number
  /** Bytes of POST, PATCH and PUT per mailbox in 5 minutes; 150 MB in Graph. */
  readonly uploadBytesPerWindow?: number
  /** Retry-After of a throttled answer in seconds; what is left of the window when absent. */
  readonly retryAfterSeconds?: number
  /** How Retry-After is written. `alternate`: one form after the other. */
  readonly retryAfterForm?: RetryAfterForm
  /** Every n-th throttled answer is a 503 instead of a 429; 0 or absent: never. */
  readonly serviceUnavailableEvery?: number
  /** How long after a pool was closed its requests may still have been on their way; they are not held against the client. */
  readonly graceMs?: number
}

export type RetryAfterForm = 'seconds' | 'date' | 'alternate'

/** A request that came although its pool had been told to wait. */
export interface EarlyRequest {
  readonly pool: string
  readonly arrivedAt: number
  /** How many milliseconds too early. */
  readonly earlyBy: number
}

interface Pool {
  inFlight: number
  maxInFlight: number
  windowStart: number
  requests: number
  uploadStart: number
  uploaded: number
  /** Requests before this time are refused. */
  closedUntil: number
  /** Requests before this time are too early, refused or not. */
  waitUntil: number
  waitSince: number
}

const uploadWindowMs = 5 * 60_000
const timerSlackMs = 5

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

  /** Other limits from now on. */
  configure(options: ThrottlingOptions): void {
    this.options = options
  }

  /** Forgets counters, records and closed pools; requests in flight stay counted. */
  clear(): void {
    this.earlyRequests.length = 0
    this.throttled = 0
    for (const [name, pool] of this.pools) {
      this.pools.set(name, { ...emptyPool(this.clock.now()), inFlight: pool.inFlight, maxInFlight: pool.inFlight })
    }
  }

  /** Counts a request in. The returned function counts it out, however often it is called. */
  enter(name: string, arrivedAt: number): () => void {
    this.pool(name).inFlight++
    const pool = this.pool(name)
    pool.maxInFlight = Math.max(pool.maxInFlight, pool.inFlight)
    this.recordEarly(name, pool, arrivedAt)
    let inside = true
    return () => {
      if (inside) this.pool(name).inFlight--
      inside = false
    }
  }

  /** Throws 429 or 503 when the request is over one of its pool's limits. Refused requests count, too. */
  check(name: string, uploadBytes: number): void {
    const now = this.clock.now()
    const pool = this.pool(name)
    this.turnWindows(pool, now)
    pool.requests++
    pool.uploaded += uploadBytes
    if (now < pool.closedUntil) throw this.refusal(pool)
    if (pool.inFlight > (this.options.concurrency ?? 4)) throw this.concurrencyRefusal(pool)
    const left = this.windowLeft(pool, now)
    if (left === 0) return
    this.closeUntil(pool, now + (this.options.retryAfterSeconds ?? Math.ceil(left / 1000)) * 1000)
    throw this.refusal(pool)
  }

  /** Closes a pool for a while, as a throttling burst does, and returns the answer to give. */
  close(name: string, seconds: number, status: 429 | 503 | undefined, form: RetryAfterForm | undefined): GraphError {
    const pool = this.pool(name)
    this.closeUntil(pool, this.clock.now() + seconds * 1000)
    return this.refusal(pool, status, form)
  }

  /** After the wait the counters begin anew, so that Retry-After keeps its promise. */
  private closeUntil(pool: Pool, time: number): void {
    pool.closedUntil = Math.max(pool.closedUntil, time)
    pool.windowStart = pool.closedUntil - (this.options.windowMs ?? 600_000)
    pool.uploadStart = pool.closedUntil - uploadWindowMs
  }

  private windowLeft(pool: Pool, now: number): number {
    const { requestsPerWindow = 10_000, windowMs = 600_000, uploadBytesPerWindow = 150 * 1024 * 1024 } = this.options
    const requestsLeft = pool.requests > requestsPerWindow ? pool.windowStart + windowMs - now : 0
    const uploadLeft = pool.uploaded > uploadBytesPerWindow ? pool.uploadStart + uploadWindowMs - now : 0
    return Math.max(requestsLeft, uploadLeft)
  }

  private turnWindows(pool: Pool, now: number): void {
    if (now >= pool.windowStart + (this.options.windowMs ?? 600_000)) {
      pool.windowStart = now
      pool.requests = 0
    }
    if (now >= pool.uploadStart + uploadWindowMs) {
      pool.uploadStart = now
      pool.uploaded = 0
    }
  }

  private refusal(pool: Pool, status?: 429 | 503, form?: RetryAfterForm): GraphError {
    const seconds = Math.max(1, Math.ceil((pool.closedUntil - this.clock.now()) / 1000))
    const retryAfter = this.retryAfter(pool, seconds, form)
    this.throttled++
    const every = this.options.serviceUnavailableEvery ?? 0
    const unavailable = status === undefined ? every > 0 && this.throttled % every === 0 : status === 503
    const headers = { 'Retry-After': retryAfter }
    return unavailable
      ? new GraphError(503, 'serviceNotAvailable', 'The service is temporarily unavailable. Please retry later.', {
          headers,
        })
      : new GraphError(429, 'TooManyRequests', 'Please retry again later.', { headers, innerCode: '429' })
  }

  private concurrencyRefusal(pool: Pool): GraphError {
    const retryAfter = this.retryAfter(pool, this.options.retryAfterSeconds ?? 1, undefined)
    this.throttled++
    const message = 'Application is over its MailboxConcurrency limit.'
    return new GraphError(429, 'ApplicationThrottled', message, { headers: { 'Retry-After': retryAfter } })
  }

  /** Writes Retry-After and remembers until when the pool's requests are too early. */
  private retryAfter(pool: Pool, seconds: number, form: RetryAfterForm | undefined): string {
    const now = this.clock.now()
    const wanted = form ?? this.options.retryAfterForm ?? 'seconds'
    const asDate = wanted === 'date' || (wanted === 'alternate' && this.throttled % 2 === 1)
    const until = asDate ? Math.ceil((now + seconds * 1000) / 1000) * 1000 : now + seconds * 1000
    if (until > pool.waitUntil) {
      if (now >= pool.waitUntil) pool.waitSince = now
      pool.waitUntil = until
    }
    return asDate ? new Date(until).toUTCString() : String(seconds)
  }

  private recordEarly(name: string, pool: Pool, arrivedAt: number): void {
    const earlyBy = pool.waitUntil - arrivedAt
    const wasOnItsWay = arrivedAt < pool.waitSince + (this.options.graceMs ?? 250)
    if (earlyBy > timerSlackMs && !wasOnItsWay) this.earlyRequests.push({ pool: name, arrivedAt, earlyBy })
  }

  private pool(name: string): Pool {
    const known = this.pools.get(name)
    if (known !== undefined) return known
    const made = emptyPool(this.clock.now())
    this.pools.set(name, made)
    return made
  }
}

function emptyPool(now: number): Pool {
  return {
    inFlight: 0,
    maxInFlight: 0,
    windowStart: now,
    requests: 0,
    uploadStart: now,
    uploaded: 0,
    closedUntil: 0,
    waitUntil: 0,
    waitSince: 0,
  }
}
