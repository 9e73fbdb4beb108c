import { afterAll, expect, test } from 'vitest'
import { closeBrowser, openWindow, type TestWindow, type WindowOptions } from '../support/test-window.ts'
import { inbox, place, repository, snapshotId } from './pretend-repository.ts'

afterAll(closeBrowser)

function browser(options: WindowOptions = {}): Promise<TestWindow> {
  return openWindow({ views: ['home', 'browse'], target: { view: 'browse' }, answers: repository(), ...options })
}

async function openInbox({ page }: TestWindow): Promise<void> {
  for (const name of ['Users', 'ada@contoso.example', 'Mail']) {
    await page.getByRole('treeitem', { name, exact: true }).click()
    await page.keyboard.press('ArrowRight')
  }
  await page.getByRole('treeitem', { name: /^Inbox/ }).click()
  await page.getByRole('row', { name: /Quarterly report 0/ }).waitFor()
}

test('a folder is found in the tree, its items are listed and one of them is looked at', async () => {
  const window = await browser()
  const { page, api } = window
  await page.getByRole('treeitem', { name: 'Users' }).waitFor()
  await window.screenshot('browse-snapshot')
  await openInbox(window)
  await expect.poll(() => page.getByRole('heading', { name: 'Inbox' }).isVisible()).toBe(true)
  expect(await page.getByText('500,000 items').isVisible()).toBe(true)
  await page.getByRole('row', { name: /Minutes of the board 3 / }).click()
  await page.getByRole('heading', { name: 'Minutes of the board' }).waitFor()
  await page.frameLocator('iframe').getByText('are attached').waitFor()
  expect(api.paramsOf('browse.preview').at(-1)).toEqual({
    place,
    snapshot: snapshotId(0),
    path: `${inbox}/2026-04/message 000003 ~abcdefghij`,
  })
  await window.expectAccessible()
  // It stays, and is not read again, however far the list is scrolled.
  await page.evaluate(`document.querySelector('[aria-label="Items of Inbox"] .scroller').scrollTop = 1e9`)
  await page.getByRole('row', { name: /499999/ }).waitFor()
  expect(await page.getByRole('heading', { name: 'Minutes of the board' }).isVisible()).toBe(true)
  expect(api.paramsOf('browse.preview')).toHaveLength(1)
  await page.evaluate(`document.querySelector('[aria-label="Items of Inbox"] .scroller').scrollTop = 0`)
  await window.screenshot('browse-mail')
  await window.close()
})

test('an item that is looked at stays in sight when the window gets another layout', async () => {
  const window = await browser()
  const { page } = window
  await openInbox(window)
  const list = page.getByRole('region', { name: 'Items of Inbox' })
  await list.locator('.scroller').evaluate((scroller) => (scroller.scrollTop = 34 * 3000))
  await list.locator('[data-row="3003"]:not([aria-busy])').click()
  await page.getByRole('heading', { level: 2 }).nth(1).waitFor()
  await page.setViewportSize({ width: 900, height: 640 })
  await page.getByRole('button', { name: 'Back to the list' }).waitFor()
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByRole('button', { name: 'Back to the list' }).waitFor({ state: 'detached' })
  const row = list.locator('[data-row="3003"]')
  const isInSight = (): Promise<boolean> =>
    row.evaluate((shown) => {
      const { top, bottom } = shown.getBoundingClientRect()
      return top > 0 && bottom <= innerHeight
    })
  await expect.poll(isInSight).toBe(true)
  await window.close()
})

test('the columns choose the order', async () => {
  const window = await browser()
  const { page, api } = window
  await openInbox(window)
  await page.getByRole('columnheader', { name: 'Subject' }).getByRole('button').click()
  await expect.poll(() => api.paramsOf('browse.items').at(-1)?.order).toBe('title')
  await page.getByRole('columnheader', { name: 'Date' }).getByRole('button').click()
  await expect.poll(() => api.paramsOf('browse.items').at(-1)?.order).toBe('newest')
  await page.getByRole('columnheader', { name: 'Date' }).getByRole('button').click()
  await expect.poll(() => api.paramsOf('browse.items').at(-1)?.order).toBe('oldest')
  await window.close()
})

test('rows and folders are selected by mouse and keyboard', async () => {
  const window = await browser()
  const { page } = window
  const bar = page.getByRole('region', { name: 'Selection' })
  const items = page.getByRole('region', { name: 'Items of Inbox' })
  await openInbox(window)
  await items.locator('[data-row="1"] .mark').click()
  await bar.getByText('1 item selected').waitFor()
  await items.locator('[data-row="4"]').click({ modifiers: ['Shift'] })
  await bar.getByText('4 items selected').waitFor()
  await items.locator('[data-row="8"]').click({ modifiers: ['Control'] })
  await bar.getByText('5 items selected').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await bar.getByText('6 items selected').waitFor()
  await page
    .getByRole('treeitem', { name: /^Archive/ })
    .locator('.box')
    .click()
  await bar.getByText('1 folder and 6 items selected').waitFor()
  await window.expectAccessible()
  await window.screenshot('browse-selected')
  await page.getByRole('button', { name: 'Select the folder' }).click()
  await bar.getByText('2 folders selected').waitFor()
  await page.getByRole('button', { name: 'Clear selection' }).click()
  await expect.poll(() => bar.isVisible()).toBe(false)
  await window.close()
})

test('a folder can be taken out of a selected one above it', async () => {
  const window = await browser()
  const { page, api } = window
  await openInbox(window)
  await page.getByRole('treeitem', { name: 'Mail', exact: true }).locator('.box').click()
  await page.getByText('1 folder selected').waitFor()
  await page
    .getByRole('treeitem', { name: /^Archive/ })
    .locator('.box')
    .click()
  // Beside it are Inbox and Empty.
  await page.getByText('2 folders selected').waitFor()
  expect(api.mistakes).toEqual([])
  await window.close()
})

test('a search shows what it finds, and leads to the folder of a result', async () => {
  const window = await browser()
  const { page, api } = window
  await page.getByRole('treeitem', { name: 'Users' }).waitFor()
  await page.keyboard.press('Control+f')
  // All at once: between two keys it may search already.
  await page.keyboard.insertText('report')
  await page.getByRole('heading', { name: 'Search results' }).waitFor()
  await page.getByText(/At least 100 found|250 found/).waitFor()
  expect(api.paramsOf('browse.search').at(-1)).toMatchObject({
    place,
    snapshot: snapshotId(0),
    query: { words: 'report' },
  })
  await page.getByRole('row', { name: /Re: offer for the new office 62 / }).click()
  await page.frameLocator('iframe').getByText('are attached').waitFor()
  await window.screenshot('browse-search')
  await window.expectAccessible()

  await page.getByRole('combobox', { name: 'Search in' }).click()
  await page.getByRole('option', { name: 'All snapshots' }).click()
  await expect.poll(() => api.paramsOf('browse.search').at(-1)?.snapshot).toBe(null)
  await page.getByRole('button', { name: 'Close preview' }).click()
  await page.getByRole('columnheader', { name: 'In snapshots' }).waitFor()
  await window.screenshot('browse-search-everywhere')

  await page.getByRole('button', { name: 'Show in its folder' }).first().click()
  await page.getByRole('heading', { name: 'Inbox' }).waitFor()
  await page.getByRole('treeitem', { name: /^Inbox/, selected: true }).waitFor()
  await window.close()
})

test('a search can be limited to the open folder, in one snapshot or in all', async () => {
  const window = await browser()
  const { page, api } = window
  const scope = page.getByRole('combobox', { name: 'Search in' })
  const asked = () => api.paramsOf('browse.search').at(-1)
  await page.getByRole('treeitem', { name: 'Users' }).waitFor()
  await scope.click()
  await page.getByRole('option', { name: 'All snapshots' }).waitFor()
  expect(await page.getByRole('option', { name: /In this folder/ }).count()).toBe(0)
  await page.keyboard.press('Escape')

  await openInbox(window)
  await scope.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: 'In this folder Inbox' }).waitFor()
  await window.screenshot('browse-search-scopes')
  await window.expectAccessible()
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  // Nothing is asked yet.
  expect(api.paramsOf('browse.search')).toEqual([])
  await page.getByRole('row', { name: /Quarterly report 0/ }).waitFor()
  await page.getByRole('searchbox', { name: /^Search subjects/ }).fill('report')
  await page.getByText(/found in Inbox$/).waitFor()
  expect(asked()).toMatchObject({ snapshot: snapshotId(0), query: { words: 'report', folder: inbox } })
  await window.screenshot('browse-search-folder')
  await window.expectAccessible()

  await scope.click()
  await page.getByRole('option', { name: 'In this folder, ever Inbox, all snapshots' }).click()
  await expect.poll(asked).toMatchObject({ snapshot: null, query: { words: 'report', folder: inbox } })
  await scope.click()
  await page.getByRole('option', { name: 'All snapshots', exact: true }).click()
  await expect.poll(() => asked()?.query).toEqual({ words: 'report' })
  expect(asked()?.snapshot).toBe(null)
  await window.close()
})

test('a search in a folder goes on in the same folder of another snapshot, or in the whole snapshot', async () => {
  const window = await browser()
  const { page, api } = window
  const asked = () => api.paramsOf('browse.search').at(-1)
  await openInbox(window)
  await page.getByRole('combobox', { name: 'Search in' }).click()
  await page.getByRole('option', { name: 'In this folder Inbox' }).click()
  await page.getByRole('searchbox', { name: /^Search subjects/ }).fill('nothing')
  await page.getByText('Nothing in Inbox or below it fits.').waitFor()
  await window.screenshot('browse-nothing-in-folder')
  await page.getByRole('button', { name: 'Older snapshot' }).click()
  await expect.poll(asked).toMatchObject({ snapshot: snapshotId(1), query: { folder: inbox } })
  await page.getByText('Nothing in Inbox or below it fits.').waitFor()
  await page.getByRole('button', { name: 'Search the whole snapshot' }).click()
  await expect.poll(() => asked()?.query).toEqual({ words: 'nothing' })
  expect(asked()?.snapshot).toBe(snapshotId(1))
  await page.getByRole('button', { name: 'Search all snapshots' }).click()
  await expect.poll(() => asked()?.snapshot).toBe(null)
  await window.close()
})

test('filters narrow a search, also without words', async () => {
  const window = await browser()
  const { page, api } = window
  await page.getByRole('treeitem', { name: 'Users' }).waitFor()
  await page.getByRole('button', { name: 'Filters' }).click()
  await page.getByRole('textbox', { name: 'From' }).fill('ben')
  await page.getByLabel('Not before').fill('2026-01-01')
  await page.getByRole('checkbox', { name: 'With an attachment' }).click()
  await expect
    .poll(() => api.paramsOf('browse.search').at(-1)?.query)
    .toEqual({ words: '', from: 'ben', after: new Date(2026, 0, 1).getTime(), attachment: true })
  await window.screenshot('browse-filters')
  await window.expectAccessible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '3 filters' }).waitFor()
  await window.close()
})

test('a search that finds nothing can go on in all snapshots', async () => {
  const window = await browser()
  const { page, api } = window
  await page.getByRole('searchbox', { name: /^Search subjects/ }).fill('nothing')
  await page.getByText('Nothing was found').waitFor()
  await window.screenshot('browse-nothing-found')
  await page.getByRole('button', { name: 'Search all snapshots' }).click()
  await expect.poll(() => api.paramsOf('browse.search').at(-1)?.snapshot).toBe(null)
  await window.close()
})

test('the timeline is walked by keyboard, and a date leads to the snapshot of that day', async () => {
  const window = await browser()
  const { page, api } = window
  await page.getByRole('option', { selected: true }).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect.poll(() => api.paramsOf('browse.folders').at(-1)?.snapshot).toBe(snapshotId(1))
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expect.poll(() => api.paramsOf('browse.folders').at(-1)?.snapshot).toBe(snapshotId(39))
  await page.getByRole('button', { name: 'Newer snapshot' }).click()
  await expect.poll(() => api.paramsOf('browse.folders').at(-1)?.snapshot).toBe(snapshotId(38))
  const today = await page.evaluate(
    `(() => { const d = new Date(); return [d.getFullYear(), d.getMonth() + 1, d.getDate()].map((n) => String(n).padStart(2, '0')).join('-') })()`,
  )
  await page.getByLabel('Go to date').fill(String(today))
  await expect.poll(() => api.paramsOf('browse.folders').at(-1)?.snapshot).toBe(snapshotId(0))
  await window.close()
})

test('two snapshots are compared', async () => {
  const window = await browser()
  const { page, api } = window
  await page.getByRole('button', { name: 'Compare…' }).click()
  await window.screenshot('browse-compare-dialog')
  await page.getByRole('dialog').getByRole('button', { name: 'Compare', exact: true }).click()
  await expect.poll(() => api.paramsOf('browse.compare').length).toBe(4)
  expect(api.paramsOf('browse.compare')[0]).toEqual({ place, from: snapshotId(1), to: snapshotId(0), cursor: null })
  await page
    .getByRole('row', { name: /^Deleted/ })
    .first()
    .click()
  await expect.poll(() => api.paramsOf('browse.preview').at(-1)?.snapshot).toBe(snapshotId(1))
  await window.screenshot('browse-compare')
  await window.expectAccessible()
  await page.getByRole('button', { name: /^Moved/ }).click()
  await expect.poll(() => page.getByRole('row', { name: /^Added/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Close comparison' }).click()
  await page.getByText('Choose a folder', { exact: true }).waitFor()
  await window.close()
})

test('roots are found by main, not in the page', async () => {
  const window = await browser()
  const { page, api } = window
  await page.getByRole('searchbox', { name: 'Find a user, group or site' }).fill('ada')
  await page.getByRole('treeitem', { name: 'ada@contoso.example' }).waitFor()
  expect(api.paramsOf('browse.folders').some(({ path, query }) => path === 'users' && query === 'ada')).toBe(true)
  expect(await page.getByRole('treeitem').count()).toBe(1)
  await window.close()
})

test('in a narrow window the preview takes the place of the list', async () => {
  const window = await browser({ size: { width: 900, height: 640 } })
  const { page } = window
  await openInbox(window)
  await page.getByRole('row', { name: /Minutes of the board 3 / }).click()
  await page.frameLocator('iframe').getByText('are attached').waitFor()
  await window.expectAccessible()
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await page.getByRole('row', { name: /Minutes of the board 3 / }).waitFor()
  await window.close()
})
