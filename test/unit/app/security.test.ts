import { EventEmitter } from 'node:events'
import type { App, CallbackResponse, Session, WebContents } from 'electron'
import { expect, it } from 'vitest'
import {
  denyPermissions,
  guardApp,
  guardSession,
  guardWindow,
  isOwnPage,
  mayRequest,
  type GuardParts,
} from '../../../src-main/app/security.ts'

const opened: string[] = []
const parts: GuardParts = {
  developmentServer: undefined,
  openAddress: (address) => {
    opened.push(address)
    return Promise.resolve(true)
  },
  allowsRemote: (frame) => frame === 'app://preview/open',
}

type Opener = Parameters<WebContents['setWindowOpenHandler']>[0]

class FakeContents extends EventEmitter {
  opener: Opener | undefined
  setWindowOpenHandler(opener: Opener): void {
    this.opener = opener
  }
}

/** Emits an event and tells whether somebody prevented it. */
function prevented(emitter: EventEmitter, name: string, fields: object, ...rest: readonly unknown[]): boolean {
  let stopped = false
  emitter.emit(name, { ...fields, preventDefault: () => (stopped = true) }, ...rest)
  return stopped
}

type Rewriter = (details: object, callback: (answer: unknown) => void) => void

class FakeSession extends EventEmitter {
  request: Parameters<Session['setPermissionRequestHandler']>[0] = null
  check: Parameters<Session['setPermissionCheckHandler']>[0] = null
  device: Parameters<Session['setDevicePermissionHandler']>[0] = null
  sending: Rewriter | undefined
  received: Rewriter | undefined
  before: ((details: unknown, callback: (response: CallbackResponse) => void) => void) | undefined
  readonly webRequest = {
    onBeforeRequest: (listener: (details: unknown, callback: (response: CallbackResponse) => void) => void): void => {
      this.before = listener
    },
    onBeforeSendHeaders: (_filter: unknown, listener: Rewriter): void => {
      this.sending = listener
    },
    onHeadersReceived: (_filter: unknown, listener: Rewriter): void => {
      this.received = listener
    },
  }
  setPermissionRequestHandler(handler: typeof this.request): void {
    this.request = handler
  }
  setPermissionCheckHandler(handler: typeof this.check): void {
    this.check = handler
  }
  setDevicePermissionHandler(handler: typeof this.device): void {
    this.device = handler
  }
}

it('keeps the window on its page', () => {
  const contents = new FakeContents()
  guardWindow(contents as unknown as WebContents, parts)
  for (const name of ['will-navigate', 'will-redirect']) {
    expect(prevented(contents, name, { url: 'https://evil.example/' })).toBe(true)
    expect(prevented(contents, name, { url: 'app://holdfast.evil/' })).toBe(true)
    expect(prevented(contents, name, { url: 'app://preview/open' })).toBe(true)
    expect(prevented(contents, name, { url: 'app://holdfast/index.html' })).toBe(false)
  }
  const frame = { isMainFrame: false }
  expect(prevented(contents, 'will-frame-navigate', { ...frame, url: 'https://evil.example/' })).toBe(true)
  expect(prevented(contents, 'will-frame-navigate', { ...frame, url: 'app://holdfast/index.html' })).toBe(true)
  expect(prevented(contents, 'will-frame-navigate', { ...frame, url: 'app://preview/open' })).toBe(false)
})

it('opens no window; the address goes to the list of links', () => {
  const contents = new FakeContents()
  guardWindow(contents as unknown as WebContents, parts)
  const details = { url: 'https://restic.net/' } as Parameters<Opener>[0]
  expect(contents.opener?.(details)).toEqual({ action: 'deny' })
  expect(opened).toEqual(['https://restic.net/'])
})

it('refuses webviews, bad certificates, and passwords for servers, whatever window asks', () => {
  const app = new EventEmitter()
  guardApp(app as unknown as App)
  const contents = new FakeContents()
  app.emit('web-contents-created', {}, contents)
  const preferences = { preload: '/evil.js' }
  expect(prevented(contents, 'will-attach-webview', {}, preferences, {})).toBe(true)
  expect(preferences).toEqual({})
  expect(contents.opener?.({} as Parameters<Opener>[0])).toEqual({ action: 'deny' })
  const trusted: boolean[] = []
  expect(prevented(app, 'certificate-error', {}, contents, '', '', {}, (yes: boolean) => trusted.push(yes))).toBe(true)
  expect(trusted).toEqual([false])
  expect(prevented(app, 'login', {}, contents, {}, {}, () => undefined)).toBe(true)
  expect(prevented(app, 'select-client-certificate', {}, contents, '', [], () => undefined)).toBe(true)
})

it('denies every permission, device and download', () => {
  const session = new FakeSession()
  denyPermissions(session as unknown as Session)
  const contents = {} as unknown as WebContents
  const answers: boolean[] = []
  const details = {} as Parameters<NonNullable<typeof session.request>>[3]
  for (const permission of ['notifications', 'media', 'clipboard-read', 'openExternal'] as const)
    session.request?.(contents, permission, (yes) => answers.push(yes), details)
  expect(answers).toEqual([false, false, false, false])
  expect(session.check?.(contents, 'media', '', {} as Parameters<NonNullable<typeof session.check>>[3])).toBe(false)
  expect(session.device?.({} as Parameters<NonNullable<typeof session.device>>[0])).toBe(false)
  expect(prevented(session, 'will-download', {})).toBe(true)
})

it('lets the page load only what is its own', () => {
  const session = new FakeSession()
  guardSession(session as unknown as Session, parts)
  const load = (url: string, resourceType: string, frame = 'app://holdfast/index.html'): boolean => {
    let cancelled: boolean | undefined
    session.before?.({ url, resourceType, frame: { url: frame } }, (response) => (cancelled = response.cancel))
    return cancelled === false
  }
  expect(load('app://holdfast/assets/it.js', 'script')).toBe(true)
  expect(load('data:image/png;base64,AAAA', 'image')).toBe(true)
  expect(load('https://tracker.example/p.gif', 'image')).toBe(false)
  expect(load('https://graph.microsoft.com/v1.0/me', 'xhr')).toBe(false)
  expect(load('http://127.0.0.1:9/', 'xhr')).toBe(false)
  expect(load('ws://127.0.0.1:9/', 'webSocket')).toBe(false)
  expect(load('file:///etc/passwd', 'image')).toBe(false)
})

it("lets a frame load images only if its reader asked, over https, and not from the reader's own network", () => {
  const image = (url: string, frame: string | undefined, resourceType = 'image' as const): boolean =>
    mayRequest({ url, resourceType, frame: frame === undefined ? null : { url: frame } }, parts)
  expect(image('https://news.example/logo.png', 'app://preview/open')).toBe(true)
  expect(image('https://news.example/logo.png', 'app://preview/closed')).toBe(false)
  expect(image('https://news.example/logo.png', undefined)).toBe(false)
  expect(image('http://news.example/logo.png', 'app://preview/open')).toBe(false)
  for (const host of ['192.168.0.1', '[::1]', 'router', 'nas.local', 'localhost'])
    expect(image(`https://${host}/logo.png`, 'app://preview/open'), host).toBe(false)
  expect(
    mayRequest(
      { url: 'https://news.example/a.css', resourceType: 'stylesheet', frame: { url: 'app://preview/open' } },
      parts,
    ),
  ).toBe(false)
})

it('knows its own page, and in development the server that serves it', () => {
  expect(isOwnPage('app://holdfast/index.html', undefined)).toBe(true)
  expect(isOwnPage('app://preview/x', undefined)).toBe(false)
  expect(isOwnPage('http://localhost:5173/', undefined)).toBe(false)
  expect(isOwnPage('http://localhost:5173/x', 'http://localhost:5173')).toBe(true)
  expect(isOwnPage('http://localhost:5174/x', 'http://localhost:5173')).toBe(false)
})

it('tells nobody who reads: images from elsewhere carry no cookie, and leave none', () => {
  const session = new FakeSession()
  guardSession(session as unknown as Session, parts)
  const answers: unknown[] = []
  const keep = (answer: unknown): void => void answers.push(answer)
  session.sending?.({ requestHeaders: { Cookie: 'a=b', Referer: 'app://holdfast/', Accept: 'image/*' } }, keep)
  session.received?.({ responseHeaders: { 'Set-Cookie': ['a=b'], 'content-type': ['image/png'] } }, keep)
  session.received?.({}, keep)
  expect(answers).toEqual([
    { requestHeaders: { Accept: 'image/*' } },
    { responseHeaders: { 'content-type': ['image/png'] } },
    { responseHeaders: {} },
  ])
})
