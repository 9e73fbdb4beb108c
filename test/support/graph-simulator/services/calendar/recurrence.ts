import { badRequest } from '../../http/errors.ts'
import { listValue, optionalText, wordValue } from '../../routes/message-values.ts'
import { isObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { requireZone } from './zones.ts'

const patternTypes = [
  'daily',
  'weekly',
  'absoluteMonthly',
  'relativeMonthly',
  'absoluteYearly',
  'relativeYearly',
] as const
const rangeTypes = ['endDate', 'noEnd', 'numbered'] as const
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
const indexes = ['first', 'second', 'third', 'fourth', 'last'] as const

export type Weekday = (typeof weekdays)[number]

/** Source: https://learn.microsoft.com/graph/api/resources/recurrencepattern */
export interface Pattern {
  readonly type: (typeof patternTypes)[number]
  readonly interval: number
  readonly month: number
  readonly dayOfMonth: number
  readonly daysOfWeek: readonly Weekday[]
  readonly firstDayOfWeek: Weekday
  readonly index: (typeof indexes)[number]
}

/** Source: https://learn.microsoft.com/graph/api/resources/recurrencerange */
export interface Range {
  readonly type: (typeof rangeTypes)[number]
  /** yyyy-mm-dd */
  readonly startDate: string
  /** `0001-01-01` unless the series ends on a date. */
  readonly endDate: string
  readonly recurrenceTimeZone: string
  readonly numberOfOccurrences: number
}

export interface Recurrence {
  readonly pattern: Pattern
  readonly range: Range
}

const noDate = '0001-01-01'

const invalid = (message: string): Error => badRequest(message, 'ErrorPropertyValidationFailure')

/** Reads a recurrence; everything its type needs has to be there. `zone`: of the event, for the range. */
export function recurrenceInput(value: unknown, zone: string): Recurrence {
  const pattern = isObject(value) ? value.pattern : undefined
  const range = isObject(value) ? value.range : undefined
  if (!isObject(pattern) || !isObject(range)) throw invalid('A recurrence needs a pattern and a range.')
  return { pattern: patternInput(pattern), range: rangeInput(range, zone) }
}

function patternInput(body: JsonObject): Pattern {
  const type = wordValue(body.type, patternTypes, 'type')
  const daysOfWeek = (listValue(body, 'daysOfWeek') ?? []).map((name) => wordValue(name, weekdays, 'daysOfWeek'))
  const pattern: Pattern = {
    type,
    interval: whole(body, 'interval'),
    month: whole(body, 'month'),
    dayOfMonth: whole(body, 'dayOfMonth'),
    daysOfWeek,
    firstDayOfWeek: wordValue(body.firstDayOfWeek ?? 'sunday', weekdays, 'firstDayOfWeek'),
    index: wordValue(body.index ?? 'first', indexes, 'index'),
  }
  if (pattern.interval < 1 || pattern.interval > 999) throw invalid('The interval has to be between 1 and 999.')
  const needsDays = type === 'weekly' || type.startsWith('relative')
  if (needsDays && daysOfWeek.length === 0) throw invalid(`A ${type} pattern needs daysOfWeek.`)
  if (type.startsWith('absolute') && !within(pattern.dayOfMonth, 31))
    throw invalid(`A ${type} pattern needs dayOfMonth.`)
  if (type.endsWith('Yearly') && !within(pattern.month, 12)) throw invalid(`A ${type} pattern needs month.`)
  return pattern
}

function within(value: number, most: number): boolean {
  return value >= 1 && value <= most
}

function rangeInput(body: JsonObject, zone: string): Range {
  const type = wordValue(body.type, rangeTypes, 'type')
  const startDate = optionalText(body, 'startDate') ?? ''
  const endDate = type === 'endDate' ? (optionalText(body, 'endDate') ?? '') : noDate
  const recurrenceTimeZone = optionalText(body, 'recurrenceTimeZone') ?? zone
  requireZone(recurrenceTimeZone)
  const numberOfOccurrences = type === 'numbered' ? whole(body, 'numberOfOccurrences') : 0
  if (!isDate(startDate)) throw invalid('A range needs a startDate.')
  if (type === 'endDate' && (!isDate(endDate) || endDate < startDate)) throw invalid('The range needs a valid endDate.')
  if (type === 'numbered' && !within(numberOfOccurrences, 999)) throw invalid('The range needs numberOfOccurrences.')
  return { type, startDate, endDate, recurrenceTimeZone, numberOfOccurrences }
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
}

function whole(body: JsonObject, name: string): number {
  const value = body[name] ?? 0
  if (typeof value === 'number' && Number.isInteger(value)) return value
  throw invalid(`The property '${name}' has to be a whole number.`)
}

/** As Graph writes it: properties that mean nothing to the type have their zero; no days, no list. */
export function recurrenceJson({ pattern, range }: Recurrence): object {
  const { daysOfWeek, ...rest } = pattern
  return {
    pattern: { ...rest, ...(daysOfWeek.length === 0 ? {} : { daysOfWeek: [...daysOfWeek] }) },
    range: { ...range },
  }
}

const dayMs = 86_400_000

/** The dates of a series, in order; without an end where the series has none. */
export function* occurrenceDates({ pattern, range }: Recurrence): Generator<string> {
  const start = Date.parse(range.startDate) / dayMs
  const end = range.type === 'endDate' ? Date.parse(range.endDate) / dayMs : Infinity
  let left = range.type === 'numbered' ? range.numberOfOccurrences : Infinity
  for (const date of candidates(pattern, start)) {
    if (date > end || left <= 0) return
    if (date < start) continue
    left -= 1
    yield new Date(date * dayMs).toISOString().slice(0, 10)
  }
}

/** The last day a calendar can name; where series without an end stop being counted. */
const lastDay = Date.UTC(4500, 0, 1) / dayMs

/** Days since 1970 that fit the pattern, in order; some may lie before `start`. */
function* candidates(pattern: Pattern, start: number): Generator<number> {
  for (let round = 0; ; round += pattern.interval) {
    for (const date of roundDates(pattern, start, round)) {
      if (date > lastDay) return
      yield date
    }
  }
}

/** The days of one day, week, month or year, so many after the first. */
function roundDates(pattern: Pattern, start: number, round: number): readonly number[] {
  const first = new Date(start * dayMs)
  switch (pattern.type) {
    case 'daily':
      return [start + round]
    case 'weekly':
      return weekDates(pattern, start, round)
    case 'absoluteMonthly':
    case 'relativeMonthly':
      return monthDates(pattern, first.getUTCFullYear(), first.getUTCMonth() + round)
    default:
      return monthDates(pattern, first.getUTCFullYear() + round, pattern.month - 1)
  }
}

function weekDates(pattern: Pattern, start: number, round: number): readonly number[] {
  const first = weekdays.indexOf(pattern.firstDayOfWeek)
  const week = start - ((weekdayOf(start) - first + 7) % 7) + round * 7
  const days = [0, 1, 2, 3, 4, 5, 6].map((step) => week + step)
  return days.filter((day) => isOn(pattern, day))
}

/** Months without that day have it on their last; of several weekdays the first that fits counts. */
function monthDates(pattern: Pattern, year: number, month: number): readonly number[] {
  const first = Date.UTC(year, month, 1) / dayMs
  const length = Date.UTC(year, month + 1, 1) / dayMs - first
  if (pattern.type.startsWith('absolute')) return [first + Math.min(pattern.dayOfMonth, length) - 1]
  const fitting = Array.from({ length }, (_, step) => first + step).filter((day) => isOn(pattern, day))
  const chosen = pattern.index === 'last' ? fitting.at(-1) : fitting[indexes.indexOf(pattern.index)]
  return chosen === undefined ? [] : [chosen]
}

function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

function isOn(pattern: Pattern, day: number): boolean {
  const name = weekdays[weekdayOf(day)]
  return name !== undefined && pattern.daysOfWeek.includes(name)
}
