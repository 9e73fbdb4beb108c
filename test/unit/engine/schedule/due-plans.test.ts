import { describe, expect, it } from 'vitest'
import { nextMoment, plansDue } from '../../../../src-main/engine/schedule/due-plans.ts'
import type { AfterRun, PastRun, Recurrence, ScheduledPlan, Step } from '../../../../src-main/engine/model/schedule.ts'
import { stepsAfter } from '../../../../src-main/engine/schedule/steps-after.ts'

const DAY = 86_400_000
const now = Date.parse('2026-05-10T12:00:00Z')

function plan(id: string, repository: string, recurrence: Recurrence): ScheduledPlan {
  return { id, repository, schedule: { recurrence }, after: { forget: false }, created: now - 30 * DAY }
}

function run(id: string, started: string, steps: readonly Step[] = ['backup']): PastRun {
  return { plan: id, started: Date.parse(started), ended: Date.parse(started) + 60_000, outcome: 'done', steps }
}

const plans = [
  plan('mail', 'one', { kind: 'hours', hours: 6 }),
  plan('files', 'one', { kind: 'hours', hours: 12 }),
  plan('sites', 'two', { kind: 'daily', at: '20:00' }),
]
const runs = [
  run('mail', '2026-05-10T05:00:00Z'),
  run('files', '2026-05-09T22:00:00Z'),
  run('sites', '2026-05-09T20:00:00Z'),
]

describe('plans of one machine', () => {
  it('starts one of each repository, the longest overdue first', () => {
    expect(plansDue({ plans, runs, active: [] }, now, 'UTC')).toEqual(['files'])
    expect(plansDue({ plans, runs, active: [] }, now + DAY / 2, 'UTC')).toEqual(['files', 'sites'])
  })

  it('waits while the repository has a run, and lets others go', () => {
    const active = [{ plan: 'files', repository: 'one' }]
    expect(plansDue({ plans, runs, active }, now, 'UTC')).toEqual([])
    expect(plansDue({ plans, runs, active }, now + DAY / 2, 'UTC')).toEqual(['sites'])
    expect(plansDue({ plans, runs: [...runs, run('files', '2026-05-10T12:00:00Z')], active: [] }, now, 'UTC')).toEqual([
      'mail',
    ])
  })

  it('says when to look again', () => {
    expect(nextMoment({ plans, runs, active: [] }, now, 'UTC')).toBe(Date.parse('2026-05-10T20:00:00Z'))
    expect(nextMoment({ plans: [], runs, active: [] }, now, 'UTC')).toBeUndefined()
  })
})

describe('what follows a run', () => {
  const after: AfterRun = { forget: true, pruneEveryDays: 7, check: { percent: 5, everyDays: 1 } }

  it.each<[string, AfterRun, readonly PastRun[], readonly Step[]]>([
    ['everything, the first time', after, [], ['forget', 'prune', 'check']],
    ['nothing if nothing was asked for', { forget: false }, [], []],
    ['no prune without forget', { forget: false, pruneEveryDays: 1 }, [], []],
    [
      'no prune within its days',
      after,
      [run('p', '2026-05-05T12:00:00Z', ['backup', 'forget', 'prune', 'check'])],
      ['forget', 'check'],
    ],
    [
      'prune when they are over',
      after,
      [run('p', '2026-05-03T12:00:00Z', ['backup', 'forget', 'prune'])],
      ['forget', 'prune', 'check'],
    ],
    ['a little early counts', after, [run('p', '2026-05-09T13:00:00Z', ['prune', 'check'])], ['forget', 'check']],
    [
      'a drill last, the first time',
      { ...after, drill: { samples: 5, everyDays: 30 } },
      [],
      ['forget', 'prune', 'check', 'drill'],
    ],
    [
      'no drill within its days, whatever was checked meanwhile',
      { forget: false, drill: { samples: 5, everyDays: 30 } },
      [run('p', '2026-04-20T12:00:00Z', ['backup', 'drill']), run('p', '2026-05-09T12:00:00Z', ['backup', 'check'])],
      [],
    ],
    [
      'a drill when they are over',
      { forget: false, drill: { samples: 5, everyDays: 30 } },
      [run('p', '2026-04-10T12:00:00Z', ['backup', 'drill'])],
      ['drill'],
    ],
  ])('%s', (_name, wanted, past, steps) => {
    expect(stepsAfter(wanted, 'done', past, now)).toEqual(steps)
  })

  it.each(['failed', 'interrupted', 'stopped'] as const)('nothing follows a run that %s', (outcome) => {
    expect(stepsAfter(after, outcome, [], now)).toEqual([])
  })
})
