import { afterAll, expect, test } from 'vitest'
import { closeBrowser, openWindow, type TestWindow } from '../support/test-window.ts'
import { repository } from './pretend-repository.ts'

afterAll(closeBrowser)

const rounds = 20

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Infinity
}

function durations({ page }: TestWindow, name: string): Promise<number[]> {
  return page.evaluate(`performance.getEntriesByName('${name}', 'measure').map(({ duration }) => duration)`)
}

// How fast all this is: npm run bench:window.
test('a folder of 500,000 items is listed, searched and scrolled without keeping more than what shows', async () => {
  const window = await openWindow({ views: ['home', 'browse'], target: { view: 'browse' }, answers: repository() })
  const { page } = window
  for (const name of ['Users', 'ada@contoso.example', 'Mail']) {
    await page.getByRole('treeitem', { name, exact: true }).click()
    await page.keyboard.press('ArrowRight')
  }
  for (let round = 0; round < rounds; round++) {
    const before = (await durations(window, 'browse:first-rows')).length
    await page.getByRole('treeitem', { name: round % 2 === 0 ? /^Inbox/ : /^Archive/ }).click()
    await expect.poll(async () => (await durations(window, 'browse:first-rows')).length).toBeGreaterThan(before)
  }
  const firstRows = median((await durations(window, 'browse:first-rows')).slice(-rounds))

  const field = page.getByRole('searchbox', { name: /^Search subjects/ })
  for (let round = 0; round < rounds; round++) {
    await field.fill(`report ${String(round)}`)
    await expect.poll(async () => (await durations(window, 'browse:search')).length).toBe(round + 1)
  }
  const search = median(await durations(window, 'browse:search'))

  await page
    .getByRole('button', { name: 'Back to the folders' })
    .or(page.getByRole('button', { name: 'Clear' }))
    .first()
    .click()
  await page.getByRole('treeitem', { name: /^Inbox/ }).click()
  await page.getByText('500,000 items').waitFor()
  await page.evaluate(`
    window.longTasks = []
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' })
  `)
  const box = await page.getByRole('region', { name: 'Items of Inbox' }).boundingBox()
  await page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 300)
  for (let turn = 0; turn < 60; turn++) await page.mouse.wheel(0, turn % 3 === 0 ? 40_000 : 900)
  await page.evaluate(`document.querySelector('[aria-label="Items of Inbox"] .scroller').scrollTop = 1e9`)
  await page.getByRole('row', { name: /499999/ }).waitFor()
  const longest = Math.max(0, ...(await page.evaluate<number[]>('longTasks')))
  const session = await page.context().newCDPSession(page)
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  console.log(
    `first rows ${firstRows.toFixed(0)} ms, search ${search.toFixed(0)} ms (medians of ${String(rounds)}), ` +
      `longest task ${longest.toFixed(0)} ms, heap ${(usedSize / 1e6).toFixed(0)} MB`,
  )
  expect(usedSize).toBeLessThan(300e6)
  expect(await page.getByRole('region', { name: 'Items of Inbox' }).locator('[data-row]').count()).toBeLessThan(80)
  await window.close()
})
