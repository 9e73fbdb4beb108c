import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import { Agent, EnvHttpProxyAgent, request, type Dispatcher } from 'undici'
import { EngineError } from '../engine/model/errors.ts'
import type { Clock } from '../engine/ports/clock.ts'
import { aadstsIn, type Refusal } from './sign-in-error.ts'

/** MSAL's way to the sign-in service: with time-outs and retries, through the proxy that the environment names. */
export interface LoginNetwork extends INetworkModule {
  /** Why the service could not be asked, if so: MSAL hides what its network throws. */
  readonly fault: EngineError | undefined
  /** How the service last said no, if so: MSAL does not hand everything on. */
  readonly refusal: Refusal | undefined
  close(): Promise<void>
}

export interface LoginNetworkOptions {
  /** https, or plain http on this machine. */
  readonly loginBaseUrl: URL
  readonly clock: Clock
  readonly random: () => number
  /** Carries the requests instead of connections of its own; the caller closes it. */
  readonly dispatcher?: Dispatcher | undefined
}

interface Reply {
  readonly status: number
  readonly headers: Record<string, string>
  readonly text: string
}

const connectMs = 15_000
const answerMs = 30_000
const attempts = 4
const backoffMs = 500
const longestRetryAfterMs = 60_000

export function createLoginNetwork(options: LoginNetworkOptions): LoginNetwork {
  return new Network(options)
}

class Network implements LoginNetwork {
  fault: EngineError | undefined
  refusal: Refusal | undefined
  readonly #options: LoginNetworkOptions
  readonly #dispatcher: Dispatcher

  constructor(options: LoginNetworkOptions) {
    this.#options = options
    this.#dispatcher = options.dispatcher ?? connect(options.loginBaseUrl)
  }

  sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send('GET', url, options)
  }

  sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send('POST', url, options)
  }

  async close(): Promise<void> {
    if (this.#options.dispatcher === undefined) await this.#dispatcher.close()
  }

  async #send<T>(method: 'GET' | 'POST', url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    const target = this.#target(url)
    for (let attempt = 1; ; attempt++) {
      const reply = await this.#ask(method, target, options)
      const failure = reply instanceof EngineError ? reply : replyFailure(reply)
      // What MSAL expects of the service's answers is MSAL's to check.
      if (failure === undefined) return this.#answered(asResponse<T>(reply as Reply))
      if (attempt >= attempts) {
        this.fault = failure
        throw failure
      }
      await this.#options.clock.wait(this.#delay(reply, attempt))
    }
  }

  #answered<T>(response: NetworkResponse<T>): NetworkResponse<T> {
    const { error, error_description: text } = { ...(response.body as Readonly<Record<string, unknown>>) }
    const aadsts = typeof text === 'string' ? aadstsIn(text) : undefined
    this.refusal = typeof error === 'string' ? { error, ...(aadsts === undefined ? {} : { aadsts }) } : undefined
    return response
  }

  /** MSAL takes https authorities only; a loopback service that speaks plain http is reached here. */
  #target(url: string): URL {
    const { loginBaseUrl } = this.#options
    const target = new URL(url)
    if (target.host === loginBaseUrl.host) target.protocol = loginBaseUrl.protocol
    return target
  }

  async #ask(method: 'GET' | 'POST', url: URL, options?: NetworkRequestOptions): Promise<Reply | EngineError> {
    try {
      const { statusCode, headers, body } = await request(url, {
        method,
        headers: options?.headers ?? {},
        body: method === 'POST' ? (options?.body ?? '') : null,
        headersTimeout: answerMs,
        bodyTimeout: answerMs,
        dispatcher: this.#dispatcher,
      })
      return { status: statusCode, headers: flatten(headers), text: await body.text() }
    } catch (error) {
      return unreachable({ fault: faultCode(error) }, error)
    }
  }

  #delay(reply: Reply | EngineError, attempt: number): number {
    const seconds = reply instanceof EngineError ? NaN : Number(reply.headers['retry-after'])
    if (seconds > 0) return Math.min(seconds * 1000, longestRetryAfterMs)
    return Math.ceil(this.#options.random() * backoffMs * 2 ** attempt)
  }
}

export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname)
}

/** Loopback services are reached directly, whatever proxy the environment names. */
function connect(loginBaseUrl: URL): Dispatcher {
  const settings = { connect: { timeout: connectMs } }
  const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']
  const proxied = !isLoopback(loginBaseUrl) && names.some((name) => (process.env[name] ?? '') !== '')
  return proxied ? new EnvHttpProxyAgent(settings) : new Agent(settings)
}

function replyFailure({ status, text }: Reply): EngineError | undefined {
  if (status === 429 || status >= 500) return unreachable({ status })
  return isJson(text) ? undefined : unreachable({ status, fault: 'not-json' })
}

function asResponse<T>({ status, headers, text }: Reply): NetworkResponse<T> {
  return { status, headers, body: JSON.parse(text) as T }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function unreachable(context: Readonly<Record<string, string | number>>, cause?: unknown): EngineError {
  return new EngineError('auth.unreachable', { retry: 'later', context, cause })
}

function faultCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'unknown'
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ')
  }
  return flat
}
