import type { BrowserContext, CDPSession, Frame, Page } from 'playwright-core'
import { encode } from '../clone-codec.ts'
import type { Bounds } from '../control/shapes.ts'
import type { FrameInfo, Headers, PageEvent, WindowSpec } from '../link/messages.ts'
import type { Answer, Told } from '../link/page-talk.ts'
import { isHeaded } from './chromium.ts'
import type { HostSide } from './host-side.ts'
import { Mailbox } from './mailbox.ts'
import { PageRequests } from './page-requests.ts'
import { bindingName, preloadScript, schemesScript } from './page-scripts.ts'
import { tellPageEvents, type Opening } from './page-events.ts'

export interface WindowListener {
  /** The window has another page than before, or its page is gone. */
  onPage(window: ShownWindow): void
  onEvent(window: ShownWindow, event: PageEvent): void
  /** The app has answered the page's preload, or has told it something (clone-codec). */
  onSent(window: ShownWindow, sent: string): void
  onOpening(window: ShownWindow, opening: Opening): void
}

let frames = 0
const frameIds = new WeakMap<Frame, number>()

/** A window of the app: its page in Chromium, and the preload's way to the app. */
export class ShownWindow {
  readonly spec: WindowSpec
  readonly context: BrowserContext
  readonly #side: HostSide
  readonly #listener: WindowListener
  readonly #mailboxes = new Map<Frame, Mailbox>()
  #page: Page | undefined
  #cdp: CDPSession | undefined
  #targetId: string | undefined
  #bounds: Bounds
  #url: string | undefined
  #isExpectingNavigation = false
  #isClosing = false
  #isCrashed = false
  #isLoaded = false

  constructor(spec: WindowSpec, context: BrowserContext, side: HostSide, listener: WindowListener) {
    this.spec = spec
    this.context = context
    this.#side = side
    this.#listener = listener
    this.#bounds = spec.bounds
  }

  get page(): Page | undefined {
    return this.#page
  }

  /** Whether the page has loaded what the app, or a page, gave it. */
  get isLoaded(): boolean {
    return this.#isLoaded
  }

  /** Chromium's name of the page. */
  get targetId(): string | undefined {
    return this.#targetId
  }

  async open(): Promise<void> {
    await this.take(await this.context.newPage())
  }

  /** From now on `page` is the window's. */
  async take(page: Page): Promise<void> {
    const { window, session } = this.spec
    this.#page = page
    this.#cdp = await this.context.newCDPSession(page)
    const { targetInfo } = await this.#cdp.send('Target.getTargetInfo')
    const frameId = targetInfo.targetId
    this.#targetId = frameId
    await PageRequests.watch(this.#cdp, this.#side.app, { window, session, frameId, byPage: () => this.#takeByPage() })
    await this.#side.unbroken.run(() => this.#addScripts(page))
    await this.setBounds(this.#bounds)
    await tellPageEvents(page, this.#cdp, frameId, {
      tell: (event) => this.#tell(event),
      opening: (opening) => this.#listener.onOpening(this, opening),
    })
    if (this.spec.adopts) await this.#catchUp(page)
    this.#listener.onPage(this)
  }

  async #addScripts(page: Page): Promise<void> {
    const { preload, schemes } = this.spec
    if (schemes.length > 0) await page.addInitScript(schemesScript(schemes))
    if (preload === undefined) return
    await page.exposeBinding(bindingName, ({ frame }, told: string) => this.#told(frame, JSON.parse(told) as Told))
    await page.addInitScript(preloadScript(preload, this.#side.versions))
  }

  /** A page that is taken in has already begun. */
  async #catchUp(page: Page): Promise<void> {
    const url = page.url()
    if (url !== 'about:blank') this.#tell({ type: 'navigated', url, status: 200 })
    this.#tell({ type: 'title', title: await page.title() })
    const state = await page.evaluate<string>('document.readyState')
    if (state !== 'loading') this.#tell({ type: 'dom-ready' })
    if (state === 'complete') this.#tell({ type: 'loaded' })
  }

  async load(url: string, headers: Headers): Promise<void> {
    this.#url = url
    const page = await this.#livingPage()
    await page.setExtraHTTPHeaders({ ...headers })
    await this.#expecting(() => page.goto(url))
  }

  async reload(): Promise<void> {
    const wasCrashed = this.#isCrashed
    const page = await this.#livingPage()
    await this.#expecting(() => (wasCrashed && this.#url !== undefined ? page.goto(this.#url) : page.reload()))
  }

  async close(): Promise<void> {
    this.#isClosing = true
    for (const mailbox of this.#mailboxes.values()) mailbox.close()
    await this.#page?.close()
  }

  async setBounds(bounds: Bounds): Promise<void> {
    this.#bounds = bounds
    const { x: left, y: top, width, height } = bounds
    if (!isHeaded) return await this.#page?.setViewportSize({ width, height })
    const { windowId } = (await this.#cdp?.send('Browser.getWindowForTarget')) ?? {}
    if (windowId === undefined) return
    await this.#cdp?.send('Browser.setWindowBounds', { windowId, bounds: { left, top, width, height } })
  }

  async setZoom(factor: number): Promise<void> {
    const { width, height } = this.#bounds
    const size = { width: Math.round(width / factor), height: Math.round(height / factor) }
    await this.#cdp?.send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: factor, mobile: false })
  }

  /** What the code comes to, encoded. */
  async evaluate(code: string): Promise<string> {
    return encode(await this.#page?.evaluate(code))
  }

  /** Nothing comes back: the page is gone. */
  crash(): void {
    this.#cdp?.send('Page.crash').catch(() => undefined)
  }

  post(frame: number | undefined, channel: string, args: string): void {
    if (this.spec.preload === undefined || this.#page === undefined) return
    const main = this.#page.mainFrame()
    const target = frame === undefined ? main : this.#page.frames().find((each) => frameIds.get(each) === frame)
    if (target === undefined) return
    this.#listener.onSent(this, args)
    this.#mailbox(target).put({ channel, args })
  }

  async #told(frame: Frame, told: Told): Promise<string> {
    if (told.type === 'pull') return JSON.stringify(await this.#mailbox(frame).take())
    const { kind, channel, args, origin } = told
    try {
      const info = frameInfo(frame, origin)
      const value = await this.#side.app.call('page.message', {
        window: this.spec.window,
        frame: info,
        kind,
        channel,
        args,
      })
      this.#listener.onSent(this, value)
      return JSON.stringify({ value } satisfies Answer)
    } catch (error) {
      return JSON.stringify({ error: error instanceof Error ? error.message : String(error) } satisfies Answer)
    }
  }

  #mailbox(frame: Frame): Mailbox {
    const known = this.#mailboxes.get(frame)
    if (known !== undefined) return known
    const created = new Mailbox()
    this.#mailboxes.set(frame, created)
    return created
  }

  #tell(event: PageEvent): void {
    if (event.type === 'crashed') this.#isCrashed = true
    if (event.type === 'loaded') this.#isLoaded = true
    if (event.type === 'navigated') this.#isLoaded = false
    if (event.type === 'closed' && this.#isClosing) return
    this.#listener.onEvent(this, event)
    this.#side.app.tell('page.event', { window: this.spec.window, event })
    if (event.type === 'closed') this.#listener.onPage(this)
  }

  /** After a crash Electron's window goes on with a new process; Playwright's page does not. */
  async #livingPage(): Promise<Page> {
    const page = this.#page
    if (page !== undefined && !this.#isCrashed) return page
    this.#isClosing = true
    await page?.close()
    this.#isClosing = false
    this.#isCrashed = false
    const fresh = await this.context.newPage()
    await this.take(fresh)
    return fresh
  }

  async #expecting(navigate: () => Promise<unknown>): Promise<void> {
    this.#isExpectingNavigation = true
    try {
      await navigate()
    } finally {
      this.#isExpectingNavigation = false
    }
  }

  #takeByPage(): boolean {
    const byPage = !this.#isExpectingNavigation
    this.#isExpectingNavigation = false
    return byPage
  }
}

function frameInfo(frame: Frame, origin: string | undefined): FrameInfo {
  const url = frame.url()
  const parent = frame.parentFrame()
  const known = frameIds.get(frame) ?? (parent === null ? 0 : ++frames)
  frameIds.set(frame, known)
  return {
    id: known,
    url,
    origin: /^(https?|file):/.test(url) ? new URL(url).origin : (origin ?? 'null'),
    name: frame.name(),
    parent: parent === null ? undefined : frameInfo(parent, undefined),
  }
}
