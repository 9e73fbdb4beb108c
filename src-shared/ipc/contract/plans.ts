import { z } from 'zod'
import { host } from './method.ts'
import { figures, started } from './operations.ts'
import { accountName, bytes, count, cursor, moment, nothing, ownId, page, place, problem, rootKind } from './shapes.ts'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])

const schedule = z.strictObject({
  recurrence: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('hours'), hours: z.number().int().min(1).max(8784) }),
      z.strictObject({ kind: z.literal('daily'), at: time }),
      z.strictObject({ kind: z.literal('weekly'), on: z.array(weekday).min(1).max(7), at: time }),
    ])
    .nullable(),
  quiet: z.strictObject({ from: time, to: time }).nullable(),
})

const most = z.number().int().min(1).max(100_000).nullable()
/** How many snapshots stay; all null: every one. */
const retention = z.strictObject({
  last: most,
  hourly: most,
  daily: most,
  weekly: most,
  monthly: most,
  yearly: most,
  /** Days. */
  within: most,
})

/** What is read: who and what. */
const source = z.strictObject({
  account: accountName,
  kinds: z.array(rootKind).min(1),
  /** Names of roots of those kinds; null: all of them. */
  roots: z
    .array(z.strictObject({ kind: rootKind, name: z.string() }))
    .max(10_000)
    .nullable(),
  /** What people call data types; null: all that the sign-in allows. */
  types: z.array(z.string()).nullable(),
  /** Further --include and --exclude filters, as the command line takes them. */
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  /** Older versions of each file. */
  fileVersions: z.number().int().min(0).max(500),
})

export const planDraft = z.strictObject({
  /** null: a new one. */
  id: ownId.nullable(),
  name: z.string().trim().min(1).max(100),
  place,
  sources: z.array(source).min(1).max(20),
  schedule,
  retention,
  prune: z.strictObject({ everyDays: z.number().int().min(1).max(3650) }).nullable(),
  check: z
    .strictObject({ percent: z.number().min(0.1).max(100), everyDays: z.number().int().min(1).max(3650) })
    .nullable(),
  notice: z.strictObject({ percent: z.number().min(0).max(100), items: count }).nullable(),
})
export type PlanDraft = z.infer<typeof planDraft>

const runOutcome = z.enum(['done', 'incomplete', 'failed', 'interrupted', 'stopped'])

export const runRow = z.strictObject({
  run: ownId,
  plan: ownId,
  planName: z.string(),
  started: moment,
  ended: moment,
  outcome: runOutcome,
  steps: z.array(z.string()),
  problem: problem.nullable(),
  /** Of its backups: what there is, what came. */
  items: count.nullable(),
  bytes: bytes.nullable(),
  added: bytes.nullable(),
  changed: count.nullable(),
  unread: count.nullable(),
})
export type RunRow = z.infer<typeof runRow>

export const attention = z.strictObject({
  /** What it is about. */
  kind: z.enum([
    'failed',
    /** All was backed up; what comes after it, a check for instance, did not get to its end. */
    'upkeep-failed',
    'incomplete',
    'sign-in',
    'nothing-backed-up',
    'check-failed',
    'mass-change',
    'space',
    'locked',
  ]),
  level: z.enum(['attention', 'error']),
  plan: ownId.nullable(),
  place: place.nullable(),
  account: z.string().nullable(),
  since: moment.nullable(),
  problem: problem.nullable(),
})
export type Attention = z.infer<typeof attention>

export const planRow = z.strictObject({
  id: ownId,
  name: z.string(),
  place,
  schedule,
  paused: z.union([z.boolean(), moment]),
  /** The run under way. */
  operation: ownId.nullable(),
  /** A run under way that another process began, the command line for instance. */
  elsewhere: z.strictObject({ since: moment }).nullable(),
  lastRun: runRow.nullable(),
  /** End of the last run that made a snapshot. */
  lastGood: moment.nullable(),
  next: moment.nullable(),
  items: count.nullable(),
  bytes: bytes.nullable(),
  /** Size of its sources after each of its last runs, oldest first, at most 60. */
  growth: z.array(z.strictObject({ time: moment, bytes, items: count })),
  attention: z.array(attention),
})
export type PlanRow = z.infer<typeof planRow>

const keptSnapshot = z.strictObject({
  snapshot: z.string(),
  time: moment,
  kept: z.boolean(),
  reasons: z.array(z.string()),
})

export const planMethods = {
  'plans.list': host(nothing, z.array(planRow)),
  'plans.get': host(z.strictObject({ plan: ownId }), planDraft),
  'plans.save': host(planDraft, z.strictObject({ plan: ownId })),
  /** The repository stays as it is. */
  'plans.remove': host(z.strictObject({ plan: ownId }), nothing),
  /** Of a plan that runs already: that run. */
  'plans.run': host(z.strictObject({ plan: ownId }), started),
  /** Those of one destination one after the other: which of them wait for their turn. Who stops a run lets them go. */
  'plans.runAll': host(
    z.strictObject({ plans: z.array(ownId).min(1).max(1000) }),
    z.strictObject({ waiting: z.array(ownId) }),
  ),
  'plans.setPaused': host(z.strictObject({ plan: ownId, paused: z.union([z.boolean(), moment]) }), nothing),
  /** Which snapshots of the plan's series would go by these rules. */
  'plans.previewRetention': host(
    z.strictObject({ plan: ownId, retention }),
    z.strictObject({ rows: z.array(keptSnapshot), freed: bytes.nullable() }),
  ),
  'runs.list': host(z.strictObject({ plan: ownId.nullable(), cursor }), page(runRow)),
  'runs.get': host(
    z.strictObject({ run: ownId }),
    z.strictObject({ row: runRow, reports: z.record(z.string(), figures), reportFile: z.string().nullable() }),
  ),
  /** What could not be read or was not done, from the run's report. */
  'runs.lines': host(
    z.strictObject({ run: ownId, offset: count, limit: z.number().int().min(1).max(500) }),
    z.strictObject({ count, rows: z.array(z.strictObject({ path: z.string(), problem })) }),
  ),
} as const
