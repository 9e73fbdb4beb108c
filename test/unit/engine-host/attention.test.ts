import { describe, expect, it } from 'vitest'
import { attentionOf, type PlanFacts } from '../../../src-main/engine-host/plans/attention.ts'
import { accountRow } from '../../../src-main/engine-host/accounts/account-rows.ts'
import type { Account } from '../../../src-main/auth/account.ts'
import type { RunRecord } from '../../../src-main/settings/run-history.ts'
import type { Plan } from '../../../src-main/settings/model.ts'

const DAY = 86_400_000
const now = 100 * DAY
const plan: Plan = {
  id: 'p1',
  name: 'Mail',
  created: now - 30 * DAY,
  destination: '/backup',
  sources: [{ account: 'Work' }],
  schedule: { recurrence: { kind: 'daily', at: '02:00' } },
  after: { forget: false },
}

function run(more: Partial<RunRecord> = {}, items = 100, removed = 0): RunRecord {
  const started = more.started ?? now - DAY
  const reports = { 'backup 1': { snapshot: 's', items, bytes: 1, added: 1, changed: 1, removed, unread: 0 } }
  const run = { run: `r${String(started)}`, plan: 'p1', started, ended: started + 1, outcome: 'done', reports } as const
  return { ...run, steps: ['backup'], ...more }
}

const good: PlanFacts = {
  ...{ plan, runs: [run()], notes: new Map(), refused: [], isUnlocked: true, known: undefined, lastCheck: undefined },
  ...{ lastDrill: undefined, notice: { percent: 20, items: 50 }, now, quietDays: 7 },
}

const kinds = (more: Partial<PlanFacts>): readonly string[] => attentionOf({ ...good, ...more }).map(({ kind }) => kind)

describe('what needs attention', () => {
  it('is nothing where all is well', () => {
    expect(attentionOf(good)).toEqual([])
  })

  it('is the last run, unless somebody stopped it', () => {
    expect(
      attentionOf({ ...good, runs: [run({ outcome: 'failed', code: 'store.full', reports: {}, ended: 5 })] }),
    ).toContainEqual({
      ...{ kind: 'failed', level: 'error', plan: 'p1', place: null, account: null, since: 5 },
      problem: { code: 'store.full', params: {} },
    })
    expect(kinds({ runs: [run({ outcome: 'incomplete' })] })).toEqual(['incomplete'])
    expect(kinds({ runs: [run({ outcome: 'failed', started: now - 2 * DAY }), run()] })).toEqual([])
    expect(kinds({ runs: [run(), run({ outcome: 'stopped', started: now - 1000, reports: {} })] })).toEqual([])
  })

  it('is what comes after a good backup, and not the backup', () => {
    const failed = run({ outcome: 'failed', code: 'store.unreachable', ended: now - 5 })
    expect(attentionOf({ ...good, runs: [failed] })).toEqual([
      {
        ...{ kind: 'upkeep-failed', level: 'attention', plan: 'p1', place: null, account: null, since: now - 5 },
        problem: { code: 'store.unreachable', params: {} },
      },
    ])
    const reports = { 'backup 1': { ...failed.reports['backup 1'], unread: 3 } }
    expect(kinds({ runs: [{ ...failed, reports }] })).toEqual(['upkeep-failed', 'incomplete'])
    expect(kinds({ runs: [{ ...failed, code: 'auth.sign-in-again' }], refused: ['work'] })).toEqual(['sign-in'])
  })

  it('is the backup where one of the sources failed, whatever came after it', () => {
    const failed = run({ outcome: 'failed', code: 'graph.forbidden' })
    const two: Plan = { ...plan, sources: [{ account: 'Work' }, { account: 'Home' }] }
    expect(kinds({ plan: two, runs: [failed] })).toEqual(['failed'])
    const second = { 'backup 2': { snapshot: 't', items: 1 } }
    expect(kinds({ plan: two, runs: [{ ...failed, reports: second }] })).toEqual(['failed'])
    expect(kinds({ plan: two, runs: [{ ...failed, reports: { ...failed.reports, ...second } }] })).toEqual([
      'upkeep-failed',
    ])
  })

  it('is silence for longer than a plan that runs by itself should keep it', () => {
    const silent = [run({ started: now - 8 * DAY })]
    expect(kinds({ runs: silent })).toEqual(['nothing-backed-up'])
    expect(kinds({ runs: silent, quietDays: 9 })).toEqual([])
    expect(kinds({ runs: [] })).toEqual(['nothing-backed-up'])
    expect(kinds({ runs: [], plan: { ...plan, created: now - 1000 } })).toEqual([])
    expect(kinds({ runs: [], plan: { ...plan, schedule: {} } })).toEqual([])
    expect(kinds({ runs: [], plan: { ...plan, schedule: { ...plan.schedule, paused: now + 1 } } })).toEqual([])
  })

  it('is an account, said once, though the run failed because of it', () => {
    const refused = [run({ outcome: 'failed', code: 'auth.secret-refused' })]
    expect(kinds({ runs: refused, refused: ['work'] })).toEqual(['sign-in'])
    expect(kinds({ runs: refused })).toEqual(['upkeep-failed'])
    expect(kinds({ runs: [run({ outcome: 'failed', code: 'auth.secret-refused', reports: {} })] })).toContain('failed')
  })

  it('is a place that is locked or nearly full', () => {
    expect(kinds({ isUnlocked: false })).toEqual(['locked'])
    expect(kinds({ known: { free: 9, total: 100 } })).toEqual(['space'])
    expect(kinds({ known: { free: 10, total: 100 } })).toEqual([])
  })

  it('is a check or a drill that found something, and not the run that did it', () => {
    const checked = run({ outcome: 'failed', steps: ['backup', 'check'] })
    const runs = [{ ...checked, reports: { ...checked.reports, check: { num_errors: 2 } } }]
    const found = attentionOf({ ...good, runs, lastCheck: { repository: 'r', time: 7, problems: 2 } })
    expect(found).toMatchObject([
      { kind: 'check-failed', since: 7, problem: { code: 'check', params: { problems: 2 } } },
    ])
    const drill = { repository: 'r', snapshot: 's', time: 9, samples: 5, bad: 1, live: false }
    expect(kinds({ lastDrill: drill })).toEqual(['check-failed'])
    expect(kinds({ lastDrill: { ...drill, bad: 0 } })).toEqual([])
  })

  it('is a run that took much away, by its notices or else by its figures', () => {
    const before = run({ started: now - 2 * DAY }, 300)
    const last = run({}, 100, 200)
    expect(kinds({ runs: [before, last] })).toEqual(['mass-change'])
    expect(kinds({ runs: [before, run({}, 290, 10)] })).toEqual([])
    expect(kinds({ runs: [last] })).toEqual([])
    const noted = (massChanges: number) => new Map([[last.run, { run: last.run, report: null, massChanges }]])
    expect(kinds({ runs: [before, last], notes: noted(0) })).toEqual([])
    expect(kinds({ runs: [before, run({ run: last.run })], notes: noted(1) })).toEqual(['mass-change'])
  })

  it('has the worst first', () => {
    expect(kinds({ runs: [run({ outcome: 'incomplete' })], isUnlocked: false })).toEqual(['locked', 'incomplete'])
  })
})

describe('the state of an account', () => {
  const account: Account = {
    kind: 'application',
    credential: 'secret',
    ...{ name: 'Work', tenantId: 't', clientId: 'c', loginBaseUrl: 'https://l', graphBaseUrl: 'https://g' },
  }
  const state = (runs: readonly RunRecord[], known?: { readonly time: number; readonly refused: boolean }): string =>
    accountRow(account, {
      ...{ plans: [plan], runs, places: [] },
      state: { version: 1, places: {}, accounts: known === undefined ? {} : { work: known } },
    }).state

  it('is that of its last use, here or in a run', () => {
    const refused = run({ outcome: 'failed', code: 'auth.sign-in-again' })
    expect(state([])).toBe('good')
    expect(state([refused])).toBe('sign-in-needed')
    expect(state([refused], { time: now, refused: false })).toBe('good')
    expect(state([run()], { time: 1, refused: true })).toBe('good')
    expect(state([run()], { time: now, refused: true })).toBe('sign-in-needed')
    expect(state([refused, run({ started: now - 5, outcome: 'stopped' })])).toBe('sign-in-needed')
  })

  it('tells who uses it', () => {
    const places = [
      { place: 'onedrivev2://Backups?authid=WORK', title: 'Backups' },
      { place: '/backup', title: '/backup' },
    ]
    const facts = { plans: [plan], runs: [], places, state: { version: 1, places: {}, accounts: {} } as const }
    expect(accountRow(account, facts).usedBy).toEqual(['Mail', 'Backups'])
  })
})
