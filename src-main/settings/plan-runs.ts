import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { ActiveRun } from '../engine/model/schedule.ts'
import { destinationName } from './destination-name.ts'
import type { Plan } from './model.ts'
import { isLocked } from './profile-lock.ts'
import { openRunHistory, type RunRecord } from './run-history.ts'

export interface RunUnderWay extends ActiveRun {
  readonly run: string
  /** Milliseconds since 1970. */
  readonly started: number
}

export interface PlanRuns {
  /** Of all plans, over, oldest first. */
  readonly past: readonly RunRecord[]
  /** Runs that go on now, in whichever process. */
  readonly underWay: readonly RunUnderWay[]
}

/** The folder of the locks of runs. */
export function runLocks(profile: string): string {
  return join(profile, 'locks')
}

/** Where a run at a destination has its lock: one at a time, however the destination is spelled. */
export function runLock(profile: string, destination: string): string {
  return join(runLocks(profile), createHash('sha256').update(destinationName(destination)).digest('hex').slice(0, 16))
}

/** A run that has begun and not ended goes on if it is the last one at a destination whose lock is held. */
export async function readPlanRuns(profile: string, plans: readonly Plan[], now: () => number): Promise<PlanRuns> {
  const history = openRunHistory(profile)
  const runs = await history.runs()
  const underWay = await whichGoOn(profile, plans, runs, now)
  if (underWay.length === 0) return { past: runs, underWay }
  // What ended while the locks were looked at has its end by now.
  const past = await history.runs(new Set(underWay.map(({ run }) => run)))
  return { past, underWay: underWay.filter(({ run }) => !past.some((one) => one.run === run)) }
}

async function whichGoOn(
  profile: string,
  plans: readonly Plan[],
  runs: readonly RunRecord[],
  now: () => number,
): Promise<readonly RunUnderWay[]> {
  const destinationOf = new Map(plans.map(({ id, destination }) => [id, destinationName(destination)]))
  const last = new Map(runs.map((run) => [destinationOf.get(run.plan), run]))
  const found: RunUnderWay[] = []
  for (const [repository, { run, plan, started, outcome }] of last)
    if (repository !== undefined && outcome === 'interrupted')
      if (await isLocked(runLock(profile, repository), { now })) found.push({ run, plan, started, repository })
  return found
}
