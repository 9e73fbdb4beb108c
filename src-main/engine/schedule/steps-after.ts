import type { AfterRun, PastRun, RunOutcome, Step } from '../model/schedule.ts'

const DAY = 86_400_000
/** A run that is a little early today must not put the step off until tomorrow. */
const SLACK = DAY / 4

/**
 * What follows a backup that just ended so, in this order. Nothing follows one that made no snapshot: what is kept
 * must not become less because nothing new comes in. `runs`: those of the plan, in any order.
 */
export function stepsAfter(
  after: AfterRun,
  outcome: RunOutcome,
  runs: readonly PastRun[],
  now: number,
): readonly Exclude<Step, 'backup'>[] {
  if (outcome !== 'done' && outcome !== 'incomplete') return []
  const isDue = (step: Step, days: number): boolean => {
    const times = runs.filter(({ steps, ended }) => steps.includes(step) && ended <= now).map(({ ended }) => ended)
    return times.length === 0 || now - Math.max(...times) >= days * DAY - SLACK
  }
  const { forget, pruneEveryDays, check, drill } = after
  const prunes = forget && pruneEveryDays !== undefined && isDue('prune', pruneEveryDays)
  return [
    ...(forget ? (['forget'] as const) : []),
    ...(prunes ? (['prune'] as const) : []),
    ...(check !== undefined && isDue('check', check.everyDays) ? (['check'] as const) : []),
    ...(drill !== undefined && isDue('drill', drill.everyDays) ? (['drill'] as const) : []),
  ]
}
