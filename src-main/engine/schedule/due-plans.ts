import type { ActiveRun, PastRun, ScheduledPlan } from '../model/schedule.ts'
import { nextRun } from './next-run.ts'

export interface ScheduleState {
  readonly plans: readonly ScheduledPlan[]
  /** Of all plans, in any order. */
  readonly runs: readonly PastRun[]
  readonly active: readonly ActiveRun[]
}

interface Expected {
  readonly plan: ScheduledPlan
  readonly at: number
}

/**
 * Plans to be started now, the longest overdue first: at most one of each repository, and none of a repository at which
 * something is running. The others come when that is over.
 */
export function plansDue(state: ScheduleState, now: number, zone: string): readonly string[] {
  const taken = new Set(state.active.map(({ repository }) => repository))
  const chosen: string[] = []
  for (const { plan, at } of expected(state, now, zone)) {
    if (at > now || taken.has(plan.repository)) continue
    taken.add(plan.repository)
    chosen.push(plan.id)
  }
  return chosen
}

/**
 * When to look again: the next moment later than now at which a plan becomes due. Undefined if none will by itself.
 * Whoever waits for it must look earlier when a run ends, a plan changes, or the machine wakes up.
 */
export function nextMoment(state: ScheduleState, now: number, zone: string): number | undefined {
  return expected(state, now, zone).find(({ at }) => at > now)?.at
}

/** Plans that are not running by when they are to run, earliest first. */
function expected({ plans, runs, active }: ScheduleState, now: number, zone: string): readonly Expected[] {
  const running = new Set(active.map(({ plan }) => plan))
  return plans
    .filter(({ id }) => !running.has(id))
    .flatMap((plan) => {
      const own = runs.filter((run) => run.plan === plan.id)
      const at = nextRun(plan, own, now, zone)
      return at === undefined ? [] : [{ plan, at }]
    })
    .sort((one, other) => one.at - other.at || (one.plan.id < other.plan.id ? -1 : 1))
}
