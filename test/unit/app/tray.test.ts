import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { MenuItemConstructorOptions } from 'electron'
import { expect, it } from 'vitest'
import { TrayView, trayImage, trayMenu, type NamedPlan, type TrayActions } from '../../../src-main/app/tray.ts'
import { trayState, trayTooltip, type TrayInput, type TrayState } from '../../../src-main/app/tray-state.ts'
import type { Activity, Operation } from '../../../src-shared/ipc/contract/operations.ts'

const resources = join(import.meta.dirname, '../../../resources/tray')
const idle: Activity = { engine: 'running', paused: false, waiting: null, operations: [], next: null }
const operation: Operation = {
  id: 'j',
  kind: 'backup',
  plan: 'p',
  place: '/backup',
  dryRun: false,
  started: 0,
  progress: { current: 'users/ann/mailbox/Secret folder', items: 1200, expected: 5000 },
  stopping: false,
}
const plans: readonly NamedPlan[] = [
  { id: 'p', name: 'Home & work', isRunning: false },
  { id: 'q', name: 'Office', isRunning: true },
]

function input(activity: Partial<Activity>, levels: readonly ('attention' | 'error')[] = []): TrayInput {
  return {
    activity: { ...idle, ...activity },
    attention: levels.map((level) => ({ level })),
    planName: (id) => plans.find((plan) => plan.id === id)?.name,
    locale: 'en',
  }
}

it.each<[TrayState, TrayInput]>([
  ['idle', input({})],
  ['idle', input({ waiting: 'battery' })],
  ['running', input({ operations: [operation] }, ['error'])],
  ['error', input({ engine: 'crashed', operations: [operation] })],
  ['error', input({}, ['attention', 'error'])],
  ['attention', input({ paused: true }, ['attention'])],
  ['paused', input({ paused: 123 })],
])('is %s', (state, given) => {
  expect(trayState(given)).toBe(state)
  expect(trayTooltip(given)).not.toBe('')
})

it('tells how far a run is, without what is in it', () => {
  const tooltip = trayTooltip(input({ operations: [operation, { ...operation, kind: 'check', plan: null }] }))
  expect(tooltip).toBe('Backing up Home & work, 1,200 of 5,000 items and one more')
  expect(trayTooltip(input({ operations: [{ ...operation, plan: null, progress: null }] }))).toBe('Backing up')
})

it('has a drawing of every state for every system', () => {
  for (const state of ['idle', 'running', 'attention', 'error', 'paused'] as const)
    for (const image of [
      trayImage(state, 'darwin', true),
      trayImage(state, 'linux', true),
      trayImage(state, 'win32', false),
    ])
      expect(existsSync(join(resources, image)), image).toBe(true)
})

function actions(done: unknown[]): TrayActions {
  return {
    open: () => done.push('open'),
    backUp: (plan) => done.push(plan),
    restore: () => done.push('restore'),
    newPlan: () => done.push('new'),
    setPaused: (paused) => done.push(paused),
    quit: () => done.push('quit'),
  }
}

function click(items: readonly MenuItemConstructorOptions[], ...labels: readonly string[]): void {
  const [label, ...rest] = labels
  const item = items.find((one) => one.label === label)
  if (item === undefined) throw new Error(`no item ${label ?? ''}`)
  if (rest.length > 0) click(item.submenu as MenuItemConstructorOptions[], ...rest)
  else (item.click as () => void)()
}

it('offers each plan when there are several, and only those that are not running', () => {
  const done: unknown[] = []
  const menu = trayMenu(plans, false, actions(done), () => 0)
  const [first] = menu
  expect((first?.submenu as MenuItemConstructorOptions[]).map(({ label, enabled }) => [label, enabled])).toEqual([
    ['Home && work', true],
    ['Office', false],
  ])
  click(menu, 'Back up now', 'Home && work')
  click(menu, 'Open Holdfast')
  click(menu, 'Restore...')
  click(menu, 'Quit Holdfast')
  expect(done).toEqual(['p', 'open', 'restore', 'quit'])
  click(
    trayMenu(plans.slice(0, 1), false, actions(done), () => 0),
    'Back up now',
  )
  click(
    trayMenu([], false, actions(done), () => 0),
    'New plan...',
  )
  expect(done.slice(4)).toEqual(['p', 'new'])
})

it('pauses for a while, until tomorrow, or until told otherwise, and resumes', () => {
  const done: unknown[] = []
  const noon = new Date(2026, 4, 3, 12).getTime()
  const menu = trayMenu(plans, false, actions(done), () => noon)
  click(menu, 'Pause the schedule', 'For an hour')
  click(menu, 'Pause the schedule', 'Until tomorrow morning')
  click(menu, 'Pause the schedule', 'Until I resume it')
  click(
    trayMenu(plans, true, actions(done), () => noon),
    'Resume the schedule',
  )
  expect(done).toEqual([noon + 3_600_000, new Date(2026, 4, 4, 6).getTime(), true, false])
})

it('asks the system only for what changed', () => {
  const asked: string[] = []
  const view = new TrayView({
    icon: {
      setImage: (path) => asked.push(path),
      setToolTip: (text) => asked.push(text),
      setMenu: () => asked.push('menu'),
    },
    folder: '/tray',
    platform: 'linux',
    isDark: () => true,
    now: () => 0,
    actions: actions([]),
  })
  view.update({ ...input({}), plans })
  expect(asked).toEqual(['/tray/idle-dark.png', 'Holdfast', 'menu'])
  view.update({ ...input({}), plans })
  expect(asked).toHaveLength(3)
  view.update({ ...input({ operations: [operation] }), plans })
  expect(asked.slice(3)).toEqual(['/tray/running-dark.png', 'Backing up Home & work, 1,200 of 5,000 items'])
})
