import { afterAll, expect, test } from 'vitest'
import type { Activity, Attention, PlanRow } from '../../../src-shared/ipc/index.ts'
import { idle } from '../support/default-answers.ts'
import { Refusal } from '../support/scripted-api.ts'
import { closeBrowser, openWindow } from '../support/test-window.ts'

afterAll(closeBrowser)

const hour = 3_600_000
const day = 24 * hour
const place = '/media/disk/Holdfast'
const views = ['home', 'plans', 'runs', 'accounts', 'destinations', 'browse']

function planRow(id: string, name: string, change: Partial<PlanRow> = {}): PlanRow {
  const now = Date.now()
  return {
    id,
    name,
    place,
    schedule: { recurrence: { kind: 'daily', at: '22:00' }, quiet: null },
    paused: false,
    operation: null,
    elsewhere: null,
    lastRun: null,
    lastGood: now - 3 * hour,
    next: now + 21.5 * hour,
    items: 48_120,
    bytes: 9.4e9,
    growth: Array.from({ length: 30 }, (_none, index) => ({
      time: now - (30 - index) * day,
      bytes: 8e9 + index * 5e7,
      items: 40_000 + index * 280,
    })),
    attention: [],
    ...change,
  }
}

function attention(plan: string, kind: Attention['kind'], change: Partial<Attention> = {}): Attention {
  return { kind, level: 'error', plan, place: null, account: null, since: null, problem: null, ...change }
}

const long = 'The library of the marketing department with its very long name, and everything that belongs to it'
const lastRun: NonNullable<PlanRow['lastRun']> = {
  run: 'r9',
  plan: 'p2',
  planName: long,
  started: 1_772_000_000_000,
  ended: 1_772_000_900_000,
  outcome: 'incomplete',
  steps: ['backup'],
  problem: null,
  items: 10,
  bytes: 10,
  added: 10,
  changed: 10,
  unread: 3,
}

function progress(id: string): Activity {
  return {
    ...idle,
    operations: [
      {
        id,
        kind: 'backup',
        plan: 'Every night',
        place,
        dryRun: false,
        started: Date.now() - 60_000,
        progress: { current: 'users/ada@contoso.example/mailbox/Inbox', items: 1_250, expected: 5_000, bytes: 4e8 },
        stopping: false,
      },
    ],
  }
}

test('plans show how they are: good, running with progress, paused; all can be run at once', async () => {
  const plans = [
    planRow('p1', 'Every night', { operation: 'j1' }),
    planRow('p2', long),
    planRow('p3', 'Paused one', { paused: true, next: null }),
    planRow('p4', 'By hand', { lastGood: null, next: null, bytes: null, items: null, growth: [] }),
  ]
  const window = await openWindow({
    views,
    activity: progress('j1'),
    answers: {
      'plans.list': () => plans,
      'plans.runAll': () => ({ waiting: ['p4'] }),
      'plans.setPaused': () => ({}),
      'operations.stop': () => ({}),
    },
  })
  const { page, api } = window
  const main = page.getByRole('main')
  await main.getByText('1,250 / 5,000').waitFor()
  await main.getByText('Never backed up').waitFor()
  await window.expectAccessible()
  await window.screenshot('home')
  await main.getByRole('button', { name: 'Back up all now' }).click()
  await expect.poll(() => api.paramsOf('plans.runAll')).toEqual([{ plans: ['p2', 'p4'] }])
  await page.getByText('1 plan waits for its turn').waitFor()
  await main.getByRole('button', { name: 'More about Paused one' }).click()
  await page.getByRole('menuitem', { name: 'Resume' }).click()
  await expect.poll(() => api.paramsOf('plans.setPaused')).toEqual([{ plan: 'p3', paused: false }])
  await main.getByRole('button', { name: 'Stop' }).click()
  await expect.poll(() => api.paramsOf('operations.stop')).toEqual([{ operation: 'j1' }])
  await window.close()
})

test('a run that was begun elsewhere shows as one, and is not begun again', async () => {
  const plans = [planRow('p1', 'Every night', { elsewhere: { since: Date.now() - hour } }), planRow('p2', long)]
  const window = await openWindow({
    views,
    answers: { 'plans.list': () => plans, 'plans.runAll': () => ({ waiting: [] }) },
  })
  const { page, api } = window
  const main = page.getByRole('main')
  await main.getByText(/^Backing up since .*, started outside this window\.$/).waitFor()
  await main.getByText('Backing up', { exact: true }).waitFor()
  expect(await main.getByRole('button', { name: 'Back up now Every night' }).count()).toBe(0)
  await window.expectAccessible()
  await window.screenshot('home-elsewhere')
  await main.getByRole('button', { name: 'Back up all now' }).click()
  await expect.poll(() => api.paramsOf('plans.runAll')).toEqual([{ plans: ['p2'] }])
  expect(await page.getByText('waits for its turn').count()).toBe(0)
  await window.close()
})

test('each thing that needs somebody is said, with what to do about it', async () => {
  const plan = planRow('p2', long, {
    lastRun,
    attention: [
      attention('p2', 'sign-in', { account: 'ada' }),
      attention('p2', 'locked', { place }),
      attention('p2', 'failed', { since: Date.now() - 2 * day, problem: { code: 'store.unreachable', params: {} } }),
      attention('p2', 'nothing-backed-up', { since: Date.now() - 9 * day }),
      attention('p2', 'check-failed', { place, since: Date.now() - day }),
      attention('p2', 'incomplete', { level: 'attention', since: Date.now() - day }),
      attention('p2', 'mass-change', { level: 'attention', since: Date.now() - day }),
      attention('p2', 'space', { level: 'attention', place }),
    ],
  })
  const window = await openWindow({
    views,
    answers: {
      'plans.list': () => [plan],
      'runs.list': () => ({ rows: [], next: null }),
      'runs.get': () => ({ row: lastRun, reports: {}, reportFile: null }),
      'runs.lines': () => ({ count: 0, rows: [] }),
      'plans.runAll': () => ({ waiting: [] }),
    },
  })
  const { page, api } = window
  await page.getByText('8 things need you').waitFor()
  for (const title of [
    'Sign-in needed',
    'The passphrase is not on this machine',
    'The last run failed',
    'Nothing was backed up for a while',
    'The repository is damaged',
    'Some items could not be read',
    'Unusually much was deleted or changed',
    'The destination is almost full',
  ])
    await page.getByText(`${long}: ${title}`).waitFor()
  await window.expectAccessible()
  await window.screenshot('home-attention')
  await page.getByRole('main').getByRole('button', { name: 'Back up now' }).first().click()
  await expect.poll(() => api.paramsOf('plans.runAll')).toEqual([{ plans: ['p2'] }])
  await page.getByRole('button', { name: 'Show them' }).click()
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
  await expect.poll(() => api.paramsOf('runs.get')).toEqual([{ run: 'r9' }])
  await window.close()
})

test('what a check or a drill found, and little room left, are told as the host tells them: by no code of an error', async () => {
  const plan = planRow('p1', 'Every night', {
    attention: [
      attention('p1', 'check-failed', { place, problem: { code: 'check', params: { problems: 2 } } }),
      attention('p1', 'space', {
        level: 'attention',
        place,
        problem: { code: 'store.full', params: { free: 1, total: 9 } },
      }),
    ],
  })
  const window = await openWindow({ views, answers: { 'plans.list': () => [plan] } })
  const { page } = window
  await page.getByText('Every night: The repository is damaged').waitFor()
  // It is almost full, not full.
  await expect.poll(() => page.getByText('There is no room left').count()).toBe(0)
  await window.close()
})

test('a plan says in a word how it is, by what needs somebody', async () => {
  const problem = { code: 'store.unreachable', params: {} }
  const plans = [
    planRow('p1', 'Cleaned up badly', {
      lastRun: { ...lastRun, plan: 'p1', outcome: 'failed', problem, steps: ['backup'] },
      attention: [attention('p1', 'upkeep-failed', { level: 'attention', since: Date.now() - hour, problem })],
    }),
    planRow('p2', 'Damaged', {
      attention: [
        attention('p2', 'check-failed', { place, problem: { code: 'check', params: { problems: 2 } } }),
        attention('p2', 'check-failed', { place, problem: { code: 'drill', params: { failed: 1, items: 9 } } }),
      ],
    }),
    planRow('p3', 'Failed and damaged', {
      attention: [
        attention('p3', 'check-failed', { place, problem: { code: 'check', params: { problems: 2 } } }),
        attention('p3', 'failed', { problem }),
      ],
    }),
    ...(['nothing-backed-up', 'sign-in', 'locked'] as const).map((kind) =>
      planRow(kind, `Plan with ${kind}`, { attention: [attention(kind, kind)] }),
    ),
  ]
  const window = await openWindow({
    views,
    answers: {
      'plans.list': () => plans,
      'runs.list': () => ({ rows: [], next: null }),
      'runs.get': () => ({ row: lastRun, reports: {}, reportFile: null }),
    },
  })
  const { page, api } = window
  await page.getByText('Cleaned up badly: Backed up, but what comes after it failed').waitFor()
  await page.getByText('The destination cannot be reached').first().waitFor()
  const words = async (): Promise<readonly string[]> =>
    await page.getByText(/^(Needs you|Damage found|Not backed up)$/).allTextContents()
  await expect.poll(words).toEqual(['Needs you', 'Damage found', ...Array<string>(4).fill('Not backed up')])
  await window.expectAccessible()
  await page.getByText('Damage found').scrollIntoViewIfNeeded()
  await window.screenshot('home-words')
  await page.getByRole('button', { name: 'Show the run' }).first().click()
  await expect.poll(() => api.paramsOf('runs.get')).toEqual([{ run: 'r9' }])
  await window.close()
})

test('nothing yet leads to the wizard; what cannot be read can be asked for again', async () => {
  const window = await openWindow({ views })
  const { page, api } = window
  await page.getByText('Nothing is backed up yet').waitFor()
  await window.expectAccessible()
  await window.screenshot('home-empty')
  api.on('plans.list', () => {
    throw new Refusal('engine.stopped', {}, 'later')
  })
  await window.push('changed', { what: ['plans'] })
  await page.getByText('The plans could not be read').waitFor()
  await window.expectAccessible()
  await window.screenshot('home-failure')
  api.on('plans.list', () => [planRow('p1', 'Every night')])
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Everything is backed up').waitFor()
  await window.close()
})
