import { describe, expect, it } from 'vitest'
import type { Pool } from '../../../../src-main/graph/client/limits.ts'
import { mergeLimits } from '../../../../src-main/graph/client/limits.ts'
import { createScheduler } from '../../../../src-main/graph/client/scheduler.ts'
import { manualClock, settled, steppingClock } from './clocks.ts'
import { clientFor, failure, sendError, sendJson, serve } from './test-graph.ts'

const onenote: Pool = { kind: 'onenote', id: 'ada' }
const minute = 60_000

/** A OneNote that refuses everything, without saying for how long, until so many minutes have passed. */
async function refusing(minutes: number) {
  const clock = steppingClock()
  const until = clock.now() + minutes * minute
  const refused: number[] = []
  let inFlight = 0
  let together = 0
  const server = await serve(async (_request, response) => {
    inFlight++
    // The first four went out before anybody knew.
    if (refused.length >= 4 && clock.now() < until) together = Math.max(together, inFlight)
    await settled()
    inFlight--
    if (clock.now() >= until) sendJson(response, 200, {})
    else {
      refused.push(clock.now())
      sendError(response, 429, '20166')
    }
  })
  return { clock, client: clientFor(server, { clock }), refused, together: () => together, until }
}

describe('a service that refuses without saying for how long', () => {
  it('is waited for over its hour, asked rarely and by one request at a time', async () => {
    const { clock, client, refused, together, until } = await refusing(65)
    const paths = ['/1', '/2', '/3', '/4', '/5', '/6', '/7', '/8']
    const answers = await Promise.all(paths.map((path) => client.json({ path, pool: onenote })))
    expect(answers).toHaveLength(8)
    expect(refused.length).toBeLessThan(25)
    expect(together()).toBe(1)
    // At the latest one back-off after the hour is over.
    expect(clock.now() - until).toBeLessThanOrEqual(10 * minute)
  })

  it('makes everybody fail when it goes on for too long, and is asked again after the next pause', async () => {
    const { clock, client, refused } = await refusing(100)
    const start = clock.now()
    const both = await Promise.all(['/1', '/2'].map((path) => failure(client.json({ path, pool: onenote }))))
    expect(both).toMatchObject([{ code: 'graph.throttled' }, { code: 'graph.throttled' }])
    expect(clock.now() - start).toBeGreaterThan(65 * minute)
    expect(clock.now() - start).toBeLessThanOrEqual(85 * minute)
    const asked = refused.length
    expect(await failure(client.json({ path: '/3', pool: onenote }))).toMatchObject({ code: 'graph.throttled' })
    expect(refused).toHaveLength(asked)
    await clock.wait(30 * minute)
    expect(await client.json({ path: '/4', pool: onenote })).toEqual({})
    expect(await Promise.all(['/5', '/6'].map((path) => client.json({ path, pool: onenote })))).toEqual([{}, {}])
  })

  it('is asked first after seconds and then after up to ten minutes; others keep their own pace', async () => {
    const clock = manualClock()
    const scheduler = createScheduler({ limits: mergeLimits(), clock, random: () => 1 })
    const waits: number[] = []
    for (let round = 0; round < 9; round++) {
      const permit = await scheduler.acquire({ pool: onenote, ticket: scheduler.ticket() })
      const before = scheduler.throttledMs()
      permit.throttled(undefined)
      permit.release()
      waits.push((scheduler.throttledMs() - before) / 1000)
      await clock.advance((waits.at(-1) ?? 0) * 1000)
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 600, 600])
    const mailbox = await scheduler.acquire({ pool: { kind: 'mailbox', id: 'ada' }, ticket: scheduler.ticket() })
    const before = scheduler.throttledMs()
    mailbox.throttled(undefined)
    expect(scheduler.throttledMs() - before).toBe(500)
  })

  it('is asked as before once it has taken a request', async () => {
    const clock = manualClock()
    const scheduler = createScheduler({ limits: mergeLimits(), clock, random: () => 0.5 })
    const ask = () => scheduler.acquire({ pool: onenote, ticket: scheduler.ticket() })
    const first = await ask()
    first.throttled(undefined)
    first.release()
    const started: string[] = []
    const [probe] = ['probe', 'second', 'third'].map((name) => ask().then((permit) => (started.push(name), permit)))
    await clock.advance(10_000)
    expect(started).toEqual(['probe'])
    const permit = await probe
    permit?.succeeded()
    permit?.release()
    await settled()
    expect(started).toEqual(['probe', 'second', 'third'])
  })
})
