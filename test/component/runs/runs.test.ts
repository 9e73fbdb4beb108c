import { afterAll, expect, test } from 'vitest'
import type { RunRow } from '../../../src-shared/ipc/index.ts'
import { Refusal, type Handlers } from '../support/scripted-api.ts'
import { closeBrowser, openWindow } from '../support/test-window.ts'
import { everyNight, rowOf } from '../plans/pretend-plans.ts'

afterAll(closeBrowser)

const hour = 3_600_000
const views = ['home', 'runs', 'plans', 'browse']
const total = 230
const begun = Date.now() - hour
const outcomes = ['done', 'done', 'incomplete', 'failed', 'interrupted', 'stopped'] as const

function runOf(index: number): RunRow {
  const outcome = outcomes[index % outcomes.length] ?? 'done'
  const isStored = outcome === 'done' || outcome === 'incomplete'
  const started = begun - index * 24 * hour
  return {
    run: `r${String(index)}`,
    plan: index % 2 === 0 ? 'p1' : 'p2',
    planName: index % 2 === 0 ? 'Every night' : '',
    started,
    ended: started + 185_000,
    outcome,
    steps: isStored ? ['backup', 'forget', 'prune', 'check', 'drill'] : [],
    problem: outcome === 'failed' ? { code: 'store.unreachable', params: {} } : null,
    items: isStored ? 48_120 : null,
    bytes: isStored ? 9.4e9 : null,
    added: isStored ? 4.5e6 : null,
    changed: isStored ? 120 : null,
    unread: isStored ? (outcome === 'incomplete' ? 250 : 0) : null,
  }
}

const reports = {
  'backup 1': {
    snapshot: 'c'.repeat(64),
    items: 48_000,
    bytes: 9.3e9,
    changed: 119,
    removed: 2,
    added: 4.4e6,
    unread: 249,
  },
  'backup 2': {
    snapshot: 'd'.repeat(64),
    items: 120,
    bytes: 1e8,
    changed: 1,
    added: 1e5,
    something_new: 7,
    whole: true,
  },
  forget: { snapshots_removed: 3 },
  prune: { bytes_freed: 1e9, packs_removed: 12 },
  check: { num_errors: 0, packs_read: 40, bytes_read: 6e8 },
}

const answers: Handlers = {
  'plans.list': () => [rowOf(everyNight)],
  'runs.list': ({ plan, cursor }) => {
    const all = Array.from({ length: total }, (_none, index) => runOf(index)).filter(
      (run) => plan === null || run.plan === plan,
    )
    const from = cursor === null ? 0 : Number(cursor)
    return { rows: all.slice(from, from + 50), next: from + 50 < all.length ? String(from + 50) : null }
  },
  'runs.get': ({ run }) => {
    const row = runOf(Number(run.slice(1)))
    return {
      row,
      reports: row.items === null ? {} : reports,
      reportFile: row.outcome === 'incomplete' ? '/home/ada/.config/Holdfast/reports/run-2.jsonl' : null,
    }
  },
  'runs.lines': ({ offset, limit }) => ({
    count: 250,
    rows: Array.from({ length: Math.min(limit, 250 - offset) }, (_none, index) => ({
      path: `users/ada@contoso.example/mailbox/Inbox/message ${String(offset + index)} with quite a long name`,
      problem: { code: index % 2 === 0 ? 'graph.item-unreadable' : 'graph.forbidden', params: {} },
    })),
  }),
}

test('a run is chosen with the keyboard, and says what it did and what it could not read', async () => {
  const window = await openWindow({ views, target: { view: 'runs' }, answers })
  const { page, api } = window
  const list = page.getByRole('listbox', { name: 'Runs' })
  await list.getByRole('option').first().waitFor()
  await window.expectAccessible()
  await window.screenshot('runs')
  await list.getByRole('option').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  const details = page.getByRole('region', { name: 'Every night' })
  await details.getByText('Back up, source 2').waitFor()
  await details.getByText('something new').waitFor()
  await details.getByText('Room given back').waitFor()
  await details.getByText('Graph cannot read it, it is damaged there.').first().waitFor()
  await list.getByRole('option', { selected: true, name: 'Not everything' }).waitFor()
  await window.expectAccessible()
  await window.screenshot('runs-details')
  await page.getByRole('region', { name: 'What could not be read' }).scrollIntoViewIfNeeded()
  await window.screenshot('runs-lines')
  await details.getByRole('button', { name: 'Show the report file' }).click()
  await expect
    .poll(() => api.paramsOf('app.showInFolder'))
    .toEqual([{ path: '/home/ada/.config/Holdfast/reports/run-2.jsonl' }])
  await page.keyboard.press('Escape')
  await list.getByRole('option', { selected: true }).focus()
  await page.keyboard.press('End')
  await expect.poll(() => api.paramsOf('runs.list').map(({ cursor }) => cursor)).toEqual([null, '50'])
  await window.close()
})

test('a run of the command line kept no list here, and says where it is', async () => {
  const window = await openWindow({
    views,
    target: { view: 'runs', run: 'r2' },
    answers: {
      ...answers,
      'runs.get': () => ({ row: runOf(2), reports, reportFile: null }),
      'runs.lines': () => ({ count: 0, rows: [] }),
    },
  })
  const { page, api } = window
  const lines = page.getByRole('region', { name: 'What could not be read' })
  await lines.getByText('This run kept no list here').waitFor()
  await lines.getByText('holdfast cat REPOSITORY cccccccc .holdfast/run.json').waitFor()
  // The other source was read without gaps.
  expect(await lines.getByText(/holdfast cat/).count()).toBe(1)
  expect(await page.getByText('Nothing failed').count()).toBe(0)
  expect(api.paramsOf('runs.lines')).toEqual([])
  await window.expectAccessible()
  await lines.scrollIntoViewIfNeeded()
  await window.screenshot('runs-lines-elsewhere')
  await window.close()
})

test('runs of one plan only, and a run that failed', async () => {
  const window = await openWindow({ views, target: { view: 'runs', plan: 'p1', run: 'r3' }, answers })
  const { page, api } = window
  await page.getByRole('heading', { level: 2, name: 'A plan that was removed' }).waitFor()
  await page.getByText('The run ended before its first step was done.').waitFor()
  expect(api.paramsOf('runs.list')[0]).toEqual({ plan: 'p1', cursor: null })
  await window.expectAccessible()
  await window.screenshot('runs-failed')
  await page.getByRole('combobox').click()
  await page.getByRole('option', { name: 'All plans' }).click()
  await expect.poll(() => api.paramsOf('runs.list').at(-1)).toEqual({ plan: null, cursor: null })
  await page.getByText('No run is chosen').waitFor()
  const before = api.paramsOf('runs.list').length
  await window.push('changed', { what: ['runs'] })
  await expect.poll(() => api.paramsOf('runs.list').length).toBe(before + 1)
  await window.close()
})

test('in a narrow window the run takes the place of the list', async () => {
  const window = await openWindow({ views, target: { view: 'runs' }, answers, size: { width: 860, height: 640 } })
  const { page } = window
  await page.getByRole('option').nth(2).click()
  await page.getByText('Back up, source 1').waitFor()
  expect(await page.getByRole('listbox', { name: 'Runs' }).count()).toBe(0)
  await window.expectAccessible()
  await page.getByRole('button', { name: 'All runs' }).click()
  await page.getByRole('option').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByText('The run ended before its first step was done.').waitFor()
  await window.close()
})

test('no run yet, and what cannot be read', async () => {
  const window = await openWindow({
    views,
    target: { view: 'runs' },
    answers: { ...answers, 'runs.list': () => ({ rows: [], next: null }) },
  })
  const { page, api } = window
  await page.getByText('No run yet').waitFor()
  await window.expectAccessible()
  await window.screenshot('runs-empty')
  api.on('runs.list', () => {
    throw new Refusal('engine.stopped', {}, 'later')
  })
  await window.push('changed', { what: ['runs'] })
  await page.getByText('The runs could not be read').waitFor()
  api.on('runs.get', () => {
    throw new Refusal('usage')
  })
  await window.push('navigate', { view: 'runs', run: 'gone' })
  await page.getByText('This run could not be read').waitFor()
  await window.expectAccessible()
  api.on('runs.list', answers['runs.list'] ?? (() => ({ rows: [], next: null })))
  await page.getByRole('button', { name: 'Try again' }).first().click()
  await page.getByRole('option').first().waitFor()
  await window.close()
})
