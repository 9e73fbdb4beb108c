import type { JsonObject } from '../../engine/model/json.ts'
import { createAttempts, type Attempts } from './attempts.ts'
import { answerFailure, type Failure } from './failure.ts'
import { isObject } from './graph-codes.ts'
import { addQuery, graphUrl } from './graph-url.ts'
import { perform, type PerformParts, type Success } from './perform.ts'
import { prepare, preferHeader, type Prepared } from './prepare.ts'
import { readJson } from './readers.ts'
import type { BatchAnswer, BatchMember, BatchOptions } from './types.ts'
import { WireFault } from './wire-fault.ts'

/** https://learn.microsoft.com/graph/json-batching */
const mostMembers = 20

export interface BatchParts extends PerformParts {
  readonly base: URL
  readonly userAgent: string
}

/** Sends the members in as many batches as it takes, one after the other. */
export async function performBatch(
  parts: BatchParts,
  members: readonly BatchMember[],
  options: BatchOptions,
): Promise<readonly BatchAnswer[]> {
  const answers: BatchAnswer[] = []
  for (let at = 0; at < members.length; at += mostMembers) {
    const chunk = members.slice(at, at + mostMembers)
    answers.push(...(await new BatchPerformance(parts, chunk, options).run()))
  }
  return answers
}

interface Member {
  readonly id: string
  readonly method: string
  readonly idempotent: boolean
  readonly entry: JsonObject
  /** Members are charged one by one. */
  readonly cost: number
  readonly attempts: Attempts
  answer?: BatchAnswer
}

type Verdict = { readonly member: Member } & (
  { readonly answer: BatchAnswer } | { readonly failure: Failure; readonly usedToken: string | undefined }
)

class BatchPerformance {
  readonly #parts: BatchParts
  readonly #options: BatchOptions
  readonly #members: readonly Member[]
  #renewed = false
  #refused: string | undefined

  constructor(parts: BatchParts, members: readonly BatchMember[], options: BatchOptions) {
    this.#parts = parts
    this.#options = options
    this.#members = members.map((request, index) => this.#member(request, index))
  }

  async run(): Promise<readonly BatchAnswer[]> {
    let pending = this.#members
    let wait = 0
    while (pending.length > 0) {
      const again: Member[] = []
      const verdicts = await this.#send(pending, this.#parts.clock.now() + wait)
      wait = 0
      for (const verdict of verdicts) {
        if ('answer' in verdict) verdict.member.answer = verdict.answer
        else {
          const delay = await this.#retry(verdict.member, verdict.failure, verdict.usedToken)
          if (delay === undefined) verdict.member.answer = { ok: false, error: verdict.failure.error }
          else {
            again.push(verdict.member)
            wait = Math.max(wait, delay)
          }
        }
      }
      pending = again
    }
    return this.#members.flatMap(({ answer }) => (answer === undefined ? [] : [answer]))
  }

  #member(request: BatchMember, index: number): Member {
    const { limits, random, contact, base } = this.#parts
    const id = String(index + 1)
    const method = request.method ?? 'GET'
    const url = addQuery(graphUrl(base, request.path), request.query ?? {})
    const headers = {
      ...preferHeader(this.#options.pool, request.prefer ?? []),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    }
    const body = request.body === undefined ? {} : { body: request.body }
    const idempotent = request.idempotent ?? method !== 'POST'
    return {
      id,
      method,
      idempotent,
      cost: request.cost ?? 1,
      entry: { id, method, url: url.href.slice(base.href.length), headers, ...body },
      attempts: createAttempts({ limits, random, idempotent, contacted: () => contact.made }),
    }
  }

  async #send(members: readonly Member[], notBefore: number): Promise<readonly Verdict[]> {
    this.#parts.accounting.batchMembers(members.length)
    return await perform(this.#parts, this.#envelope(members, notBefore), {
      read: async (success) => {
        const results = readResults(await readJson(success.answer))
        const verdicts = members.map((member) => this.#judge(member, results.get(member.id), success))
        this.#react(verdicts, success)
        return verdicts
      },
    })
  }

  /** The service runs up to four of its mailbox requests at a time, so it takes the whole mailbox. */
  #envelope(members: readonly Member[], notBefore: number): Prepared {
    const { base, userAgent, limits } = this.#parts
    const { pool, signal } = this.#options
    const body = { requests: members.map(({ entry }) => entry) }
    return {
      ...prepare({ method: 'POST', path: '/$batch', body, pool, signal }, base, userAgent),
      idempotent: members.every(({ idempotent }) => idempotent),
      weight: Math.min(members.length, limits.pools[pool.kind].concurrency),
      cost: members.reduce((sum, { cost }) => sum + cost, 0),
      notBefore,
    }
  }

  #judge(member: Member, result: MemberResult | undefined, success: Success): Verdict {
    const { clientRequestId, usedToken, answer } = success
    if (result === undefined) throw new WireFault('truncated', 'batch')
    const { status, headers, body } = result
    if (status >= 200 && status < 300) return { member, answer: { ok: true, status, body } }
    const failure = answerFailure({
      method: member.method,
      pool: this.#options.pool.kind,
      status,
      // The member's Retry-After may be a date, and only the batch itself says when it was served.
      headers: { ...dateOf(answer.headers), ...headers },
      emptyBody: body === undefined || body === null || body === '',
      body,
      clientRequestId,
      now: this.#parts.clock.now(),
    })
    return { member, failure, usedToken }
  }

  #react(verdicts: readonly Verdict[], { permit }: Success): void {
    const failures = verdicts.flatMap((verdict) => ('failure' in verdict ? [verdict.failure] : []))
    const blocking = failures.filter(({ kind }) => kind === 'throttled' || kind === 'busy')
    if (blocking.length === 0) return
    const waits = blocking.flatMap(({ retryAfterMs }) => (retryAfterMs === undefined ? [] : [retryAfterMs]))
    permit.throttled(waits.length === 0 ? undefined : Math.max(...waits))
    if (blocking.some(({ concurrency }) => concurrency === true)) permit.tooManyAtOnce()
    for (const failure of blocking) if (failure.kind === 'throttled') this.#parts.accounting.throttled()
  }

  /** Milliseconds until the member goes again, undefined when it does not. */
  async #retry(member: Member, failure: Failure, usedToken: string | undefined): Promise<number | undefined> {
    const delay = member.attempts.next(failure, 0)
    if (delay === undefined || failure.kind !== 'unauthorized') return delay
    if (usedToken === undefined) return undefined
    // Another member of the same batch, which had the same token.
    if (usedToken === this.#refused) return delay
    if (this.#renewed) return undefined
    this.#refused = usedToken
    this.#renewed = await this.#parts.bearer.refused(usedToken, failure.claims, this.#options.signal)
    return delay
  }
}

interface MemberResult {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

function readResults(body: unknown): ReadonlyMap<string, MemberResult> {
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

function dateOf(headers: Readonly<Record<string, string>>): { readonly date?: string } {
  return headers.date === undefined ? {} : { date: headers.date }
}
