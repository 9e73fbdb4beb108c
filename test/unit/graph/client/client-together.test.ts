import { describe, expect, it } from 'vitest'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'
import { manualClock, settled, steppingClock } from './clocks.ts'
import { clientFor, mailbox, sendError, sendJson, serve, type Seen } from './test-graph.ts'

interface Entry {
  readonly id: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

const drive = { kind: 'drive' } as const
const together = 'ada'
const entries = ({ body }: Seen): readonly Entry[] => (JSON.parse(body) as { requests: Entry[] }).requests
const isBatch = ({ url }: Seen): boolean => url.endsWith('/$batch')
const told = (url: string) => ({ asked: url.replace(/^\/v1\.0/, '') })
const fine = ({ id, url }: Entry) => ({ id, status: 200, body: told(url) })
const refused = ({ id }: Entry, status: number, code: string, headers = {}) => ({
  id,
  status,
  headers,
  body: { error: { code, message: '' } },
})

/** A Graph that answers batches by `answer`, and anything else with what was asked. */
const graph = (answer: (entry: Entry) => object) =>
  serve((request, response) => {
    sendJson(response, 200, isBatch(request) ? { responses: entries(request).map(answer) } : told(request.url))
  })

describe('requests that are asked for together', () => {
  it('travel in one batch, whatever their pools', async () => {
    const server = await graph(fine)
    const client = clientFor(server)
    const answers = await Promise.all([
      client.json({ path: '/users/ada/mailFolders', pool: mailbox, together }),
      client.json({ path: '/users/ada/drive', query: { $select: 'id' }, pool: drive, together }),
    ])
    expect(answers).toEqual([told('/users/ada/mailFolders'), told('/users/ada/drive?$select=id')])
    expect(server.seen.map(isBatch)).toEqual([true])
    const [batch] = server.seen
    const prefer = batch === undefined ? [] : entries(batch).map(({ headers }) => headers.prefer)
    expect(prefer).toEqual(['IdType="ImmutableId"', undefined])
    expect(client.accounting()).toMatchObject({ requests: 1, batchMembers: 2 })
  })

  it('are sent by themselves when there is nobody else, or another word', async () => {
    const server = await graph(fine)
    const client = clientFor(server)
    await client.json({ path: '/users/ada/drive', pool: drive, together })
    await Promise.all([
      client.json({ path: '/users/ada/drive', pool: drive, together }),
      client.json({ path: '/users/bob/drive', pool: drive, together: 'bob' }),
    ])
    expect(server.seen.map(isBatch)).toEqual([false, false, false])
  })

  it('take first pages along, and follow them alone', async () => {
    const server = await serve((request, response) => {
      const page = { value: [1], '@odata.nextLink': `${server.url}/v1.0/users/ada/events?page=2` }
      const last = { value: [2], '@odata.deltaLink': 'https://graph.example/d' }
      sendJson(
        response,
        200,
        isBatch(request) ? { responses: entries(request).map((entry) => ({ ...fine(entry), body: page })) } : last,
      )
    })
    const client = clientFor(server)
    const pages = async () =>
      Array.fromAsync(client.pages<number>({ path: '/users/ada/events', pool: mailbox, together }))
    const [one] = await Promise.all([pages(), pages()])
    expect(one.flatMap(({ value }) => value)).toEqual([1, 2])
    expect(server.seen.map(isBatch)).toEqual([true, false, false])
  })

  it('take the members of batches along', async () => {
    const server = await graph((entry) =>
      entry.url.endsWith('/gone') ? refused(entry, 404, 'ErrorItemNotFound') : fine(entry),
    )
    const client = clientFor(server)
    const [answers] = await Promise.all([
      client.batch([{ path: '/users/ada/a' }, { path: '/users/ada/gone' }], { pool: mailbox, together }),
      client.json({ path: '/users/ada/drive', pool: drive, together }),
    ])
    expect(server.seen).toHaveLength(1)
    expect(answers[0]).toEqual({ ok: true, status: 200, body: told('/users/ada/a') })
    expect(answers[1]?.ok === false && isEngineError(answers[1].error, 'graph.not-found')).toBe(true)
  })

  it('fail one by one', async () => {
    const server = await graph((entry) =>
      entry.url.includes('planner') ? refused(entry, 403, 'Forbidden') : fine(entry),
    )
    const client = clientFor(server)
    const [denied, given] = await Promise.allSettled([
      client.json({ path: '/users/ada/planner/tasks', pool: { kind: 'planner' }, together }),
      client.json({ path: '/users/ada/drive', pool: drive, together }),
    ])
    expect(denied.status === 'rejected' && isEngineError(denied.reason, 'graph.forbidden')).toBe(true)
    expect(given.status).toBe('fulfilled')
  })

  it('are sent again alone when Graph is busy, after the time that it names', async () => {
    const clock = steppingClock()
    const arrivals: number[] = []
    const server = await serve((request, response) => {
      arrivals.push(clock.now())
      const busy = (entry: Entry) => refused(entry, 429, 'TooManyRequests', { 'Retry-After': '20' })
      const answer = (entry: Entry) => (entry.url.includes('drive') ? busy(entry) : fine(entry))
      sendJson(response, 200, isBatch(request) ? { responses: entries(request).map(answer) } : told(request.url))
    })
    const client = clientFor(server, { clock })
    const [, given] = await Promise.all([
      client.json({ path: '/users/ada/mailFolders', pool: mailbox, together }),
      client.json({ path: '/users/ada/drive', pool: drive, together }),
    ])
    expect(given).toEqual(told('/users/ada/drive'))
    expect(server.seen.map(isBatch)).toEqual([true, false])
    const [first = 0, again = 0] = arrivals
    expect(again - first).toBeGreaterThanOrEqual(20_000)
  })

  it('do not wait for a pool that is blocked', async () => {
    const clock = manualClock()
    const server = await serve((request, response, index) => {
      if (index === 0) sendError(response, 429, 'TooManyRequests', { 'Retry-After': '600' })
      else sendJson(response, 200, isBatch(request) ? { responses: entries(request).map(fine) } : told(request.url))
    })
    const client = clientFor(server, { clock })
    const blocked = client.json({ path: '/users/bob/drive', pool: drive })
    while (client.accounting().throttled === 0) await settled()
    const late = client.json({ path: '/a/drive', pool: drive, together })
    await Promise.all([
      client.json({ path: '/a/mail', pool: mailbox, together }),
      client.json({ path: '/a/plans', pool: { kind: 'planner' }, together }),
    ])
    expect(server.seen.map(isBatch)).toEqual([false, true])
    await clock.advance(601_000)
    await Promise.all([late, blocked])
    expect(server.seen.map(isBatch)).toEqual([false, true, false, false])
  })

  it('keep to what a mailbox takes at the same time', async () => {
    const server = await graph(fine)
    const client = clientFor(server, {
      limits: {
        pools: { mailbox: { concurrency: 4, budgets: [{ measure: 'requests', amount: 25, windowMs: 60_000 }] } },
      },
    })
    const ask = (at: number) => client.json({ path: `/users/ada/${at}`, pool: mailbox, together })
    await Promise.all(Array.from({ length: 20 }, (_, at) => ask(at)))
    expect(server.seen.map(isBatch)).toEqual([true])
    expect(client.accounting().batchMembers).toBe(20)
  })

  it('cancel one without the others', async () => {
    const server = await graph(fine)
    const client = clientFor(server)
    const stop = new AbortController()
    const cancelled = client.json({ path: '/users/ada/1', pool: mailbox, together, signal: stop.signal })
    const others = [2, 3].map((at) => client.json({ path: `/users/ada/${at}`, pool: mailbox, together }))
    stop.abort()
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    expect(await Promise.all(others)).toEqual([told('/users/ada/2'), told('/users/ada/3')])
  })
})
