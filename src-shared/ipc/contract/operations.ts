import { z } from 'zod'
import { host } from './method.ts'
import { bytes, count, moment, nothing, ownId, place, problem } from './shapes.ts'

const operationKinds = ['backup', 'check', 'drill', 'forget', 'prune', 'restore', 'export', 'repair'] as const

/** What an operation does now; at most ten a second are told. */
export const operationProgress = z.strictObject({
  /** What is being worked on, e.g. the path of a folder. */
  current: z.string(),
  items: count,
  /** How many there will be, if that is known. */
  expected: count.optional(),
  bytes: bytes.optional(),
  requests: count.optional(),
  /** How long Graph made us wait. */
  throttledMs: count.optional(),
})

export const operation = z.strictObject({
  id: ownId,
  kind: z.enum(operationKinds),
  /** Id of the plan that it is a run of. */
  plan: ownId.nullable(),
  place,
  dryRun: z.boolean(),
  started: moment,
  progress: operationProgress.nullable(),
  stopping: z.boolean(),
})
export type Operation = z.infer<typeof operation>

/** Figures of a finished operation by name, as the command line's summary has them: whole numbers, words, yes or no. */
export const figures = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))

export const operationResult = z.strictObject({
  id: ownId,
  kind: z.enum(operationKinds),
  /** `stopped`: somebody wanted it to end. `interrupted`: the engine stopped in the middle. */
  outcome: z.enum(['running', 'done', 'incomplete', 'failed', 'stopped', 'interrupted']),
  started: moment,
  ended: moment.nullable(),
  problem: problem.nullable(),
  figures,
  /** Remarks in plain words: what could not be done as it was, what was left out. */
  remarks: z.array(z.string()),
  /** File of the whole report, one JSON object a line. */
  reportFile: z.string().nullable(),
})

/** A line of an operation's report: what became of an item. */
const reportLine = z.strictObject({
  path: z.string(),
  /** e.g. created, duplicate, failed, skipped, damaged. */
  outcome: z.string(),
  problem: problem.nullable(),
  messages: z.array(z.string()),
})

/** What goes on, whole: nothing has to be remembered between two of them. */
export const activity = z.strictObject({
  engine: z.enum(['starting', 'running', 'crashed']),
  paused: z.union([z.boolean(), moment]),
  /** Why the schedule waits, if it does. */
  waiting: z.enum(['battery', 'metered']).nullable(),
  operations: z.array(operation),
  /** When the schedule runs next. */
  next: moment.nullable(),
})
export type Activity = z.infer<typeof activity>

export const started = z.strictObject({ operation: ownId })

export const operationMethods = {
  'operations.list': host(nothing, z.array(operation)),
  'operations.result': host(z.strictObject({ operation: ownId }), operationResult),
  /** Lines of the report from `offset` on; failed ones only, if asked. */
  'operations.lines': host(
    z.strictObject({
      operation: ownId,
      offset: count,
      limit: z.number().int().min(1).max(500),
      failedOnly: z.boolean(),
    }),
    z.strictObject({ count, rows: z.array(reportLine) }),
  ),
  /** Ends an operation safely; what is done is kept. */
  'operations.stop': host(z.strictObject({ operation: ownId }), nothing),
} as const
