import { describe, expect, test } from 'vitest'
import { occurrenceDates, recurrenceInput } from '../../support/graph-simulator/services/calendar/recurrence.ts'
import { errorCode, textAt, valueOf } from './client.ts'
import type { Answer, Graph } from './client.ts'
import { alex, withSmall } from './tenant.ts'

const events = `/users/${alex}/events`
const zone = 'W. Europe Standard Time'
const at = (dateTime: string) => ({ dateTime, timeZone: zone })
const lunch = { subject: 'Lunch', start: at('2024-05-06T12:00:00'), end: at('2024-05-06T13:00:00') }
const weekly = {
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'] },
  range: { type: 'endDate', startDate: '2024-05-06', endDate: '2024-06-03' },
}

async function post(graph: Graph, path: string, json: unknown): Promise<Answer> {
  return await graph(path, { method: 'POST', json })
}

async function create(graph: Graph, json: unknown): Promise<string> {
  return textAt((await post(graph, events, json)).json, 'id')
}

describe('series', () => {
  const dates = (pattern: object, range: object, most = 6): string[] => {
    const found: string[] = []
    for (const date of occurrenceDates(recurrenceInput({ pattern, range }, zone))) {
      if (found.push(date) >= most) break
    }
    return found
  }
  const noEnd = (startDate: string) => ({ type: 'noEnd', startDate })

  test.each([
    [
      'every other day',
      { type: 'daily', interval: 2 },
      noEnd('2024-02-28'),
      ['2024-02-28', '2024-03-01', '2024-03-03'],
    ],
    [
      'every second week, the week beginning on Monday',
      { type: 'weekly', interval: 2, daysOfWeek: ['sunday', 'tuesday'], firstDayOfWeek: 'monday' },
      noEnd('2024-05-07'),
      ['2024-05-07', '2024-05-12', '2024-05-21'],
    ],
    [
      'the same with the week beginning on Sunday',
      { type: 'weekly', interval: 2, daysOfWeek: ['sunday', 'tuesday'] },
      noEnd('2024-05-07'),
      ['2024-05-07', '2024-05-19', '2024-05-21'],
    ],
    [
      'the 31st, or the last day',
      { type: 'absoluteMonthly', interval: 1, dayOfMonth: 31 },
      noEnd('2024-01-31'),
      ['2024-01-31', '2024-02-29', '2024-03-31'],
    ],
    [
      'the last Friday',
      { type: 'relativeMonthly', interval: 3, daysOfWeek: ['friday'], index: 'last' },
      noEnd('2024-01-26'),
      ['2024-01-26', '2024-04-26', '2024-07-26'],
    ],
    [
      'the first weekday of a month',
      { type: 'relativeMonthly', interval: 1, daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] },
      noEnd('2024-05-01'),
      ['2024-05-01', '2024-06-03', '2024-07-01'],
    ],
    [
      'a leap day',
      { type: 'absoluteYearly', interval: 1, month: 2, dayOfMonth: 29 },
      noEnd('2024-02-29'),
      ['2024-02-29', '2025-02-28', '2026-02-28'],
    ],
    [
      'the second Sunday of May',
      { type: 'relativeYearly', interval: 1, month: 5, daysOfWeek: ['sunday'], index: 'second' },
      noEnd('2024-05-12'),
      ['2024-05-12', '2025-05-11', '2026-05-10'],
    ],
  ])('%s', (_name, pattern, range, expected) => {
    expect(dates(pattern, range, 3)).toEqual(expected)
  })

  test('end by count or by date', () => {
    const pattern = { type: 'daily', interval: 1 }
    expect(dates(pattern, { type: 'numbered', startDate: '2024-05-01', numberOfOccurrences: 2 })).toHaveLength(2)
    expect(dates(pattern, { type: 'endDate', startDate: '2024-05-01', endDate: '2024-05-03' })).toHaveLength(3)
  })

  test('need all that their type needs', async () => {
    await withSmall(async ({ graph }) => {
      const { range } = weekly
      const bad = [
        { pattern: { type: 'weekly', interval: 1 }, range },
        { pattern: { type: 'absoluteMonthly', interval: 1 }, range },
        { pattern: { ...weekly.pattern, interval: 0 }, range },
        { pattern: weekly.pattern, range: { type: 'endDate', startDate: '2024-05-06' } },
        { pattern: weekly.pattern, range: { ...range, startDate: '2024-05-07' } },
        { pattern: weekly.pattern },
      ]
      for (const recurrence of bad) expect((await post(graph, events, { ...lunch, recurrence })).status).toBe(400)
    })
  })

  test('have days that cannot jump over each other', async () => {
    await withSmall(async ({ graph }) => {
      const id = await create(graph, { ...lunch, recurrence: weekly })
      const window = 'startDateTime=2024-05-01T00:00:00Z&endDateTime=2024-06-30T00:00:00Z'
      const days = valueOf(await graph(`${events}/${id}/instances?${window}`))
      expect(days.map(({ start }) => (start as { dateTime: string }).dateTime)).toHaveLength(5)
      const second = `${events}/${textAt(days[1] ?? {}, 'id')}`
      const over = { start: at('2024-05-20T12:00:00'), end: at('2024-05-20T13:00:00') }
      const refused = await graph(second, { method: 'PATCH', json: over })
      expect(errorCode(refused)).toBe('ErrorOccurrenceCrossingBoundary')
      expect((await graph(`${events}/${textAt(days[2] ?? {}, 'id')}`, { method: 'DELETE' })).status).toBe(204)
      const moved = await graph(second, { method: 'PATCH', json: over })
      expect(moved.json).toMatchObject({ type: 'exception', seriesMasterId: id, start: { timeZone: zone } })
      expect((await graph(`${events}/${textAt(days[2] ?? {}, 'id')}`)).status).toBe(404)
    })
  })

  test('keep their hour when the clocks change, and whole days float', async () => {
    await withSmall(async ({ graph }) => {
      const recurrence = { ...weekly, range: { type: 'numbered', startDate: '2024-03-25', numberOfOccurrences: 2 } }
      const times = { start: at('2024-03-25T09:00:00'), end: at('2024-03-25T10:00:00') }
      const id = await create(graph, { ...times, recurrence })
      const window = 'startDateTime=2024-03-01T00:00:00Z&endDateTime=2024-06-30T00:00:00Z'
      const days = valueOf(await graph(`${events}/${id}/instances?${window}&$select=start`))
      expect(days.map(({ start }) => (start as { dateTime: string }).dateTime)).toEqual([
        '2024-03-25T08:00:00.0000000',
        '2024-04-01T07:00:00.0000000',
      ])
      const whole = { isAllDay: true, start: at('2024-05-06T00:00:00'), end: at('2024-05-07T00:00:00') }
      const answer = await graph(`${events}/${await create(graph, whole)}`)
      expect(answer.json).toMatchObject({ start: { dateTime: '2024-05-06T00:00:00.0000000', timeZone: 'UTC' } })
    })
  })
})
