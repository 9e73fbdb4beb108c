import { isEmptyPolicy, type Count, type Period, type RetentionPolicy, type Span } from '../../engine/index.ts'
import { parseWhole } from './moments.ts'
import type { OptionValues } from './option-values.ts'
import { UsageError } from './usage-error.ts'

const periods: readonly Period[] = ['hourly', 'daily', 'weekly', 'monthly', 'yearly']
const MOST = 1_000_000_000
const SPAN = /^(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)d)?(?:(\d+)h)?$/

/** The rules that --keep-... name; empty if there are none. Throws UsageError. */
export function readRetention(values: OptionValues): RetentionPolicy {
  const last = values.text('keep-last')
  const within = values.text('keep-within')
  const tags = values.list('keep-tag').map((list) => list.split(',').filter((tag) => tag !== ''))
  const counts = ofPeriods(values, 'keep-', parseCount)
  const spans = ofPeriods(values, 'keep-within-', parseSpan)
  return {
    ...(last === undefined ? {} : { last: parseCount('keep-last', last) }),
    ...(counts === undefined ? {} : { periods: counts }),
    ...(within === undefined ? {} : { within: parseSpan('keep-within', within) }),
    ...(spans === undefined ? {} : { periodsWithin: spans }),
    ...(tags.length === 0 ? {} : { tags }),
  }
}

/** The same; throws UsageError if nothing would be kept. */
export function requireRetention(values: OptionValues): RetentionPolicy {
  const policy = readRetention(values)
  if (isEmptyPolicy(policy))
    throw new UsageError('Nothing would be kept: say what is, e.g. with --keep-daily 7 --keep-monthly 12.')
  return policy
}

function ofPeriods<T>(
  values: OptionValues,
  prefix: string,
  parse: (option: string, text: string) => T,
): Partial<Record<Period, T>> | undefined {
  const given: Partial<Record<Period, T>> = {}
  for (const period of periods) {
    const text = values.text(`${prefix}${period}`)
    if (text !== undefined) given[period] = parse(`${prefix}${period}`, text)
  }
  return Object.keys(given).length === 0 ? undefined : given
}

function parseCount(option: string, text: string): Count {
  return text === 'unlimited' || text === '-1' ? 'all' : parseWhole(option, text, 0, MOST)
}

/** Throws UsageError. */
function parseSpan(option: string, text: string): Span {
  const match = text === '' ? null : SPAN.exec(text)
  if (match === null)
    throw new UsageError(`--${option} takes a span like 2y5m7d3h (years, months, days, hours), not "${text}".`)
  const [years = 0, months = 0, days = 0, hours = 0] = match
    .slice(1)
    .map((part) => Number((part as string | undefined) ?? 0))
  return { years, months, days, hours }
}
