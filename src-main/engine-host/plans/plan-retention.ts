import type { PlanDraft } from '../../../src-shared/ipc/contract/plans.ts'
import { isEmptyPolicy, type Count, type Period, type RetentionPolicy, type Span } from '../../engine/index.ts'

export type DraftRetention = PlanDraft['retention']

const periods = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const satisfies readonly Period[]
const MOST = 100_000
const DAYS = { year: 365, month: 30 } as const
const HOURS = 24

/** Rules as the window shows them: what has no end there has a large number. */
export function shownRetention(policy: RetentionPolicy | undefined): DraftRetention {
  const of = (period: Period): number | null => shownCount(policy?.periods?.[period])
  return {
    last: shownCount(policy?.last),
    hourly: of('hourly'),
    daily: of('daily'),
    weekly: of('weekly'),
    monthly: of('monthly'),
    yearly: of('yearly'),
    within: shownDays(policy?.within),
  }
}

/** The rules that the window wants, with those of before that it does not know; undefined: everything is kept. */
export function savedRetention(
  wanted: DraftRetention,
  before: RetentionPolicy | undefined,
): RetentionPolicy | undefined {
  const shown = shownRetention(before)
  const last = shown.last === wanted.last ? before?.last : (wanted.last ?? undefined)
  const within = shown.within === wanted.within ? before?.within : spanOf(wanted.within)
  const counts = periods.flatMap((period): [Period, Count][] => {
    const count = shown[period] === wanted[period] ? before?.periods?.[period] : (wanted[period] ?? undefined)
    return count === undefined ? [] : [[period, count]]
  })
  const policy: RetentionPolicy = {
    ...(last === undefined ? {} : { last }),
    ...(counts.length === 0 ? {} : { periods: Object.fromEntries(counts) }),
    ...(within === undefined ? {} : { within }),
    ...(before?.periodsWithin === undefined ? {} : { periodsWithin: before.periodsWithin }),
    ...(before?.tags === undefined ? {} : { tags: before.tags }),
  }
  return isEmptyPolicy(policy) ? undefined : policy
}

function shownCount(count: Count | undefined): number | null {
  if (count === undefined || count === 0) return null
  return count === 'all' ? MOST : Math.min(count, MOST)
}

function shownDays(span: Span | undefined): number | null {
  if (span === undefined) return null
  const { years, months, days, hours } = span
  const all = years * DAYS.year + months * DAYS.month + days + Math.ceil(hours / HOURS)
  return all === 0 ? null : Math.min(all, MOST)
}

function spanOf(days: number | null): Span | undefined {
  return days === null ? undefined : { years: 0, months: 0, days, hours: 0 }
}
