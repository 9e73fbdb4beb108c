import { createServer as createProxy } from 'node:http'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'
import { settled } from './clocks.ts'
import { clientFor, failure, mailbox, sendJson, serve } from './test-graph.ts'

const attempts = { attemptsBeforeContact: 2 }

describe('a connection', () => {
  it('that does not come about in time counts as out of reach', async () => {
    // Takes the connection, but never says a word of TLS.
    const sockets = new Set<Socket>()
    const server = createServer((socket) => sockets.add(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    })
    const limits = { ...attempts, connectMs: 40 }
    const client = clientFor({ url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` }, { limits })
    const error = await failure(client.json({ path: '/me', pool: mailbox }))
    expect(isEngineError(error, 'graph.unreachable') && error.context.fault).toBe('UND_ERR_CONNECT_TIMEOUT')
    // The client may have given the second one up before it is taken here.
    while (sockets.size < 2) await settled()
    expect(sockets.size).toBe(2)
  })

  it('to somebody without TLS is not tried again', async () => {
    const server = await serve((_request, response) => sendJson(response, 200, {}))
    const client = clientFor({ url: server.url.replace('http:', 'https:') })
    const error = await failure(client.json({ path: '/me', pool: mailbox }))
    expect(isEngineError(error, 'graph.unreachable') && error.retry).toBe('never')
    expect(server.seen).toHaveLength(0)
  })
})

describe('a proxy named by the environment', () => {
  async function proxy(): Promise<readonly string[]> {
    const asked: string[] = []
    const server = createProxy()
    server.on('connect', (request, socket) => {
      asked.push(request.url ?? '')
      socket.on('error', () => undefined)
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    for (const name of ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY']) vi.stubEnv(name, url)
    for (const name of ['no_proxy', 'NO_PROXY']) vi.stubEnv(name, '')
    onTestFinished(async () => {
      vi.unstubAllEnvs()
      await new Promise((resolve) => server.close(resolve))
    })
    return asked
  }

  it('is used', async () => {
    const asked = await proxy()
    const client = clientFor({ url: 'https://graph.example.invalid' }, { limits: attempts })
    const error = await failure(client.json({ path: '/me', pool: mailbox }))
    expect(isEngineError(error, 'graph.unreachable')).toBe(true)
    expect(asked).toContain('graph.example.invalid:443')
  })

  it('is not used for this machine', async () => {
    const asked = await proxy()
    const server = await serve((_request, response) => sendJson(response, 200, { id: '1' }))
    expect(await clientFor(server).json({ path: '/me', pool: mailbox })).toEqual({ id: '1' })
    expect(asked).toEqual([])
  })
})
