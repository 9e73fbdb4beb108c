import { EventEmitter } from 'node:events'
import type { BrowserWindowConstructorOptions, HandlerDetails, WebContents, WebPreferences } from 'electron'
import { toApp, toBrowser } from '../addresses.ts'
import { decode } from '../clone-codec.ts'
import type { FrameInfo, PageEvent, WindowOpening } from '../link/messages.ts'
import { host } from './app-link.ts'
import { app } from './app.ts'
import { createEvent } from './event.ts'
import { StandInIpc } from './ipc.ts'
import { ownSchemes } from './protocol.ts'
import { changed, contribute } from './recorder.ts'
import type { StandInSession } from './session.ts'
import { StandInFrame } from './web-frame-main.ts'

interface OpenReply {
  readonly action: 'allow' | 'deny'
  readonly createWindow?: unknown
  readonly overrideBrowserWindowOptions?: BrowserWindowConstructorOptions
}

/** What its window does for it. */
export interface ContentsOwner {
  close(): void
  focus(): void
  /** The page is gone without having been asked. */
  pageClosed(): void
  openChild(options: BrowserWindowConstructorOptions): number
}

const allContents = new Map<number, StandInContents>()
const opened: { readonly url: string; readonly allowed: boolean }[] = []
const navigations: { readonly url: string; readonly allowed: boolean }[] = []

export function contentsOf(id: number): StandInContents | undefined {
  return allContents.get(id)
}

/** The page of one window. Its number is the window's. */
export class StandInContents extends EventEmitter {
  readonly id: number
  readonly session: StandInSession
  readonly ipc = new StandInIpc()
  readonly mainFrame: StandInFrame
  readonly #owner: ContentsOwner
  readonly preferences: WebPreferences
  readonly #frames = new Map<number, StandInFrame>()
  #openHandler: ((details: HandlerDetails) => OpenReply) | undefined
  #url = ''
  #title = ''
  #zoom = 1
  #isLoading = false
  #isCrashed = false
  #isDestroyed = false

  constructor(id: number, session: StandInSession, preferences: WebPreferences, owner: ContentsOwner) {
    super()
    this.id = id
    this.session = session
    this.preferences = preferences
    this.#owner = owner
    this.mainFrame = new StandInFrame(id, { id: 0, url: '', origin: '', name: '', parent: undefined }, null)
    allContents.set(id, this)
    app.emit('web-contents-created', createEvent(), this)
  }

  getURL = (): string => this.#url
  getTitle = (): string => this.#title
  getType = (): 'window' => 'window'
  isDestroyed = (): boolean => this.#isDestroyed
  isCrashed = (): boolean => this.#isCrashed
  isLoading = (): boolean => this.#isLoading
  isLoadingMainFrame = (): boolean => this.#isLoading
  isFocused = (): boolean => true
  isDevToolsOpened = (): boolean => false
  getUserAgent = (): string => ''
  getOSProcessId = (): number => this.id
  getProcessId = (): number => this.id
  getZoomFactor = (): number => this.#zoom
  openDevTools = (): void => undefined
  closeDevTools = (): void => undefined
  setBackgroundThrottling = (): void => undefined
  setUserAgent = (): void => undefined
  stop = (): void => undefined
  invalidate = (): void => undefined
  focus = (): void => this.#owner.focus()
  close = (): void => this.#owner.close()
  print = (_options?: unknown, callback?: (done: boolean, reason: string) => void): void => callback?.(true, '')
  setVisualZoomLevelLimits = async (): Promise<void> => undefined
  insertCSS = async (css: string): Promise<string> => {
    await host.call('window.css', { window: this.id, css })
    return css
  }

  setZoomFactor = (factor: number): void => {
    this.#zoom = factor
    host.tell('window.zoom', { window: this.id, factor })
  }

  setZoomLevel = (level: number): void => this.setZoomFactor(1.2 ** level)
  getZoomLevel = (): number => Math.log(this.#zoom) / Math.log(1.2)

  setWindowOpenHandler = (handler: (details: HandlerDetails) => OpenReply): void => void (this.#openHandler = handler)

  loadURL = async (url: string, options: { readonly extraHeaders?: string } = {}): Promise<void> => {
    this.#alive()
    this.#isLoading = true
    this.emit('did-start-loading')
    const headers = Object.fromEntries((options.extraHeaders ?? '').split('\n').flatMap(readHeader))
    await host.call('window.load', { window: this.id, url: toBrowser(url, ownSchemes()), headers })
  }

  reload = (): void => {
    this.#isCrashed = false
    host.tell('window.reload', { window: this.id })
  }

  reloadIgnoringCache = (): void => this.reload()

  forcefullyCrashRenderer = (): void => host.tell('window.crash', { window: this.id })

  send = (channel: string, ...args: unknown[]): void => {
    this.#alive()
    this.mainFrame.send(channel, ...args)
  }

  postMessage = (channel: string, message: unknown): void => this.send(channel, message)

  executeJavaScript = async (code: string): Promise<unknown> => {
    this.#alive()
    return decode(await host.call('window.evaluate', { window: this.id, code }))
  }

  printToPDF = async (options: { readonly landscape?: boolean } = {}): Promise<Buffer> => {
    return Buffer.from(await host.call('window.pdf', { window: this.id, landscape: options.landscape ?? false }))
  }

  /** The frame that the browser names, with those above it. */
  frame(info: FrameInfo): StandInFrame {
    const parent = info.parent === undefined ? null : this.frame(info.parent)
    const known = parent === null ? this.mainFrame : this.#frames.get(info.id)
    known?.update(info, parent)
    if (known !== undefined) return known
    const created = new StandInFrame(this.id, info, parent)
    this.#frames.set(info.id, created)
    return created
  }

  refusesNavigation(url: string, isMainFrame: boolean): boolean {
    return this.#refuses(
      isMainFrame ? ['will-frame-navigate', 'will-navigate'] : ['will-frame-navigate'],
      url,
      isMainFrame,
    )
  }

  refusesRedirect(url: string, isMainFrame: boolean): boolean {
    return this.#refuses(['will-redirect'], url, isMainFrame)
  }

  /** Main may refuse it by `will-attach-webview`; without `webviewTag` Electron knows no such element at all. */
  refusesWebview(src: string): boolean {
    if (this.preferences.webviewTag !== true) return true
    const event = createEvent()
    this.emit('will-attach-webview', event, {}, { src })
    return event.defaultPrevented
  }

  /** The number of the window that takes the page in. */
  open(opening: WindowOpening): number | undefined {
    const url = toApp(opening.url)
    const disposition = opening.features.length > 0 ? 'new-window' : 'foreground-tab'
    const details: HandlerDetails = {
      url,
      frameName: opening.frameName,
      features: opening.features.join(','),
      disposition,
      referrer: { url: this.#url, policy: 'strict-origin-when-cross-origin' },
    }
    const reply = this.#openHandler?.(details) ?? { action: 'allow' }
    if (reply.createWindow !== undefined) throw new Error('the stand-in for Electron knows no createWindow')
    opened.push({ url, allowed: reply.action === 'allow' })
    changed()
    return reply.action === 'allow' ? this.#owner.openChild(reply.overrideBrowserWindowOptions ?? {}) : undefined
  }

  destroyed(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    allContents.delete(this.id)
    this.emit('destroyed')
  }

  receive(event: PageEvent): void {
    if (event.type === 'navigated') this.#navigated(event.url, event.status)
    else if (event.type === 'navigated-in-page') this.#navigatedInPage(event.url)
    else if (event.type === 'title') this.#titled(event.title)
    else if (event.type === 'failed')
      this.emit('did-fail-load', createEvent(), -2, event.reason, toApp(event.url), true)
    else if (event.type === 'external-navigation') this.refusesNavigation(event.url, true)
    else if (event.type === 'console')
      this.emit('console-message', createEvent({ level: event.level, message: event.text }))
    else this.#lived(event.type)
    changed()
  }

  #lived(type: 'dom-ready' | 'loaded' | 'crashed' | 'closed'): void {
    if (type === 'dom-ready') this.emit('dom-ready', createEvent())
    else if (type === 'closed') this.#owner.pageClosed()
    else if (type === 'crashed') this.#crashed()
    else {
      this.#isLoading = false
      this.emit('did-finish-load')
      this.emit('did-stop-loading')
    }
  }

  #navigated(url: string, status: number): void {
    this.#url = toApp(url)
    this.#frames.clear()
    const origin = URL.canParse(url) ? new URL(url).origin : ''
    this.mainFrame.update({ id: 0, url, origin, name: '', parent: undefined }, null)
    this.emit('did-navigate', createEvent(), this.#url, status, '')
    this.emit('did-frame-navigate', createEvent(), this.#url, status, '', true, this.id, 0)
  }

  #navigatedInPage(url: string): void {
    this.#url = toApp(url)
    this.emit('did-navigate-in-page', createEvent(), this.#url, true, this.id, 0)
  }

  #titled(title: string): void {
    this.#title = title
    this.emit('page-title-updated', createEvent(), title, true)
  }

  #crashed(): void {
    this.#isCrashed = true
    const details = { reason: 'crashed', exitCode: 139 }
    this.emit('render-process-gone', createEvent(), details)
    app.emit('render-process-gone', createEvent(), this, details)
  }

  #refuses(events: readonly string[], url: string, isMainFrame: boolean): boolean {
    const frame = isMainFrame ? this.mainFrame : null
    const event = createEvent({ url, isMainFrame, isSameDocument: false, frame, initiator: this.mainFrame })
    for (const name of events) this.emit(name, event, url, false, isMainFrame, this.id, 0)
    navigations.push({ url, allowed: !event.defaultPrevented })
    changed()
    return event.defaultPrevented
  }

  #alive(): void {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed')
  }
}

type Own =
  | 'preferences'
  | 'destroyed'
  | 'frame'
  | 'open'
  | 'receive'
  | 'refusesNavigation'
  | 'refusesRedirect'
  | 'refusesWebview'
type Others = 'ipc' | 'mainFrame' | 'session' | 'executeJavaScript'
StandInContents satisfies new (
  ...given: never
) => Pick<WebContents, Exclude<keyof StandInContents, keyof EventEmitter | Own | Others>>

export const webContents = {
  getAllWebContents: () => [...allContents.values()],
  fromId: contentsOf,
}

function readHeader(line: string): [string, string][] {
  const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line.trim()) ?? []
  return name === undefined || value === undefined ? [] : [[name, value]]
}

contribute('opened', () => [...opened])
contribute('navigations', () => [...navigations])
host.answer('page.event', ({ window, event }) => contentsOf(window)?.receive(event))
host.answer('page.open', (opening) => contentsOf(opening.opener)?.open(opening))
host.answer('control.attach-webview', ({ window, src }) => ({
  refused: contentsOf(window)?.refusesWebview(src) ?? true,
}))
host.answer('control.permission', async ({ window, permission, origin }) => {
  const contents = window === undefined ? [...allContents.values()][0] : contentsOf(window)
  if (contents === undefined) throw new Error('the app has no such window')
  const from = origin ?? new URL(contents.getURL()).origin
  const request = await contents.session.askPermission(contents, permission, from)
  return { request, check: contents.session.checkPermission(contents, permission, from) }
})
