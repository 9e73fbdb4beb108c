import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { generatedSubject } from '../bench/support/generated-mailbox.ts'
import { Desktop, mainWindow } from './support/desktop.ts'
import { fillRepository, openLargeFolder } from './support/large-mailbox.ts'

const mails = 200_000
const mostElements = 2_500

interface Shown {
  /** Its place in the list. */
  readonly row: number
  readonly text: string
}

/** The rows that are drawn, once they are loaded. */
async function shownRows(page: Page): Promise<readonly Shown[]> {
  await page.waitForFunction(() => {
    const rows = [...document.querySelectorAll('[role="row"][data-row]')]
    return rows.length > 0 && rows.every((row) => row.getAttribute('aria-busy') === null)
  })
  return await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[role="row"][data-row]')].map((row) => ({
      row: Number(row.dataset.row),
      text: row.innerText,
    })),
  )
}

/** Scrolls to a share of the whole list, as somebody drags the bar. */
async function scrollTo(page: Page, share: number): Promise<void> {
  await page.evaluate(
    (at) =>
      new Promise<void>((resolve) => {
        const scroller = document.querySelector('[role="grid"] [role="rowgroup"]:last-child')
        if (scroller === null) throw new Error('there is no list')
        const top = Math.round((scroller.scrollHeight - scroller.clientHeight) * at)
        if (Math.abs(scroller.scrollTop - top) < 1) resolve()
        // What scrolls is drawn in the next frame.
        else
          scroller.addEventListener(
            'scroll',
            () => requestAnimationFrame(() => requestAnimationFrame(() => resolve())),
            { once: true },
          )
        scroller.scrollTop = top
      }),
    share,
  )
}

async function expectSmall(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(mostElements)
}

test('200,000 rows are all within reach, and a search finds what is there', { timeout: 900_000 }, async () => {
  const desktop = await Desktop.set()
  await fillRepository(desktop.folder, mails)
  const app = await desktop.start()
  const page = await mainWindow(app)
  await openLargeFolder(page, desktop.path('repository'), mails)

  const seen: number[] = []
  for (const share of [0, 0.1, 0.25, 0.5, 0.5001, 0.75, 0.9, 0.9999, 1]) {
    await scrollTo(page, share)
    const rows = await shownRows(page)
    // Newest first.
    for (const { row, text } of rows) expect(text).toContain(generatedSubject(mails - 1 - row))
    const all = rows.map(({ row }) => row)
    expect(Math.abs((Math.min(...all) + Math.max(...all)) / 2 - share * mails)).toBeLessThan(mails / 100)
    seen.push(...all)
    await expectSmall(page)
  }
  expect(seen).toContain(0)
  expect(seen).toContain(mails - 1)

  // One row after the other is reached by the keyboard, from both ends.
  await page.locator('[role="row"][data-row]').first().click()
  await page.keyboard.press('Home')
  await page.getByRole('row', { name: new RegExp(`no${mails - 1}\\b`) }).waitFor()
  await page.keyboard.press('End')
  await page.getByRole('row', { name: /no0\b/ }).waitFor()
  await page.keyboard.press('PageUp')
  await page.keyboard.press('ArrowUp')
  await expect
    .poll(() => page.evaluate(() => Number((document.activeElement as HTMLElement).dataset.row)))
    .toBeLessThan(mails - 2)

  const field = page.getByRole('searchbox', { name: /Search subjects/ })
  await field.fill('no123456')
  await page.getByText('1 found', { exact: true }).waitFor()
  expect((await shownRows(page)).map(({ text }) => text.includes(generatedSubject(123_456)))).toEqual([true])
  await field.fill('no999999')
  await page.getByText('Nothing was found').waitFor()
  await field.fill('garden')
  await page.getByText(/^At least [\d,]+ found$/).waitFor()
  for (const { text } of await shownRows(page)) expect(text).toContain('garden')
  await expectSmall(page)
  await app.close()
})
