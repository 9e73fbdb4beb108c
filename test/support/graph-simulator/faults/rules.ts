import type { RetryAfterForm } from '../throttling/pools.ts'

/**
 * What goes wrong:
 * - `status`: answers `status` instead of doing anything (500, 502, 503, 504, 509)
 * - `reset`: the connection is reset before any answer; nothing was done
 * - `reset-after`: the request is carried out, then the connection is reset before the answer
 * - `reset-in-body`: reset in the middle of the body
 * - `truncate`: the connection ends in good order in the middle of the body
 * - `stall`: no byte, no error, until one side gives up;  `stall-in-body`: the same after half the body
 * - `slow`: the body comes at `bytesPerSecond`
 * - `empty-not-found`: 404 with an empty body, although the item is there
 * - `corrupt`: the item cannot be read (`code`, by default ErrorCorruptData), for good unless counted
 * - `unavailable`: 503 for that item, for good unless counted
 * - `expire-tokens`: every token issued so far is expired, this request's too
 * - `break-cursor`: the delta token of this request is dead (`cursorError`)
 * - `done-but-failed`: the request is carried out and answered with `status`
 * - `throttle`: the request's pool is closed for `retryAfterSeconds`
 */
export type FaultKind =
  | 'status'
  | 'reset'
  | 'reset-after'
  | 'reset-in-body'
  | 'truncate'
  | 'stall'
  | 'stall-in-body'
  | 'slow'
  | 'empty-not-found'
  | 'corrupt'
  | 'unavailable'
  | 'expire-tokens'
  | 'break-cursor'
  | 'done-but-failed'
  | 'throttle'

/** Which requests a rule is about; everything given must fit. Sign-in is left alone unless `path` or `route` is given. */
export interface FaultMatch {
  readonly method?: string | readonly string[]
  /** Regular expression (or its source) over path and query as they were sent. */
  readonly path?: RegExp | string
  /** Route template, for instance `users/{user}/messages/{message}/$value`. */
  readonly route?: string
  /** Message ids, of either family, or ids of drive items; the request must be about one of them. */
  readonly items?: readonly string[]
}

/** One rule of a fault plan. Plain data, so that it can be sent to a simulator in another process. */
export interface FaultRule {
  readonly kind: FaultKind
  readonly match?: FaultMatch
  /** For humans and for `applied`. */
  readonly name?: string
  /** So many matching requests pass before the rule begins to bite. */
  readonly skip?: number
  /** It bites at most so often; for ever when absent. */
  readonly count?: number
  /** At most so often for one method and path, so that a fault passes when a request is repeated. */
  readonly perPath?: number
  /** In [0, 1], decided by the simulator's seed; 1 when absent. */
  readonly probability?: number
  readonly status?: number
  readonly code?: string
  readonly cursorError?: 'SyncStateNotFound' | 'resyncRequired' | 'SyncStateInvalid'
  readonly retryAfterSeconds?: number
  readonly retryAfterForm?: RetryAfterForm
  readonly bytesPerSecond?: number
}

/** A fault that was applied to a request. */
export interface AppliedFault {
  readonly kind: FaultKind
  readonly name: string | undefined
  readonly method: string
  readonly path: string
  readonly at: number
}
