import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import { batchEntry, memberFailure, mostMembers, readResults, type MemberResult, type WireParts } from './batch-wire.ts'
import type { Failure } from './failure.ts'
import { poolKey } from './limits.ts'
import { perform, type Success } from './perform.ts'
import { prepare } from './prepare.ts'
import { readJson } from './readers.ts'
import type { Ask, Permit } from './scheduler.ts'
import type { GraphRequest } from './types.ts'

/** What a request was told in company. */
export interface Told {
  readonly body: unknown
}

interface Member {
  readonly request: GraphRequest
  /** With nothing: it has to ask by itself. */
  readonly tell: (told: Told | undefined) => void
  readonly refuse: (error: unknown) => void
}

/** Gathers requests that are asked for at the same moment into batches, whatever their pools. */
export class Together {
  readonly #open = new Map<string, Member[]>()

  /**
   * What the request was told, or undefined if it has to ask by itself: it is alone, its pool has no place for it just
   * now, or Graph wants it to be sent again. Rejects with what nothing can be done about.
   */
  async ask(parts: WireParts, word: string, request: GraphRequest): Promise<Told | undefined> {
    // Whoever asks by itself is told there that it was cancelled.
    if (request.signal?.aborted === true) return undefined
    return await new Promise((tell, refuse) => {
      const member = { request, tell, refuse }
      const company = this.#open.get(word)
      if (company !== undefined) company.push(member)
      else {
        this.#open.set(word, [member])
        setImmediate(() => {
          this.#leave(parts, word)
        })
      }
    })
  }

  #leave(parts: WireParts, word: string): void {
    const company = this.#open.get(word) ?? []
    this.#open.delete(word)
    for (let at = 0; at < company.length; at += mostMembers)
      void sendTogether(parts, company.slice(at, at + mostMembers))
  }
}

async function sendTogether(parts: WireParts, company: readonly Member[]): Promise<void> {
  const waiting = company.filter(({ request: { signal }, tell }) => {
    // Whoever asks by itself is told there that it was cancelled.
    if (signal?.aborted === true) tell(undefined)
    return signal?.aborted !== true
  })
  const { members, permits, left } = admit(parts, waiting)
  await Promise.all([exchangeAll(parts, members, permits), ...left.map((same) => sendLater(parts, same))])
}

/** Waits for the one pool that they have in common. */
async function sendLater(parts: WireParts, members: readonly Member[]): Promise<void> {
  const permits = new Map<string, Permit>()
  const ask = askFor(parts, members)
  try {
    if (ask !== undefined && members.length > 1) {
      const permit = await whileAnyWaits(members, (signal) => parts.scheduler.acquire({ ...ask, signal }))
      permits.set(poolKey(ask.pool), permit)
    }
  } catch {
    // Each of them will be told by itself why it cannot go.
  }
  await exchangeAll(parts, permits.size === 0 ? [] : members, permits)
  for (const { tell } of members) tell(undefined)
}

/** Sends what there is, and gives the places back. Those for which there is no answer are told to ask by themselves. */
async function exchangeAll(
  parts: WireParts,
  members: readonly Member[],
  permits: ReadonlyMap<string, Permit>,
): Promise<void> {
  try {
    if (members.length > 1) await exchange(parts, members, permits)
  } catch (error) {
    // A batch as a whole is refused where a request by itself may not be.
    if (!isEngineError(error) || isOfRequest(error)) for (const { tell } of members) tell(undefined)
    else for (const { refuse } of members) refuse(error)
  } finally {
    for (const permit of permits.values()) permit.release()
    for (const { tell } of members) tell(undefined)
  }
}

function isOfRequest({ code }: EngineError): boolean {
  return code === 'graph.request-refused' || code === 'graph.forbidden' || code === 'graph.not-found'
}

interface Admitted {
  readonly members: readonly Member[]
  readonly permits: ReadonlyMap<string, Permit>
  /** By pool: those that have to wait. */
  readonly left: readonly (readonly Member[])[]
}

/** Those whose pools have room now. Nobody waits for a pool while holding places of others: that could not end. */
function admit(parts: WireParts, waiting: readonly Member[]): Admitted {
  const permits = new Map<string, Permit>()
  const members: Member[] = []
  const left: (readonly Member[])[] = []
  for (const [key, same] of Map.groupBy(waiting, ({ request: { pool } }) => poolKey(pool))) {
    const ask = askFor(parts, same)
    const permit = ask === undefined ? undefined : parts.scheduler.acquireNow(ask)
    if (permit === undefined) left.push(same)
    else {
      permits.set(key, permit)
      members.push(...same)
    }
  }
  return { members, permits, left }
}

/** What members of one pool need of it. A mailbox answers four at a time; elsewhere a batch is one request in flight. */
function askFor({ scheduler, limits }: WireParts, members: readonly Member[]): Ask | undefined {
  const pool = members[0]?.request.pool
  if (pool === undefined) return undefined
  const weight = pool.kind === 'mailbox' ? Math.min(members.length, limits.pools.mailbox.concurrency) : 1
  const requests = members.reduce((sum, { request }) => sum + (request.cost ?? 1), 0)
  return { pool, ticket: scheduler.ticket(), weight, requests }
}

async function exchange(
  parts: WireParts,
  members: readonly Member[],
  permits: ReadonlyMap<string, Permit>,
): Promise<void> {
  const { base, userAgent, accounting } = parts
  const requests = members.map(({ request: { body: _none, ...request } }, index) =>
    batchEntry(String(index + 1), request, request.pool, base),
  )
  accounting.batchMembers(members.length)
  // The members hold the places of their pools; the envelope itself is counted nowhere.
  const pool = { kind: 'envelope' } as const
  await whileAnyWaits(members, async (signal) => {
    const envelope = prepare({ method: 'POST', path: '/$batch', body: { requests }, pool, signal }, base, userAgent)
    const read = async (success: Success): Promise<void> => {
      const results = readResults(await readJson(success.answer))
      for (const [index, member] of members.entries())
        settle(parts, member, results.get(String(index + 1)), permits, success)
    }
    await perform(parts, { ...envelope, idempotent: true }, { read })
  })
}

/**
 * Does the work with a signal that is aborted once every member's own is. Nothing of it stays at their signals, which
 * may last as long as a run.
 */
async function whileAnyWaits<T>(members: readonly Member[], work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const all = new AbortController()
  const over = new AbortController()
  let left = members.length
  for (const { request } of members)
    request.signal?.addEventListener(
      'abort',
      () => {
        left--
        if (left === 0) all.abort(request.signal?.reason)
      },
      { once: true, signal: over.signal },
    )
  try {
    return await work(all.signal)
  } finally {
    over.abort()
  }
}

function settle(
  { clock, accounting }: WireParts,
  { request, tell, refuse }: Member,
  result: MemberResult | undefined,
  permits: ReadonlyMap<string, Permit>,
  success: Success,
): void {
  const permit = permits.get(poolKey(request.pool))
  if (result === undefined) {
    tell(undefined)
    return
  }
  const { status, body } = result
  if (status >= 200 && status < 300) {
    permit?.succeeded()
    tell({ body })
    return
  }
  const failure = memberFailure({ method: 'GET', pool: request.pool.kind }, result, success, clock.now())
  if (isBusy(failure)) {
    permit?.throttled(failure.retryAfterMs)
    if (failure.concurrency === true) permit?.tooManyAtOnce()
    if (failure.kind === 'throttled') accounting.throttled()
  }
  if (failure.kind === 'final') refuse(failure.error)
  else tell(undefined)
}

function isBusy({ kind }: Failure): boolean {
  return kind === 'throttled' || kind === 'busy'
}
