import type { CDPSession } from 'playwright-core'
import type { HostSide } from './host-side.ts'
import type { Headers, PageAnswer, PageRequest, RequestDecision, SessionKey } from '../link/messages.ts'

/** Chromium's own notice of a request that waits: https://chromedevtools.github.io/devtools-protocol/tot/Fetch/ */
interface Paused {
  readonly requestId: string
  readonly request: {
    readonly url: string
    readonly method: string
    readonly headers: Headers
    readonly postDataEntries?: readonly { readonly bytes?: string }[]
  }
  readonly frameId: string
  readonly resourceType: string
  readonly responseStatusCode?: number
  readonly responseErrorReason?: string
  readonly responseHeaders?: readonly { readonly name: string; readonly value: string }[]
  readonly redirectedRequestId?: string
}

type Continuing = Extract<RequestDecision, { do: 'continue' }>

export interface RequestPlace {
  readonly window: number
  readonly session: SessionKey
  /** The page's own frame. */
  readonly frameId: string
  /** Whether the page, not the app, navigates now. */
  byPage(): boolean
}

/** Lets the app decide on every request of a page, redirects among them. */
export class PageRequests {
  readonly #cdp: CDPSession
  readonly #app: HostSide['app']
  readonly #place: RequestPlace
  /** Requests whose response the app wants to see. */
  readonly #watched = new Map<string, PageRequest>()
  /** Where a chain of redirects came from. */
  readonly #addresses = new Map<string, string>()

  private constructor(cdp: CDPSession, app: HostSide['app'], place: RequestPlace) {
    this.#cdp = cdp
    this.#app = app
    this.#place = place
  }

  static async watch(cdp: CDPSession, app: HostSide['app'], place: RequestPlace): Promise<void> {
    const requests = new PageRequests(cdp, app, place)
    cdp.on('Fetch.requestPaused', (paused) => void requests.#paused(paused as Paused))
    await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
  }

  async #paused(paused: Paused): Promise<void> {
    try {
      const isResponse = paused.responseStatusCode !== undefined || paused.responseErrorReason !== undefined
      await (isResponse ? this.#seeHeaders(paused) : this.#decide(paused))
    } catch (error) {
      // The page is closed, and its request with it.
      if (!isClosed(error)) throw error
    }
  }

  async #decide(paused: Paused): Promise<void> {
    const request = this.#requestOf(paused)
    const { requestId } = paused
    this.#addresses.set(requestId, request.url)
    const decision = await decideSafely(this.#app, request)
    if (decision.do === 'fail') await this.#cdp.send('Fetch.failRequest', { requestId, errorReason: decision.why })
    else if (decision.do === 'answer') await this.#answer(requestId, decision.answer)
    else await this.#continue(requestId, request, decision)
  }

  async #continue(requestId: string, request: PageRequest, decision: Continuing): Promise<void> {
    const { url, headers, watchHeaders = false } = decision
    if (watchHeaders) this.#watched.set(requestId, request)
    await this.#cdp.send('Fetch.continueRequest', {
      requestId,
      interceptResponse: watchHeaders,
      ...(url === undefined ? {} : { url }),
      ...(headers === undefined ? {} : { headers: Object.entries(headers).map(([name, value]) => ({ name, value })) }),
    })
  }

  async #answer(requestId: string, { status, headers, body }: PageAnswer): Promise<void> {
    await this.#cdp.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: status,
      responseHeaders: headers.map(([name, value]) => ({ name, value })),
      body: Buffer.from(body).toString('base64'),
    })
  }

  async #seeHeaders({ requestId, responseStatusCode = 0, responseHeaders = [] }: Paused): Promise<void> {
    const request = this.#watched.get(requestId)
    this.#watched.delete(requestId)
    if (request === undefined || responseStatusCode === 0) {
      await this.#cdp.send('Fetch.continueResponse', { requestId })
      return
    }
    const headers = responseHeaders.map(({ name, value }) => [name, value] as const)
    const wanted = await this.#app.call('page.headers', { request, status: responseStatusCode, headers })
    if (isRedirect(responseStatusCode)) {
      await this.#cdp.send('Fetch.continueResponse', { requestId })
      return
    }
    // A policy counts only in an answer that is made anew: Chromium has read those of the network already.
    const { body, base64Encoded } = await this.#cdp.send('Fetch.getResponseBody', { requestId })
    const bytes = Buffer.from(body, base64Encoded ? 'base64' : 'utf8')
    const plain = wanted.filter(([name]) => !/^content-(encoding|length)$/i.test(name))
    await this.#answer(requestId, { status: responseStatusCode, headers: plain, body: bytes })
  }

  #requestOf({ request, frameId, resourceType, redirectedRequestId }: Paused): PageRequest {
    const { window, session } = this.#place
    const mainFrame = frameId === this.#place.frameId
    const { url, method, headers } = request
    const redirectedFrom = redirectedRequestId === undefined ? undefined : this.#addresses.get(redirectedRequestId)
    const byPage = !(mainFrame && resourceType === 'Document') || this.#place.byPage()
    const body = bytesOf(request.postDataEntries)
    return { window, session, url, method, headers, body, resourceType, mainFrame, byPage, redirectedFrom }
  }
}

/** A fault of the app's own handler fails the request, as Electron does it. */
export async function decideSafely(app: HostSide['app'], request: PageRequest): Promise<RequestDecision> {
  try {
    return await app.call('page.request', request)
  } catch (error) {
    process.stderr.write(`the app could not answer ${request.url}: ${String(error)}\n`)
    return { do: 'fail', why: 'Failed' }
  }
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304
}

function bytesOf(entries: Paused['request']['postDataEntries']): Uint8Array | undefined {
  return entries === undefined
    ? undefined
    : Buffer.concat(entries.map(({ bytes = '' }) => Buffer.from(bytes, 'base64')))
}

/** Playwright's and Chromium's words for a page, or a request, that is gone; and the link's for the app. */
export function isClosed(error: unknown): boolean {
  return /closed|process is gone|no object with guid|Invalid InterceptionId|Invalid state for continueInterceptedRequest|crashed|detached/i.test(
    String(error),
  )
}
