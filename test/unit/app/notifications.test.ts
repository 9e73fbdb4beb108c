import { EventEmitter } from 'node:events'
import type { NotificationConstructorOptions } from 'electron'
import { expect, it } from 'vitest'
import { Notifier, type Navigation, type NotifierParts } from '../../../src-main/app/notifications.ts'
import { PreferenceStore } from '../../../src-main/app/preferences.ts'
import type { Attention } from '../../../src-shared/ipc/contract/plans.ts'
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
