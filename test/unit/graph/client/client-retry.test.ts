import { describe, expect, it } from 'vitest'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'
import { steppingClock } from './clocks.ts'
import { clientFor, failure, mailbox, sendError, sendJson, serve } from './test-graph.ts'

describe('a request that fails in passing', () => {
  it.each([500, 502, 503, 504, 509, 408, 423])('is sent again after %i', async (status) => {
    const server = await serve((_request, response, index) => {
      if (index < 2) sendError(response, status, 'generalException')
      else sendJson(response, 200, { id: '1' })
    })
    expect(await clientFor(server).json({ path: '/me', pool: mailbox })).toEqual({ id: '1' })
    expect(server.seen).toHaveLength(3)
  })

  it('waits a growing random time', async () => {
    const clock = steppingClock()
    const server = await serve((_request, response, index) => {
      if (index < 4) sendError(response, 500, 'generalException')
      else sendJson(response, 200, {})
    })
    await clientFor(server, { clock, limits: { backoffMs: 100 } }).json({ path: '/me', pool: mailbox })
    expect(clock.waits).toEqual([50, 100, 200, 400])
  })

  it('is given up after the last attempt, with what Graph said', async () => {
    const server = await serve((_request, response) => sendError(response, 500, 'generalException'))
    const client = clientFor(server, { limits: { attempts: 3 } })
    const error = await failure(client.json({ path: '/users/a@example.com/messages', pool: mailbox }))
    expect(isEngineError(error, 'graph.service-failed') && error.retry).toBe('later')
    expect(isEngineError(error) && error.context).toMatchObject({
      status: 500,
      graphCode: 'generalException',
      requestId: '11111111-2222-3333-4444-555555555555',
      clientRequestId: server.seen[2]?.headers['client-request-id'],
    })
    expect(JSON.stringify(isEngineError(error) && error.context)).not.toContain('example.com')
    expect(server.seen).toHaveLength(3)
  })

  it('carries its body again', async () => {
    const server = await serve((_request, response, index) => {
      if (index < 2) sendError(response, 429, 'TooManyRequests')
      else sendJson(response, 201, {})
    })
    const client = clientFor(server)
    await client.json({ method: 'POST', path: '/me/messages', pool: mailbox, body: { subject: 'é' } })
    expect(server.seen.map(({ body }) => body)).toEqual(Array(3).fill('{"subject":"é"}'))
    await client.json({ method: 'PUT', path: '/me/photo', pool: mailbox, body: new Uint8Array([97, 98]) })
    await client.json({ method: 'POST', path: '/me/messages', pool: mailbox, body: 'TUlNRQ==' })
    expect(server.seen.slice(3).map(({ body, headers }) => [body, headers['content-type']])).toEqual([
      ['ab', 'application/octet-stream'],
      ['TUlNRQ==', 'text/plain'],
    ])
  })

  it('has another client-request-id each time', async () => {
    const server = await serve((_request, response, index) => {
      if (index === 0) sendError(response, 500, 'generalException')
      else sendJson(response, 200, {})
    })
    await clientFor(server).json({ path: '/me', pool: mailbox })
    const ids = server.seen.map(({ headers }) => headers['client-request-id'])
    expect(new Set(ids).size).toBe(2)
    expect(server.seen[0]?.headers['user-agent']).toBe('ISV|Holdfast|Holdfast/0.1.0')
  })

  it('goes over a new connection after a 503', async () => {
    const server = await serve((_request, response, index) => {
      if (index === 10) sendError(response, 503, 'serviceNotAvailable')
      else sendJson(response, 200, {})
    })
    const client = clientFor(server)
    for (let sent = 0; sent < 20; sent++) await client.json({ path: '/me', pool: mailbox })
    const ports = server.seen.map(({ port }) => port)
    const before = new Set(ports.slice(0, 11))
    expect(before.size).toBeLessThan(5)
    expect(ports.slice(11).filter((port) => before.has(port))).toEqual([])
  })
})

describe('a POST', () => {
  const post = { method: 'POST', path: '/me/messages', pool: mailbox, body: {} } as const

  it.each([500, 502, 504, 503])('is not sent again after a %i', async (status) => {
    const server = await serve((_request, response) => sendError(response, status, 'generalException'))
    const error = await failure(clientFor(server).json(post))
    expect(isEngineError(error, 'graph.service-failed')).toBe(true)
    expect(server.seen).toHaveLength(1)
  })

  it('is sent again when Graph did not begin with it', async () => {
    const server = await serve((_request, response, index) => {
      if (index === 0) sendError(response, 503, 'serviceNotAvailable', { 'retry-after': '2' })
      else if (index === 1) sendError(response, 429, 'TooManyRequests')
      else sendJson(response, 201, { id: '1' })
    })
    expect(await clientFor(server).json(post)).toEqual({ id: '1' })
    expect(server.seen).toHaveLength(3)
  })

  it('is sent again when the caller says that this does no harm', async () => {
    const server = await serve((_request, response, index) => {
      if (index === 0) sendError(response, 500, 'generalException')
      else sendJson(response, 201, { id: '1' })
    })
    expect(await clientFor(server).json({ ...post, idempotent: true })).toEqual({ id: '1' })
  })

  it('is not sent again after a reset', async () => {
    const server = await serve((_request, response) => response.destroy())
    const error = await failure(clientFor(server).json(post))
    expect(isEngineError(error, 'graph.service-failed')).toBe(true)
    expect(server.seen).toHaveLength(1)
  })

  it('is sent again when there was no connection', async () => {
    const error = await failure(
      clientFor({ url: 'http://127.0.0.1:1' }, { limits: { attemptsBeforeContact: 3 } }).json(post),
    )
    expect(isEngineError(error, 'graph.unreachable') && error.retry).toBe('later')
  })
})

describe('an empty 404 of a mailbox', () => {
  it('is asked again, since it mostly passes', async () => {
    const server = await serve((_request, response, index) => {
      if (index < 2) response.writeHead(404).end()
      else sendJson(response, 200, { id: '1' })
    })
    expect(await clientFor(server).json({ path: '/me/messages/1', pool: mailbox })).toEqual({ id: '1' })
  })

  it('is believed in the end', async () => {
    const server = await serve((_request, response) => response.writeHead(404).end())
    const error = await failure(clientFor(server).bytes({ path: '/me/messages/1/$value', pool: mailbox }))
    expect(isEngineError(error, 'graph.not-found')).toBe(true)
    expect(server.seen).toHaveLength(4)
  })

  it('is believed at once when it has a body', async () => {
    const server = await serve((_request, response) => sendError(response, 404, 'ErrorItemNotFound'))
    const error = await failure(clientFor(server).bytes({ path: '/me/messages/1/$value', pool: mailbox }))
    expect(isEngineError(error, 'graph.not-found')).toBe(true)
    expect(server.seen).toHaveLength(1)
  })
})

describe('Graph out of reach', () => {
  it('fails after a few attempts when it never answered', async () => {
    const clock = steppingClock()
    const client = clientFor({ url: 'http://127.0.0.1:1' }, { clock, limits: { attemptsBeforeContact: 3 } })
    const error = await failure(client.json({ path: '/me', pool: mailbox }))
    expect(isEngineError(error, 'graph.unreachable') && error.retry).toBe('later')
    expect(isEngineError(error) && error.context.fault).toBe('ECONNREFUSED')
    expect(clock.waits).toHaveLength(2)
  })
})

describe('what Graph refuses', () => {
  it('is not asked again', async () => {
    const server = await serve((_request, response) => sendError(response, 403, 'ErrorAccessDenied'))
    const error = await failure(clientFor(server).json({ path: '/me', pool: mailbox }))
    expect(isEngineError(error, 'graph.forbidden')).toBe(true)
    expect(server.seen).toHaveLength(1)
  })
})
