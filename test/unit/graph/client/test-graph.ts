import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import type { TokenSource } from '../../../../src-main/engine/ports/token-source.ts'
import { createGraphClient, type GraphClientOptions } from '../../../../src-main/graph/client/client.ts'
import type { Pool } from '../../../../src-main/graph/client/limits.ts'
import type { GraphClient } from '../../../../src-main/graph/client/types.ts'
import { settled, steppingClock } from './clocks.ts'

export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The client's end of the connection. */
  readonly port: number | undefined
}

export interface TestServer {
  readonly url: string
  readonly seen: readonly Seen[]
  readonly mostInFlight: number
  /** Resolves once so many requests have come: a client may give one up before it is read here. */
  arrived(count: number): Promise<void>
}

export type Answering = (request: Seen, response: ServerResponse, index: number) => unknown

/** A plain HTTP server on loopback, gone with the test. `index` counts the requests from 0. */
export async function serve(answer: Answering): Promise<TestServer> {
  const seen: Seen[] = []
  let inFlight = 0
  let mostInFlight = 0
  const server = createServer((request, response) => {
    mostInFlight = Math.max(mostInFlight, ++inFlight)
    whenOver(request, response, () => inFlight--)
    void bodyOf(request).then(async (body) => {
      if (body === undefined) return
      const port = request.socket.remotePort
      const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body, port }
      seen.push(one)
      await answer(one, response, seen.length - 1)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    get mostInFlight() {
      return mostInFlight
    },
    async arrived(count) {
      while (seen.length < count) await settled()
    },
  }
}

/** Calls once: when the answer is out, or the client has hung up, of which the answer learns some turns later. */
function whenOver({ socket }: IncomingMessage, response: ServerResponse, call: () => void): void {
  const over = (): void => {
    socket.off('end', over)
    response.off('close', over)
    call()
  }
  socket.on('end', over)
  response.on('close', over)
}

/** Undefined if the client hung up in the middle of it. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks).toString('utf8')
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

export function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
  message = 'something about somebody@example.com',
): void {
  const error = { code, message, innerError: { 'request-id': '11111111-2222-3333-4444-555555555555' } }
  sendJson(response, status, { error }, headers)
}

export const mailbox: Pool = { kind: 'mailbox', id: 'AAAAAAAA-0000-0000-0000-000000000001' }

export const fixedToken: TokenSource = { token: () => Promise.resolve('token-1') }

/** A client with a clock that never really waits, closed with the test. */
export function clientFor(server: { readonly url: string }, options: Partial<GraphClientOptions> = {}): GraphClient {
  const client = createGraphClient({
    baseUrl: server.url,
    tokens: fixedToken,
    clock: steppingClock(),
    random: () => 0.5,
    ...options,
  })
  onTestFinished(() => client.close())
  return client
}

/** The rejection's value; fails when there is none. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('expected a rejection')
}
