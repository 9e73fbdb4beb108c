import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { AppDriver } from '../../support/electron-host/launch.ts'
import { drawn, findings } from '../../component/support/axe.ts'

const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 640 },
]
const themes = ['light', 'dark'] as const
const folder = process.env.HOLDFAST_SCREENSHOTS ?? join(import.meta.dirname, '../../../out/screenshots')

/** Looks at screens in all sizes and themes: what axe finds there, and how wide they are. */
export class Gallery {
  /** Nothing, if all is well. */
  readonly found: string[] = []
  /** Names of the screens that were looked at. */
  readonly seen: string[] = []
  readonly #app: AppDriver
  readonly #page: Page

  constructor(app: AppDriver, page: Page) {
    mkdirSync(folder, { recursive: true })
    this.#app = app
    this.#page = page
  }

  /** Writes `<name>-<width>-<theme>.png`. */
  async look(name: string): Promise<void> {
    this.seen.push(name)
    for (const theme of themes) {
      await this.#app.setTheme(theme)
      await this.#page.waitForFunction((one) => matchMedia(`(prefers-color-scheme: ${one})`).matches, theme)
      for (const size of sizes) await this.#lookAt(`${name}-${size.width}-${theme}`, size)
    }
    await this.#app.setTheme('light')
    await this.#page.setViewportSize({ width: 1280, height: 800 })
  }

  async #lookAt(name: string, size: { readonly width: number; readonly height: number }): Promise<void> {
    const page = this.#page
    await page.setViewportSize(size)
    await settled(page)
    for (const finding of await findings(page)) this.found.push(`${name}: ${finding}`)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 0) this.found.push(`${name}: ${wide} pixels wider than the window`)
    await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
  }
}

/** Nothing is loaded or moves any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
  await drawn(page)
}
