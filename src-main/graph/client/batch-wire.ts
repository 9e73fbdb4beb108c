import type { JsonObject } from '../../engine/model/json.ts'
import { answerFailure, type Answered, type Failure } from './failure.ts'
import { isObject } from './graph-codes.ts'
import { addQuery, graphUrl } from './graph-url.ts'
import type { Pool } from './limits.ts'
import type { PerformParts, Success } from './perform.ts'
import { preferHeader } from './prepare.ts'
import type { BatchMember } from './types.ts'
import { WireFault } from './wire-fault.ts'

/** https://learn.microsoft.com/graph/json-batching */
export const mostMembers = 20

export interface WireParts extends PerformParts {
  readonly base: URL
  readonly userAgent: string
}

/** A request as a batch carries it. */
export function batchEntry(id: string, request: BatchMember, pool: Pool, base: URL): JsonObject {
  const url = addQuery(graphUrl(base, request.path), request.query ?? {})
  const headers = {
    ...preferHeader(pool, request.prefer ?? []),
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...request.headers,
  }
  const body = request.body === undefined ? {} : { body: request.body }
  return { id, method: request.method ?? 'GET', url: url.href.slice(base.href.length), headers, ...body }
}

export interface MemberResult {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export function readResults(body: unknown): ReadonlyMap<string, MemberResult> {
  const responses: unknown = isObject(body) ? body.responses : undefined
  if (!Array.isArray(responses)) throw new WireFault('truncated', 'batch')
  return new Map(responses.flatMap(readResult))
}

function readResult(response: unknown): readonly (readonly [string, MemberResult])[] {
  if (!isObject(response)) return []
  const { id, status, headers, body } = response
  if (typeof id !== 'string' || typeof status !== 'number') return []
  const texts = Object.entries(isObject(headers) ? headers : {}).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[name.toLowerCase(), String(value)] as const] : [],
  )
  return [[id, { status, headers: Object.fromEntries(texts), body }]]
}

/** What is wrong with a member's answer that is no success. `now`: clock time. */
export function memberFailure(
  asked: Pick<Answered, 'method' | 'pool'>,
  { status, headers, body }: MemberResult,
  { answer, clientRequestId }: Success,
  now: number,
): Failure {
  return answerFailure({
    ...asked,
    status,
    // The member's Retry-After may be a date, and only the batch itself says when it was served.
    headers: { ...dateOf(answer.headers), ...headers },
    emptyBody: body === undefined || body === null || body === '',
    body,
    clientRequestId,
    now,
  })
}

function dateOf(headers: Readonly<Record<string, string>>): { readonly date?: string } {
  return headers.date === undefined ? {} : { date: headers.date }
}
