import type { Page } from 'playwright-core'

const list = '[role="grid"] [role="rowgroup"]:last-child'

type Measure = 'browse:first-rows' | 'browse:search'

/** Does something, and gives the milliseconds of the measure that the page takes of it. */
export async function measured(page: Page, name: Measure, act: () => Promise<void>): Promise<number> {
  await page.evaluate((measure) => performance.clearMeasures(measure), name)
  await act()
  await page.waitForFunction((measure) => performance.getEntriesByName(measure).length > 0, name)
  return await page.evaluate((measure) => performance.getEntriesByName(measure).at(-1)?.duration ?? 0, name)
}

/** The longest task while somebody scrolls: by the wheel, and by leaps through the whole list. */
export async function scrolling(page: Page): Promise<{ readonly longest: number; readonly count: number }> {
  await page.locator(list).waitFor()
  return await page.evaluate(async (selector) => {
    const tasks: number[] = []
    const take = (entries: PerformanceEntryList): void => void tasks.push(...entries.map(({ duration }) => duration))
    const observer = new PerformanceObserver((all) => take(all.getEntries()))
    observer.observe({ type: 'longtask' })
    const scroller = document.querySelector(selector)
    if (scroller === null) throw new Error('there is no list')
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve))
    for (let step = 0; step < 240; step++) {
      scroller.scrollTop += 120
      await frame()
    }
    for (let step = 0; step < 120; step++) {
      scroller.scrollTop = (scroller.scrollHeight * step) / 120
      await frame()
    }
    take(observer.takeRecords())
    observer.disconnect()
    return { longest: Math.round(Math.max(0, ...tasks)), count: tasks.length }
  }, list)
}
