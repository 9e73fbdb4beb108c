import { EngineError, type ErrorCode, type ErrorContext, type Retry } from '../../engine/model/errors.ts'
import {
  guid,
  isConcurrency,
  isCursorLost,
  isItemUnreadable,
  isLocked,
  isNoMailbox,
  isTransient,
  readGraphFault,
  type GraphFault,
} from './graph-codes.ts'
import type { PoolKind } from './limits.ts'
import { retryAfterMs, type AnswerHeaders } from './retry-after.ts'
import type { WireFault } from './wire-fault.ts'

/**
 * What may be done about a failed sending:
 * - `throttled`: too much was asked; wait with the whole pool;
 * - `busy`: a fault for which Graph names a time to wait; the whole pool waits;
 * - `offline`: there was no connection, send again;
 * - `fault`: send again after a back-off of its own;
 * - `empty-not-found`: the same, a few times;
 * - `unauthorized`: once more with a new token;
 * - `final`: nothing.
 */
export type FailureKind = 'throttled' | 'busy' | 'offline' | 'fault' | 'empty-not-found' | 'unauthorized' | 'final'

export interface Failure {
  readonly kind: FailureKind
  /** Graph may have done what was asked, so only an idempotent request may be sent again. */
  readonly maybeDone: boolean
  readonly retryAfterMs?: number
  /** Throttled because of too many at the same time. */
  readonly concurrency?: boolean
  /** Graph advises a new connection. */
  readonly renew?: boolean
  /** What a claims challenge asks for, as JSON. */
  readonly claims?: string
  /** What the caller gets when there is no further attempt. */
  readonly error: EngineError
}

export interface Answered {
  readonly method: string
  readonly pool: PoolKind
  readonly status: number
  readonly headers: AnswerHeaders
  readonly emptyBody: boolean
  /** Parsed JSON, or undefined. */
  readonly body: unknown
  readonly clientRequestId: string
  /** Clock time. */
  readonly now: number
}

/** Sorts an answer that is not a success. */
export function answerFailure(answer: Answered): Failure {
  const fault = readGraphFault(answer.body)
  const { kind, maybeDone } = outcome(answer, fault)
  const wait = retryAfterMs(answer.headers, answer.now)
  const claims = kind === 'unauthorized' ? challengedClaims(answer.headers['www-authenticate']) : undefined
  const busy = kind === 'fault' && wait !== undefined
  return {
    kind: busy ? 'busy' : kind,
    maybeDone: maybeDone && !(busy && answer.status === 503),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    concurrency: isConcurrency(fault),
    renew: answer.status === 503,
    ...(claims === undefined ? {} : { claims }),
    error: answerError(answer, fault),
  }
}

const faultStatuses = new Set([408, 500, 502, 503, 504])

/** Milliseconds for which an answer's headers alone say that the pool has to wait. */
export function blocksPool(status: number, headers: AnswerHeaders, now: number): number | undefined {
  const throttles = status === 429 || status === 509 || status === 423 || faultStatuses.has(status)
  return throttles ? retryAfterMs(headers, now) : undefined
}

function outcome(answer: Answered, fault: GraphFault): Pick<Failure, 'kind' | 'maybeDone'> {
  const { status } = answer
  if (status === 401) return { kind: 'unauthorized', maybeDone: false }
  if (status === 429 || status === 509) return { kind: 'throttled', maybeDone: false }
  if (faultStatuses.has(status)) {
    return { kind: isSettled(fault) ? 'final' : 'fault', maybeDone: true }
  }
  if ((status === 423 && !isLocked(fault)) || isTransient(fault)) return { kind: 'fault', maybeDone: false }
  if (status === 404 && answer.emptyBody && answer.pool === 'mailbox') {
    return { kind: 'empty-not-found', maybeDone: false }
  }
  return { kind: 'final', maybeDone: false }
}

/** Exchange gives some lasting conditions a 5xx. */
function isSettled(fault: GraphFault): boolean {
  return isCursorLost(fault) || isNoMailbox(fault) || isItemUnreadable(fault)
}

function answerError(answer: Answered, fault: GraphFault): EngineError {
  const [code, retry] = errorCode(answer, fault)
  const graphCode = decidingCode(fault)
  const requestId = guid(answer.headers['request-id']) ?? fault.requestId
  const context: ErrorContext = {
    status: answer.status,
    ...(graphCode === undefined ? {} : { graphCode }),
    ...(requestId === undefined ? {} : { requestId }),
    clientRequestId: answer.clientRequestId,
  }
  return new EngineError(code, { retry, context })
}

/** The code that decided, or else the outermost: the inner ones are not always meaningful. */
function decidingCode(fault: GraphFault): string | undefined {
  const known = fault.codes.find((code) => {
    const one = { codes: [code], message: '' }
    return isSettled(one) || isTransient(one)
  })
  return known ?? fault.codes[0]
}

function errorCode(answer: Answered, fault: GraphFault): readonly [ErrorCode, Retry] {
  const { status, method } = answer
  if (isNoMailbox(fault)) return ['graph.no-mailbox', 'never']
  if (status === 410 || isCursorLost(fault)) return ['graph.cursor-lost', 'never']
  if (method === 'GET' && isItemUnreadable(fault)) return ['graph.item-unreadable', 'never']
  if (status === 401) return ['auth.failed', 'reauth']
  if ((status === 423 || status === 403) && isLocked(fault)) return ['graph.locked', 'never']
  if (status === 403) return ['graph.forbidden', 'never']
  if (status === 404) return ['graph.not-found', 'never']
  if (status === 409 || status === 412) return ['graph.conflict', 'never']
  if (status === 429 || status === 509) return ['graph.throttled', 'later']
  if (status === 408 || (status >= 500 && status !== 501 && status !== 507)) return ['graph.service-failed', 'later']
  return ['graph.request-refused', 'never']
}

/** Sorts a sending that brought no answer, or half of one. */
export function wireFailure(fault: WireFault, clientRequestId: string): Failure {
  const options = { context: { fault: fault.detail, clientRequestId }, cause: fault }
  switch (fault.kind) {
    case 'not-sent':
    case 'held-back':
      return {
        kind: 'offline',
        maybeDone: false,
        error: new EngineError('graph.unreachable', { retry: 'later', ...options }),
      }
    case 'untrusted':
      return { kind: 'final', maybeDone: false, error: new EngineError('graph.unreachable', options) }
    case 'stalled':
      return { kind: 'fault', maybeDone: true, error: new EngineError('graph.stalled', { retry: 'later', ...options }) }
    case 'reset':
    case 'truncated':
      return {
        kind: 'fault',
        maybeDone: true,
        error: new EngineError('graph.service-failed', { retry: 'later', ...options }),
      }
  }
}

/**
 * The claims of a challenge: `WWW-Authenticate: Bearer ..., error="insufficient_claims", claims="<base64 JSON>"`.
 * https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
function challengedClaims(header: string | undefined): string | undefined {
  const encoded = /\bclaims="([A-Za-z0-9+/_=-]+)"/.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const claims = Buffer.from(encoded, 'base64').toString('utf8')
  try {
    JSON.parse(claims)
    return claims
  } catch {
    // Not what a challenge looks like: a plain new token is all that can be tried.
    return undefined
  }
}
