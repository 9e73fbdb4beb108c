import { zone } from '../commands/plan.ts'
import { nextMoment, plansDue, type ScheduleState } from '../engine/index.ts'
import { destinationName } from '../settings/destination-name.ts'
import { readSettings } from '../settings/settings-file.ts'
import { allAttention } from './plans/plan-rows.ts'
import { planRuns } from './runs/run-rows.ts'
import type { InternalHandlers } from './context.ts'
import type { HostServices } from './services.ts'

/** How long without a backup is worth a word, as main said last. */
export interface Quiet {
  days: number
}

/** Which plans are to be started, and when to look again; tells what needs attention along with it. */
export function scheduleHandlers(services: HostServices, quiet: Quiet): InternalHandlers<'schedule.due'> {
  return {
    'schedule.due': async ({ quietDays }) => {
      quiet.days = quietDays ?? quiet.days
      const state = await scheduleState(services)
      const now = services.clock.now()
      const next = nextMoment(state, now, zone())
      await tellAttention(services, quiet)
      return {
        plans: [...plansDue(state, now, zone())],
        next: next === undefined || !Number.isFinite(next) ? null : Math.round(next),
      }
    },
  }
}

export async function tellAttention(services: HostServices, { days }: Quiet): Promise<void> {
  services.emit('attention', await allAttention(services, days))
}

async function scheduleState(services: HostServices): Promise<ScheduleState> {
  const { plans } = await readSettings(services.profile)
  const { past, underWay } = await planRuns(services)
  const here = services.operations
    .running()
    .flatMap(({ wish }) =>
      wish.plan === null && wish.alone === undefined
        ? []
        : [{ plan: wish.plan?.id ?? '', repository: destinationName(wish.place) }],
    )
  return {
    plans: plans.map((plan) => ({ ...plan, repository: destinationName(plan.destination) })),
    runs: past,
    active: [...underWay, ...here],
  }
}
