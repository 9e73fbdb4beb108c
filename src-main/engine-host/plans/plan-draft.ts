import { randomBytes } from 'node:crypto'
import type { PlanDraft } from '../../../src-shared/ipc/contract/plans.ts'
import { isAppendOnly, rulesRefused } from '../../commands/parts/append-only-plan.ts'
import type { AfterRun, Schedule } from '../../engine/model/schedule.ts'
import type { Plan } from '../../settings/model.ts'
import { savedRetention, shownRetention } from './plan-retention.ts'
import { savedSource, shownSource, sourceBefore } from './plan-source.ts'

const LEAST_PERCENT = 0.1
const MOST_DAYS = 3650

/** A plan as the window shows it. */
export function draftOf(plan: Plan): PlanDraft {
  const { id, name, destination, sources, schedule, retention, after, notice } = plan
  return {
    id,
    name,
    place: destination,
    sources: sources.map(shownSource),
    schedule: shownSchedule(schedule),
    retention: shownRetention(retention),
    prune: after.pruneEveryDays === undefined ? null : { everyDays: shownDays(after.pruneEveryDays) },
    check: shownCheck(after.check),
    notice: notice === undefined ? null : { ...notice },
  }
}

/**
 * The plan that the window wants, with everything of `before` that the window does not know. Throws UsageError for rules
 * where nothing may be removed.
 */
export function planOf(draft: PlanDraft, before: Plan | undefined, now: number): Plan {
  const { name, place, sources, schedule, notice } = draft
  const retention = savedRetention(draft.retention, before?.retention)
  const saved = sources.map((source, at) => savedSource(source, sourceBefore(sources, at, before?.sources ?? [])))
  if (retention !== undefined && before?.retention === undefined && isAppendOnly(saved)) throw rulesRefused()
  const { recurrence, quiet } = schedule
  const paused = before?.schedule.paused
  return {
    id: before?.id ?? randomBytes(8).toString('hex'),
    name,
    created: before?.created ?? now,
    destination: place,
    sources: saved,
    schedule: {
      ...(recurrence === null ? {} : { recurrence }),
      ...(quiet === null ? {} : { quiet }),
      ...(paused === undefined ? {} : { paused }),
    },
    ...(retention === undefined ? {} : { retention }),
    after: savedAfter(draft, before?.after, retention !== undefined),
    ...(notice === null ? {} : { notice }),
  }
}

export function shownSchedule({ recurrence, quiet }: Schedule): PlanDraft['schedule'] {
  const times =
    recurrence?.kind === 'weekly'
      ? { kind: recurrence.kind, on: [...recurrence.on], at: recurrence.at }
      : (recurrence ?? null)
  return { recurrence: times, quiet: quiet === undefined ? null : { ...quiet } }
}

function shownCheck(check: AfterRun['check']): PlanDraft['check'] {
  if (check === undefined) return null
  return { percent: Math.max(check.percent, LEAST_PERCENT), everyDays: shownDays(check.everyDays) }
}

/** "After every run" is 0 on the command line. */
function shownDays(days: number): number {
  return Math.min(Math.max(Math.round(days), 1), MOST_DAYS)
}

function savedAfter({ prune, check }: PlanDraft, before: AfterRun | undefined, forget: boolean): AfterRun {
  const pruneBefore = before?.pruneEveryDays
  const isPruneAsShown = prune !== null && pruneBefore !== undefined && shownDays(pruneBefore) === prune.everyDays
  const pruneEveryDays = isPruneAsShown ? pruneBefore : prune?.everyDays
  const isCheckAsShown = JSON.stringify(shownCheck(before?.check)) === JSON.stringify(check)
  const wantedCheck = isCheckAsShown ? before?.check : (check ?? undefined)
  return {
    forget,
    ...(pruneEveryDays === undefined ? {} : { pruneEveryDays }),
    ...(wantedCheck === undefined ? {} : { check: wantedCheck }),
    ...(before?.drill === undefined ? {} : { drill: before.drill }),
  }
}
