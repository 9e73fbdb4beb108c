import { describe, expect, it } from 'vitest'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'
import { manualClock, settled, steppingClock } from './clocks.ts'
import { clientFor, mailbox, sendError, sendJson, serve, type Seen } from './test-graph.ts'

interface Entry {
  readonly id: string
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

const entries = ({ body }: Seen): readonly Entry[] => (JSON.parse(body) as { requests: Entry[] }).requests
const members = (count: number) => Array.from({ length: count }, (_, at) => ({ path: `/me/messages/m${at}` }))
const fine = ({ id, url }: Entry) => ({ id, status: 200, body: { url } })
const refusal = (id: string, status: number, code: string, headers: Readonly<Record<string, string>> = {}) => ({
  id,
  status,
  headers,
  body: { error: { code, message: '' } },
})

describe('a batch', () => {
  it('is sent 20 members at a time and answered in their order', async () => {
    const server = await serve((request, response) => {
      sendJson(response, 200, { responses: entries(request).map(fine).reverse() })
    })
    const client = clientFor(server)
    const answers = await client.batch(members(45), { pool: mailbox })
    expect(server.seen.map((one) => entries(one).length)).toEqual([20, 20, 5])
    const urls = answers.map((answer) => (answer.ok ? (answer.body as { url: string }).url : ''))
    expect(urls).toEqual(members(45).map(({ path }) => path))
    expect(client.accounting()).toMatchObject({ requests: 3, batchMembers: 45 })
  })

  it('costs what its members cost', async () => {
    const clock = manualClock()
    const server = await serve((request, response) => {
      sendJson(response, 200, request.url.endsWith('$batch') ? { responses: entries(request).map(fine) } : {})
    })
    const drive = { concurrency: 4, budgets: [{ measure: 'requests', amount: 30, windowMs: 60_000 }] } as const
    const client = clientFor(server, { clock, limits: { pools: { drive } } })
    const pool = { kind: 'drive' } as const
    await client.batch(
      members(5).map((member) => ({ ...member, cost: 5 })),
      { pool },
    )
    await client.json({ path: '/drives/d/root', pool, cost: 5 })
    const late = client.json({ path: '/drives/d/root', pool, cost: 1 })
    await clock.advance(59_000)
    expect(server.seen).toHaveLength(2)
    await clock.advance(3_000)
    await late
    expect(server.seen).toHaveLength(3)
  })

  it('asks for immutable ids in each member', async () => {
    const server = await serve((request, response) => {
      sendJson(response, 200, { responses: entries(request).map(fine) })
    })
    const member = {
      method: 'PATCH',
      path: '/me/messages/1',
      query: { $select: 'id' },
      body: { isRead: true },
    } as const
    await clientFor(server).batch([member], { pool: mailbox })
    const first = server.seen[0]
    expect(first === undefined ? [] : entries(first)).toEqual([
      {
        id: '1',
        method: 'PATCH',
        url: '/me/messages/1?$select=id',
        headers: { prefer: 'IdType="ImmutableId"', 'content-type': 'application/json' },
        body: { isRead: true },
      },
    ])
  })

  it('sends throttled members again after the longest of their waits, and only those', async () => {
    const clock = steppingClock()
    const arrivals: number[] = []
    const server = await serve((request, response, index) => {
      arrivals.push(clock.now())
      const responses = entries(request).map((entry, at) => {
        if (index > 0 || at > 1) return fine(entry)
        return refusal(entry.id, 429, 'TooManyRequests', { 'Retry-After': at === 0 ? '5' : '20' })
      })
      sendJson(response, 200, { responses })
    })
    const client = clientFor(server, { clock })
    const answers = await client.batch(members(4), { pool: mailbox })
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(server.seen.map((one) => entries(one).map(({ id }) => id))).toEqual([
      ['1', '2', '3', '4'],
      ['1', '2'],
    ])
    expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThanOrEqual(20_000)
    expect(client.accounting().throttled).toBe(2)
  })

  it('blocks the mailbox for everybody when a member is throttled', async () => {
    const clock = manualClock()
    const server = await serve((request, response, index) => {
      if (index > 0) {
        sendJson(response, 200, request.method === 'GET' ? {} : { responses: entries(request).map(fine) })
        return
      }
      sendJson(response, 200, { responses: [refusal('1', 429, 'TooManyRequests', { 'Retry-After': '20' })] })
    })
    const client = clientFor(server, { clock })
    const batch = client.batch(members(1), { pool: mailbox })
    while (client.accounting().throttledMs === 0) await settled()
    const single = client.json({ path: '/me', pool: mailbox })
    await clock.advance(20_000)
    expect(server.seen).toHaveLength(1)
    await clock.advance(20)
    await Promise.all([batch, single])
    expect(server.seen).toHaveLength(3)
  })

  it('does not fail as a whole because of one member', async () => {
    const server = await serve((request, response) => {
      const responses = entries(request).map((entry, at) =>
        at === 1 ? refusal(entry.id, 404, 'ErrorItemNotFound') : fine(entry),
      )
      sendJson(response, 200, { responses })
    })
    const [first, second, third] = await clientFor(server).batch(members(3), { pool: mailbox })
    expect([first?.ok, third?.ok]).toEqual([true, true])
    expect(second?.ok === false && isEngineError(second.error, 'graph.not-found')).toBe(true)
    expect(server.seen).toHaveLength(1)
  })

  it('sends a member again after a fault, but no POST', async () => {
    const server = await serve((request, response, index) => {
      const responses = entries(request).map((entry) =>
        index === 0 ? refusal(entry.id, 500, 'generalException') : fine(entry),
      )
      sendJson(response, 200, { responses })
    })
    const mixed = [{ path: '/me' }, { method: 'POST', path: '/me/messages', body: {} }] as const
    const [get, post] = await clientFor(server).batch(mixed, { pool: mailbox })
    expect(get?.ok).toBe(true)
    expect(post?.ok === false && isEngineError(post.error, 'graph.service-failed')).toBe(true)
    expect(server.seen.map((one) => entries(one).map(({ id }) => id))).toEqual([['1', '2'], ['1']])
  })

  it('is sent again as a whole after a fault, unless it has a POST', async () => {
    const server = await serve((request, response, index) => {
      if (index % 2 === 0) sendError(response, 500, 'generalException')
      else sendJson(response, 200, { responses: entries(request).map(fine) })
    })
    const client = clientFor(server)
    expect((await client.batch(members(2), { pool: mailbox })).every(({ ok }) => ok)).toBe(true)
    const posts = client.batch([{ method: 'POST', path: '/me/messages', body: {} }], { pool: mailbox })
    await expect(posts).rejects.toMatchObject({ code: 'graph.service-failed' })
    expect(server.seen).toHaveLength(3)
  })

  it('renews the token when a member is refused for it', async () => {
    let issued = 1
    const tokens = {
      token: async ({ refresh = false } = {}) => {
        if (refresh) issued++
        return `token-${issued}`
      },
    }
    const server = await serve((request, response) => {
      const old = request.headers.authorization === 'Bearer token-1'
      const responses = entries(request).map((entry) =>
        old ? refusal(entry.id, 401, 'InvalidAuthenticationToken') : fine(entry),
      )
      sendJson(response, 200, { responses })
    })
    const answers = await clientFor(server, { tokens }).batch(members(3), { pool: mailbox })
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(issued).toBe(2)
  })

  it('has the mailbox for itself', async () => {
    const held: (() => void)[] = []
    const server = await serve((request, response) => {
      if (request.method === 'GET') {
        sendJson(response, 200, {})
        return
      }
      held.push(() => sendJson(response, 200, { responses: entries(request).map(fine) }))
    })
    const client = clientFor(server)
    const batch = client.batch(members(8), { pool: mailbox })
    while (held.length === 0) await settled()
    const single = client.json({ path: '/me', pool: mailbox })
    for (let turn = 0; turn < 20; turn++) await settled()
    expect(server.seen).toHaveLength(1)
    for (const finish of held) finish()
    await Promise.all([batch, single])
  })
})
