import type { PoolKind } from '../services/service.ts'

/** Graph's limits. Unless told, only those of mailboxes are enforced. Source: https://learn.microsoft.com/graph/throttling-limits */
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
  /** Every n-th throttled answer is a 503 instead of a 429; 0 or absent: never. OneNote and Teams have only 429. */
  readonly serviceUnavailableEvery?: number
  /** How long after a pool was closed its requests may still have been on their way; they are not held against the client. */
  readonly graceMs?: number
  /**
   * Kinds beside mailboxes whose limits are enforced: `{ drive: {} }` with the documented numbers, or with others.
   * A kind that is not named, or `false`, counts nothing: most tests ask more of a drive than a minute allows.
   */
  readonly pools?: Readonly<Partial<Record<OtherPoolKind, PoolLimitOptions | false>>>
}

export type RetryAfterForm = 'seconds' | 'date' | 'alternate'

export type OtherPoolKind = Exclude<PoolKind, 'mailbox'>

/** What a window counts: resource units (1 a request where Graph counts requests), bytes sent to it, or writing requests. */
export type Measure = 'units' | 'bytes' | 'writes'

/** At most `amount` within `windowMs`. */
export interface Window {
  readonly measure: Measure
  readonly amount: number
  readonly windowMs: number
}

/** Other numbers than the documented ones for a kind of pool. */
export interface PoolLimitOptions {
  readonly concurrency?: number
  readonly windows?: readonly Window[]
  readonly retryAfterSeconds?: number
  /** OneNote counts an application as a whole, but somebody who signed in by himself: true for that. */
  readonly perUser?: boolean
}

export interface PoolLimits {
  readonly concurrency: number
  readonly windows: readonly Window[]
  readonly retryAfterSeconds: number | undefined
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

const units = (amount: number, windowMs: number): Window => ({ measure: 'units', amount, windowMs })

/** Up to 1,000 licences, and of the newer of the two published tables. Per app and tenant. */
const drive: readonly Window[] = [units(1_250, minute), units(1_200_000, 24 * hour)]

const onenote = { concurrency: 20, windows: [units(240, minute), units(800, hour)] }
const onenotePerUser = { concurrency: 5, windows: [units(120, minute), units(400, hour)] }

/** A small tenant (fewer than 50 users). */
const directory: readonly Window[] = [
  units(3_500, 10 * second),
  { measure: 'writes', amount: 3_000, windowMs: 150_000 },
]

/** "Service limits for Planner are not available": something mild, so that a client that never slows down shows. */
const planner: readonly Window[] = [units(200, 10 * second)]

/** Limits of a kind other than mailboxes; undefined when they are not enforced. `teamsPerSecond` is that of the request. */
export function limitsOfKind(
  kind: OtherPoolKind,
  options: ThrottlingOptions,
  teamsPerSecond: number,
): PoolLimits | undefined {
  const given = options.pools?.[kind]
  if (given === undefined || given === false) return undefined
  const documented = documentedLimits(kind, given, teamsPerSecond)
  return {
    concurrency: given.concurrency ?? documented.concurrency,
    windows: given.windows ?? documented.windows,
    retryAfterSeconds: given.retryAfterSeconds ?? options.retryAfterSeconds,
  }
}

function documentedLimits(
  kind: OtherPoolKind,
  given: PoolLimitOptions,
  teamsPerSecond: number,
): Pick<PoolLimits, 'concurrency' | 'windows'> {
  switch (kind) {
    case 'drive':
      return { concurrency: Infinity, windows: drive }
    case 'onenote':
      return given.perUser === true ? onenotePerUser : onenote
    case 'teams':
      return { concurrency: Infinity, windows: [units(teamsPerSecond, second)] }
    case 'planner':
      return { concurrency: Infinity, windows: planner }
    case 'directory':
      return { concurrency: Infinity, windows: directory }
  }
}

/** Limits of each mailbox. */
export function mailboxLimits(options: ThrottlingOptions): PoolLimits {
  return {
    concurrency: options.concurrency ?? 4,
    windows: [
      units(options.requestsPerWindow ?? 10_000, options.windowMs ?? 10 * minute),
      { measure: 'bytes', amount: options.uploadBytesPerWindow ?? 150 * 1024 * 1024, windowMs: 5 * minute },
    ],
    retryAfterSeconds: options.retryAfterSeconds,
  }
}
