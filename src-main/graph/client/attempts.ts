import { backoff } from './backoff.ts'
import type { Failure, FailureKind } from './failure.ts'
import type { ClientLimits } from './limits.ts'

/** Counts one request's sendings and says whether there is to be another one. */
export interface Attempts {
  /** Milliseconds to wait before the next sending; undefined when this was the last. */
  next(failure: Failure, tryingMs: number): number | undefined
}

export interface AttemptOptions {
  readonly limits: ClientLimits
  readonly random: () => number
  readonly idempotent: boolean
  /** Whether Graph has ever answered this client. */
  readonly contacted: () => boolean
}

type Retried = Exclude<FailureKind, 'final'>

export function createAttempts({ limits, random, idempotent, contacted }: AttemptOptions): Attempts {
  const failures: Record<Retried, number> = {
    throttled: 0,
    busy: 0,
    offline: 0,
    fault: 0,
    'empty-not-found': 0,
    unauthorized: 0,
  }
  const allowed: Record<Retried, () => number> = {
    throttled: () => limits.throttles,
    busy: () => limits.attempts,
    offline: () => (contacted() ? limits.attemptsOffline : limits.attemptsBeforeContact),
    fault: () => limits.attempts,
    'empty-not-found': () => limits.emptyNotFounds,
    // The first may only have been about a token that somebody else has renewed meanwhile.
    unauthorized: () => 3,
  }
  return {
    next({ kind, maybeDone }, tryingMs) {
      if (kind === 'final') return undefined
      failures[kind]++
      if (failures[kind] >= allowed[kind]() || tryingMs > limits.elapsedMs) return undefined
      if (maybeDone && !idempotent) return undefined
      const backsOff = kind === 'offline' || kind === 'fault' || kind === 'empty-not-found'
      return backsOff ? backoff(limits, failures[kind], random) : 0
    },
  }
}
