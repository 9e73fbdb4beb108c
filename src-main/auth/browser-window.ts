import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EngineError } from '../engine/model/errors.ts'
import type { SignInWindow } from './sign-in-window.ts'

export interface BrowserWindowOptions {
  /** Shows an address in a browser; tells whether it could. */
  readonly openBrowser: (address: string) => Promise<boolean>
  /** Told where to sign in, for those whose browser does not come up. */
  readonly show: (page: string) => void
  /** How long a person may take. Default: a quarter of an hour, after which Microsoft's page gives up too. */
  readonly timeoutMs?: number
}

interface Listener {
  readonly servers: readonly Server[]
  readonly origin: string
}

/** What the listener answers with; `page` comes once MSAL has made it. */
interface Visit {
  page: string | undefined
  readonly back: PromiseWithResolvers<string>
}

const startPath = '/start'

/**
 * Signs in in the system's browser, which comes back to a port of this machine. Microsoft takes any port of
 * `http://localhost` when that is registered: https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions
 */
export function createBrowserWindow(options: BrowserWindowOptions): SignInWindow {
  return { open: (pageFor, signal) => signInInBrowser(options, pageFor, signal) }
}

async function signInInBrowser(
  options: BrowserWindowOptions,
  pageFor: (redirectUri: string) => Promise<string>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const visit: Visit = { page: undefined, back: Promise.withResolvers<string>() }
  const { servers, origin } = await listen((request, response) => {
    answer(visit, origin, request, response)
  })
  const stopWaiting = limitWaiting(visit, options.timeoutMs ?? 15 * 60_000, signal)
  try {
    visit.page = await pageFor(origin)
    options.show(visit.page)
    // The browser gets a short address: the page's own would show in the list of processes.
    await options.openBrowser(origin + startPath)
    return await visit.back.promise
  } finally {
    stopWaiting()
    await Promise.all(servers.map(close))
  }
}

function limitWaiting({ back }: Visit, timeoutMs: number, signal: AbortSignal | undefined): () => void {
  const cancel = (): void => {
    back.reject(new EngineError('cancelled', { cause: signal?.reason }))
  }
  const timer = setTimeout(() => {
    back.reject(new EngineError('auth.declined', { retry: 'reauth', context: { reason: 'timed-out' } }))
  }, timeoutMs)
  // Nobody waits for it yet when it is rejected early.
  back.promise.catch(() => undefined)
  if (signal?.aborted === true) cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  return () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cancel)
  }
}

function answer(
  visit: Visit,
  origin: string,
  request: Parameters<RequestListener>[0],
  response: Parameters<RequestListener>[1],
): void {
  const url = new URL(request.url ?? '/', origin)
  if (request.method !== 'GET') {
    sendPage(response, 405, 'This address takes no forms.')
  } else if (url.pathname === startPath && visit.page !== undefined) {
    response.writeHead(302, { location: visit.page, ...pageHeaders }).end()
  } else if (url.pathname === '/' && isAnswerTo(visit, url)) {
    sendPage(response, 200, 'Holdfast has the answer of the sign-in page. You can close this window.')
    // The page has to be out before the server closes.
    response.once('close', () => {
      visit.back.resolve(url.href)
    })
  } else {
    sendPage(response, 404, 'There is nothing here.')
  }
}

/** Any page in the browser could send something here: only the answer with our `state` counts. */
function isAnswerTo({ page }: Visit, url: URL): boolean {
  const state = url.searchParams.get('state')
  if (page === undefined || state === null || state !== new URL(page).searchParams.get('state')) return false
  return url.searchParams.has('code') || url.searchParams.has('error')
}

const pageHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'",
  'referrer-policy': 'no-referrer',
  connection: 'close',
}

function sendPage(response: ServerResponse, status: number, sentence: string): void {
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Holdfast</title><p>${sentence}</p></html>`
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...pageHeaders }).end(page)
}

/** Browsers may take "localhost" for either family of addresses: the same port of both. */
async function listen(listener: RequestListener): Promise<Listener> {
  const first = createServer(listener)
  await listenOn(first, '127.0.0.1', 0)
  const { port } = first.address() as AddressInfo
  const second = createServer(listener)
  try {
    await listenOn(second, '::1', port)
  } catch {
    // A machine without IPv6, or a port that is taken there: browsers try the other family then.
    return { servers: [first], origin: `http://localhost:${String(port)}` }
  }
  return { servers: [first, second], origin: `http://localhost:${String(port)}` }
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) resolve()
      else reject(error)
    })
    server.closeAllConnections()
  })
}
