import type { Count, Period, RetentionPolicy, Span } from '../engine/index.ts'
import { weekdays, type AfterRun, type Recurrence, type Schedule, type Weekday } from '../engine/model/schedule.ts'
import type { ChangeThresholds, Plan, SourceSettings } from './model.ts'
import { damagedSettings, fieldsOf, flagOf, listOf, numberOf, optional, textOf, wholeOf } from './read-fields.ts'

const periods: readonly Period[] = ['hourly', 'daily', 'weekly', 'monthly', 'yearly']
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/
const OPTION = /^[a-z][a-z0-9-]*$/
/** A file with a secret in it may be named, a secret not be written down. */
const SECRET = /secret|password|passphrase|token/
const FILE = /-(file|path)$/
/** Options without a value: what is not understood of them would be left out without a word. */
const flags: ReadonlySet<string> = new Set(['append-only', 'cache', 'permanent-delete', 'self-check'])
const NEGATED = /^no-/
const MOST_HOURS = 24 * 366

/** Whether an option's value is a secret, which no settings file may hold. */
export function isSecretOption(name: string): boolean {
  return SECRET.test(name) && !FILE.test(name)
}

/** Throws `settings.damaged` (context: field). */
export function readPlan(value: unknown, field: string): Plan {
  const fields = fieldsOf(value, field)
  return {
    id: textOf(fields.id, `${field}.id`),
    name: textOf(fields.name, `${field}.name`),
    created: numberOf(fields.created, `${field}.created`),
    destination: textOf(fields.destination, `${field}.destination`),
    sources: listOf(fields.sources, `${field}.sources`, readSource),
    schedule: readSchedule(fields.schedule ?? {}, `${field}.schedule`),
    ...optional(fields, 'retention', field, readRetention),
    after: readAfter(fields.after ?? { forget: false }, `${field}.after`),
    ...optional(fields, 'notice', field, readThresholds),
  }
}

export function readThresholds(value: unknown, field: string): ChangeThresholds {
  const { percent, items } = fieldsOf(value, field)
  return { percent: numberOf(percent, `${field}.percent`, 0, 100), items: wholeOf(items, `${field}.items`) }
}

function readSource(value: unknown, field: string): SourceSettings {
  const entries = Object.entries(fieldsOf(value, field))
  for (const [name, option] of entries)
    if (!OPTION.test(name) || isSecretOption(name) || !isOption(name, option)) throw damagedSettings(`${field}.${name}`)
  return Object.fromEntries(entries.map(([name, option]) => plainFlag(name, option as SourceSettings[string])))
}

function isOption(name: string, option: unknown): boolean {
  if (typeof option === 'boolean') return true
  if (flags.has(name.replace(NEGATED, ''))) return false
  return typeof option === 'string' || (Array.isArray(option) && option.every((item) => typeof item === 'string'))
}

/** `"no-cache": true`, as it is on the command line, is `"cache": false`. */
function plainFlag(name: string, option: SourceSettings[string]): readonly [string, SourceSettings[string]] {
  const plain = name.replace(NEGATED, '')
  return plain !== name && typeof option === 'boolean' ? [plain, !option] : [name, option]
}

function readSchedule(value: unknown, field: string): Schedule {
  const fields = fieldsOf(value, field)
  return {
    ...optional(fields, 'recurrence', field, readRecurrence),
    ...optional(fields, 'quiet', field, (quiet, at) => {
      const { from, to } = fieldsOf(quiet, at)
      return { from: readTime(from, `${at}.from`), to: readTime(to, `${at}.to`) }
    }),
    ...optional(fields, 'paused', field, (paused, at) =>
      typeof paused === 'number' ? numberOf(paused, at) : flagOf(paused, at),
    ),
  }
}

function readRecurrence(value: unknown, field: string): Recurrence {
  const { kind, hours, at, on } = fieldsOf(value, field)
  if (kind === 'hours') return { kind, hours: wholeOf(hours, `${field}.hours`, 1, MOST_HOURS) }
  if (kind === 'daily') return { kind, at: readTime(at, `${field}.at`) }
  if (kind !== 'weekly') throw damagedSettings(`${field}.kind`)
  const days = listOf(on, `${field}.on`, readWeekday)
  if (days.length === 0) throw damagedSettings(`${field}.on`)
  return { kind, on: days, at: readTime(at, `${field}.at`) }
}

function readWeekday(value: unknown, field: string): Weekday {
  const day = weekdays.find((name) => name === value)
  if (day === undefined) throw damagedSettings(field)
  return day
}

function readTime(value: unknown, field: string): string {
  const text = textOf(value, field)
  if (!TIME.test(text)) throw damagedSettings(field)
  return text
}

function readAfter(value: unknown, field: string): AfterRun {
  const fields = fieldsOf(value, field)
  const days = (number: unknown, at: string): number => numberOf(number, at, 0, 10_000)
  return {
    forget: flagOf(fields.forget, `${field}.forget`),
    ...optional(fields, 'pruneEveryDays', field, days),
    ...optional(fields, 'check', field, (check, at) => {
      const { percent, everyDays } = fieldsOf(check, at)
      return { percent: numberOf(percent, `${at}.percent`, 0.01, 100), everyDays: days(everyDays, `${at}.everyDays`) }
    }),
    ...optional(fields, 'drill', field, (drill, at) => {
      const { samples, everyDays } = fieldsOf(drill, at)
      return { samples: wholeOf(samples, `${at}.samples`, 1), everyDays: days(everyDays, `${at}.everyDays`) }
    }),
  }
}

function readRetention(value: unknown, field: string): RetentionPolicy {
  const fields = fieldsOf(value, field)
  return {
    ...optional(fields, 'last', field, readCount),
    ...optional(fields, 'periods', field, (counts, at) => ofPeriods(counts, at, readCount)),
    ...optional(fields, 'within', field, readSpan),
    ...optional(fields, 'periodsWithin', field, (spans, at) => ofPeriods(spans, at, readSpan)),
    ...optional(fields, 'tags', field, (tags, at) => listOf(tags, at, (list, inner) => listOf(list, inner, textOf))),
  }
}

function ofPeriods<T>(
  value: unknown,
  field: string,
  read: (value: unknown, field: string) => T,
): Partial<Record<Period, T>> {
  const fields = fieldsOf(value, field)
  const entries = Object.entries(fields).map(([name, item]) => {
    const period = periods.find((known) => known === name)
    if (period === undefined) throw damagedSettings(`${field}.${name}`)
    return [period, read(item, `${field}.${name}`)] as const
  })
  return Object.fromEntries(entries)
}

function readCount(value: unknown, field: string): Count {
  return value === 'all' ? value : wholeOf(value, field)
}

function readSpan(value: unknown, field: string): Span {
  const { years, months, days, hours } = fieldsOf(value, field)
  const part = (number: unknown, name: string): number => wholeOf(number, `${field}.${name}`, 0, 1_000_000)
  return {
    years: part(years, 'years'),
    months: part(months, 'months'),
    days: part(days, 'days'),
    hours: part(hours, 'hours'),
  }
}
