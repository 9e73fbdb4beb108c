import type { WebRequest, WebRequestFilter } from 'electron'
import { matches } from './url-pattern.ts'

/** What main is told of a request. */
export interface RequestDetails {
  readonly id: number
  readonly url: string
  readonly method: string
  readonly resourceType: string
  readonly referrer: string
  readonly timestamp: number
  readonly webContentsId: number | undefined
  readonly webContents: unknown
  readonly frame: unknown
}

interface Reply {
  readonly cancel?: boolean
  readonly redirectURL?: string
  readonly requestHeaders?: Readonly<Record<string, string | string[]>>
  readonly responseHeaders?: Readonly<Record<string, string | string[]>>
  readonly statusLine?: string
}

type Listener = (details: object, callback: (reply: Reply) => void) => void
type Watcher = (details: object) => void

/** Electron's two forms: with a filter first, or without. */
type Given<Kind> = readonly [listener: Kind | null] | readonly [filter: WebRequestFilter, listener: Kind | null]

interface Registered<Kind> {
  readonly filter: WebRequestFilter
  readonly listener: Kind
}

/** As in Electron there is one listener for each stage: the last one that was set. */
class Stage<Kind> {
  #registered: Registered<Kind> | undefined

  set(given: Given<Kind>): void {
    const [filter, listener] = given.length === 2 ? given : [{ urls: [] }, given[0]]
    this.#registered = listener === null ? undefined : { filter, listener }
  }

  listenerFor({ url, resourceType }: RequestDetails): Kind | undefined {
    const registered = this.#registered
    return registered !== undefined && matches(registered.filter, url, resourceType) ? registered.listener : undefined
  }
}

export class StandInWebRequest {
  readonly #before = new Stage<Listener>()
  readonly #sending = new Stage<Listener>()
  readonly #received = new Stage<Listener>()
  readonly #completed = new Stage<Watcher>()
  readonly #failed = new Stage<Watcher>()

  onBeforeRequest = (...given: Given<Listener>): void => this.#before.set(given)
  onBeforeSendHeaders = (...given: Given<Listener>): void => this.#sending.set(given)
  onHeadersReceived = (...given: Given<Listener>): void => this.#received.set(given)
  onCompleted = (...given: Given<Watcher>): void => this.#completed.set(given)
  onErrorOccurred = (...given: Given<Watcher>): void => this.#failed.set(given)

  async before(details: RequestDetails): Promise<Reply> {
    return await ask(this.#before.listenerFor(details), details)
  }

  async sending(details: RequestDetails, requestHeaders: Readonly<Record<string, string>>): Promise<Reply> {
    return await ask(this.#sending.listenerFor(details), { ...details, requestHeaders: { ...requestHeaders } })
  }

  watchesHeaders(details: RequestDetails): boolean {
    return this.#received.listenerFor(details) !== undefined
  }

  async received(
    details: RequestDetails,
    statusCode: number,
    responseHeaders: Record<string, string[]>,
  ): Promise<Reply> {
    const more = { statusCode, statusLine: `HTTP/1.1 ${String(statusCode)}`, responseHeaders }
    return await ask(this.#received.listenerFor(details), { ...details, ...more })
  }

  completed(details: RequestDetails, statusCode: number): void {
    this.#completed.listenerFor(details)?.({ ...details, statusCode, fromCache: false, error: 'net::OK' })
  }

  failed(details: RequestDetails): void {
    this.#failed.listenerFor(details)?.({ ...details, fromCache: false, error: 'net::ERR_BLOCKED_BY_CLIENT' })
  }
}

type Stages = 'onBeforeRequest' | 'onBeforeSendHeaders' | 'onHeadersReceived' | 'onCompleted' | 'onErrorOccurred'
StandInWebRequest satisfies new () => Record<Stages & keyof WebRequest, unknown>

function ask(listener: Listener | undefined, details: object): Promise<Reply> {
  if (listener === undefined) return Promise.resolve({})
  return new Promise((resolve) => listener(details, resolve))
}
