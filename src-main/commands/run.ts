import { formatMoment } from '../../src-shared/text/amounts.ts'
import { nextMoment, plansDue, type ScheduleState } from '../engine/index.ts'
import { systemClock } from '../graph/client/system-clock.ts'
import type { Plan } from '../settings/model.ts'
import { destinationName } from '../settings/destination-name.ts'
import { readPlanRuns } from '../settings/plan-runs.ts'
import { readSettings } from '../settings/settings-file.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { reportFailure } from './parts/failure.ts'
import { runPlan } from './parts/plan-run.ts'
import type { Session } from './parts/session.ts'
import { UsageError } from './parts/usage-error.ts'
import { requirePlan, zone } from './plan.ts'

/** Runs a plan, or all that are due. */
export async function run(session: Session): Promise<ExitCode> {
  const { args, values, profile } = session
  const [name] = args
  const due = values.flag('due') === true
  if ((name === undefined) !== due) throw new UsageError('It is not clear what to run: name a plan, or give --due.')
  const settings = await readSettings(profile)
  return name === undefined ? runDue(session, settings.plans) : runPlan(session, requirePlan(settings, name))
}

/** One after the other; one that fails does not keep the others from their turn. */
async function runDue(session: Session, plans: readonly Plan[]): Promise<ExitCode> {
  const { output, profile, signal } = session
  const tried = new Set<string>()
  let worst: ExitCode = exitCodes.done
  for (;;) {
    const open = plans.filter(({ id }) => !tried.has(id)).map(placed)
    const [id] = plansDue({ plans: open, ...(await runsOf(profile, plans)) }, systemClock.now(), zone())
    const plan = plans.find((one) => one.id === id)
    if (plan === undefined) break
    tried.add(plan.id)
    output.note(`Running plan ${plan.name}.`)
    try {
      const code = await runPlan(session, plan)
      if (worst === exitCodes.done || code === exitCodes.failed) worst = code
    } catch (error) {
      session.progress.stop()
      signal.throwIfAborted()
      worst = reportFailure(error, output, session.secrets)
    }
  }
  await tellNext(session, plans, tried.size)
  return worst
}

function placed(plan: Plan): Plan & { readonly repository: string } {
  return { ...plan, repository: destinationName(plan.destination) }
}

/** A plan whose run goes on in another process is not due, and nothing else at its destination. */
async function runsOf(profile: string, plans: readonly Plan[]): Promise<Omit<ScheduleState, 'plans'>> {
  const { past, underWay } = await readPlanRuns(profile, plans, () => systemClock.now())
  return { runs: past, active: underWay }
}

async function tellNext({ output, profile }: Session, plans: readonly Plan[], ran: number): Promise<void> {
  const all = plans.map(placed)
  const next = nextMoment({ plans: all, ...(await runsOf(profile, plans)) }, systemClock.now(), zone())
  if (ran === 0) output.note('No plan is due.')
  if (next !== undefined) output.summary(`Next run ${formatMoment(next)}.`)
  const moment = next === undefined ? {} : { next_run: new Date(next).toISOString() }
  output.object({ message_type: 'summary', plans_run: ran, ...moment })
}
