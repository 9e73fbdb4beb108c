import type { SavedSnapshot } from '../../model/snapshot.ts'
import { wallTime, type WallTime } from './wall-time.ts'

/** As restic has it: 2 years, 5 months, 7 days and 3 hours are "2y5m7d3h". */
export interface Span {
  readonly years: number
  readonly months: number
  readonly days: number
  readonly hours: number
}

export type Period = 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly'

/** How many of each; 'all' for no end. */
export type Count = number | 'all'

/** Which snapshots of a series are kept. Every rule keeps what it keeps, whatever the others say. */
export interface RetentionPolicy {
  readonly last?: Count
  /** The last one of each of so many hours, days, ... that have one. */
  readonly periods?: Readonly<Partial<Record<Period, Count>>>
  /** Everything so long before the newest. */
  readonly within?: Span
  /** The last one of each hour, day, ... so long before the newest. */
  readonly periodsWithin?: Readonly<Partial<Record<Period, Span>>>
  /** Whatever has all the tags of one of these lists. */
  readonly tags?: readonly (readonly string[])[]
}

export interface Kept {
  readonly snapshot: SavedSnapshot
  /** Rules that keep it, in restic's words: "last snapshot", "daily snapshot", "within 7d", ... */
  readonly reasons: readonly string[]
}

export interface Retained {
  /** Newest first. */
  readonly keep: readonly Kept[]
  readonly remove: readonly SavedSnapshot[]
}

export const periods: readonly Period[] = ['hourly', 'daily', 'weekly', 'monthly', 'yearly']

/** Whether the policy says nothing: then everything would go, which nobody means. */
export function isEmptyPolicy({ last, periods: counts, within, periodsWithin, tags }: RetentionPolicy): boolean {
  const parts = [last, within, ...Object.values(counts ?? {}), ...Object.values(periodsWithin ?? {})]
  return parts.every((part) => part === undefined || isNothing(part)) && (tags ?? []).length === 0
}

function isNothing(part: Count | Span): boolean {
  return part === 0 || (typeof part === 'object' && Object.values(part).every((amount) => amount === 0))
}

/**
 * Applies the policy to the snapshots of one series, in any order. `now`, in milliseconds since 1970: what claims to be
 * younger does not move the spans. Keeps what restic 0.14 keeps; later ones keep the oldest snapshot as well while a
 * rule has not yet as many as it may have. https://restic.readthedocs.io/en/stable/060_forget.html
 */
export function applyPolicy(snapshots: readonly SavedSnapshot[], policy: RetentionPolicy, now: number): Retained {
  const dated = snapshots.map((snapshot) => ({ snapshot, time: wallTime(snapshot.time) }))
  dated.sort((one, other) => other.time.epoch - one.time.epoch || (one.snapshot.id < other.snapshot.id ? 1 : -1))
  const newest = dated.find(({ time }) => time.epoch <= now)?.time
  const rules = rulesOf(policy, newest)
  const keep: Kept[] = []
  const remove: SavedSnapshot[] = []
  for (const [place, { snapshot, time }] of dated.entries()) {
    const reasons = rules.flatMap((rule) => rule({ snapshot, time, place }) ?? [])
    if (reasons.length > 0) keep.push({ snapshot, reasons })
    else remove.push(snapshot)
  }
  return { keep, remove }
}

interface Candidate {
  readonly snapshot: SavedSnapshot
  readonly time: WallTime
  /** 0 for the newest. */
  readonly place: number
}

/** Gives the reason for which it keeps a snapshot. Asked once for each, newest first. */
type Rule = (candidate: Candidate) => string | undefined

function rulesOf(
  { last, periods: counts, within, periodsWithin, tags }: RetentionPolicy,
  newest: WallTime | undefined,
): readonly Rule[] {
  return [
    ...(tags ?? []).map(tagRule),
    ...(within === undefined ? [] : [withinRule(within, newest)]),
    ...(last === undefined ? [] : [countRule('last snapshot', last, ({ place }) => place)]),
    ...periods.flatMap((period) => {
      const count = counts?.[period]
      return count === undefined ? [] : [countRule(`${period} snapshot`, count, ({ time }) => bucketOf[period](time))]
    }),
    ...periods.flatMap((period) => {
      const span = periodsWithin?.[period]
      return span === undefined ? [] : [periodWithinRule(period, span, newest)]
    }),
  ]
}

function tagRule(tags: readonly string[]): Rule {
  return ({ snapshot }) =>
    tags.every((tag) => snapshot.tags?.includes(tag) === true) ? `has tags ${tags.join(', ')}` : undefined
}

function withinRule(span: Span, newest: WallTime | undefined): Rule {
  const since = sinceOf(span, newest)
  return ({ time }) => (time.epoch > since ? `within ${spanText(span)}` : undefined)
}

/** Keeps the first that it meets of each bucket, so many times. */
function countRule(reason: string, count: Count, bucket: (candidate: Candidate) => number): Rule {
  let left = count === 'all' ? Infinity : count
  let before: number | undefined
  return (candidate) => {
    const one = bucket(candidate)
    if (left <= 0 || one === before) return undefined
    before = one
    left--
    return reason
  }
}

function periodWithinRule(period: Period, span: Span, newest: WallTime | undefined): Rule {
  const since = sinceOf(span, newest)
  let before: number | undefined
  return ({ time }) => {
    const one = bucketOf[period](time)
    if (time.epoch <= since || one === before) return undefined
    before = one
    return `${period} within ${spanText(span)}`
  }
}

/** Snapshots of one bucket follow each other: it is enough to tell it from the one before. */
const bucketOf: Readonly<Record<Period, (time: WallTime) => number>> = {
  hourly: ({ year, month, day, hour }) => ((year * 100 + month) * 100 + day) * 100 + hour,
  daily: ({ year, month, day }) => (year * 100 + month) * 100 + day,
  weekly: isoWeek,
  monthly: ({ year, month }) => year * 100 + month,
  yearly: ({ year }) => year,
}

const DAY = 86_400_000

/** Year and week by ISO 8601: a week belongs to the year that has its Thursday. */
function isoWeek({ year, month, day }: WallTime): number {
  const date = new Date(Date.UTC(year, month - 1, day))
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY)
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1)
  return thursday.getUTCFullYear() * 100 + Math.floor((thursday.getTime() - first) / DAY / 7) + 1
}

/** Milliseconds since 1970; with nothing to count from, everything is kept. */
function sinceOf({ years, months, days, hours }: Span, newest: WallTime | undefined): number {
  if (newest === undefined) return -Infinity
  const { year, month, day, hour, minute, second, fraction, offset } = newest
  const wall = Date.UTC(year - years, month - 1 - months, day - days, hour, minute, second)
  return wall + fraction - offset - hours * 3_600_000
}

function spanText({ years, months, days, hours }: Span): string {
  const parts = [
    [years, 'y'],
    [months, 'm'],
    [days, 'd'],
    [hours, 'h'],
  ] as const
  return parts.flatMap(([number, unit]) => (number === 0 ? [] : [`${String(number)}${unit}`])).join('')
}
