import type { CDPSession } from 'playwright-core'
import type { HostSide } from './host-side.ts'
import { isClosed } from './page-requests.ts'
import type { Opening } from './page-events.ts'
import type { ShownWindow } from './shown-window.ts'

/** A page that a page wants to open. */
export interface Wanted {
  readonly url: string
  /** The window that takes the page in, or nothing. */
  readonly decision: Promise<number | undefined>
  /** Chromium's name of the new page. */
  readonly target: PromiseWithResolvers<string>
}

/** By opener: what was asked for and has no page yet, and pages that nobody was seen asking for. */
interface Unmatched {
  readonly wanted: Wanted[]
  readonly targets: string[]
}

/** What pages want to open. Chromium opens it at once; the app's decision is waited for before it loads anything. */
export class Popups {
  readonly #app: HostSide['app']
  readonly #cdp: CDPSession
  /** Those whose first request has not come. */
  readonly #unloaded: Wanted[] = []
  readonly #byTarget = new Map<string, Wanted>()
  readonly #unmatched = new Map<string, Unmatched>()
  readonly #waiting: (() => void)[] = []

  private constructor(app: HostSide['app'], cdp: CDPSession) {
    this.#app = app
    this.#cdp = cdp
  }

  static async watch({ app, browser }: HostSide): Promise<Popups> {
    const cdp = await browser.newBrowserCDPSession()
    const popups = new Popups(app, cdp)
    cdp.on('Target.targetCreated', ({ targetInfo: { type, targetId, openerId } }) => {
      if (type === 'page' && openerId !== undefined) popups.#created(openerId, targetId)
    })
    await cdp.send('Target.setDiscoverTargets', { discover: true })
    return popups
  }

  /** A page has called for a new window. */
  ask(window: ShownWindow, { url, windowName, windowFeatures: features }: Opening): void {
    const frameName = windowName === '_blank' ? '' : windowName
    const decision = this.#app.call('page.open', { opener: window.spec.window, url, frameName, features })
    // Whoever waits for it hears of an app that is gone; maybe nobody does yet.
    decision.catch(() => undefined)
    const wanted: Wanted = { url, decision, target: Promise.withResolvers<string>() }
    this.#unloaded.push(wanted)
    for (const wake of this.#waiting.splice(0)) wake()
    const opener = window.targetId ?? ''
    this.#unmatchedOf(opener).wanted.push(wanted)
    this.#match(opener)
  }

  /** Whose first request it is: the new page is known by its address only. */
  async firstRequest(url: string): Promise<Wanted> {
    for (;;) {
      const at = this.#unloaded.findIndex((wanted) => withoutFragment(wanted.url) === withoutFragment(url))
      const [wanted] = at < 0 ? [] : this.#unloaded.splice(at, 1)
      if (wanted !== undefined) return wanted
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  /** `undefined`: no page opened it. */
  byTarget(targetId: string): Wanted | undefined {
    return this.#byTarget.get(targetId)
  }

  /** Closes what was refused. Not before its first request: a page that Chromium still holds blocks its opener for ever. */
  async close({ target }: Wanted): Promise<void> {
    try {
      await this.#cdp.send('Target.closeTarget', { targetId: await target.promise })
    } catch (error) {
      if (!isClosed(error) && !String(error).includes('No target')) throw error
    }
  }

  #created(openerId: string, targetId: string): void {
    this.#unmatchedOf(openerId).targets.push(targetId)
    this.#match(openerId)
  }

  /** Both come in the order in which the page asked. */
  #match(openerId: string): void {
    const { wanted, targets } = this.#unmatchedOf(openerId)
    for (;;) {
      const [first, targetId] = [wanted[0], targets[0]]
      if (first === undefined || targetId === undefined) return
      wanted.shift()
      targets.shift()
      this.#byTarget.set(targetId, first)
      first.target.resolve(targetId)
    }
  }

  #unmatchedOf(openerId: string): Unmatched {
    const known = this.#unmatched.get(openerId)
    if (known !== undefined) return known
    const created: Unmatched = { wanted: [], targets: [] }
    this.#unmatched.set(openerId, created)
    return created
  }
}

function withoutFragment(url: string): string {
  return url.split('#')[0] ?? url
}
