import { join } from 'node:path'
import type { JsonObject } from '../engine/model/json.ts'
import type { PastRun, RunOutcome, Step } from '../engine/model/schedule.ts'
import { rotatedLines } from './rotated-lines.ts'

/** In a profile. */
export const HISTORY_FILE = 'history.jsonl'
const MAX_BYTES = 1 << 20
const KEPT = 3
const outcomes: readonly RunOutcome[] = ['done', 'incomplete', 'failed', 'interrupted', 'stopped']
const knownSteps: readonly Step[] = ['backup', 'forget', 'prune', 'check', 'drill']

/** A run that is over. Figures only: no subject, no address. */
export interface RunRecord extends PastRun {
  readonly run: string
  /** By step; of backup, by the number of the source ("backup 1"). */
  readonly reports: Readonly<Record<string, JsonObject>>
  /** An error's code, if the run or one of its sources failed. */
  readonly code?: string
}

/** Name of the report of a source; the first one is 0. */
export function backupStep(source: number): string {
  return `backup ${String(source + 1)}`
}

export interface RunHistory {
  /** Notes that a run begins; `run` stands for it. */
  begin(run: string, plan: string, started: number): Promise<void>
  end(record: RunRecord): Promise<void>
  /**
   * Runs that are over, oldest first. One that has begun and never ended is `interrupted`, unless it is one of `active`
   * (by `run`).
   */
  runs(active?: ReadonlySet<string>): Promise<readonly RunRecord[]>
}

/** The history in `history.jsonl` of a profile: a line when a run begins, one when it ends. */
export function openRunHistory(profile: string): RunHistory {
  const lines = rotatedLines(join(profile, HISTORY_FILE), { maxBytes: MAX_BYTES, keep: KEPT })
  return {
    begin: (run, plan, started) => lines.append([{ event: 'begun', run, plan, started }]),
    end: (record) => lines.append([{ event: 'ended', ...record }]),
    runs: async (active = new Set()) => {
      const found = new Map<string, RunRecord>()
      for (const line of await lines.read()) {
        const record = recordOf(line)
        if (record !== undefined) found.set(record.run, record)
      }
      return [...found.values()]
        .filter(({ run, outcome }) => outcome !== 'interrupted' || !active.has(run))
        .sort((one, other) => one.started - other.started)
    },
  }
}

/** Undefined for lines of another kind: later versions may write some. */
function recordOf(line: unknown): RunRecord | undefined {
  if (typeof line !== 'object' || line === null) return undefined
  const { event, run, plan, started, ended, outcome, steps, reports, code } = line as Readonly<Record<string, unknown>>
  if (typeof run !== 'string' || typeof plan !== 'string' || typeof started !== 'number') return undefined
  if (event === 'begun') return { run, plan, started, ended: started, outcome: 'interrupted', steps: [], reports: {} }
  const known = outcomes.find((name) => name === outcome)
  if (event !== 'ended' || known === undefined || typeof ended !== 'number') return undefined
  const done = Array.isArray(steps) ? knownSteps.filter((step) => steps.includes(step)) : []
  const figures = typeof reports === 'object' && reports !== null ? (reports as RunRecord['reports']) : {}
  const record = { run, plan, started, ended, outcome: known, steps: done, reports: figures }
  return typeof code === 'string' ? { ...record, code } : record
}
