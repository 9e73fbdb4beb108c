import { describe, expect, test } from 'vitest'
import type { SimulatorClock } from '../../support/graph-simulator/index.ts'
import { errorCode } from './client.ts'
import type { Answer, Graph } from './client.ts'
import { alex, megan, withSmall } from './tenant.ts'

interface HandClock extends SimulatorClock {
  advance(milliseconds: number): void
}

function handClock(): HandClock {
  let now = Date.UTC(2026, 5, 1)
  return {
    now: () => now,
    wait: () => Promise.resolve(),
    advance: (milliseconds) => {
      now += milliseconds
    },
  }
}

/** A clock whose waits last until so many of them have come together. */
function gatheringClock(count: number): SimulatorClock {
  const gate = Promise.withResolvers<undefined>()
  const start = Date.now()
  let waiting = 0
  return {
    now: () => start,
    wait: async () => {
      if (++waiting === count) gate.resolve(undefined)
      await gate.promise
    },
  }
}

const list = (graph: Graph, user = alex): Promise<Answer> => graph(`/users/${user}/messages?$select=id`)

describe('requests in flight', () => {
  test('four to a mailbox pass, the fifth is refused, other mailboxes do not care', () =>
    withSmall(
      async ({ simulator, graph }) => {
        simulator.setLatency(1)
        const users = [alex, alex, alex, alex, alex, megan]
        const answers = await Promise.all(users.map((user) => list(graph, user)))
        const statuses = answers.map((answer) => answer.status).toSorted()
        expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
        const refused = answers.find((answer) => answer.status === 429)
        expect(refused?.json).toMatchObject({
          error: { code: 'ApplicationThrottled', message: 'Application is over its MailboxConcurrency limit.' },
        })
        expect(refused?.headers.get('retry-after')).toBe('1')
        expect(simulator.maxInFlight(alex)).toBe(5)
        expect(simulator.maxInFlight(megan)).toBe(1)
        expect(simulator.throttling.maxInFlight).toBe(5)
      },
      { clock: gatheringClock(6) },
    ))
})

describe('requests per window', () => {
  test('above the limit are refused until the window is over, refused ones count too', async () => {
    const clock = handClock()
    await withSmall(
      async ({ graph }) => {
        for (let times = 0; times < 3; times++) expect((await list(graph)).status).toBe(200)
        const refused = await list(graph)
        expect([refused.status, errorCode(refused)]).toEqual([429, 'TooManyRequests'])
        expect(refused.headers.get('retry-after')).toBe('60')
        expect((await list(graph, megan)).status).toBe(200)
        clock.advance(59_000)
        expect((await list(graph)).status).toBe(429)
        clock.advance(1000)
        expect((await list(graph)).status).toBe(200)
      },
      { clock, throttling: { requestsPerWindow: 3, windowMs: 60_000 } },
    )
  })

  test('Retry-After comes as seconds and as a date, the answer as 429 and as 503', async () => {
    const clock = handClock()
    await withSmall(
      async ({ graph }) => {
        await list(graph)
        const answers = [await list(graph), await list(graph)]
        expect(answers.map((answer) => answer.status)).toEqual([429, 503])
        expect(answers[0]?.headers.get('retry-after')).toBe('7')
        expect(answers[1]?.headers.get('retry-after')).toBe(new Date(clock.now() + 7000).toUTCString())
      },
      {
        clock,
        throttling: {
          requestsPerWindow: 1,
          retryAfterSeconds: 7,
          retryAfterForm: 'alternate',
          serviceUnavailableEvery: 2,
        },
      },
    )
  })

  test('whoever comes back too early is recorded, whoever was on the way is not', async () => {
    const clock = handClock()
    await withSmall(
      async ({ simulator, graph }) => {
        await list(graph)
        expect((await list(graph)).headers.get('retry-after')).toBe('10')
        await list(graph)
        expect(simulator.throttling.earlyRequests).toEqual([])
        clock.advance(4000)
        await list(graph)
        expect(simulator.throttling.earlyRequests).toMatchObject([{ earlyBy: 6000 }])
        clock.advance(6000)
        expect((await list(graph)).status).toBe(200)
        expect(simulator.throttling.earlyRequests).toHaveLength(1)
      },
      { clock, throttling: { requestsPerWindow: 1, retryAfterSeconds: 10 } },
    )
  })

  test('uploaded bytes have a limit of their own', () =>
    withSmall(
      async ({ graph }) => {
        const json = { body: { contentType: 'text', content: 'x'.repeat(600) } }
        expect((await graph(`/users/${alex}/messages`, { method: 'POST', json })).status).toBe(201)
        expect((await graph(`/users/${alex}/messages`, { method: 'POST', json })).status).toBe(429)
      },
      { throttling: { uploadBytesPerWindow: 1000 } },
    ))
})
