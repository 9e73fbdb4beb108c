import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { chromium, type Browser, type Page, type Route } from 'playwright-core'
import { expect } from 'vitest'
import type { EventOf, TopicName } from '../../../src-shared/ipc/index.ts'
import { findings } from './axe.ts'
import { bridgeScript, pagePolicy, stayingScript } from './bridge-script.ts'
import { defaultAnswers, idle } from './default-answers.ts'
import { builtPage } from './page-build.ts'
import { FramePages } from './frame-pages.ts'
import { takeScreenshots } from './screenshots.ts'
import { ScriptedApi, type Handlers } from './scripted-api.ts'
import { chromiumPath } from '../../support/electron-host/browser/chromium.ts'

const origin = 'https://holdfast.test'
const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

export interface WindowOptions {
  /** Answers beside or instead of `defaultAnswers`. */
  readonly answers?: Handlers
  /** Only these views are built, e.g. ['browse']; all of them by default. */
  readonly views?: readonly string[]
  /** Where the window is led to at once, as a notification would. */
  readonly target?: EventOf<'navigate'>
  readonly size?: { readonly width: number; readonly height: number }
  readonly theme?: 'light' | 'dark'
  readonly activity?: EventOf<'activity'>
  /** False: does not wait for the first view. */
  readonly waits?: boolean
}

let browser: Promise<Browser> | undefined

/** The window of the program in Chromium, with answers from the test. Close it; `closeBrowser` goes into afterAll. */
export async function openWindow(options: WindowOptions = {}): Promise<TestWindow> {
  const folder = await builtPage(options.views)
  browser ??= chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
  const { width, height } = options.size ?? { width: 1280, height: 800 }
  const context = await (
    await browser
  ).newContext({ viewport: { width, height }, colorScheme: options.theme ?? 'light', reducedMotion: 'reduce' })
  const window = new TestWindow(await context.newPage(), new ScriptedApi({ ...defaultAnswers, ...options.answers }))
  await window.open(folder, options)
  return window
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close()
  browser = undefined
}

export class TestWindow {
  readonly page: Page
  readonly api: ScriptedApi
  /** What the page complained about: errors, refusals of the policy. */
  readonly complaints: string[] = []
  /** Addresses that the page asked for, beside its own. */
  readonly requests: string[] = []
  readonly #frames = new FramePages()
  #activity: EventOf<'activity'> = idle

  constructor(page: Page, api: ScriptedApi) {
    this.page = page
    this.api = api
  }

  async open(folder: string, { target, activity = idle, waits = true }: WindowOptions): Promise<void> {
    this.#activity = activity
    const { page } = this
    page.setDefaultTimeout(60_000)
    page.on('pageerror', (error) => this.complaints.push(error.stack ?? error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text())
    })
    if (this.api.isFree('preview.frame')) this.api.on('preview.frame', (frame) => this.#frames.add(frame))
    await page.exposeBinding('holdfastInvoke', (_source, method: string, params: unknown) =>
      this.api.answer(method, params),
    )
    await page.exposeBinding('holdfastSubscribed', (_source, topic: string) =>
      topic === 'activity' ? this.#activity : null,
    )
    await page.addInitScript({ content: stayingScript })
    await page.addInitScript({ content: bridgeScript })
    await page.route('**', (route) => this.#serve(route, folder))
    await page.goto(`${origin}/index.html`)
    if (waits) await page.locator('main h1').first().waitFor()
    if (target !== undefined) await this.push('navigate', target)
  }

  /** Tells the page an event. Resolves when its listeners have run. */
  async push<Topic extends TopicName>(topic: Topic, value: EventOf<Topic>): Promise<void> {
    if (topic === 'activity') this.#activity = value as EventOf<'activity'>
    const event = JSON.stringify({ topic, value: this.api.event(topic, value) })
    await this.page.evaluate(`holdfastEvent(${event})`)
  }

  /** axe finds nothing, in light and dark. */
  async expectAccessible(): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme })
      expect(await findings(this.page), colorScheme).toEqual([])
    }
    await this.page.emulateMedia({ colorScheme: 'light' })
  }

  /** In two sizes, light and dark, into the folder that HOLDFAST_SCREENSHOTS names; nothing without it. */
  async screenshot(name: string): Promise<void> {
    await takeScreenshots(this.page, name)
  }

  /** Fails if the page complained or asked for what was not scripted. */
  async close(): Promise<void> {
    await this.page.context().close()
    expect(this.complaints).toEqual([])
    expect(this.api.mistakes).toEqual([])
  }

  async #serve(route: Route, folder: string): Promise<void> {
    const url = new URL(route.request().url())
    const frame = this.#frames.find(url.href)
    if (frame !== undefined) return route.fulfill(frame)
    if (url.origin !== origin) {
      this.requests.push(url.href)
      return route.abort()
    }
    const body = await readFile(join(folder, decodeURIComponent(url.pathname))).catch(() => undefined)
    if (body === undefined) return route.fulfill({ status: 404, body: '' })
    const contentType = mediaTypes[extname(url.pathname)] ?? 'application/octet-stream'
    return route.fulfill({ body, contentType, headers: { 'content-security-policy': pagePolicy } })
  }
}
