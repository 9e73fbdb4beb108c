import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'
import { manualClock, settled, type ManualClock } from './clocks.ts'
import { clientFor, failure, mailbox, sendError, sendJson, serve } from './test-graph.ts'

const message = { path: '/me/messages/1/$value', pool: mailbox } as const
const mime = Buffer.from('From: somebody\r\n\r\nbody'.repeat(5_000))

describe('an answer that breaks off', () => {
  it('is fetched again after a reset before the headers', async () => {
    const server = await serve((_request, response, index) => {
      if (index === 0) response.destroy()
      else response.end(mime)
    })
    expect(Buffer.from(await clientFor(server).bytes(message))).toEqual(mime)
  })

  it.each([
    ['with a known length', { 'content-length': String(mime.length) }],
    ['in chunks', {}],
  ])('is fetched again after a reset in the middle, %s', async (_name, headers) => {
    const server = await serve((_request, response, index) => {
      response.writeHead(200, headers)
      if (index > 0) response.end(mime)
      else response.write(mime.subarray(0, 70_000), () => response.destroy())
    })
    const client = clientFor(server)
    const bytes = await client.bytes(message)
    expect(Buffer.from(bytes)).toEqual(mime)
    expect(bytes.buffer.byteLength).toBe(mime.length)
    expect(client.accounting()).toMatchObject({ requests: 2, retried: 1 })
  })

  it('is fetched again when it is no whole JSON', async () => {
    const server = await serve((_request, response, index) => {
      const text = '{"value":[{"id":"1"}]}'
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(index === 0 ? text.slice(0, 12) : text)
    })
    expect(await clientFor(server).json({ path: '/me', pool: mailbox })).toEqual({ value: [{ id: '1' }] })
  })

  it('is fetched again when JSON was announced and nothing came', async () => {
    const server = await serve((_request, response, index) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(index === 0 ? '' : '{}')
    })
    expect(await clientFor(server).json({ path: '/me', pool: mailbox })).toEqual({})
  })

  it('is fetched again when its compressed form is cut', async () => {
    const packed = gzipSync('{"id":"1"}')
    const server = await serve((_request, response, index) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      response.end(index === 0 ? packed.subarray(0, packed.length - 5) : packed)
    })
    expect(await clientFor(server).json({ path: '/me', pool: mailbox })).toEqual({ id: '1' })
    expect(server.seen[0]?.headers['accept-encoding']).toBe('gzip')
  })

  it('does not quote what was cut', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end('{"subject":"private matter')
    })
    const error = await failure(clientFor(server).json({ path: '/me', pool: mailbox }))
    expect(isEngineError(error, 'graph.service-failed') && error.retry).toBe('later')
    expect(isEngineError(error) && error.context.fault).toBe('json')
    let text = ''
    for (let at: unknown = error; at instanceof Error; at = at.cause) text += at.message
    expect(text).not.toContain('private')
  })
})

describe('an answer that does not come', () => {
  it('is given up and asked for again after silence before the headers', async () => {
    const server = await serve((_request, response, index) => {
      if (index > 0) sendJson(response, 200, { id: '1' })
    })
    const client = clientFor(server, { limits: { headersMs: 40 } })
    expect(await client.json({ path: '/me', pool: mailbox })).toEqual({ id: '1' })
  })

  it('is given up and asked for again after silence in the middle', async () => {
    const server = await serve((_request, response, index) => {
      response.writeHead(200, { 'content-length': String(mime.length) })
      if (index > 0) response.end(mime)
      else response.write(mime.subarray(0, 1000))
    })
    const client = clientFor(server, { limits: { stallMs: 40 } })
    expect(Buffer.from(await client.bytes(message))).toEqual(mime)
  })

  it('keeps its slot for a moment, since the server may not have noticed', async () => {
    const clock = manualClock()
    const server = await serve((_request, response, index) => {
      if (index > 0) sendJson(response, 200, {})
    })
    const pools = { mailbox: { concurrency: 1, budgets: [] } }
    const client = clientFor(server, { clock, limits: { pools, headersMs: 20, graceMs: 100, backoffMs: 1000 } })
    const first = client.json({ path: '/1', pool: mailbox })
    const second = client.json({ path: '/2', pool: mailbox })
    while (client.accounting().requests === 0) await settled()
    await clock.advance(99)
    for (let turn = 0; turn < 50; turn++) await settled()
    expect(server.seen).toHaveLength(1)
    await clock.advance(1)
    await server.arrived(2)
    expect(await whileTimePasses(clock, Promise.all([first, second]))).toEqual([{}, {}])
  })

  it('ends as stalled when it never comes', async () => {
    const server = await serve(() => undefined)
    const client = clientFor(server, { limits: { headersMs: 20, attempts: 2 } })
    const error = await failure(client.json({ path: '/me', pool: mailbox }))
    expect(isEngineError(error, 'graph.stalled') && error.retry).toBe('later')
    await server.arrived(2)
    expect(server.seen).toHaveLength(2)
  })
})

/** What the work gives; it waits as often as it has to, also because the machine was too busy for an answer in time. */
async function whileTimePasses<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  const state = { isDone: false }
  const done = work.finally(() => (state.isDone = true))
  while (!state.isDone) await (clock.waiting > 0 ? clock.advance(100) : settled())
  return await done
}

describe('an answer about an error', () => {
  it('counts by its status when its body breaks off', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(403, { 'content-length': '100' })
      response.write('{"error":', () => response.destroy())
    })
    const error = await failure(clientFor(server).json({ path: '/me', pool: mailbox }))
    expect(isEngineError(error, 'graph.forbidden')).toBe(true)
  })

  it('counts by its status when it is a page of a gateway', async () => {
    const server = await serve((_request, response, index) => {
      if (index > 0) sendJson(response, 200, {})
      else response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>')
    })
    expect(await clientFor(server).json({ path: '/me', pool: mailbox })).toEqual({})
  })

  it('gives undefined for a success without a body', async () => {
    const server = await serve((_request, response) => response.writeHead(204).end())
    expect(await clientFor(server).json({ method: 'DELETE', path: '/me/messages/1', pool: mailbox })).toBeUndefined()
  })

  it('reads the code of a mailbox that is not there', async () => {
    const server = await serve((_request, response) => sendError(response, 404, 'MailboxNotEnabledForRESTAPI'))
    const error = await failure(clientFor(server).json({ path: '/me', pool: mailbox }))
    expect(isEngineError(error, 'graph.no-mailbox') && error.context.graphCode).toBe('MailboxNotEnabledForRESTAPI')
  })
})
