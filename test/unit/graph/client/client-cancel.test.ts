import { describe, expect, it } from 'vitest'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'
import { createGraphClient } from '../../../../src-main/graph/client/client.ts'
import { manualClock, settled, steppingClock } from './clocks.ts'
import { clientFor, failure, fixedToken, mailbox, sendError, sendJson, serve } from './test-graph.ts'

describe('cancelling', () => {
  it('takes a request that waits for its back-off out at once', async () => {
    const clock = manualClock()
    const server = await serve((_request, response) => sendError(response, 500, 'generalException'))
    const abort = new AbortController()
    const asked = clientFor(server, { clock }).json({ path: '/me', pool: mailbox, signal: abort.signal })
    while (clock.waiting === 0) await settled()
    abort.abort()
    expect(isEngineError(await failure(asked), 'cancelled')).toBe(true)
    await settled()
    expect(clock.waiting).toBe(0)
  })

  it('closes the connection of a request that is on its way', async () => {
    const closed = Promise.withResolvers<undefined>()
    const arrived = Promise.withResolvers<undefined>()
    const server = await serve((_request, response) => {
      response.on('close', () => closed.resolve(undefined))
      arrived.resolve(undefined)
    })
    const abort = new AbortController()
    const asked = clientFor(server).json({ path: '/me', pool: mailbox, signal: abort.signal })
    await arrived.promise
    abort.abort()
    expect(isEngineError(await failure(asked), 'cancelled')).toBe(true)
    await closed.promise
  })

  it('ends a body in the middle, and nothing is sent again', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('x')
    })
    const abort = new AbortController()
    const client = clientFor(server)
    const { body } = await client.stream({ path: '/me/messages/1/$value', pool: mailbox, signal: abort.signal })
    const error = await failure(
      (async () => {
        for await (const _chunk of body) abort.abort()
      })(),
    )
    expect(isEngineError(error, 'cancelled')).toBe(true)
    expect(server.seen).toHaveLength(1)
  })

  it('sends nothing when the signal has fired before', async () => {
    const server = await serve((_request, response) => sendJson(response, 200, {}))
    const asked = clientFor(server).json({ path: '/me', pool: mailbox, signal: AbortSignal.abort() })
    expect(isEngineError(await failure(asked), 'cancelled')).toBe(true)
    expect(server.seen).toHaveLength(0)
  })

  it('frees the slot for others', async () => {
    const arrived = Promise.withResolvers<undefined>()
    const server = await serve((_request, response, index) => {
      if (index === 3) arrived.resolve(undefined)
      if (index > 3) sendJson(response, 200, {})
    })
    const abort = new AbortController()
    const client = clientFor(server)
    const stuck = Array.from({ length: 4 }, () => client.json({ path: '/1', pool: mailbox, signal: abort.signal }))
    const outcomes = Promise.allSettled(stuck)
    await arrived.promise
    const next = client.json({ path: '/2', pool: mailbox })
    abort.abort()
    expect(await next).toEqual({})
    expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true)
  })
})

describe('closing', () => {
  it('rejects what is on its way, what waits and what comes', async () => {
    const arrived = Promise.withResolvers<undefined>()
    const server = await serve((_request, _response, index) => {
      if (index === 3) arrived.resolve(undefined)
    })
    const client = createGraphClient({
      baseUrl: server.url,
      tokens: fixedToken,
      clock: steppingClock(),
      random: Math.random,
    })
    const asked = Array.from({ length: 6 }, () => failure(client.json({ path: '/1', pool: mailbox })))
    await arrived.promise
    await client.close()
    for (const one of asked) expect(isEngineError(await one, 'cancelled')).toBe(true)
    expect(isEngineError(await failure(client.json({ path: '/1', pool: mailbox })), 'cancelled')).toBe(true)
    expect(server.seen).toHaveLength(4)
  })
})
