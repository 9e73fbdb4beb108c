export interface BackoffLimits {
  readonly backoffMs: number
  readonly backoffCapMs: number
}

/** Full jitter: anything between 0 and the exponential bound. `failures` counts from 1. */
export function backoff(limits: BackoffLimits, failures: number, random: () => number): number {
  const bound = Math.min(limits.backoffCapMs, limits.backoffMs * 2 ** Math.min(failures - 1, 30))
  return Math.ceil(random() * bound)
}

/** At least half the bound: for a whole pool, where coming back at once would only be refused and counted again. */
export function poolBackoff(limits: BackoffLimits, failures: number, random: () => number): number {
  const bound = backoff(limits, failures, () => 1)
  return Math.ceil((bound * (1 + random())) / 2)
}
