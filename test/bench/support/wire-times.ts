import { subscribe, unsubscribe } from 'node:diagnostics_channel'

interface OnTheWire {
  readonly path: string
  /** Milliseconds since 1970. */
  readonly at: number
}

interface Refusal extends OnTheWire {
  /** Until when it says to wait. */
  readonly until: number
}

interface UndiciMessage {
  readonly request: { readonly path: string }
  readonly response?: { readonly statusCode: number; readonly headers: readonly Buffer[] }
}

/**
 * When this process sent which request, and when it read which refusal: the server alone cannot tell whether a
 * request that came too early had left before its sender could know.
 * https://undici.nodejs.org/#/docs/api/DiagnosticsChannel
 */
export class WireTimes {
  readonly #sent: OnTheWire[] = []
  readonly #refusals: Refusal[] = []

  start(): void {
    subscribe('undici:client:sendHeaders', this.#onSent)
    subscribe('undici:request:headers', this.#onHeaders)
  }

  stop(): void {
    unsubscribe('undici:client:sendHeaders', this.#onSent)
    unsubscribe('undici:request:headers', this.#onHeaders)
  }

  /** Whether a request for that user, which arrived at that time, was sent although a refusal had been read. */
  leftTooEarly(userId: string, arrivedAt: number): boolean {
    const sent = this.#sent.findLast(({ path, at }) => path.includes(userId) && at <= arrivedAt)
    // Not found (in a batch, say): nothing speaks for it.
    if (sent === undefined) return true
    return this.#refusals.some(({ path, at, until }) => path.includes(userId) && at < sent.at && until > sent.at)
  }

  readonly #onSent = (message: unknown): void => {
    this.#sent.push({ path: (message as UndiciMessage).request.path, at: Date.now() })
  }

  readonly #onHeaders = (message: unknown): void => {
    const { request, response } = message as UndiciMessage
    const until = response === undefined ? undefined : retryAt(response.headers)
    if (until !== undefined) this.#refusals.push({ path: request.path, at: Date.now(), until })
  }
}

/** Names and values take turns. */
function retryAt(headers: readonly Buffer[]): number | undefined {
  const texts = headers.map(String)
  const index = texts.findIndex((text, at) => at % 2 === 0 && text.toLowerCase() === 'retry-after')
  const value = texts[index + 1]
  if (index < 0 || value === undefined) return undefined
  return /^\d+$/.test(value) ? Date.now() + Number(value) * 1000 : Date.parse(value)
}
