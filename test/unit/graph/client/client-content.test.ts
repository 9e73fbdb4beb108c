import { describe, expect, it } from 'vitest'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'
import { settled } from './clocks.ts'
import { clientFor, failure, mailbox, sendError, sendJson, serve } from './test-graph.ts'

const content = { path: '/drives/1/items/2/content', pool: { kind: 'drive' } } as const
const bytes = Buffer.from(Array.from({ length: 5_000_000 }, (_, at) => at % 251))

async function join(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('a stream', () => {
  it('gives the body piece by piece, with its size', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-length': String(bytes.length) }).end(bytes),
    )
    const client = clientFor(server)
    const stream = await client.stream(content)
    expect(stream).toMatchObject({ status: 200, size: bytes.length })
    expect((await join(stream.body)).equals(bytes)).toBe(true)
    expect(client.accounting().bytesIn).toBe(bytes.length)
  })

  it('does not run away from a slow reader', async () => {
    let written = 0
    const server = await serve((_request, response) => {
      response.writeHead(200)
      const write = (): void => {
        while (written < 200_000_000) {
          written += 65_536
          if (!response.write(bytes.subarray(0, 65_536))) return void response.once('drain', write)
        }
      }
      write()
    })
    const { body, cancel } = await clientFor(server).stream(content)
    const reader = body[Symbol.asyncIterator]()
    await reader.next()
    let before = -1
    while (before !== written) {
      before = written
      for (let turn = 0; turn < 200; turn++) await settled()
    }
    expect(written).toBeLessThan(50_000_000)
    cancel()
  })

  it('tells of a break in the middle, for the caller to begin again', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': String(bytes.length) })
      response.write(bytes.subarray(0, 100_000), () => response.destroy())
    })
    const { body } = await clientFor(server).stream(content)
    const error = await failure(join(body))
    expect(isEngineError(error, 'graph.service-failed') && error.retry).toBe('later')
    expect(server.seen).toHaveLength(1)
  })

  it('tells of silence in the middle', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '10' })
      response.write('x')
    })
    const { body } = await clientFor(server, { limits: { stallMs: 40 } }).stream(content)
    const error = await failure(join(body))
    expect(isEngineError(error, 'graph.stalled') && error.retry).toBe('later')
  })

  it('is tried again while there is no body yet', async () => {
    const server = await serve((_request, response, index) => {
      if (index === 0) sendError(response, 503, 'serviceNotAvailable')
      else response.end('abc')
    })
    const { body } = await clientFor(server).stream(content)
    expect((await join(body)).toString()).toBe('abc')
  })

  it.each(['break', 'cancel'])('gives its slot back after %s', async (way) => {
    const server = await serve((_request, response) => {
      response.writeHead(200)
      response.write('x')
    })
    const pools = { drive: { concurrency: 1, budgets: [] } }
    const client = clientFor(server, { limits: { pools } })
    for (let round = 0; round < 3; round++) {
      const { body, cancel } = await client.stream(content)
      if (way === 'cancel') cancel()
      else for await (const _chunk of body) break
    }
    expect(server.seen).toHaveLength(3)
  })

  it('follows a redirection without the token, and asks anew when that breaks', async () => {
    const store = await serve((_request, response, index) => {
      if (index === 0) response.writeHead(403).end()
      else response.end('abc')
    })
    const server = await serve((_request, response) =>
      response.writeHead(302, { location: `${store.url}/download?tempauth=${server.seen.length}` }).end(),
    )
    const client = clientFor(server)
    expect(isEngineError(await failure(client.bytes(content)), 'graph.forbidden')).toBe(true)
    const answer = await client.bytes({ ...content, headers: { Range: 'bytes=0-2' } })
    expect(Buffer.from(answer).toString()).toBe('abc')
    expect(store.seen.map(({ url }) => url)).toEqual(['/download?tempauth=1', '/download?tempauth=2'])
    expect(store.seen.every(({ headers }) => headers.authorization === undefined)).toBe(true)
    expect(store.seen[1]?.headers.range).toBe('bytes=0-2')
  })
})

describe('putting a range', () => {
  const range = { bytes: new Uint8Array([1, 2, 3]), contentRange: 'bytes 0-2/10', pool: mailbox } as const

  it('sends no token, and gives what the session answers', async () => {
    const server = await serve((_request, response, index) => {
      if (index === 0) sendJson(response, 200, { NextExpectedRanges: ['3'] })
      else response.writeHead(201, { location: `${server.url}/attachments/1` }).end()
    })
    const client = clientFor(server)
    const url = `${server.url}/upload?token=1`
    expect(await client.putRange({ ...range, url })).toEqual({ status: 200, body: { NextExpectedRanges: ['3'] } })
    expect(await client.putRange({ ...range, url })).toEqual({
      status: 201,
      body: undefined,
      location: `${server.url}/attachments/1`,
    })
    const [first] = server.seen
    expect(first).toMatchObject({ method: 'PUT', url: '/upload?token=1', body: '\u0001\u0002\u0003' })
    expect(first?.headers.authorization).toBeUndefined()
    expect(first?.headers).toMatchObject({
      'content-range': 'bytes 0-2/10',
      'content-length': '3',
      'content-type': 'application/octet-stream',
    })
  })

  it('sends the range again after a fault', async () => {
    const server = await serve((_request, response, index) => {
      if (index === 0) response.destroy()
      else sendJson(response, 202, {})
    })
    expect((await clientFor(server).putRange({ ...range, url: `${server.url}/u` })).status).toBe(202)
    expect(server.seen.map(({ body }) => body)).toEqual(Array(2).fill('\u0001\u0002\u0003'))
  })

  it.each([
    [416, 'graph.request-refused'],
    [404, 'graph.not-found'],
    [401, 'graph.forbidden'],
  ])('tells of a %i', async (status, code) => {
    const server = await serve((_request, response) => sendError(response, status, 'invalidRange'))
    const error = await failure(clientFor(server).putRange({ ...range, url: `${server.url}/u` }))
    expect(isEngineError(error) && [error.code, error.context.status]).toEqual([code, status])
    expect(server.seen).toHaveLength(1)
  })
})

describe('throughput', () => {
  it('keeps four in flight', async () => {
    const held: (() => void)[] = []
    const server = await serve((_request, response, index) => {
      held.push(() => sendJson(response, 200, {}))
      // Nobody is answered before all four slots are taken; a client that leaves one empty would wait for ever.
      if (held.length === 4 || index >= 196) for (const finish of held.splice(0)) finish()
    })
    const client = clientFor(server)
    await Promise.all(Array.from({ length: 200 }, (_, at) => client.json({ path: `/${at}`, pool: mailbox })))
    expect(server.seen).toHaveLength(200)
    expect(server.mostInFlight).toBe(4)
  })
})
