import type { JsonObject } from '../../engine/model/json.ts'
import { list, record, text } from '../../graph/item/fields.ts'

const DAYS: Readonly<Record<string, string>> = {
  sunday: 'SU',
  monday: 'MO',
  tuesday: 'TU',
  wednesday: 'WE',
  thursday: 'TH',
  friday: 'FR',
  saturday: 'SA',
}
const INDEXES: Readonly<Record<string, string>> = { first: '1', second: '2', third: '3', fourth: '4', last: '-1' }

/**
 * The RRULE of Graph's recurrence; undefined if it is none that is known. `until` writes the end of the last day.
 * https://learn.microsoft.com/graph/api/resources/recurrencepattern, https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10
 */
export function recurrenceRule(recurrence: JsonObject, until: (lastDay: string) => string): string | undefined {
  const pattern = record(recurrence, 'pattern') ?? {}
  const parts = patternParts(pattern)
  if (parts === undefined) return undefined
  const range = record(recurrence, 'range') ?? {}
  const interval = whole(pattern, 'interval') ?? 1
  const kind = text(range, 'type')
  const count = whole(range, 'numberOfOccurrences')
  const lastDay = text(range, 'endDate') ?? ''
  return [
    ...parts,
    ...(interval === 1 ? [] : [`INTERVAL=${String(interval)}`]),
    ...(kind === 'numbered' && count !== undefined ? [`COUNT=${String(count)}`] : []),
    ...(kind === 'endDate' && lastDay !== '' ? [`UNTIL=${until(lastDay)}`] : []),
  ].join(';')
}

function patternParts(pattern: JsonObject): readonly string[] | undefined {
  const days = (list(pattern, 'daysOfWeek') ?? []).flatMap(
    (day) => (typeof day === 'string' ? DAYS[day.toLowerCase()] : undefined) ?? [],
  )
  const index = INDEXES[text(pattern, 'index') ?? 'first'] ?? '1'
  const dayOfMonth = `BYMONTHDAY=${String(whole(pattern, 'dayOfMonth') ?? 1)}`
  const month = `BYMONTH=${String(whole(pattern, 'month') ?? 1)}`
  // One day of several (the first weekday of the month) is a place in the set of all of them.
  const relative =
    days.length === 1 ? [`BYDAY=${index}${days.join('')}`] : [`BYDAY=${days.join(',')}`, `BYSETPOS=${index}`]
  switch (text(pattern, 'type')) {
    case 'daily':
      return ['FREQ=DAILY']
    case 'weekly': {
      const first = DAYS[text(pattern, 'firstDayOfWeek') ?? 'sunday'] ?? 'SU'
      return ['FREQ=WEEKLY', ...(days.length === 0 ? [] : [`BYDAY=${days.join(',')}`]), `WKST=${first}`]
    }
    case 'absoluteMonthly':
      return ['FREQ=MONTHLY', dayOfMonth]
    case 'relativeMonthly':
      return ['FREQ=MONTHLY', ...relative]
    case 'absoluteYearly':
      return ['FREQ=YEARLY', month, dayOfMonth]
    case 'relativeYearly':
      return ['FREQ=YEARLY', month, ...relative]
    case undefined:
    default:
      return undefined
  }
}

function whole(object: JsonObject, name: string): number | undefined {
  const value = object[name]
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined
}
