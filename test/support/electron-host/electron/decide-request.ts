import { policyToBrowser, toApp, toBrowser } from '../addresses.ts'
import type { RecordedRequest } from '../control/recorded.ts'
import type { HeaderList, PageAnswer, PageRequest, RequestDecision } from '../link/messages.ts'
import { host } from './app-link.ts'
import { ownSchemes } from './protocol.ts'
import { sessionByKey, type StandInSession } from './session.ts'
import { contentsOf } from './web-contents.ts'
import type { RequestDetails } from './web-request.ts'

const resourceTypes: Readonly<Record<string, string>> = {
  Stylesheet: 'stylesheet',
  Script: 'script',
  Image: 'image',
  Font: 'font',
  XHR: 'xhr',
  Fetch: 'xhr',
  Ping: 'ping',
  CSPViolationReport: 'cspReport',
  Media: 'media',
  WebSocket: 'webSocket',
}

const requests: RecordedRequest[] = []
let counted = 0

function detailsOf(request: PageRequest): RequestDetails {
  const contents = request.window === undefined ? undefined : contentsOf(request.window)
  const frame = request.mainFrame ? 'mainFrame' : 'subFrame'
  return {
    id: ++counted,
    url: toApp(request.url),
    method: request.method,
    resourceType: request.resourceType === 'Document' ? frame : (resourceTypes[request.resourceType] ?? 'other'),
    referrer: toApp(request.headers.Referer ?? ''),
    timestamp: Date.now(),
    webContentsId: contents?.id,
    webContents: contents,
    frame: request.mainFrame ? contents?.mainFrame : null,
  }
}

/** Main's own decisions, in Electron's order: navigation, webRequest, the scheme's handler. */
async function decide(request: PageRequest): Promise<RequestDecision> {
  const session = sessionByKey(request.session)
  const details = detailsOf(request)
  if (isNavigationRefused(request, details.url)) return note(request, 'refused', { do: 'fail', why: 'Aborted' })
  const before = await session.webRequest.before(details)
  if (before.cancel === true) {
    session.webRequest.failed(details)
    return note(request, 'refused', { do: 'fail', why: 'BlockedByClient' })
  }
  if (before.redirectURL !== undefined) return note(request, 'answered', redirect(before.redirectURL))
  const sending = await session.webRequest.sending(details, request.headers)
  if (sending.cancel === true) return note(request, 'refused', { do: 'fail', why: 'BlockedByClient' })
  const handler = session.protocol.handlerOf(details.url)
  if (handler !== undefined) {
    const answer = await answerBy(session, details, handler(handlerRequest(request, details.url)))
    return note(request, 'answered', { do: 'answer', answer })
  }
  if (ownSchemes().some((scheme) => details.url.startsWith(`${scheme}:`)))
    return note(request, 'refused', { do: 'fail', why: 'Failed' })
  const changedHeaders = sending.requestHeaders === undefined ? {} : { headers: joined(sending.requestHeaders) }
  const watchHeaders = session.webRequest.watchesHeaders(details)
  return note(request, 'network', { do: 'continue', watchHeaders, ...changedHeaders })
}

function isNavigationRefused(request: PageRequest, url: string): boolean {
  const contents = request.window === undefined ? undefined : contentsOf(request.window)
  if (contents === undefined || request.resourceType !== 'Document') return false
  if (request.redirectedFrom !== undefined) return contents.refusesRedirect(url, request.mainFrame)
  return request.byPage && contents.refusesNavigation(url, request.mainFrame)
}

function note(request: PageRequest, outcome: RecordedRequest['outcome'], decision: RequestDecision): RequestDecision {
  const { session, window, resourceType } = request
  requests.push({ url: toApp(request.url), session, window, resourceType, outcome })
  return decision
}

function redirect(url: string): RequestDecision {
  const location = toBrowser(url, ownSchemes())
  return { do: 'answer', answer: { status: 307, headers: [['location', location]], body: new Uint8Array() } }
}

function handlerRequest({ method, headers, body }: PageRequest, url: string): Request {
  const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD'
  return new Request(url, { method, headers: { ...headers }, ...(hasBody ? { body: Buffer.from(body) } : {}) })
}

async function answerBy(
  session: StandInSession,
  details: RequestDetails,
  handled: Response | Promise<Response>,
): Promise<PageAnswer> {
  const response = await handled
  const bytes = new Uint8Array(await response.arrayBuffer())
  const headers = await receivedHeaders(session, details, response.status, [...response.headers])
  session.webRequest.completed(details, response.status)
  const kind = response.headers.get('content-type') ?? ''
  return { status: response.status, headers: headers.map(headerToBrowser), body: bodyToBrowser(bytes, kind) }
}

/** The headers after main has seen them. */
async function receivedHeaders(
  session: StandInSession,
  details: RequestDetails,
  status: number,
  headers: HeaderList,
): Promise<HeaderList> {
  const gathered: Record<string, string[]> = {}
  for (const [name, value] of headers) gathered[name] = [...(gathered[name] ?? []), value]
  const { responseHeaders } = await session.webRequest.received(details, status, gathered)
  if (responseHeaders === undefined) return headers
  return Object.entries(responseHeaders).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as const),
  )
}

function headerToBrowser([name, value]: HeaderList[number]): HeaderList[number] {
  const isPolicy = /^content-security-policy/i.test(name)
  return [name, isPolicy ? policyToBrowser(value, ownSchemes()) : toBrowser(value, ownSchemes())]
}

/** Addresses of the app's schemes in pages, scripts and styles become those that Chromium understands. */
function bodyToBrowser(bytes: Uint8Array, kind: string): Uint8Array {
  if (!/^text\/(html|css|javascript)|^application\/javascript/.test(kind)) return bytes
  const text = Buffer.from(bytes).toString('utf8')
  const changed = toBrowser(text, ownSchemes())
  return changed === text ? bytes : Buffer.from(changed)
}

function joined(headers: Readonly<Record<string, string | string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]))
}

host.answer('page.request', decide)
host.answer('page.headers', async ({ request, status, headers }) => {
  const session = sessionByKey(request.session)
  return await receivedHeaders(session, detailsOf(request), status, headers)
})
host.answer('control.requests', () => [...requests])
