import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { maxRequestBytes, receiveBody, requestSlackBytes } from './body.ts'
import type { ReceivedBody } from './body.ts'
import type { Answer, SimulatorRequest } from './exchange.ts'
import { sendAnswer } from './send.ts'

export interface HttpServer {
  /** For instance `http://127.0.0.1:40123`. */
  readonly origin: string
  /** Stops listening and cuts every open connection. */
  close(): Promise<void>
}

export interface HttpServerOptions {
  readonly port: number
  readonly https: { readonly key: string; readonly cert: string } | undefined
  readonly compression: boolean
  readonly now: () => number
  readonly nextRequestId: () => string
  readonly answer: (request: SimulatorRequest) => Promise<Answer>
  readonly failed: (error: unknown) => void
  /** Longest body accepted on this path, when it is not Graph's usual limit. */
  readonly bodyLimit: (path: string) => number | undefined
}

/** Listens on loopback and hands every request to `answer`. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const listener: RequestListener = (incoming, outgoing) => {
    serve(options, incoming, outgoing).catch((error: unknown) => {
      options.failed(error)
      incoming.socket.destroy()
    })
  }
  const server = options.https === undefined ? createHttpServer(listener) : createHttpsServer(options.https, listener)
  server.keepAliveTimeout = 60_000
  server.requestTimeout = 0
  await listen(server, options.port)
  const { port } = server.address() as AddressInfo
  const scheme = options.https === undefined ? 'http' : 'https'
  return { origin: `${scheme}://127.0.0.1:${String(port)}`, close: () => closeServer(server) }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) resolve()
      else reject(error)
    })
    server.closeAllConnections()
  })
}

async function serve(options: HttpServerOptions, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const arrivedAt = options.now()
  const gone: (() => void)[] = []
  outgoing.once('close', () => {
    for (const act of gone) act()
  })
  const { path, queryText } = splitTarget(incoming.url ?? '/')
  const limit = options.bodyLimit(path) ?? maxRequestBytes + requestSlackBytes
  const received = await receiveOrUndefined(incoming, limit)
  if (received === undefined) return
  const request: SimulatorRequest = {
    method: incoming.method ?? 'GET',
    path,
    queryText,
    headers: singleHeaders(incoming),
    body: received.body,
    overflow: received.overflow,
    batched: false,
    arrivedAt,
    requestId: options.nextRequestId(),
    onGone: (act) => gone.push(act),
  }
  const answer = await options.answer(request)
  // The time that Retry-After is written in.
  outgoing.setHeader('Date', new Date(options.now()).toUTCString())
  await sendAnswer(request, answer, outgoing, options.compression)
}

/** The body, or nothing when the client went away while sending it. */
async function receiveOrUndefined(incoming: IncomingMessage, limit: number): Promise<ReceivedBody | undefined> {
  const bodyless =
    incoming.headers['content-length'] === undefined && incoming.headers['transfer-encoding'] === undefined
  if (bodyless) return { body: Buffer.alloc(0), overflow: 0 }
  try {
    return await receiveBody(incoming, limit)
  } catch (error) {
    if (incoming.destroyed) return undefined
    throw error
  }
}

function splitTarget(target: string): { readonly path: string; readonly queryText: string } {
  const mark = target.indexOf('?')
  return mark < 0 ? { path: target, queryText: '' } : { path: target.slice(0, mark), queryText: target.slice(mark + 1) }
}

function singleHeaders(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}
