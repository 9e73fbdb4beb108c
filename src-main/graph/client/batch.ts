import { isEngineError, type EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { askJson, type AskParts } from './ask-json.ts'
import { createAttempts, type Attempts } from './attempts.ts'
import { batchEntry, memberFailure, mostMembers, readResults, type MemberResult } from './batch-wire.ts'
import type { Failure } from './failure.ts'
import { perform, type Success } from './perform.ts'
import { prepare, type Prepared } from './prepare.ts'
import { readJson } from './readers.ts'
import type { BatchAnswer, BatchMember, BatchOptions } from './types.ts'
import { WireFault } from './wire-fault.ts'

export type BatchParts = AskParts

/** Sends the members in as many batches as it takes, one after the other. */
export async function performBatch(
  parts: BatchParts,
  members: readonly BatchMember[],
  options: BatchOptions,
): Promise<readonly BatchAnswer[]> {
  if (options.together !== undefined) return await performTogether(parts, members, options)
  const answers: BatchAnswer[] = []
  for (let at = 0; at < members.length; at += mostMembers) {
    const chunk = members.slice(at, at + mostMembers)
    answers.push(...(await new BatchPerformance(parts, chunk, options).run()))
  }
  return answers
}

/** The members as requests of their own, which find their way into a common batch. */
async function performTogether(
  parts: BatchParts,
  members: readonly BatchMember[],
  options: BatchOptions,
): Promise<readonly BatchAnswer[]> {
  return await Promise.all(
    members.map(async ({ body: _none, ...member }): Promise<BatchAnswer> => {
      try {
        return { ok: true, status: 200, body: await askJson(parts, { ...member, ...options }) }
      } catch (error) {
        if (!isEngineError(error) || !isOfMember(error)) throw error
        return { ok: false, error }
      }
    }),
  )
}

/** Whether an error says something of what was asked for, and not that nobody can be asked. */
function isOfMember({ code }: EngineError): boolean {
  return code.startsWith('graph.') && code !== 'graph.unreachable'
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
    const idempotent = request.idempotent ?? method !== 'POST'
    return {
      id,
      method,
      idempotent,
      cost: request.cost ?? 1,
      entry: batchEntry(id, request, this.#options.pool, base),
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
    const { usedToken } = success
    if (result === undefined) throw new WireFault('truncated', 'batch')
    const { status, body } = result
    if (status >= 200 && status < 300) return { member, answer: { ok: true, status, body } }
    const asked = { method: member.method, pool: this.#options.pool.kind }
    return { member, failure: memberFailure(asked, result, success, this.#parts.clock.now()), usedToken }
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
