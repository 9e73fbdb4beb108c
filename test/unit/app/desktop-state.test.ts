import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Envelope, IpcError } from '../../../src-shared/ipc/errors.ts'
import type { Operation } from '../../../src-shared/ipc/contract/operations.ts'
import { ActivityBoard } from '../../../src-main/app/activity.ts'
import { DesktopState } from '../../../src-main/app/desktop-state.ts'
import { createHostQuestions } from '../../../src-main/ipc/host-questions.ts'
import { createManualTimers } from './manual-timers.ts'
import { memoryPreferences } from './memory-preferences.ts'

const operation: Operation = {
  id: 'j',
  kind: 'backup',
  plan: 'p',
  place: '/b',
  dryRun: false,
  started: 1,
  progress: null,
  stopping: false,
}

const plan = {
  id: 'p',
  name: 'Office',
  place: '/b',
  schedule: { recurrence: null, quiet: null },
  paused: false,
  operation: null,
  elsewhere: null,
  lastRun: null,
  lastGood: null,
  next: null,
  items: null,
  bytes: null,
  growth: [],
  attention: [],
}

function scene() {
  const timers = createManualTimers()
  const { store } = memoryPreferences()
  const did: string[] = []
  const asked: unknown[] = []
  const sent: unknown[] = []
  const board = new ActivityBoard({ ...timers, onChange: () => undefined })
  const refusal = undefined as IpcError | undefined
  const world = { plans: [plan] as unknown, refusal }
  const state = new DesktopState({
    now: timers.now,
    preferences: store,
    board,
    topics: { send: (topic, value) => sent.push([topic, value]) },
    paths: { addFrom: () => did.push('path') },
    questions: createHostQuestions((method, params): Promise<Envelope<unknown>> => {
      asked.push([method, params])
      if (method === 'plans.list') return Promise.resolve({ ok: true, value: world.plans })
      if (world.refusal !== undefined) return Promise.resolve({ ok: false, error: world.refusal })
      return Promise.resolve({ ok: true, value: method === 'plans.run' ? { operation: 'j' } : {} })
    }),
    scheduler: { look: () => Promise.resolve(void did.push('look')) },
    notifier: {
      say: ({ title, body }) => did.push(`say: ${title}`, body),
      tell: (attention) => Promise.resolve(void did.push(`tell: ${attention.map(({ kind }) => kind).join()}`)),
    },
    quitting: { operationsChanged: () => did.push('quit?') },
    updater: { operationsChanged: () => Promise.resolve(void did.push('update?')) },
    updateTray: () => did.push('tray'),
    applyAutostart: () => did.push('autostart'),
    log: (sentence) => did.push(`log: ${sentence}`),
  })
  return { state, store, board, did, asked, sent, world, timers }
}

it('tells a new engine the limits, asks it for the plans, and lets the schedule look', async () => {
  const { state, store, board, did, asked } = scene()
  store.choose({ limitUpload: 1000 })
  state.engineBecame('running')
  await setImmediate()
  expect(asked).toEqual([
    ['host.limits', { upload: 1000, download: 0 }],
    ['plans.list', {}],
  ])
  expect(board.current.engine).toBe('running')
  expect(did).toEqual(['look', 'tray', 'autostart'])
  expect(await state.planName('p')).toBe('Office')
  expect(await state.planName('q')).toBeUndefined()
})

it('shows a crash: operations have ended, a notification says so, sign-ins by code are over', () => {
  const { state, board, did, sent } = scene()
  state.hostTold('operations', [operation])
  expect(state.isRunning('p')).toBe(true)
  expect(state.isRunning('q')).toBe(false)
  state.hostTold('deviceCode', { code: 'ABC', url: 'https://microsoft.com/devicelogin' })
  state.engineBecame('crashed')
  expect(board.current).toMatchObject({ engine: 'crashed', operations: [] })
  expect(state.deviceCode).toBeNull()
  expect(sent.slice(1)).toEqual([
    ['deviceCode', null],
    ['operationEnded', expect.objectContaining({ id: 'j', outcome: 'interrupted' })],
  ])
  expect(did).toContain('say: The engine stopped')
  expect(did.filter((one) => one === 'quit?')).toHaveLength(2)
})

it('tells once of an engine that stops again and again', async () => {
  const { state, did, timers } = scene()
  const crashes = (): number => did.filter((one) => one.startsWith('say')).length
  state.engineBecame('crashed')
  await timers.advance(60_000)
  state.engineBecame('crashed')
  expect(crashes()).toBe(1)
  await timers.advance(600_000)
  state.engineBecame('crashed')
  expect(crashes()).toBe(2)
})

it('is silent about a crash if problems are not to be told', () => {
  const { state, store, did } = scene()
  store.choose({ notifications: { ...store.preferences.notifications, problems: false } })
  state.engineBecame('crashed')
  expect(did.some((one) => one.startsWith('say'))).toBe(false)
})

it('looks at the schedule when an operation has ended and when plans or runs changed', async () => {
  const { state, did, sent } = scene()
  const result = {
    id: 'j',
    kind: 'backup',
    outcome: 'done',
    started: 1,
    ended: 2,
    problem: null,
    figures: {},
    remarks: [],
    reportFile: '/r.jsonl',
  }
  state.hostTold('operationEnded', result)
  expect(did).toEqual(['path', 'look'])
  state.hostTold('changed', { what: ['accounts'] })
  await setImmediate()
  expect(did).toHaveLength(2)
  state.hostTold('changed', { what: ['plans'] })
  await setImmediate()
  expect(did.slice(2)).toEqual(['tray', 'autostart', 'look'])
  expect(sent).toHaveLength(3)
})

it('passes attention on to tray and notifications', () => {
  const { state, did } = scene()
  const one = { kind: 'failed', level: 'error', plan: 'p', place: null, account: null, since: null, problem: null }
  state.hostTold('attention', [one])
  expect(state.attention).toEqual([one])
  expect(did).toEqual(['tray', 'tell: failed'])
})

it('does not mind what it does not understand', () => {
  const { state, did } = scene()
  state.hostTold('operations', 'many')
  state.hostTold('weather', {})
  state.hostTold('constructor', {})
  expect(did).toHaveLength(3)
  expect(did.every((one) => one.startsWith('log'))).toBe(true)
})

it('ends a pause when its moment has come', async () => {
  const { state, store, board, timers } = scene()
  state.setPaused(timers.now() + 1000)
  expect(board.current.paused).toBe(timers.now() + 1000)
  expect(state.paused()).toBe(timers.now() + 1000)
  await timers.advance(1000)
  expect(state.paused()).toBe(false)
  expect(store.remembered.paused).toBe(false)
  expect(board.current.paused).toBe(false)
})

it('counts a run of another process as one', async () => {
  const { state, world } = scene()
  world.plans = [{ ...plan, elsewhere: { since: 1 } }]
  await state.readPlans()
  expect(state.isRunning('p')).toBe(true)
  expect(state.isRunning('q')).toBe(false)
})

it('tells a person why a plan cannot be started, and the log alone when the schedule wanted it', async () => {
  const { state, world, did } = scene()
  await state.readPlans()
  did.length = 0
  await state.backUpNow('p')
  expect(did).toEqual([])
  world.refusal = { code: 'settings.busy', params: { pid: 7, hostname: 'desk' }, retry: 'later' }
  await state.runPlan('p')
  expect(did).toEqual(['log: a plan could not be started: settings.busy'])
  await state.backUpNow('p')
  expect(did.slice(2)).toEqual([
    'say: Office could not be started',
    'Another Holdfast is at it (process 7 on desk): wait until it is done, then try again.',
  ])
  world.refusal = { code: 'engine.stopped', params: {}, retry: 'later' }
  await state.backUpNow('q')
  expect(did.slice(-2)).toEqual([
    'say: A plan could not be started',
    'The engine is being started again: try again in a moment.',
  ])
})
