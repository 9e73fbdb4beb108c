import { describe, expect, test, vi } from 'vitest'
import type { FaultRule } from '../../support/graph-simulator/index.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { errorCode, followDelta } from './client.ts'
import type { Graph } from './client.ts'
import { alex, mail, withSmall } from './tenant.ts'

const messages = `/users/${alex}/messages`

const withFault = (rule: FaultRule, use: Parameters<typeof withSmall>[0]): Promise<void> =>
  withSmall(use, { faults: [rule] })

async function failsToRead(graph: Graph, path: string): Promise<string> {
  try {
    return `answered ${String((await graph(path)).status)}`
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  }
}

describe('error answers', () => {
  test.each([500, 502, 503, 504, 509])('%d as often as planned', (status) =>
    withFault({ kind: 'status', status, count: 2 }, async ({ simulator, graph }) => {
      const seen = [await graph(messages), await graph(messages), await graph(messages)].map((answer) => answer.status)
      expect(seen).toEqual([status, status, 200])
      expect(simulator.faults.applied).toMatchObject([
        { kind: 'status', method: 'GET', path: `/v1.0${messages}` },
        { kind: 'status' },
      ])
    }),
  )

  test('an empty 404 that passes', () =>
    withFault({ kind: 'empty-not-found', perPath: 1 }, async ({ graph }) => {
      const answer = await graph(messages)
      expect([answer.status, answer.bytes.length]).toEqual([404, 0])
      expect((await graph(messages)).status).toBe(200)
    }))

  test('corrupt items stay corrupt, under both of their ids; others do not', () =>
    withSmall(async ({ simulator, graph }) => {
      const [one, two] = simulator.tenant.messages(alex, 'inbox')
      simulator.faults.add({ kind: 'corrupt', match: { items: [one?.regularId ?? ''] } })
      simulator.faults.add({
        kind: 'unavailable',
        match: { items: [two?.id ?? ''], route: 'users/{user}/messages/{message}/$value' },
      })
      for (const id of [one?.id, one?.regularId, one?.id]) {
        const answer = await graph(`${messages}/${id ?? ''}/$value`)
        expect([answer.status, errorCode(answer)]).toEqual([500, 'ErrorCorruptData'])
      }
      expect((await graph(`${messages}/${two?.id ?? ''}/$value`)).status).toBe(503)
      expect((await graph(`${messages}/${two?.id ?? ''}`)).status).toBe(200)
    }))

  test('a token that expires in the middle', () =>
    withFault({ kind: 'expire-tokens', skip: 1, count: 1 }, async ({ graph }) => {
      expect((await graph(messages)).status).toBe(200)
      expect(errorCode(await graph(messages))).toBe('InvalidAuthenticationToken')
      expect((await graph(messages)).status).toBe(401)
    }))

  test('a cursor that dies in the middle of a round', () =>
    withSmall(async ({ simulator, graph }) => {
      simulator.faults.add({
        kind: 'break-cursor',
        match: { path: 'skiptoken' },
        count: 1,
        cursorError: 'resyncRequired',
      })
      const path = `/users/${alex}/mailFolders/inbox/messages/delta`
      await expect(followDelta(graph, path, { pageSize: 2 })).rejects.toThrow('410 resyncRequired')
      expect((await followDelta(graph, path, { pageSize: 2 })).entities).toHaveLength(5)
    }))

  test('a folder that is made although the answer is an error', () =>
    withFault({ kind: 'done-but-failed', status: 504, count: 1, match: { method: 'POST' } }, async ({ graph }) => {
      const create = { method: 'POST', json: { displayName: 'Twice' } }
      expect((await graph(`/users/${alex}/mailFolders`, create)).status).toBe(504)
      expect(errorCode(await graph(`/users/${alex}/mailFolders`, create))).toBe('ErrorFolderExists')
    }))

  test('a burst of throttling closes the whole mailbox', () =>
    withSmall(
      async ({ graph }) => {
        const first = await graph(messages)
        expect(first.status).toBe(503)
        expect(first.headers.get('date')).toBe('Mon, 01 Jun 2026 00:00:00 GMT')
        expect(first.headers.get('retry-after')).toBe('Mon, 01 Jun 2026 00:00:30 GMT')
        expect((await graph(`/users/${alex}/mailFolders`)).status).toBe(429)
        expect((await graph('/users')).status).toBe(200)
      },
      {
        clock: createManualClock(Date.UTC(2026, 5, 1)),
        faults: [{ kind: 'throttle', count: 1, retryAfterSeconds: 30, retryAfterForm: 'date', status: 503 }],
      },
    ))

  test('left to chance, but the same chance for the same seed', async () => {
    const outcomes = async (seed: number): Promise<number[]> => {
      const statuses: number[] = []
      await withSmall(
        async ({ graph }) => {
          for (let times = 0; times < 40; times++) statuses.push((await graph(messages)).status)
        },
        { seed, faults: [{ kind: 'status', status: 500, probability: 0.3, match: { path: 'messages' } }] },
      )
      return statuses
    }
    const [first, again, other] = [await outcomes(1), await outcomes(1), await outcomes(2)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    expect(first).toContain(500)
    expect(first).toContain(200)
  })

  test('rules can be taken away', () =>
    withSmall(async ({ simulator, graph }) => {
      const id = simulator.faults.add({ kind: 'status', match: { path: 'messages' } })
      expect((await graph(messages)).status).toBe(503)
      simulator.faults.remove(id)
      expect((await graph(messages)).status).toBe(200)
      expect(simulator.faults.appliedCount('status')).toBe(1)
    }))
})

describe('broken connections', () => {
  test('reset before the answer, with nothing done', () =>
    withFault({ kind: 'reset', count: 1, match: { method: 'POST' } }, async ({ simulator, graph }) => {
      const create = graph(`/users/${alex}/mailFolders`, { method: 'POST', json: { displayName: 'New' } })
      await expect(create).rejects.toThrow()
      expect(simulator.tenant.folders(alex).some((folder) => folder.displayName === 'New')).toBe(false)
      expect(simulator.log.entries({ status: 0 })).toMatchObject([{ fault: 'reset' }])
    }))

  test('reset after the work was done', () =>
    withFault({ kind: 'reset-after', count: 1, match: { method: 'POST' } }, async ({ simulator, graph }) => {
      const create = graph(`/users/${alex}/mailFolders`, { method: 'POST', json: { displayName: 'New' } })
      await expect(create).rejects.toThrow()
      expect(simulator.tenant.folders(alex).some((folder) => folder.displayName === 'New')).toBe(true)
    }))

  test.each([
    ['reset-in-body', /ECONNRESET|UND_ERR_SOCKET|terminated/],
    ['truncate', /UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|terminated/],
  ] as const)('%s breaks the reading', (kind, reason) =>
    withSmall(async ({ simulator, graph }) => {
      const { id } = simulator.tenant.addMessage(alex, 'inbox', mail(9, { body: 'x'.repeat(100_000) }))
      simulator.faults.add({ kind, count: 1 })
      expect(await failsToRead(graph, `${messages}/${id}/$value`)).toMatch(reason)
      expect(await failsToRead(graph, `${messages}/${id}/$value`)).toBe('answered 200')
    }),
  )

  test.each(['stall', 'stall-in-body'] as const)('%s lasts until somebody gives up', (kind) =>
    withFault({ kind, count: 1, match: { path: 'messages' } }, async ({ simulator, graph }) => {
      const { fetch } = await import('undici')
      const token = await (await import('./client.ts')).signIn(simulator)
      const headers = { authorization: `Bearer ${token}` }
      const url = `${simulator.graphBaseUrl}/v1.0${messages}`
      const giveUp = new AbortController()
      const reading = fetch(url, { headers, signal: giveUp.signal }).then((response) => response.text())
      const over = reading.then(
        () => 'read',
        (error: unknown) => String(error),
      )
      await vi.waitFor(() => expect(simulator.faults.appliedCount()).toBe(1), { timeout: 60_000 })
      // An answer would have come before those to what was asked later.
      for (let times = 0; times < 10; times++) await graph('/users')
      giveUp.abort()
      expect(await over).toMatch(/abort/i)
      expect((await fetch(url, { headers })).status).toBe(200)
    }),
  )

  test('slow bodies arrive whole', () =>
    withFault({ kind: 'slow', bytesPerSecond: 100_000, count: 1 }, async ({ graph }) => {
      expect((await graph(messages)).json).toHaveProperty('value')
    }))
})
