import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import type { Link } from '../link/link.ts'
import type { AppMethods, HostMethods, PageEvent, PageRequest, SessionKey, WindowSpec } from '../link/messages.ts'
import { startChromium } from './chromium.ts'
import { Contexts } from './contexts.ts'
import type { HostSide } from './host-side.ts'
import { decideSafely, isClosed } from './page-requests.ts'
import { Popups } from './popups.ts'
import type { Opening } from './page-events.ts'
import { ShownWindow, type WindowListener } from './shown-window.ts'
import { Unbroken } from './unbroken.ts'

type AppLink = Link<HostMethods, AppMethods>

export interface BrowsingOptions {
  readonly profile: string
  readonly dark: boolean
  readonly electronVersion: string
  /** A window has a page, has lost it, or something happened in it. */
  readonly onChange: () => void
}

/** The browser of one app: its sessions and its windows. */
export class Browsing implements WindowListener {
  readonly #app: AppLink
  readonly #options: BrowsingOptions
  readonly #windows = new Map<number, Promise<ShownWindow>>()
  readonly #shown = new Map<number, ShownWindow>()
  /** Windows that wait for the page that they take in. */
  readonly #adopting = new Map<number, PromiseWithResolvers<Page>>()
  /** What the app sent to preloads. */
  readonly #sent: string[] = []
  readonly #unbroken = new Unbroken()
  #starting: Promise<Browser> | undefined
  #browser: Browser | undefined
  #side: HostSide | undefined
  #contexts: Contexts | undefined
  #popups: Popups | undefined

  constructor(app: AppLink, options: BrowsingOptions) {
    this.#app = app
    this.#options = options
    this.#answer()
  }

  get version(): string | undefined {
    return this.#browser?.version()
  }

  /** Windows with a page, in the order in which the app opened them. */
  get windows(): readonly ShownWindow[] {
    return [...this.#shown.values()].filter(({ page }) => page !== undefined && !page.isClosed())
  }

  get sent(): readonly string[] {
    return this.#sent
  }

  onSent(_window: ShownWindow, sent: string): void {
    this.#sent.push(sent)
  }

  onPage(): void {
    this.#options.onChange()
  }

  onEvent(_window: ShownWindow, _event: PageEvent): void {
    this.#options.onChange()
  }

  onOpening(window: ShownWindow, opening: Opening): void {
    this.#popups?.ask(window, opening)
  }

  /** Keeps what sessions keep on disk. */
  async close(): Promise<void> {
    // The app may have ended before it had its browser.
    await this.#starting?.catch(() => undefined)
    await this.#unbroken.end()
    if (this.#browser?.isConnected() === true) await this.#contexts?.save()
    await this.#browser?.close()
  }

  #answer(): void {
    const app = this.#app
    app.answer('browser.start', async ({ switches }) => {
      this.#starting = startChromium(switches)
      this.#browser = await this.#starting
      const version = this.#browser.version()
      const versions = { electron: this.#options.electronVersion, chrome: version, node: process.versions.node }
      this.#side = { app, browser: this.#browser, versions, unbroken: this.#unbroken }
      this.#popups = await Popups.watch(this.#side)
      const { profile, dark } = this.#options
      this.#contexts = new Contexts(this.#browser, profile, dark, (context, session) => this.#prepare(context, session))
      return { version }
    })
    app.answer('window.open', (spec) => this.#open(spec))
    app.answer('window.load', async ({ window, url, headers }) => {
      try {
        await (await this.#window(window)).load(url, headers)
      } catch (error) {
        throw loadError(url, error)
      }
    })
    app.answer('window.reload', ({ window }) => this.#ifOpen(window, (shown) => shown.reload()))
    app.answer('window.close', ({ window }) => this.#close(window))
    app.answer('window.front', ({ window }) => this.#ifOpen(window, ({ page }) => page?.bringToFront()))
    app.answer('window.bounds', ({ window, bounds }) => this.#ifOpen(window, (shown) => shown.setBounds(bounds)))
    app.answer('window.evaluate', async ({ window, code }) => (await this.#window(window)).evaluate(code))
    app.answer('window.zoom', ({ window, factor }) => this.#ifOpen(window, (shown) => shown.setZoom(factor)))
    app.answer('window.crash', ({ window }) => this.#ifOpen(window, (shown) => shown.crash()))
    app.answer('window.css', async ({ window, css }) => {
      await (await this.#window(window)).page?.addStyleTag({ content: css })
    })
    app.answer('window.pdf', async ({ window, landscape }) => {
      return (await (await this.#window(window)).page?.pdf({ landscape })) ?? new Uint8Array()
    })
    app.answer('window.post', ({ window, frame, channel, args }) =>
      this.#ifOpen(window, (shown) => shown.post(frame, channel, args)),
    )
    this.#answerSessions()
  }

  #answerSessions(): void {
    this.#app.answer('session.clear', async ({ session }) => (await this.#context(session)).clearCookies())
    this.#app.answer('session.cookies', async ({ session, url }) => (await this.#context(session)).cookies(url ?? []))
    this.#app.answer('theme', ({ dark }) => this.#contexts?.setDark(dark))
  }

  #open(spec: WindowSpec): Promise<void> {
    const opened = this.#openWindow(spec)
    this.#windows.set(spec.window, opened)
    return opened.then(() => undefined)
  }

  async #openWindow(spec: WindowSpec): Promise<ShownWindow> {
    const side = this.#side
    if (side === undefined) throw new Error('the browser does not run')
    const adopted = spec.adopts ? this.#adoption(spec.window).promise : undefined
    const window = new ShownWindow(spec, await this.#context(spec.session), side, this)
    if (adopted === undefined) await window.open()
    else await window.take(await adopted)
    this.#shown.set(spec.window, window)
    this.#options.onChange()
    return window
  }

  #window(number: number): Promise<ShownWindow> {
    return this.#windows.get(number) ?? Promise.reject(new Error(`there is no window ${String(number)}`))
  }

  /** What the app tells of a window that has closed in the meantime means nothing any more. */
  async #ifOpen(number: number, act: (window: ShownWindow) => unknown): Promise<void> {
    try {
      const window = await this.#windows.get(number)
      if (window !== undefined) await act(window)
    } catch (error) {
      if (!isClosed(error)) throw error
    }
  }

  async #close(number: number): Promise<void> {
    const window = await this.#window(number)
    this.#windows.delete(number)
    this.#shown.delete(number)
    await window.close()
    this.#options.onChange()
  }

  #context(session: SessionKey): Promise<BrowserContext> {
    return this.#contexts?.of(session) ?? Promise.reject(new Error('the browser does not run'))
  }

  #adoption(window: number): PromiseWithResolvers<Page> {
    const known = this.#adopting.get(window)
    if (known !== undefined) return known
    const created = Promise.withResolvers<Page>()
    this.#adopting.set(window, created)
    return created
  }

  async #prepare(context: BrowserContext, session: SessionKey): Promise<void> {
    await context.route('**/*', (route) => this.#firstRequest(route, session))
    context.on('page', (page) => void this.#newPage(context, page))
  }

  /** A page that a page opened goes to the window that the app made for it. */
  async #newPage(context: BrowserContext, page: Page): Promise<void> {
    try {
      const cdp = await context.newCDPSession(page)
      const { targetInfo } = await cdp.send('Target.getTargetInfo')
      await cdp.detach()
      const wanted = this.#popups?.byTarget(targetInfo.targetId)
      if (wanted === undefined) return
      const window = await wanted.decision
      if (window === undefined) await page.close()
      else this.#adoption(window).resolve(page)
    } catch (error) {
      if (!isClosed(error)) throw error
    }
  }

  /** A new page loads before it can be watched (page-requests): its first request waits here for the app's decision. */
  async #firstRequest(route: Route, session: SessionKey): Promise<void> {
    try {
      if (hasFrame(route)) {
        await route.continue()
        return
      }
      const wanted = await this.#popups?.firstRequest(route.request().url())
      const window = await wanted?.decision
      if (wanted === undefined || window === undefined) {
        await route.abort('aborted')
        if (wanted !== undefined) await this.#popups?.close(wanted)
        return
      }
      const decision = await decideSafely(this.#app, firstRequestOf(route, session, window))
      if (decision.do === 'fail') await route.abort('blockedbyclient')
      else if (decision.do === 'continue') await route.continue()
      else await route.fulfill(fulfilment(decision.answer))
    } catch (error) {
      if (!isClosed(error)) throw error
    }
  }
}

/** Playwright does not know the frame of a page that is not there yet, and says so by an error. */
function hasFrame(route: Route): boolean {
  try {
    route.request().frame()
    return true
  } catch {
    return false
  }
}

function firstRequestOf(route: Route, session: SessionKey, window: number): PageRequest {
  const request = route.request()
  return {
    session,
    window,
    url: request.url(),
    method: request.method(),
    headers: request.headers(),
    body: request.postDataBuffer() ?? undefined,
    resourceType: 'Document',
    mainFrame: true,
    byPage: false,
    redirectedFrom: undefined,
  }
}

function fulfilment({
  status,
  headers,
  body,
}: {
  status: number
  headers: readonly (readonly [string, string])[]
  body: Uint8Array
}) {
  return { status, headers: Object.fromEntries(headers), body: Buffer.from(body) }
}

/** Electron's error of a page that could not be loaded. */
function loadError(url: string, error: unknown): Error {
  const code = /net::(ERR_[A-Z_]+)/.exec(String(error))?.[1]
  if (code === undefined) return error instanceof Error ? error : new Error(String(error))
  return Object.assign(new Error(`${code} loading '${url}'`), { code, errno: code === 'ERR_ABORTED' ? -3 : -2, url })
}
