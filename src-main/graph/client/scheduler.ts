import { EngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { ClientLimits, Pool } from './limits.ts'
import { partnerOf, poolKey } from './limits.ts'
import { createPoolState, type PoolState, type Waiting } from './pool-state.ts'

export interface Ask {
  readonly pool: Pool
  /** The place in the queue. A request that is sent again keeps its own and so stays in front of younger ones. */
  readonly ticket: number
  /** Clock time before which it must not start (its own back-off). */
  readonly notBefore?: number
  /** How many of the pool's slots it takes; a batch takes several. */
  readonly weight?: number
  /** What it costs of the pool's budgets. */
  readonly requests?: number
  readonly uploadBytes?: number
  readonly signal?: AbortSignal | undefined
}

/** The right to send one request. It must be released, whatever happened. */
export interface Permit {
  /** False when the pool was blocked after the permit was given: the request must not go out. */
  mayStart(): boolean
  /** Graph took the request: forget earlier throttling, and after many of these raise a lowered concurrency. */
  succeeded(): void
  /** Graph throttled the request. Blocks the pool for `milliseconds`, or by a growing back-off when undefined. */
  throttled(milliseconds: number | undefined): void
  /** Graph complained about too many requests in flight: go on with one less. */
  tooManyAtOnce(): void
  /** Nothing was sent: what it cost is given back. */
  refund(): void
  /** Frees the slots, after `graceMs` when the server may still be at it. */
  release(graceMs?: number): void
}

export interface Scheduler {
  ticket(): number
  /** Resolves when the request may go out. Rejects with `cancelled`, or `graph.throttled` when the wait is too long. */
  acquire(ask: Ask): Promise<Permit>
  /** Like `acquire`, but only if it can be had at once. */
  acquireNow(ask: Ask): Permit | undefined
  /** At present, after Graph complained about too many at once. */
  concurrency(pool: Pool): number
  /** Milliseconds that pools were kept blocked, summed over the pools. */
  throttledMs(): number
  /** Rejects all that wait, and all that come, with `cancelled`. */
  close(): void
}

export interface SchedulerOptions {
  readonly limits: ClientLimits
  readonly clock: Clock
  readonly random: () => number
}

const longestTimerMs = 3_600_000
const poolsBeforeSweep = 256

/** Decides when a request may go out, per pool of what Graph counts together. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  return new PoolScheduler(options)
}

class PoolScheduler implements Scheduler {
  readonly #options: SchedulerOptions
  readonly #pools = new Map<string, PoolState>()
  /** Pools somebody waits for; who was served last is at the end. */
  readonly #waiting = new Set<PoolState>()
  readonly #closing = new AbortController()
  #tickets = 0
  #inFlight = 0
  #throttledMs = 0

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  ticket(): number {
    return this.#tickets++
  }

  concurrency(pool: Pool): number {
    return this.#pool(pool).concurrency
  }

  throttledMs(): number {
    return this.#throttledMs
  }

  acquire(ask: Ask): Promise<Permit> {
    if (this.#closing.signal.aborted) return Promise.reject(cancelled(this.#closing.signal))
    if (ask.signal?.aborted === true) return Promise.reject(cancelled(ask.signal))
    const pool = this.#pool(ask.pool)
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        pool.remove(entry)
        if (pool.empty) this.#retire(pool)
        if (ask.signal !== undefined) reject(cancelled(ask.signal))
        this.#pump()
      }
      const settle = (): void => {
        ask.signal?.removeEventListener('abort', leave)
      }
      const entry: Waiting = {
        ...waiting(ask),
        start: (weight) => {
          settle()
          resolve(this.#permit(pool, partnerOf(ask.pool), entry, weight))
        },
        refuse: (error) => {
          settle()
          reject(error)
        },
      }
      ask.signal?.addEventListener('abort', leave, { once: true })
      pool.add(entry)
      this.#waiting.add(pool)
      this.#pump()
    })
  }

  acquireNow(ask: Ask): Permit | undefined {
    const pool = this.#pool(ask.pool)
    if (this.#closing.signal.aborted || !pool.empty) return undefined
    let permit: Permit | undefined
    const entry: Waiting = {
      ...waiting(ask),
      start: (weight) => {
        permit = this.#permit(pool, partnerOf(ask.pool), entry, weight)
      },
      refuse: () => undefined,
    }
    pool.add(entry)
    const next = pool.take(this.#room())
    if (next === undefined) pool.remove(entry)
    else {
      this.#inFlight += next.weight
      next.entry.start(next.weight)
    }
    return permit
  }

  close(): void {
    this.#closing.abort()
    for (const pool of this.#waiting) {
      stopTimer(pool)
      for (const entry of pool.takeAll()) entry.refuse(cancelled(this.#closing.signal))
    }
    this.#waiting.clear()
  }

  #pool(pool: Pool): PoolState {
    const key = poolKey(pool)
    const known = this.#pools.get(key)
    if (known !== undefined) return known
    const { limits, clock, random } = this.#options
    if (this.#pools.size >= poolsBeforeSweep) this.#sweep()
    const state = createPoolState(limits.pools[pool.kind], limits, clock, random)
    this.#pools.set(key, state)
    return state
  }

  /** A tenant can have very many mailboxes: forget those that nobody talks about and Graph no longer counts. */
  #sweep(): void {
    for (const [key, pool] of this.#pools) if (pool.forgettable()) this.#pools.delete(key)
  }

  #permit(pool: PoolState, partner: Pool | undefined, entry: Waiting, weight: number): Permit {
    const era = pool.era
    let held = true
    const free = (): void => {
      pool.inFlight -= weight
      this.#inFlight -= weight
      this.#pump()
    }
    return {
      mayStart: () => pool.blockedMs() === 0,
      succeeded: () => {
        pool.succeeded(era)
      },
      throttled: (milliseconds) => {
        this.#throttledMs += pool.throttled(era, milliseconds)
        if (partner !== undefined) this.#pool(partner).block(pool.blockedMs())
        this.#pump()
      },
      tooManyAtOnce: () => {
        pool.tooManyAtOnce(era)
      },
      refund: () => {
        pool.refund(entry)
      },
      release: (graceMs = 0) => {
        if (!held) return
        held = false
        if (graceMs === 0) free()
        // Rejects only when the scheduler is closed, and then nobody waits for the slot.
        else this.#options.clock.wait(graceMs, this.#closing.signal).then(free, free)
      },
    }
  }

  #pump(): void {
    for (let admitted = true; admitted;) {
      admitted = false
      for (const pool of [...this.#waiting]) admitted = this.#admitOne(pool) || admitted
    }
    for (const pool of this.#waiting) this.#setTimer(pool)
  }

  /** One request is always let through, however much it weighs. */
  #room(): number {
    return this.#inFlight === 0 ? Infinity : this.#options.limits.inFlight - this.#inFlight
  }

  #retire(pool: PoolState): void {
    stopTimer(pool)
    this.#waiting.delete(pool)
  }

  #admitOne(pool: PoolState): boolean {
    const { limits } = this.#options
    const blockedMs = pool.blockedMs()
    if (blockedMs > limits.retryAfterCapMs || pool.givesUp()) {
      for (const entry of pool.takeAll()) entry.refuse(waitTooLong(blockedMs))
    }
    const next = pool.take(this.#room())
    if (pool.empty) this.#retire(pool)
    if (next === undefined) return false
    if (this.#waiting.delete(pool)) this.#waiting.add(pool)
    this.#inFlight += next.weight
    next.entry.start(next.weight)
    return true
  }

  /** Looks at the pool again when its block, its budget or somebody's back-off allows the next request. */
  #setTimer(pool: PoolState): void {
    const { clock } = this.#options
    const at = pool.wakeAt()
    if (pool.timer?.at === at) return
    stopTimer(pool)
    if (at === Infinity) return
    const timer = { at, stop: new AbortController() }
    pool.timer = timer
    const wait = Math.min(Math.max(at - clock.now(), 1), longestTimerMs)
    clock.wait(wait, timer.stop.signal).then(
      () => {
        if (pool.timer === timer) pool.timer = undefined
        this.#pump()
      },
      (error: unknown) => {
        if (timer.stop.signal.aborted) return
        for (const entry of pool.takeAll()) entry.refuse(new EngineError('internal', { cause: error }))
      },
    )
  }
}

function waiting(ask: Ask): Omit<Waiting, 'start' | 'refuse'> {
  const { ticket, notBefore = 0, weight = 1, requests = 1, uploadBytes = 0 } = ask
  return { ticket, notBefore, weight, requests, uploadBytes }
}

function stopTimer(pool: PoolState): void {
  pool.timer?.stop.abort()
  pool.timer = undefined
}

function cancelled(signal: AbortSignal): EngineError {
  return new EngineError('cancelled', { cause: signal.reason })
}

function waitTooLong(milliseconds: number): EngineError {
  return new EngineError('graph.throttled', {
    retry: 'later',
    context: { retryAfterSeconds: Math.ceil(milliseconds / 1000) },
  })
}
