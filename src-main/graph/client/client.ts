import type { Dispatcher } from 'undici'
import { EngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { TokenSource } from '../../engine/ports/token-source.ts'
import { createAccounting, type RequestRecord } from './accounting.ts'
import { askJson } from './ask-json.ts'
import { performBatch, type BatchParts } from './batch.ts'
import { createBearer } from './bearer.ts'
import { clouds } from './clouds.ts'
import { decoded } from './decoded.ts'
import { checkedBase, isLoopback } from './graph-url.ts'
import { mergeLimits, type ClientLimitOptions } from './limits.ts'
import { performPages } from './pages.ts'
import { perform, type Contact } from './perform.ts'
import { prepare, type Prepared } from './prepare.ts'
import { readJson } from './readers.ts'
import { createScheduler } from './scheduler.ts'
import { performStream } from './stream.ts'
import { Together } from './together.ts'
import { createTransport } from './transport.ts'
import type { GraphClient, GraphRequest, RangeAnswer, RangeRequest } from './types.ts'

export interface GraphClientOptions {
  /** Default: Microsoft's global cloud. https, or plain http on this machine. See `clouds`. */
  readonly baseUrl?: string
  readonly tokens: TokenSource
  readonly clock: Clock
  /** From 0 up to 1, for the jitter of back-offs. */
  readonly random: () => number
  readonly limits?: ClientLimitOptions
  readonly userAgent?: string
  /** Told of each sending when it is over. */
  readonly onRequest?: (record: RequestRecord) => void
  /** Carries the requests instead of connections of the client's own; the caller closes it. */
  readonly dispatcher?: Dispatcher
}

/** As SharePoint wants it: kind, company, application and version. limits.md section 1, "Decorate traffic". */
const defaultUserAgent = 'ISV|Holdfast|Holdfast/0.1.0'

/** Rejects a base URL that would send tokens in the clear with `usage`. */
export function createGraphClient(options: GraphClientOptions): GraphClient {
  return new Client(options)
}

class Client implements GraphClient {
  readonly #parts: BatchParts
  readonly #contact: Contact = { made: false, closed: false }

  constructor({ tokens, clock, random, onRequest, dispatcher, ...options }: GraphClientOptions) {
    const base = checkedBase(options.baseUrl ?? clouds.global.graphBaseUrl)
    const limits = mergeLimits(options.limits)
    const scheduler = createScheduler({ limits, clock, random })
    this.#parts = {
      base,
      userAgent: options.userAgent ?? defaultUserAgent,
      limits,
      clock,
      random,
      scheduler,
      transport: createTransport({ limits, loopback: isLoopback(base), dispatcher }),
      bearer: createBearer(tokens),
      accounting: createAccounting(() => scheduler.throttledMs(), onRequest),
      contact: this.#contact,
      together: new Together(),
    }
  }

  async json<T>(request: GraphRequest): Promise<T> {
    if (this.#contact.closed) throw new EngineError('cancelled')
    return await askJson<T>(this.#parts, request)
  }

  async bytes(request: GraphRequest): Promise<Uint8Array<ArrayBuffer>> {
    return await perform(this.#parts, this.#prepare(request), { read: ({ answer }) => decoded(answer) })
  }

  async stream(request: GraphRequest): ReturnType<GraphClient['stream']> {
    const headers = { 'accept-encoding': 'identity', ...request.headers }
    return await performStream(this.#parts, this.#prepare({ ...request, headers }))
  }

  pages<T>(...[request, options]: Parameters<GraphClient['pages']>): ReturnType<typeof performPages<T>> {
    return performPages<T>(this.#parts, request, options ?? {})
  }

  async batch(...[members, options]: Parameters<GraphClient['batch']>): ReturnType<GraphClient['batch']> {
    return await performBatch(this.#parts, members, options)
  }

  async putRange({ url, bytes, contentRange, pool, signal }: RangeRequest): Promise<RangeAnswer> {
    const prepared = this.#prepare({
      method: 'PUT',
      path: url,
      anonymous: true,
      body: bytes,
      headers: { 'content-range': contentRange },
      pool,
      signal,
    })
    return await perform(this.#parts, prepared, {
      read: async ({ answer }) => {
        const location = answer.headers.location
        const body = await readJson(answer)
        return { status: answer.status, body, ...(location === undefined ? {} : { location }) }
      },
    })
  }

  accounting(): ReturnType<GraphClient['accounting']> {
    return this.#parts.accounting.snapshot()
  }

  async close(): Promise<void> {
    this.#contact.closed = true
    this.#parts.scheduler.close()
    await this.#parts.transport.close()
  }

  #prepare(request: GraphRequest): Prepared {
    if (this.#contact.closed) throw new EngineError('cancelled')
    return prepare(request, this.#parts.base, this.#parts.userAgent)
  }
}
