import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext } from 'playwright-core'
import type { SessionKey } from '../link/messages.ts'
import { isHeaded } from './chromium.ts'

/** One browser context per session of the app. What a session keeps on disk lies in the profile. */
export class Contexts {
  readonly #browser: Browser
  readonly #profile: string
  readonly #prepare: (context: BrowserContext, session: SessionKey) => Promise<void>
  readonly #contexts = new Map<SessionKey, Promise<BrowserContext>>()
  #dark: boolean

  constructor(
    browser: Browser,
    profile: string,
    dark: boolean,
    prepare: (context: BrowserContext, session: SessionKey) => Promise<void>,
  ) {
    this.#browser = browser
    this.#profile = profile
    this.#dark = dark
    this.#prepare = prepare
  }

  of(session: SessionKey): Promise<BrowserContext> {
    const known = this.#contexts.get(session)
    if (known !== undefined) return known
    const created = this.#create(session)
    this.#contexts.set(session, created)
    return created
  }

  async setDark(dark: boolean): Promise<void> {
    this.#dark = dark
    const contexts = await Promise.all(this.#contexts.values())
    const pages = contexts.flatMap((context) => context.pages())
    // One that closes at this moment shows nothing any more.
    await Promise.allSettled(pages.map((page) => page.emulateMedia({ colorScheme: this.scheme })))
  }

  get scheme(): 'dark' | 'light' {
    return this.#dark ? 'dark' : 'light'
  }

  /** Writes what the sessions on disk hold into the profile. */
  async save(): Promise<void> {
    for (const [session, created] of this.#contexts) {
      const path = this.#file(session)
      if (path !== undefined) await (await created).storageState({ path, indexedDB: true })
    }
  }

  async #create(session: SessionKey): Promise<BrowserContext> {
    const path = this.#file(session)
    const context = await this.#browser.newContext({
      colorScheme: this.scheme,
      serviceWorkers: 'block',
      ...(isHeaded ? { viewport: null } : {}),
      ...(path !== undefined && existsSync(path) ? { storageState: path } : {}),
    })
    context.setDefaultTimeout(60_000)
    // Electron knows no limit.
    context.setDefaultNavigationTimeout(0)
    await this.#prepare(context, session)
    return context
  }

  #file(session: SessionKey): string | undefined {
    if (session !== '' && !session.startsWith('persist:')) return undefined
    return join(this.#profile, `stand-in-storage${session.replace(/[^a-z0-9]/gi, '-')}.json`)
  }
}
