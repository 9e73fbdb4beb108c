import { describe, expect, it } from 'vitest'
import { manualClock, settled, steppingClock } from './clocks.ts'
import { clientFor, mailbox, sendError, sendJson, serve } from './test-graph.ts'

const times = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)

describe('throttling', () => {
  it.each([
    ['in seconds', (): Record<string, string> => ({ 'retry-after': '30' }), 30_000],
    [
      'as a date, by a server whose clock is an hour off',
      (now: number): Record<string, string> => ({
        date: new Date(now + 3_600_000).toUTCString(),
        'retry-after': new Date(now + 3_645_000).toUTCString(),
      }),
      45_000,
    ],
  ] as const)('keeps everybody of the mailbox waiting for a Retry-After %s', async (_name, headers, least) => {
    const clock = steppingClock()
    let until = 0
    const early: number[] = []
    const server = await serve((_request, response, index) => {
      if (clock.now() < until) early.push(index)
      if (index === 5) {
        until = clock.now() + least
        sendError(response, 429, 'TooManyRequests', headers(clock.now()))
      } else sendJson(response, 200, { index })
    })
    const client = clientFor(server, { clock })
    const started = clock.now()
    await Promise.all(times(30).map((at) => client.json({ path: `/me/messages/${at}`, pool: mailbox })))
    expect(server.seen).toHaveLength(31)
    // Those that were on the wire when Graph said so could not know.
    expect(early.every((index) => index <= 8)).toBe(true)
    expect(clock.now() - started).toBeGreaterThanOrEqual(least)
    expect(client.accounting()).toMatchObject({ requests: 31, retried: 1, throttled: 1 })
    expect(client.accounting().throttledMs).toBeGreaterThanOrEqual(least)
  })

  it('blocks as soon as the headers are there, however slow the body is', async () => {
    const clock = steppingClock()
    let finish = (): void => undefined
    const blocked = Promise.withResolvers<undefined>()
    const server = await serve((_request, response, index) => {
      if (index === 0) {
        response.writeHead(429, { 'retry-after': '60', 'content-type': 'application/json' })
        response.write('{"error":')
        finish = () => response.end('{"code":"TooManyRequests"}}')
        blocked.resolve(undefined)
      } else sendJson(response, 200, {})
    })
    const client = clientFor(server, { clock })
    const started = clock.now()
    const first = client.json({ path: '/1', pool: mailbox })
    await blocked.promise
    while (client.accounting().throttledMs === 0) await settled()
    const second = client.json({ path: '/2', pool: mailbox })
    await second
    expect(clock.now() - started).toBeGreaterThanOrEqual(60_000)
    finish()
    await first
  })

  it('holds back a request that had its turn already, but is not on the wire yet', async () => {
    const clock = manualClock()
    const late = Promise.withResolvers<string>()
    let asked = 0
    const tokens = { token: () => (asked++ === 0 ? Promise.resolve('token') : late.promise) }
    const server = await serve((_request, response, index) => {
      if (index === 0) sendError(response, 429, 'TooManyRequests', { 'retry-after': '60' })
      else sendJson(response, 200, {})
    })
    const client = clientFor(server, { clock, tokens })
    const both = [client.json({ path: '/1', pool: mailbox }), client.json({ path: '/2', pool: mailbox })]
    while (client.accounting().throttledMs === 0) await settled()
    late.resolve('token')
    await clock.advance(60_000)
    for (let turn = 0; turn < 50; turn++) await settled()
    expect(server.seen).toHaveLength(1)
    await clock.advance(20)
    await Promise.all(both)
    expect(client.accounting()).toMatchObject({ requests: 3, retried: 1 })
  })

  it('does not concern another mailbox', async () => {
    const clock = manualClock()
    const server = await serve((request, response, index) => {
      if (index === 0) sendError(response, 429, 'TooManyRequests', { 'retry-after': '600' })
      else sendJson(response, 200, { url: request.url })
    })
    const client = clientFor(server, { clock })
    const throttled = client.json({ path: '/users/a', pool: mailbox })
    while (client.accounting().throttledMs === 0) await settled()
    expect(await client.json({ path: '/users/b', pool: { kind: 'mailbox', id: 'b' } })).toEqual({
      url: '/v1.0/users/b',
    })
    expect(server.seen).toHaveLength(2)
    await clock.advance(600_020)
    expect(await throttled).toEqual({ url: '/v1.0/users/a' })
  })

  it('never has more than four in flight per mailbox, also when sendings stall', async () => {
    const server = await serve((_request, response, index) => {
      if (index % 7 === 3) return
      setImmediate(() => sendJson(response, 200, {}))
    })
    const client = clientFor(server, { limits: { headersMs: 50, graceMs: 20 } })
    await Promise.all(times(40).map((at) => client.json({ path: `/${at}`, pool: mailbox })))
    expect(server.mostInFlight).toBeLessThanOrEqual(4)
  })

  it('has fewer in flight after Graph complained about too many', async () => {
    const held: (() => void)[] = []
    let most = 0
    const told = 'over its MailboxConcurrency limit.'
    const server = await serve(async (_request, response, index) => {
      const isRefused = index < 4
      held.push(() => {
        if (isRefused) sendError(response, 429, 'ApplicationThrottled', { 'retry-after': '1' }, told)
        else sendJson(response, 200, {})
      })
      if (!isRefused) most = Math.max(most, held.length)
      // Nobody is answered before all that may come are there, and one too many had its time to come; the last two are alone.
      for (let turn = 0; turn < 20; turn++) await settled()
      if (held.length >= (isRefused ? 4 : 3) || index >= 22) for (const finish of held.splice(0)) finish()
    })
    const client = clientFor(server)
    await Promise.all(times(20).map((at) => client.json({ path: `/${at}`, pool: mailbox })))
    expect(most).toBe(3)
  })
})
