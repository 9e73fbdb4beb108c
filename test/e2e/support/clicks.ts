import type { Locator } from 'playwright-core'

/** Counts what a person has to click, besides typing. */
export class Clicks {
  count = 0

  async on(target: Locator): Promise<void> {
    this.count++
    await target.click()
  }
}
