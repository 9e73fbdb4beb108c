import { afterAll, expect, test } from 'vitest'
import { Refusal } from '../support/scripted-api.ts'
import { closeBrowser, openWindow, type TestWindow, type WindowOptions } from '../support/test-window.ts'
import { lockedRefusal, place, repository, snapshotId, snapshots } from './pretend-repository.ts'

afterAll(closeBrowser)

function browser(options: WindowOptions = {}): Promise<TestWindow> {
  return openWindow({ views: ['home', 'browse'], target: { view: 'browse' }, answers: repository(), ...options })
}

function oneDestination(unlocked: boolean) {
  return [
    {
      place,
      kind: 'folder' as const,
      title: place,
      account: null,
      plans: [],
      unlocked,
      lastCheck: null,
      lastDrill: null,
    },
  ]
}

test('without a destination it says how to come to one', async () => {
  const window = await browser({ answers: { ...repository(), 'destinations.list': () => [] } })
  const { page } = window
  await page.getByText('Nothing to restore from yet').waitFor()
  await page.getByRole('button', { name: 'Set up a plan' }).waitFor()
  await window.expectAccessible()
  await window.screenshot('browse-no-destination')
  await window.close()
})

test('a destination without snapshots says so, and shows the first one when it has come', async () => {
  let rows = snapshots(0)
  const answers = repository()
  const window = await browser({ answers: { ...answers, 'snapshots.list': () => ({ rows, next: null }) } })
  const { page } = window
  await page.getByText('No snapshot yet').waitFor()
  await window.expectAccessible()
  await window.screenshot('browse-no-snapshot')
  rows = snapshots(1)
  await window.push('changed', { what: ['snapshots'] })
  await page.getByRole('treeitem', { name: 'Users' }).waitFor()
  await window.close()
})

test('a locked repository is unlocked with its passphrase', async () => {
  let unlocked = false
  const window = await browser({
    answers: {
      ...repository(),
      'destinations.list': () => oneDestination(unlocked),
      'destinations.unlock': ({ passphrase }) => {
        if (passphrase !== 'correct horse') return lockedRefusal()
        unlocked = true
        return { repository: 'r1' }
      },
    },
  })
  const { page, api } = window
  await page.getByText('This repository is locked').waitFor()
  expect(api.paramsOf('snapshots.list')).toEqual([])
  const field = page.getByRole('textbox', { name: 'Passphrase' })
  await field.fill('wrong')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await page
    .getByText(/passphrase is wrong|wrong passphrase|does not open/i)
    .first()
    .waitFor()
  await window.expectAccessible()
  await window.screenshot('browse-locked')
  await field.fill('correct horse')
  await page.keyboard.press('Enter')
  await page.getByRole('treeitem', { name: 'Users' }).waitFor()
  await window.close()
})

test('an error is told with what to do next, and it can be tried again', async () => {
  const answers = repository()
  const window = await browser({
    answers: {
      ...answers,
      'snapshots.list': () => {
        throw new Refusal('store.unreachable', { place }, 'later')
      },
    },
  })
  const { page, api } = window
  await page.getByText('This could not be read').waitFor()
  await window.expectAccessible()
  await window.screenshot('browse-error')
  api.on('snapshots.list', () => ({ rows: snapshots(2), next: null }))
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('treeitem', { name: 'Users' }).waitFor()
  await window.close()
})

test('while it reads it shows where things will be', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const answers = repository()
  const window = await browser({
    answers: {
      ...answers,
      'snapshots.list': async () => {
        await promise
        return { rows: snapshots(1), next: null }
      },
    },
  })
  const { page } = window
  await page.locator('[aria-busy="true"]').first().waitFor()
  await window.screenshot('browse-loading')
  resolve(undefined)
  await page.getByRole('treeitem', { name: 'Users' }).waitFor()
  await window.close()
})

test('rows that have not come show where their texts will be, and nothing of the rows before them', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const answers = repository()
  const items = answers['browse.items'] ?? (() => ({ count: 0, rows: [] }))
  const window = await browser({
    answers: {
      ...answers,
      'browse.items': async (params) => {
        if (params.offset > 0) await promise
        return await items(params)
      },
    },
  })
  const { page } = window
  for (const name of ['Users', 'ada@contoso.example', 'Mail']) {
    await page.getByRole('treeitem', { name, exact: true }).click()
    await page.keyboard.press('ArrowRight')
  }
  await page.getByRole('treeitem', { name: /^Inbox/ }).click()
  const list = page.getByRole('region', { name: 'Items of Inbox' })
  await list.getByRole('row', { name: /Quarterly report 0/ }).waitFor()
  await list.locator('.scroller').evaluate((scroller) => (scroller.scrollTop = 85 * 34))
  const waiting = list.locator('[data-row="101"]')
  await waiting.and(page.locator('[aria-busy="true"]')).waitFor()
  expect(await waiting.getByText(/./).filter({ visible: true }).count()).toBe(0)
  await window.expectAccessible()
  resolve(undefined)
  await list.getByRole('row', { name: /Quarterly report 100/ }).waitFor()
  await window.close()
})

test('only snapshots of the chosen source show, and a plan leads to its own', async () => {
  const other = snapshots(2, '2').map((row, index) => ({
    ...row,
    id: snapshotId(1000 + index),
    time: row.time - 3_600_000,
    plan: 'plan-2',
  }))
  const rows = [...snapshots(3), ...other].sort((one, next) => next.time - one.time)
  const window = await browser({
    target: { view: 'browse', plan: 'plan-2', place },
    answers: { ...repository({ snapshots: rows }) },
  })
  const { page, api } = window
  await page.getByRole('treeitem', { name: 'Users' }).waitFor()
  expect(api.paramsOf('browse.folders').at(-1)?.snapshot).toBe(snapshotId(1000))
  expect(
    await page
      .getByRole('listbox', { name: /^Snapshots/ })
      .getByRole('option')
      .count(),
  ).toBe(2)
  await page.getByRole('combobox', { name: 'Source' }).click()
  await page.getByRole('option', { name: 'All sources' }).click()
  await expect
    .poll(() =>
      page
        .getByRole('listbox', { name: /^Snapshots/ })
        .getByRole('option')
        .count(),
    )
    .toBe(5)
  await window.close()
})

test('thousands of snapshots are a strip like a few', async () => {
  const window = await browser({ answers: repository({ snapshots: snapshots(6000) }) })
  const { page, api } = window
  await page.getByRole('treeitem', { name: 'Users' }).waitFor()
  await expect.poll(() => api.paramsOf('snapshots.list').length).toBe(60)
  await page.locator('[role=option][aria-setsize="6000"]').first().waitFor()
  await page.getByRole('option', { selected: true }).press('End')
  await page.keyboard.press('Enter')
  await expect.poll(() => api.paramsOf('browse.folders').at(-1)?.snapshot).toBe(snapshotId(5999))
  expect(
    await page
      .getByRole('listbox', { name: /^Snapshots/ })
      .getByRole('option')
      .count(),
  ).toBeLessThan(40)
  await window.close()
})
