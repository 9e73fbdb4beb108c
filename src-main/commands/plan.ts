import { formatMoment } from '../../src-shared/text/amounts.ts'
import { displayWidth } from '../../src-shared/text/printable.ts'
import { nextRun } from '../engine/index.ts'
import { systemClock } from '../graph/client/system-clock.ts'
import type { Plan, Settings } from '../settings/model.ts'
import { readPlanRuns, type RunUnderWay } from '../settings/plan-runs.ts'
import type { RunRecord } from '../settings/run-history.ts'
import { changeSettings, readSettings } from '../settings/settings-file.ts'
import { isAppendOnly } from './parts/append-only-plan.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { parseMoment } from './parts/moments.ts'
import { tableLines } from './parts/output.ts'
import { readNewPlan } from './parts/plan-options.ts'
import { requireOwnSeries } from './parts/own-series.ts'
import { requiredArgument, type Session } from './parts/session.ts'
import { UsageError } from './parts/usage-error.ts'

const HEADINGS = ['Plan', 'Destination', 'After a run', 'Last run', 'Outcome', 'Next run']

/** Adds, removes, lists, pauses and resumes plans. */
export async function plan(session: Session): Promise<ExitCode> {
  const action = requiredArgument(session, 0)
  if (action === 'list') return list(session)
  const [, name, destination] = session.args
  if (name === undefined) throw new UsageError('The name of the plan is missing.')
  if (action === 'add') return add(session, name, destination)
  const paused = action === 'pause' ? pausedUntil(session) : false
  const change = action === 'remove' ? without(name) : withPlan(name, (one) => pausedAs(one, paused))
  await changeSettings(session.profile, () => systemClock.now(), change)
  session.output.summary(`Plan ${name}: ${action === 'remove' ? 'removed, its snapshots stay' : `${action}d`}.`)
  session.output.object({ message_type: 'summary', plan: name, action })
  return exitCodes.done
}

async function add(session: Session, name: string, destination: string | undefined): Promise<ExitCode> {
  const { output, values, profile } = session
  if (destination === undefined) throw new UsageError('The destination of the plan is missing.')
  const made = readNewPlan(name, destination, values, systemClock.now())
  await changeSettings(
    profile,
    () => systemClock.now(),
    (settings) => {
      if (settings.plans.some((one) => isNamed(one, name)))
        throw new UsageError(`There is a plan "${name}" already: choose another name, or remove it first.`)
      requireOwnSeries(settings.plans, made)
      return { ...settings, plans: [...settings.plans, made] }
    },
  )
  const next = nextRun(made, [], systemClock.now(), zone())
  output.summary(
    `Added plan ${name}. ${next === undefined ? 'It runs only by' : `Next run ${moment(next)}, by`} "holdfast run".`,
  )
  output.object({ message_type: 'summary', plan: name, id: made.id, ...when('next_run', next) })
  return exitCodes.done
}

async function list({ output, profile }: Session): Promise<ExitCode> {
  const { plans } = await readSettings(profile)
  const { past, underWay } = await readPlanRuns(profile, plans, () => systemClock.now())
  const now = systemClock.now()
  const rows = plans.map((one) => {
    const own = past.filter(({ plan: id }) => id === one.id)
    const going = underWay.find(({ plan: id }) => id === one.id)
    const next = going === undefined ? nextRun(one, own, now, zone()) : undefined
    return { one, going, last: own.at(-1), next }
  })
  const lines = rows.map(({ one, going, last, next }) => {
    const begun = going?.started ?? last?.started
    const outcome = going === undefined ? (last?.outcome ?? '') : 'running'
    const when = [
      begun === undefined ? '' : formatMoment(begun),
      outcome,
      going === undefined ? nextText(one, next, now) : '',
    ]
    return [one.name, one.destination, afterText(one), ...when]
  })
  if (lines.length === 0) output.line('There is no plan yet: "holdfast plan add" makes one.')
  else for (const line of tableLines([HEADINGS, ...lines], displayWidth)) output.line(line)
  for (const row of rows) output.object(asObject(row))
  output.object({ message_type: 'summary', plans: plans.length })
  return exitCodes.done
}

interface PlanLine {
  readonly one: Plan
  readonly going: RunUnderWay | undefined
  readonly last: RunRecord | undefined
  /** Undefined while it runs, too. */
  readonly next: number | undefined
}

function asObject({ one, going, last, next }: PlanLine): { readonly message_type: string } {
  const { id, name, destination, schedule, retention, after, sources } = one
  const about = { id, name, destination, schedule, retention, after, sources }
  const ran = last === undefined ? {} : { last_run: new Date(last.started).toISOString(), last_outcome: last.outcome }
  return { message_type: 'plan', ...about, ...ran, ...when('running_since', going?.started), ...when('next_run', next) }
}

function afterText({ sources, after }: Plan): string {
  const { pruneEveryDays, check, drill } = after
  const forget = after.forget && !isAppendOnly(sources)
  return [
    ...(forget ? ['forget'] : []),
    ...(forget && pruneEveryDays !== undefined ? ['prune'] : []),
    ...(check === undefined ? [] : ['check']),
    ...(drill === undefined ? [] : ['drill']),
  ].join(', ')
}

function nextText({ schedule }: Plan, next: number | undefined, now: number): string {
  if (next === undefined) return schedule.paused === true ? 'paused' : 'by hand'
  return next <= now ? 'now' : formatMoment(next)
}

function moment(next: number): string {
  return next <= systemClock.now() ? 'now' : formatMoment(next)
}

function when(name: string, next: number | undefined): Readonly<Record<string, string>> {
  return next === undefined ? {} : { [name]: new Date(next).toISOString() }
}

function pausedUntil({ values }: Session): boolean | number {
  const until = values.text('until')
  return until === undefined ? true : parseMoment('until', until)
}

function pausedAs(one: Plan, paused: boolean | number): Plan {
  return { ...one, schedule: { ...one.schedule, paused } }
}

function without(name: string): (settings: Settings) => Settings {
  return (settings) => {
    requirePlan(settings, name)
    return { ...settings, plans: settings.plans.filter((one) => !isNamed(one, name)) }
  }
}

function withPlan(name: string, change: (plan: Plan) => Plan): (settings: Settings) => Settings {
  return (settings) => {
    requirePlan(settings, name)
    return { ...settings, plans: settings.plans.map((one) => (isNamed(one, name) ? change(one) : one)) }
  }
}

/** Throws UsageError. */
export function requirePlan({ plans }: Settings, name: string): Plan {
  const found = plans.find((one) => isNamed(one, name))
  if (found === undefined)
    throw new UsageError(`There is no plan "${name}": "holdfast plan list" shows those that there are.`)
  return found
}

function isNamed(one: Plan, name: string): boolean {
  return one.name.toLowerCase() === name.toLowerCase() || one.id === name
}

/** The time zone of this machine, as an IANA name. */
export function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
