import { EventEmitter } from 'node:events'
import type { NotificationConstructorOptions } from 'electron'
import { expect, it } from 'vitest'
import { Notifier, type Navigation, type NotifierParts } from '../../../src-main/app/notifications.ts'
import { PreferenceStore } from '../../../src-main/app/preferences.ts'
import { attention, type Attention } from '../../../src-shared/ipc/contract/plans.ts'
import { memoryPreferences } from './memory-preferences.ts'

const DAY = 86_400_000
const now = 100 * DAY

class FakeNotification extends EventEmitter {
  readonly options: NotificationConstructorOptions
  shown = false
  constructor(options: NotificationConstructorOptions) {
    super()
    this.options = options
  }
  show(): void {
    this.shown = true
  }
}

function need(kind: Attention['kind'], given: Partial<Attention> = {}): Attention {
  return { kind, level: 'attention', plan: null, place: null, account: null, since: null, problem: null, ...given }
}

function scene(file = memoryPreferences().file) {
  const store = new PreferenceStore(file)
  const made: FakeNotification[] = []
  const opened: Navigation[] = []
  const notifier = new Notifier({
    make: (options) => {
      const notification = new FakeNotification(options)
      made.push(notification)
      return notification as unknown as ReturnType<NotifierParts['make']>
    },
    preferences: store,
    now: () => now,
    planName: (id) => Promise.resolve(id === 'p' ? 'Office' : undefined),
    lastRun: (plan) => Promise.resolve(plan === 'p' ? 'r' : undefined),
    icon: 'icon.png',
    open: (to) => opened.push(to),
  })
  return { notifier, made, opened, store, titles: () => made.map(({ options }) => options.title) }
}

it('tells what needs somebody, by the name of the plan, and a click leads there', async () => {
  const { notifier, made, opened, titles } = scene()
  await notifier.tell([
    need('incomplete', { plan: 'p' }),
    need('sign-in', { account: 'work' }),
    need('check-failed', { place: '/backup' }),
    need('mass-change', { plan: 'gone' }),
  ])
  expect(titles()).toEqual([
    'Office was backed up, but not all of it',
    'Sign in again',
    'A check found damage',
    'Much was deleted or changed in A plan',
  ])
  expect(made[1]?.options.body).toContain('work')
  expect(made.every(({ shown }) => shown)).toBe(true)
  for (const notification of made) notification.emit('click')
  expect(opened).toEqual([
    { view: 'runs', plan: 'p', run: 'r' },
    { view: 'accounts', account: 'work' },
    { view: 'destinations', place: '/backup' },
    { view: 'runs', plan: 'gone' },
  ])
})

it('says of each kind what is true of it, and where to look', async () => {
  const { notifier, made, opened } = scene()
  const kinds = attention.shape.kind.options
  await notifier.tell(
    kinds.map((kind) => need(kind, { plan: 'p', place: '/backup', account: 'work', since: now - DAY * 9 })),
  )
  for (const notification of made) notification.emit('click')
  const said = made.map(({ options }) => `${String(options.title)}. ${String(options.body)}`)
  expect(Object.fromEntries(kinds.map((kind, at) => [kind, [said[at], opened[at]?.view]]))).toEqual({
    failed: ['Office was not backed up. The last run failed. Open it to see why.', 'runs'],
    'upkeep-failed': [
      'Office was backed up, but what comes after it failed. The new snapshot is kept. Forgetting old ones, or a check, did not get to its end: open it to see why.',
      'runs',
    ],
    incomplete: [
      'Office was backed up, but not all of it. Some items could not be read. They are listed in the report and are tried again in the next run.',
      'runs',
    ],
    'sign-in': [
      'Sign in again. Microsoft 365 wants work to sign in again. Until then it is not backed up.',
      'accounts',
    ],
    'nothing-backed-up': ['Office has not been backed up lately. The last good run was 9 days ago.', 'home'],
    'check-failed': [
      'A check found damage. Something in a repository is not as it was written. Open Holdfast to see what, and how to mend it.',
      'destinations',
    ],
    'mass-change': [
      'Much was deleted or changed in Office. The last run found far less, or far more changes, than usual. Earlier snapshots still have it all.',
      'runs',
    ],
    space: ['A destination is nearly full. Make room there, or keep fewer snapshots.', 'destinations'],
    locked: [
      'Office needs a passphrase. The passphrase of its repository is not kept on this machine. Nothing is backed up until you enter it.',
      'destinations',
    ],
  })
})

it('tells each mass change, but a plan that fails in every run once', async () => {
  const { notifier, titles } = scene()
  for (const since of [1, 1, 2]) await notifier.tell([need('mass-change', { plan: 'p', since })])
  expect(titles()).toEqual(Array<string>(2).fill('Much was deleted or changed in Office'))
  for (const since of [3, 4]) await notifier.tell([need('failed', { plan: 'p', since })])
  expect(titles().slice(2)).toEqual(['Office was not backed up'])
})

it('never tells the same twice in a row, not even after a restart, but again once it was mended', async () => {
  const { file } = memoryPreferences()
  const first = scene(file)
  const failed = need('failed', { plan: 'p' })
  await Promise.all([first.notifier.tell([failed]), first.notifier.tell([failed, failed])])
  expect(first.made).toHaveLength(1)
  const second = scene(file)
  await second.notifier.tell([failed])
  expect(second.made).toHaveLength(0)
  await second.notifier.tell([])
  await second.notifier.tell([failed])
  expect(second.made).toHaveLength(1)
})

it('waits as many days as people want', async () => {
  const { notifier, store, titles } = scene()
  const nothing = need('nothing-backed-up', { plan: 'p', since: now - 3 * DAY })
  await notifier.tell([nothing])
  expect(titles()).toEqual([])
  store.choose({ nothingForDays: 3 })
  await notifier.tell([nothing])
  expect(titles()).toEqual(['Office has not been backed up lately'])
})

it('is silent about kinds that are switched off', async () => {
  const { notifier, store, made } = scene()
  store.choose({ notifications: { ...store.preferences.notifications, problems: false } })
  await notifier.tell([need('failed', { plan: 'p' }), need('space', { place: '/backup' })])
  expect(made).toEqual([])
})
