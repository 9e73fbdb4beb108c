import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planDraft, type PlanDraft } from '../../../src-shared/ipc/contract/plans.ts'
import { readPlan } from '../../../src-main/settings/read-plan.ts'
import type { Plan, SourceSettings } from '../../../src-main/settings/model.ts'
import { draftOf, planOf } from '../../../src-main/engine-host/plans/plan-draft.ts'
import { savedSource, shownSource } from '../../../src-main/engine-host/plans/plan-source.ts'

const name = fc.stringMatching(/^[a-z0-9][a-z0-9.]{0,8}@contoso\.example$/)
const root = fc.oneof(
  fc.record({ kind: fc.constantFrom('user' as const, 'group' as const), name }),
  fc.record({ kind: fc.constant('site' as const), name: fc.stringMatching(/^contoso\.example\/sites\/[a-z]{1,6}$/) }),
)
const source = fc
  .record({
    account: fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/),
    roots: fc.option(fc.uniqueArray(root, { minLength: 1, maxLength: 4, selector: (one) => one.kind + one.name })),
    kinds: fc.subarray(['user', 'group', 'site'] as const, { minLength: 1 }),
    types: fc.option(fc.subarray(['mail', 'calendar', 'files'], { minLength: 1 })),
    include: fc.subarray(['groups/sales*', 'date>=2020-01-01', 'users/ada@contoso.example/mailbox/Inbox']),
    exclude: fc.subarray(['users/bob*', 'type:notes']),
    fileVersions: fc.integer({ min: 0, max: 500 }),
  })
  // Roots are of the kinds that are read.
  .map((one) =>
    one.roots === null ? one : { ...one, kinds: [...new Set(one.roots.map(({ kind }) => kind))].sort(byKind) },
  )

const order = ['user', 'group', 'site']
function byKind(one: string, other: string): number {
  return order.indexOf(one) - order.indexOf(other)
}

const most = fc.option(fc.integer({ min: 1, max: 100_000 }))
const days = fc.integer({ min: 1, max: 3650 })
const time = fc.constantFrom('00:00', '02:30', '23:59')
const draft: fc.Arbitrary<PlanDraft> = fc.record({
  id: fc.constant(null),
  name: fc.stringMatching(/^[A-Za-z]{1,20}$/),
  place: fc.constant('/mnt/backup'),
  sources: fc.array(source, { minLength: 1, maxLength: 3 }),
  schedule: fc.record({
    recurrence: fc.option(
      fc.oneof(
        fc.record({ kind: fc.constant('hours' as const), hours: fc.integer({ min: 1, max: 8784 }) }),
        fc.record({ kind: fc.constant('daily' as const), at: time }),
        fc.record({
          kind: fc.constant('weekly' as const),
          on: fc.subarray(['monday', 'friday'] as const, { minLength: 1 }),
          at: time,
        }),
      ),
    ),
    quiet: fc.option(fc.record({ from: time, to: time })),
  }),
  retention: fc.record({
    last: most,
    hourly: most,
    daily: most,
    weekly: most,
    monthly: most,
    yearly: most,
    within: most,
  }),
  prune: fc.option(fc.record({ everyDays: days })),
  check: fc.option(fc.record({ percent: fc.integer({ min: 1, max: 100 }), everyDays: days })),
  notice: fc.option(fc.record({ percent: fc.integer({ min: 0, max: 100 }), items: fc.nat(1000) })),
})

/** What the window does not know of. */
const unknown: SourceSettings = {
  'compression-level': '7',
  'pack-size': '32',
  'passphrase-file': '/root/pass',
  'limit-upload': '8:00=500,20:00=0',
}

describe('plans as the window shows them', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(draft, (wanted) => {
        const plan = planOf(planDraft.parse(wanted), undefined, 1)
        expect(draftOf(readPlan(JSON.parse(JSON.stringify(plan)), 'plan'))).toEqual({ ...wanted, id: plan.id })
      }),
    )
  })

  it('can be changed into any other, and keep what the window does not know', () => {
    fc.assert(
      fc.property(draft, draft, (first, second) => {
        const made = planOf(first, undefined, 1)
        const before: Plan = {
          ...made,
          sources: made.sources.map((one) => ({ ...one, ...unknown })),
          schedule: { ...made.schedule, paused: true },
          after: { ...made.after, drill: { samples: 3, everyDays: 30 } },
        }
        const after = planOf({ ...second, id: before.id }, before, 2)
        expect(draftOf(after)).toEqual({ ...second, id: before.id })
        expect(after).toMatchObject({ id: before.id, created: 1, schedule: { paused: true } })
        expect(after.after.drill).toEqual({ samples: 3, everyDays: 30 })
        expect(planOf({ ...first, id: before.id }, after, 3).created).toBe(1)
      }),
    )
  })

  it('of the command line stay as they are written if nothing is changed', () => {
    const plan: Plan = {
      id: 'a1',
      name: 'Everything',
      created: 5,
      destination: 'onedrivev2://Backups?authid=work',
      sources: [
        {
          ...unknown,
          account: 'work',
          'office365-included-user-types': 'Mailbox,Calendar',
          include: ['Users/Ada@contoso.example', 'users/bob@contoso.example', 'groups/**', 'size<100MB'],
          'file-versions': '05',
        },
        { 'office365-tenant-id': 't', 'office365-client-id': 'c', 'office365-included-root-types': 'groups' },
        {},
      ],
      schedule: { paused: 1_900_000_000_000 },
      retention: {
        last: 'all',
        periods: { daily: 7, yearly: 'all' },
        within: { years: 1, months: 2, days: 3, hours: 4 },
        periodsWithin: { daily: { years: 0, months: 1, days: 0, hours: 0 } },
        tags: [['keep']],
      },
      after: { forget: true, pruneEveryDays: 0, check: { percent: 0.05, everyDays: 0 } },
    }
    const shown = draftOf(plan)
    expect(planDraft.parse(shown)).toEqual(shown)
    expect(planOf(shown, plan, 9)).toEqual(plan)
    expect(shown.sources.map(({ account, kinds, roots, types }) => ({ account, kinds, roots, types }))).toEqual([
      {
        account: 'work',
        kinds: ['user'],
        roots: [{ kind: 'user', name: 'bob@contoso.example' }],
        types: expect.arrayContaining(['mail', 'calendar']) as unknown,
      },
      { account: 'c', kinds: ['group'], roots: null, types: null },
      { account: 'environment', kinds: ['user', 'group', 'site'], roots: null, types: null },
    ])
  })

  it('that only add to their destination get no rules', () => {
    const [shown] = fc.sample(draft, 1) as [PlanDraft]
    const none = { last: null, hourly: null, daily: null, weekly: null, monthly: null, yearly: null, within: null }
    const made = planOf({ ...shown, retention: none }, undefined, 1)
    const before: Plan = { ...made, sources: made.sources.map((one) => ({ ...one, 'append-only': true })) }
    const changed = { ...draftOf(before), name: 'Renamed' }
    expect(planOf(changed, before, 2)).toEqual({ ...before, name: 'Renamed' })
    expect(() => planOf({ ...changed, retention: { ...none, last: 1 } }, before, 2)).toThrow('--append-only')
  })

  it('that get another account lose what the old one signed in with, and nothing else', () => {
    const before = { 'office365-tenant-id': 't', 'office365-client-id': 'c', 'pack-size': '32', include: ['users/a*'] }
    expect(savedSource({ ...shownSource(before), account: 'work' }, before)).toEqual({
      ...{ account: 'work', 'pack-size': '32', include: ['users/a*'] },
    })
  })

  it('ask for the types that are chosen, and for all of them without an option', () => {
    const before: SourceSettings = { account: 'w', include: ['type:mail', 'users/a@x.y'], exclude: ['type:notes'] }
    const shown = shownSource(before)
    expect(savedSource({ ...shown, types: ['mail', 'calendar'] }, before).include).toEqual([
      'users/a@x.y',
      'type:mail,calendar',
    ])
    expect(savedSource({ ...shown, types: null }, before)).toEqual({ ...before, include: ['users/a@x.y'] })
    expect(savedSource({ ...shown, roots: null }, before).include).toEqual(['type:mail'])
  })
})
