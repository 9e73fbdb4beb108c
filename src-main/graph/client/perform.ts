import { randomUUID } from 'node:crypto'
import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { Accounting } from './accounting.ts'
import { createAttempts } from './attempts.ts'
import type { Bearer } from './bearer.ts'
import { answerFailure, blocksPool, wireFailure, type Failure } from './failure.ts'
import { anonymousUrl } from './graph-url.ts'
import type { ClientLimits } from './limits.ts'
import { parseJson } from './parse-json.ts'
import type { Prepared } from './prepare.ts'
import type { Permit, Scheduler } from './scheduler.ts'
import type { Transport, WireAnswer } from './transport.ts'
import { decoded } from './decoded.ts'
import { WireFault } from './wire-fault.ts'

export interface PerformParts {
  readonly limits: ClientLimits
  readonly clock: Clock
  readonly random: () => number
  readonly scheduler: Scheduler
  readonly transport: Transport
  readonly bearer: Bearer
  readonly accounting: Accounting
  readonly contact: Contact
}

/** What the client remembers across requests. */
export interface Contact {
  /** Graph has answered at least once. */
  made: boolean
  closed: boolean
}

export interface Success {
  readonly answer: WireAnswer
  readonly permit: Permit
  readonly clientRequestId: string
  readonly usedToken: string | undefined
}

/**
 * Reads a success. A WireFault it throws counts as a fault of the sending. `keepsPermit`: the answer's body goes on
 * after it returned, and it releases the permit itself.
 */
export interface Reader<T> {
  readonly keepsPermit?: boolean
  read(success: Success): Promise<T>
}

type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'redirected'; readonly location: string }
  | { readonly kind: 'held-back' }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly usedToken: string | undefined }

interface Sending {
  readonly permit: Permit
  readonly usedToken: string | undefined
  readonly clientRequestId: string
  readonly queuedMs: number
  readonly sentAt: number
}

const mostRedirects = 3

/** Sends a request until it succeeds or nothing further can be done. Rejects with an EngineError. */
export async function perform<T>(parts: PerformParts, request: Prepared, reader: Reader<T>): Promise<T> {
  try {
    return await new Performance(parts, request, reader).run()
  } catch (error) {
    if (request.signal?.aborted === true || parts.contact.closed) {
      throw isEngineError(error, 'cancelled') ? error : new EngineError('cancelled', { cause: error })
    }
    throw error instanceof EngineError ? error : new EngineError('internal', { cause: error })
  }
}

class Performance<T> {
  readonly #parts: PerformParts
  readonly #request: Prepared
  readonly #reader: Reader<T>
  readonly #ticket: number
  #target: { readonly url: URL; readonly anonymous: boolean }
  #redirects = 0
  #renewed = false
  #sendings = 0
  #tryingMs = 0

  constructor(parts: PerformParts, request: Prepared, reader: Reader<T>) {
    this.#parts = parts
    this.#request = request
    this.#reader = reader
    this.#ticket = parts.scheduler.ticket()
    this.#target = request
  }

  async run(): Promise<T> {
    const { limits, random, contact, clock } = this.#parts
    const { idempotent } = this.#request
    const attempts = createAttempts({ limits, random, idempotent, contacted: () => contact.made })
    let { notBefore } = this.#request
    for (;;) {
      const outcome = await this.#sendOnce(notBefore)
      if (outcome.kind === 'done') return outcome.value
      if (outcome.kind === 'held-back') continue
      if (outcome.kind === 'redirected') {
        this.#redirect(outcome.location)
        continue
      }
      const { failure } = outcome
      const wait = attempts.next(failure, this.#tryingMs)
      if (wait === undefined) throw failure.error
      if (failure.kind === 'unauthorized') await this.#renewToken(outcome.usedToken, failure)
      // The redirection may have been what expired or broke.
      this.#target = this.#request
      this.#redirects = 0
      this.#tryingMs += wait
      notBefore = clock.now() + wait
    }
  }

  async #sendOnce(notBefore: number): Promise<Outcome<T>> {
    const { clock, scheduler, limits } = this.#parts
    const { pool, signal, weight, cost, body } = this.#request
    const queuedAt = clock.now()
    const uploadBytes = body?.length ?? 0
    const permit = await scheduler.acquire({
      pool,
      ticket: this.#ticket,
      notBefore,
      weight,
      requests: cost,
      uploadBytes,
      signal,
    })
    const startedAt = clock.now()
    let graceMs = limits.graceMs
    let kept = false
    try {
      const outcome = await this.#exchange(permit, startedAt - queuedAt)
      kept = outcome.kind === 'done' && this.#reader.keepsPermit === true
      if (!mayStillRun(outcome)) graceMs = 0
      return outcome
    } finally {
      this.#tryingMs += clock.now() - startedAt
      if (!kept) permit.release(graceMs)
    }
  }

  async #exchange(permit: Permit, queuedMs: number): Promise<Outcome<T>> {
    const { bearer, clock } = this.#parts
    const usedToken = this.#target.anonymous ? undefined : await bearer.token(this.#request.signal)
    const sending: Sending = { permit, usedToken, clientRequestId: randomUUID(), queuedMs, sentAt: clock.now() }
    let answer: WireAnswer | undefined
    try {
      answer = await this.#send(sending)
      const outcome = await this.#judge(answer, sending)
      this.#record(sending, answer, outcome)
      return outcome
    } catch (error) {
      answer?.body.cancel()
      if (error instanceof WireFault && error.kind === 'held-back') {
        permit.refund()
        return { kind: 'held-back' }
      }
      const failure = error instanceof WireFault ? wireFailure(error, sending.clientRequestId) : undefined
      const outcome: Outcome<T> | undefined = failure && { kind: 'failed', failure, usedToken }
      this.#record(sending, answer, outcome)
      if (outcome === undefined) throw error
      return outcome
    }
  }

  #record(sending: Sending, answer: WireAnswer | undefined, outcome: Outcome<T> | undefined): void {
    const { accounting, clock } = this.#parts
    const { method, pool, body } = this.#request
    const fault = outcome?.kind === 'failed' ? outcome.failure.error.context.fault : undefined
    const streams = outcome?.kind === 'done' && this.#reader.keepsPermit === true
    this.#sendings++
    accounting.sent({
      pool: pool.kind,
      method,
      attempt: this.#sendings,
      ...(answer === undefined ? {} : { status: answer.status }),
      ...(typeof fault === 'string' ? { fault } : {}),
      queuedMs: sending.queuedMs,
      durationMs: clock.now() - sending.sentAt,
      bytesIn: streams ? 0 : (answer?.body.received ?? 0),
      bytesOut: body?.length ?? 0,
      clientRequestId: sending.clientRequestId,
    })
  }

  async #send({ permit, usedToken, clientRequestId }: Sending): Promise<WireAnswer> {
    const { transport, contact } = this.#parts
    const { method, headers, body, signal } = this.#request
    const answer = await transport.send({
      url: this.#target.url,
      method,
      headers: {
        ...headers,
        'client-request-id': clientRequestId,
        ...(usedToken === undefined ? {} : { authorization: `Bearer ${usedToken}` }),
      },
      body,
      mayStart: () => permit.mayStart(),
      signal,
    })
    contact.made = true
    return answer
  }

  async #judge(answer: WireAnswer, sending: Sending): Promise<Outcome<T>> {
    const { permit, clientRequestId, usedToken } = sending
    if (answer.status < 300) {
      const value = await this.#reader.read({ answer, permit, clientRequestId, usedToken })
      permit.succeeded()
      return { kind: 'done', value }
    }
    const { method, pool } = this.#request
    const { status, headers } = answer
    const now = this.#parts.clock.now()
    // Before its body comes: nobody else may go out meanwhile.
    const blocked = blocksPool(status, headers, now)
    if (blocked !== undefined) permit.throttled(blocked)
    const body = await errorBody(answer)
    const location = headers.location
    if (status < 400 && location !== undefined && method === 'GET') return { kind: 'redirected', location }
    const failure = answerFailure({ method, pool: pool.kind, status, headers, ...body, clientRequestId, now })
    this.#react(failure, answer, permit, blocked !== undefined)
    return { kind: 'failed', failure: this.#target.anonymous ? withoutToken(failure) : failure, usedToken }
  }

  #react(failure: Failure, answer: WireAnswer, permit: Permit, blocked: boolean): void {
    const { accounting, transport } = this.#parts
    if (failure.kind === 'throttled' || failure.kind === 'busy') {
      accounting.throttled()
      if (!blocked) permit.throttled(failure.retryAfterMs)
      if (failure.concurrency === true) permit.tooManyAtOnce()
    }
    if (failure.renew === true) transport.renew(answer.generation)
  }

  #redirect(location: string): void {
    this.#redirects++
    if (this.#redirects > mostRedirects) {
      throw new EngineError('graph.request-refused', { context: { reason: 'redirects' } })
    }
    this.#target = { url: anonymousUrl(new URL(location, this.#target.url).href), anonymous: true }
  }

  async #renewToken(used: string | undefined, failure: Failure): Promise<void> {
    if (used === undefined || this.#renewed) throw failure.error
    this.#renewed = await this.#parts.bearer.refused(used, failure.claims, this.#request.signal)
  }
}

/** We hung up, so the server may not know yet that the request is over. */
function mayStillRun(outcome: Outcome<unknown>): boolean {
  return outcome.kind === 'failed' && outcome.failure.error.code === 'graph.stalled'
}

/** A pre-authenticated address that answers 401 has expired; no sign-in mends that. */
function withoutToken(failure: Failure): Failure {
  if (failure.kind !== 'unauthorized') return failure
  return {
    kind: 'final',
    maybeDone: false,
    error: new EngineError('graph.forbidden', { context: failure.error.context }),
  }
}

/** An error's body is welcome, but its status and headers have to do when it breaks off. */
async function errorBody(answer: WireAnswer): Promise<{ readonly emptyBody: boolean; readonly body: unknown }> {
  let emptyBody = false
  try {
    const bytes = await decoded(answer)
    emptyBody = bytes.length === 0
    return { emptyBody, body: emptyBody ? undefined : parseJson(bytes) }
  } catch (error) {
    if (error instanceof WireFault || error instanceof SyntaxError) return { emptyBody, body: undefined }
    throw error
  }
}
