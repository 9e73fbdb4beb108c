import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici'
import type { ClientLimits } from './limits.ts'
import type { AnswerHeaders } from './retry-after.ts'
import { WireBody } from './wire-body.ts'
import { WireFault, wireFault } from './wire-fault.ts'

export interface WireRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | undefined
  /** Asked in the very moment before the first byte goes out. */
  readonly mayStart: () => boolean
  readonly signal?: AbortSignal | undefined
}

export interface WireAnswer {
  readonly status: number
  /** Names in lower case; repeated ones joined with a comma. */
  readonly headers: AnswerHeaders
  readonly body: WireBody
  /** Which set of connections it came over. */
  readonly generation: number
}

export interface Transport {
  /**
   * Resolves with the headers; the body follows. Rejects with a WireFault, or with the signal's reason. The signal
   * also ends the body.
   */
  send(request: WireRequest): Promise<WireAnswer>
  /** What follows goes over new connections, unless that happened already since the generation. */
  renew(generation: number): void
  close(): Promise<void>
}

export type TransportLimits = Pick<ClientLimits, 'connectMs' | 'headersMs' | 'stallMs'>

export interface TransportOptions {
  readonly limits: TransportLimits
  /** Loopback servers are reached directly, whatever proxy the environment names. */
  readonly loopback: boolean
  /** Instead of connections of its own. */
  readonly dispatcher?: Dispatcher | undefined
}

/** A slow line may need this long for an upload before the answer's time starts. */
const slowestUploadBytesPerMs = 16
const idleConnectionMs = 20_000

export function createTransport(options: TransportOptions): Transport {
  let dispatcher = options.dispatcher ?? connect(options)
  let generation = 0
  const retired = new Set<Promise<void>>()
  const underWay = new Set<Sending>()
  return {
    send(request) {
      const sending = new Sending(request, generation, () => underWay.delete(sending))
      underWay.add(sending)
      return sending.run(dispatcher, options.limits)
    },
    renew(of) {
      if (options.dispatcher !== undefined || of !== generation) return
      const old = dispatcher
      dispatcher = connect(options)
      generation++
      // Waits for what is in flight on it.
      const closing = old.close()
      retired.add(closing)
      const forget = (): void => {
        retired.delete(closing)
      }
      closing.then(forget, forget)
    },
    async close() {
      for (const sending of underWay) sending.giveUp(new WireFault('reset', 'closed'))
      if (options.dispatcher !== undefined) return
      await dispatcher.destroy()
      await Promise.allSettled(retired)
    },
  }
}

function connect({ limits, loopback }: TransportOptions): Dispatcher {
  const settings = {
    connect: { timeout: limits.connectMs },
    keepAliveTimeout: idleConnectionMs,
    pipelining: 1,
  }
  return !loopback && proxyNamed() ? new EnvHttpProxyAgent(settings) : new Agent(settings)
}

function proxyNamed(): boolean {
  const { env } = process
  return ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'].some((name) => (env[name] ?? '') !== '')
}

/** One request on its way, as undici's handler. */
class Sending implements Dispatcher.DispatchHandler {
  readonly #request: WireRequest
  readonly #generation: number
  readonly #answer = Promise.withResolvers<WireAnswer>()
  #controller: Dispatcher.DispatchController | undefined
  #body: WireBody | undefined
  #began = false
  readonly #over: () => void
  #gaveUp = false

  constructor(request: WireRequest, generation: number, over: () => void) {
    this.#request = request
    this.#generation = generation
    this.#over = over
  }

  run(dispatcher: Dispatcher, limits: TransportLimits): Promise<WireAnswer> {
    const { url, method, headers, body, signal } = this.#request
    if (signal?.aborted === true) this.giveUp(reason(signal))
    if (this.#gaveUp) return this.#answer.promise
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    const uploadMs = Math.ceil((body?.length ?? 0) / slowestUploadBytesPerMs)
    const options = {
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers,
      body: body ?? null,
      headersTimeout: limits.headersMs + uploadMs,
      bodyTimeout: limits.stallMs,
    }
    try {
      dispatcher.dispatch(options, this)
    } catch (error) {
      this.#finish(wireFault(error, false, false))
    }
    return this.#answer.promise
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#gaveUp) controller.abort(new WireFault('not-sent', 'aborted'))
    else if (this.#request.mayStart()) this.#began = true
    else controller.abort(new WireFault('held-back', 'blocked'))
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return
    const flat = flatten(headers)
    const body = new WireBody(
      {
        pause: () => {
          if (!controller.paused) controller.pause()
        },
        resume: () => {
          if (controller.paused) controller.resume()
        },
        abort: () => {
          controller.abort(new WireFault('truncated', 'aborted'))
        },
      },
      contentLength(flat),
    )
    this.#body = body
    this.#answer.resolve({ status, headers: flat, body, generation: this.#generation })
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#body?.push(chunk)
  }

  onResponseEnd(): void {
    this.#finish()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#finish(wireFault(error, this.#began, this.#body !== undefined))
  }

  giveUp(error: Error): void {
    this.#gaveUp = true
    this.#finish(error)
    this.#controller?.abort(new WireFault('reset', 'aborted'))
  }

  readonly #onAbort = (): void => {
    this.giveUp(reason(this.#request.signal))
  }

  #finish(error?: Error): void {
    this.#request.signal?.removeEventListener('abort', this.#onAbort)
    this.#over()
    if (error === undefined) this.#body?.end()
    else {
      this.#body?.fail(error)
      this.#answer.reject(error)
    }
  }
}

function reason(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('aborted')
}

function contentLength(headers: AnswerHeaders): number | undefined {
  const text = headers['content-length']
  if (text === undefined || headers['content-encoding'] !== undefined || !/^\d{1,15}$/.test(text)) return undefined
  return Number(text)
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): AnswerHeaders {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ')
  }
  return flat
}
