import { describe, expect, it } from 'vitest'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'
import { mergeLimits, type ClientLimitOptions, type Pool } from '../../../../src-main/graph/client/limits.ts'
import { createScheduler, type Ask, type Permit } from '../../../../src-main/graph/client/scheduler.ts'
import { manualClock, settled } from './clocks.ts'
import { failure, mailbox } from './test-graph.ts'

const other: Pool = { kind: 'mailbox', id: 'b' }
const unlimited = { concurrency: 4, budgets: [] }

function setUp(options: ClientLimitOptions = {}, random = () => 0.5) {
  const clock = manualClock()
  const limits = mergeLimits({ pools: { mailbox: unlimited }, ...options })
  const scheduler = createScheduler({ limits, clock, random })
  const started: string[] = []
  const permits = new Map<string, Permit>()
  const ask = (name: string, more: Partial<Ask> = {}): Promise<Permit> => {
    const asked = scheduler.acquire({ pool: mailbox, ticket: scheduler.ticket(), ...more }).then((permit) => {
      started.push(name)
      permits.set(name, permit)
      return permit
    })
    asked.catch(() => undefined)
    return asked
  }
  const permit = (name: string): Permit => {
    const found = permits.get(name)
    if (found === undefined) throw new Error(`${name} has not started`)
    return found
  }
  return { clock, scheduler, started, ask, permit }
}

describe('the scheduler', () => {
  it('lets four of a mailbox go, and the next in their order', async () => {
    const { ask, permit, started } = setUp()
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) void ask(name)
    await settled()
    expect(started).toEqual(['a', 'b', 'c', 'd'])
    permit('c').release()
    permit('c').release()
    await settled()
    expect(started).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('counts each mailbox for itself, whatever the case of its id', async () => {
    const { ask, started } = setUp()
    for (const name of ['a', 'b', 'c', 'd']) void ask(name)
    void ask('e', { pool: { kind: 'mailbox', id: mailbox.kind === 'mailbox' ? mailbox.id.toLowerCase() : '' } })
    void ask('f', { pool: other })
    await settled()
    expect(started).toEqual(['a', 'b', 'c', 'd', 'f'])
  })

  it('gives a request that comes again its old place', async () => {
    const { ask, permit, started, scheduler } = setUp({ pools: { mailbox: { concurrency: 1, budgets: [] } } })
    const early = scheduler.ticket()
    void ask('a')
    void ask('b')
    void ask('early', { ticket: early })
    await settled()
    permit('a').release()
    await settled()
    expect(started).toEqual(['a', 'early'])
  })

  it('holds back one that backs off, and lets others pass it', async () => {
    const { ask, started, clock } = setUp()
    void ask('late', { notBefore: clock.now() + 1000 })
    void ask('now')
    await clock.advance(999)
    expect(started).toEqual(['now'])
    await clock.advance(1)
    expect(started).toEqual(['now', 'late'])
  })

  it('sends nothing to a blocked pool before the time is over, queued or new', async () => {
    const { ask, permit, started, clock } = setUp()
    for (const name of ['a', 'b', 'c', 'd', 'queued']) void ask(name)
    await settled()
    permit('a').throttled(10_000)
    expect(permit('b').mayStart()).toBe(false)
    for (const name of ['a', 'b', 'c', 'd']) permit(name).release()
    void ask('new')
    void ask('elsewhere', { pool: other })
    await clock.advance(10_000)
    expect(started).toEqual(['a', 'b', 'c', 'd', 'elsewhere'])
    await clock.advance(20)
    expect(started).toEqual(['a', 'b', 'c', 'd', 'elsewhere', 'queued', 'new'])
  })

  it('keeps the longer of two blocks', async () => {
    const { ask, permit, started, clock, scheduler } = setUp()
    void ask('a')
    void ask('b')
    await settled()
    permit('a').throttled(10_000)
    permit('b').throttled(2_000)
    void ask('c')
    await clock.advance(10_019)
    expect(started).toEqual(['a', 'b'])
    await clock.advance(1)
    expect(started).toEqual(['a', 'b', 'c'])
    expect(scheduler.throttledMs()).toBe(10_020)
  })

  it('backs off longer each time when Graph names no time, once per burst', async () => {
    const { ask, permit, clock, scheduler } = setUp({ backoffMs: 1000, backoffCapMs: 60_000 })
    for (const name of ['a', 'b']) void ask(name)
    await settled()
    for (const name of ['a', 'b']) permit(name).throttled(undefined)
    expect(scheduler.throttledMs()).toBe(750)
    await clock.advance(750)
    void ask('c')
    await settled()
    permit('c').throttled(undefined)
    expect(scheduler.throttledMs()).toBe(2250)
    await clock.advance(1500)
    void ask('d')
    await settled()
    permit('d').succeeded()
    permit('d').throttled(undefined)
    expect(scheduler.throttledMs()).toBe(3000)
  })

  it('never comes back at once to a service that names no time, and waits for minutes in the end', async () => {
    const { ask, permit, clock, scheduler } = setUp({ backoffMs: 1000, poolBackoffCapMs: 240_000 }, () => 0)
    const waits: number[] = []
    for (let round = 0; round < 11; round++) {
      void ask('a')
      await settled()
      const before = scheduler.throttledMs()
      permit('a').throttled(undefined)
      permit('a').release()
      waits.push(scheduler.throttledMs() - before)
      await clock.advance(waits.at(-1) ?? 0)
    }
    expect(waits.slice(0, 4)).toEqual([500, 1000, 2000, 4000])
    expect(waits.slice(-2)).toEqual([120_000, 120_000])
  })

  it('pauses the addresses past Graph with the drive, and the drive with them', async () => {
    const { ask, permit, started, clock } = setUp()
    void ask('graph', { pool: { kind: 'drive' } })
    void ask('download', { pool: { kind: 'content' } })
    await settled()
    permit('graph').throttled(5_000)
    expect(permit('download').mayStart()).toBe(false)
    void ask('next', { pool: { kind: 'content' } })
    void ask('mail')
    await clock.advance(5_019)
    expect(started).toEqual(['graph', 'download', 'mail'])
    await clock.advance(1)
    expect(started).toEqual(['graph', 'download', 'mail', 'next'])
    permit('next').throttled(5_000)
    expect(permit('graph').mayStart()).toBe(false)
    expect(permit('mail').mayStart()).toBe(true)
  })

  it('counts everything that is asked of OneNote together, whosever notebooks they are', async () => {
    const { ask, started } = setUp({ pools: { onenote: { concurrency: 1, budgets: [] } } })
    void ask('a', { pool: { kind: 'onenote', id: 'ada' } })
    void ask('b', { pool: { kind: 'onenote', id: 'bruno' } })
    await settled()
    expect(started).toEqual(['a'])
  })

  it('charges a budget what the requests cost', async () => {
    const { ask, started, clock } = setUp({
      pools: { drive: { concurrency: 9, budgets: [{ measure: 'requests', amount: 10, windowMs: 60_000 }] } },
    })
    for (const name of ['a', 'b', 'c']) void ask(name, { pool: { kind: 'drive' }, requests: 5 })
    await clock.advance(59_999)
    expect(started).toEqual(['a', 'b'])
    await clock.advance(2_000)
    expect(started).toEqual(['a', 'b', 'c'])
  })

  it('fails at once when Graph asks for a longer wait than it is ready for', async () => {
    const { ask, permit, clock } = setUp({ retryAfterCapMs: 60_000 })
    void ask('a')
    await settled()
    const queued = ask('b', { notBefore: clock.now() + 5 })
    permit('a').throttled(3_600_000)
    const error = await failure(queued)
    expect(isEngineError(error, 'graph.throttled') && error.retry).toBe('later')
    expect(isEngineError(error) && error.context).toEqual({ retryAfterSeconds: 3601 })
    expect(isEngineError(await failure(ask('c')), 'graph.throttled')).toBe(true)
  })

  it('goes down by one per burst of complaints and recovers slowly', async () => {
    const { ask, permit, scheduler } = setUp({ recoverAfter: 3 })
    for (const name of ['a', 'b', 'c', 'd']) void ask(name)
    await settled()
    for (const name of ['a', 'b', 'c']) permit(name).tooManyAtOnce()
    expect(scheduler.concurrency(mailbox)).toBe(3)
    for (let good = 1; good <= 2; good++) permit('d').succeeded()
    expect(scheduler.concurrency(mailbox)).toBe(3)
    permit('d').succeeded()
    expect(scheduler.concurrency(mailbox)).toBe(4)
    for (let good = 1; good <= 20; good++) permit('d').succeeded()
    expect(scheduler.concurrency(mailbox)).toBe(4)
  })

  it('never goes below one', async () => {
    const { ask, permit, scheduler } = setUp()
    for (let round = 0; round < 6; round++) {
      void ask(`${round}`)
      await settled()
      permit(`${round}`).tooManyAtOnce()
      permit(`${round}`).release()
    }
    expect(scheduler.concurrency(mailbox)).toBe(1)
  })

  it('gives a batch the whole mailbox, and nobody overtakes it', async () => {
    const { ask, permit, started } = setUp()
    void ask('a')
    void ask('batch', { weight: 4 })
    void ask('b')
    await settled()
    expect(started).toEqual(['a'])
    permit('a').release()
    await settled()
    expect(started).toEqual(['a', 'batch'])
    permit('batch').release()
    await settled()
    expect(started).toEqual(['a', 'batch', 'b'])
  })

  it('keeps to the budget', async () => {
    const budgets = [{ measure: 'requests', amount: 3, windowMs: 60_000 }] as const
    const { ask, permit, started, clock } = setUp({ pools: { mailbox: { concurrency: 4, budgets } } })
    for (const name of ['a', 'b', 'c', 'd']) void ask(name)
    await clock.advance(59_000)
    expect(started).toEqual(['a', 'b', 'c'])
    await clock.advance(3_000)
    expect(started).toEqual(['a', 'b', 'c', 'd'])
    permit('d').release()
  })

  it('keeps to the budget of uploaded bytes', async () => {
    const budgets = [{ measure: 'uploadBytes', amount: 1000, windowMs: 60_000 }] as const
    const { ask, started } = setUp({ pools: { mailbox: { concurrency: 4, budgets } } })
    void ask('a', { uploadBytes: 900 })
    void ask('b', { uploadBytes: 200 })
    await settled()
    expect(started).toEqual(['a'])
  })

  it('keeps to what all pools may have in flight, and serves them in turn', async () => {
    const { ask, permit, started } = setUp({ inFlight: 2 })
    for (const name of ['a1', 'a2', 'a3', 'a4']) void ask(name)
    for (const name of ['b1', 'b2']) void ask(name, { pool: other })
    await settled()
    expect(started).toEqual(['a1', 'a2'])
    permit('a1').release()
    permit('a2').release()
    await settled()
    expect(started.slice(2).sort()).toEqual(['a3', 'b1'])
  })

  it('takes a cancelled request out of the queue at once', async () => {
    const { ask, permit, started } = setUp({ pools: { mailbox: { concurrency: 1, budgets: [] } } })
    const abort = new AbortController()
    void ask('a')
    const queued = ask('b', { signal: abort.signal })
    void ask('c')
    await settled()
    abort.abort()
    expect(isEngineError(await failure(queued), 'cancelled')).toBe(true)
    permit('a').release()
    await settled()
    expect(started).toEqual(['a', 'c'])
  })

  it('does not let a cancelled batch hold up those behind it', async () => {
    const { ask, started } = setUp()
    const abort = new AbortController()
    void ask('a')
    const batch = ask('batch', { weight: 4, signal: abort.signal })
    void ask('b')
    await settled()
    abort.abort()
    await failure(batch)
    await settled()
    expect(started).toEqual(['a', 'b'])
  })

  it('refuses what was cancelled before', async () => {
    const { ask } = setUp()
    expect(isEngineError(await failure(ask('a', { signal: AbortSignal.abort() })), 'cancelled')).toBe(true)
  })

  it('keeps the slot for a moment when the server may still be at it', async () => {
    const { ask, permit, started, clock } = setUp({ pools: { mailbox: { concurrency: 1, budgets: [] } } })
    void ask('a')
    void ask('b')
    await settled()
    permit('a').release(100)
    await clock.advance(99)
    expect(started).toEqual(['a'])
    await clock.advance(1)
    expect(started).toEqual(['a', 'b'])
  })

  it('rejects everybody when it is closed, and leaves no timer behind', async () => {
    const { ask, permit, scheduler, clock } = setUp()
    void ask('a')
    await settled()
    permit('a').throttled(10_000)
    const queued = ask('b')
    scheduler.close()
    expect(isEngineError(await failure(queued), 'cancelled')).toBe(true)
    expect(isEngineError(await failure(ask('c')), 'cancelled')).toBe(true)
    await settled()
    expect(clock.waiting).toBe(0)
  })
})
