import { weekdays, type PastRun, type QuietHours, type Recurrence, type ScheduledPlan } from '../model/schedule.ts'
import { dayAfter, dayOf, minutesOf, momentOn, weekdayOf } from './wall-clock.ts'

const HOUR = 3_600_000
const WEEK = 7
/** A run that began later than now by more than this was noted by a clock that was wrong. */
const TRUSTED_AHEAD = HOUR
/** What failed is tried again after these, and then as the schedule says. */
const RETRIES = [HOUR / 4, HOUR, 4 * HOUR]

/**
 * When a plan is to run next: now or earlier means at once. Undefined if it never runs by itself, or is paused until
 * somebody says otherwise. Runs that were missed (the machine slept, the plan was paused) are made up for once. A new
 * plan that runs every so many hours is due at once, others at their first time of day.
 *
 * `runs`: those of the plan, in any order. `zone`: an IANA name. Milliseconds since 1970.
 */
export function nextRun(
  { schedule, created }: Pick<ScheduledPlan, 'schedule' | 'created'>,
  runs: readonly PastRun[],
  now: number,
  zone: string,
): number | undefined {
  const { recurrence, quiet, paused } = schedule
  if (recurrence === undefined || paused === true) return undefined
  const trusted = runs.filter(({ started }) => started <= now + TRUSTED_AHEAD)
  const latest = trusted.reduce<PastRun | undefined>(
    (one, other) => (one === undefined || other.started > one.started ? other : one),
    undefined,
  )
  const regular = regularRun(recurrence, latest?.started, Math.min(created, now), zone)
  const retry = retryOf(trusted)
  const wanted = retry === undefined ? regular : Math.min(regular, retry)
  const from = typeof paused === 'number' && paused > now ? Math.max(wanted, paused) : wanted
  // What is overdue begins now, not when it was due.
  const asSoonAs = Math.max(from, now)
  const allowed = quiet === undefined ? asSoonAs : afterQuiet(asSoonAs, quiet, zone)
  return allowed === asSoonAs ? from : allowed
}

function regularRun(recurrence: Recurrence, last: number | undefined, created: number, zone: string): number {
  if (recurrence.kind === 'hours') return last === undefined ? created : last + recurrence.hours * HOUR
  const after = last ?? created
  const days = recurrence.kind === 'daily' ? undefined : recurrence.on.map((day) => weekdays.indexOf(day))
  return firstAfter(after, recurrence.at, days, zone)
}

/** The first moment after another at which the clock shows a time, on one of the days (0 for Monday). */
function firstAfter(after: number, at: string, days: readonly number[] | undefined, zone: string): number {
  const today = dayOf(after, zone)
  for (let ahead = -1; ahead <= WEEK + 1; ahead++) {
    const day = dayAfter(today, ahead)
    if (days !== undefined && !days.includes(weekdayOf(day))) continue
    const moment = momentOn(day, at, zone)
    if (moment > after) return moment
  }
  return Infinity
}

/** When to try again after runs that failed, one after the other; undefined if the last one did not, or too many did. */
function retryOf(runs: readonly PastRun[]): number | undefined {
  const newestFirst = [...runs].sort((one, other) => other.started - one.started)
  const failures = newestFirst.findIndex(({ outcome }) => outcome !== 'failed' && outcome !== 'interrupted')
  const count = failures < 0 ? newestFirst.length : failures
  const [last] = newestFirst
  const wait = RETRIES[count - 1]
  return last === undefined || wait === undefined ? undefined : Math.max(last.started, last.ended) + wait
}

/** The moment itself, or the end of the quiet hours that it is in. */
export function afterQuiet(moment: number, quiet: QuietHours, zone: string): number {
  const reach = minutesOf(quiet.to) > minutesOf(quiet.from) ? 0 : 1
  if (minutesOf(quiet.to) === minutesOf(quiet.from)) return moment
  const today = dayOf(moment, zone)
  for (let ahead = -1 - reach; ahead <= 1; ahead++) {
    const from = momentOn(dayAfter(today, ahead), quiet.from, zone)
    const to = momentOn(dayAfter(today, ahead + reach), quiet.to, zone)
    if (moment >= from && moment < to) return to
  }
  return moment
}
