import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PastRun, Recurrence, RunOutcome, Schedule } from '../../../../src-main/engine/model/schedule.ts'
import { weekdays } from '../../../../src-main/engine/model/schedule.ts'
import { afterQuiet, nextRun } from '../../../../src-main/engine/schedule/next-run.ts'
import { wallOf } from '../../../../src-main/engine/schedule/wall-clock.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const berlin = 'Europe/Berlin'
const created = Date.parse('2026-01-01T00:00:00Z')

function past(started: string | number, outcome: RunOutcome = 'done', ended?: number): PastRun {
  const begun = typeof started === 'string' ? Date.parse(started) : started
  return { plan: 'p', started: begun, ended: ended ?? begun + 60_000, outcome, steps: ['backup'] }
}

function next(schedule: Schedule, runs: readonly PastRun[], now: string, zone = berlin): string | undefined {
  const moment = nextRun({ schedule, created }, runs, Date.parse(now), zone)
  return moment === undefined ? undefined : new Date(moment).toISOString().replace('.000Z', 'Z')
}

const daily: Recurrence = { kind: 'daily', at: '02:30' }

describe('the next run of a plan', () => {
  it.each<[string, Schedule, readonly PastRun[], string, string | undefined]>([
    ['by hand only', {}, [], '2026-05-01T00:00:00Z', undefined],
    [
      'hours, new: at once',
      { recurrence: { kind: 'hours', hours: 6 } },
      [],
      '2026-05-01T00:00:00Z',
      '2026-01-01T00:00:00Z',
    ],
    [
      'hours after the start',
      { recurrence: { kind: 'hours', hours: 6 } },
      [past('2026-05-01T00:10:00Z')],
      '2026-05-01T01:00:00Z',
      '2026-05-01T06:10:00Z',
    ],
    [
      'hours over a change of the clock are hours',
      { recurrence: { kind: 'hours', hours: 6 } },
      [past('2026-03-28T22:00:00Z')],
      '2026-03-28T23:00:00Z',
      '2026-03-29T04:00:00Z',
    ],
    ['daily', { recurrence: daily }, [past('2026-05-01T00:30:00Z')], '2026-05-01T01:00:00Z', '2026-05-02T00:30:00Z'],
    [
      'daily, in winter',
      { recurrence: daily },
      [past('2026-01-10T01:30:00Z')],
      '2026-01-10T02:00:00Z',
      '2026-01-11T01:30:00Z',
    ],
    [
      'daily, at a time that the clock leaves out',
      { recurrence: daily },
      [past('2026-03-28T01:30:00Z')],
      '2026-03-28T12:00:00Z',
      '2026-03-29T01:00:00Z',
    ],
    [
      'daily, at a time that comes twice: once',
      { recurrence: daily },
      [past('2026-10-25T00:30:00Z')],
      '2026-10-25T01:00:00Z',
      '2026-10-26T01:30:00Z',
    ],
    [
      'daily, by hand before: all the same',
      { recurrence: daily },
      [past('2026-04-30T20:00:00Z')],
      '2026-04-30T21:00:00Z',
      '2026-05-01T00:30:00Z',
    ],
    [
      'daily, asleep for a week: due once',
      { recurrence: daily },
      [past('2026-05-01T00:30:00Z')],
      '2026-05-08T07:00:00Z',
      '2026-05-02T00:30:00Z',
    ],
    [
      'daily, made up for: then as ever',
      { recurrence: daily },
      [past('2026-05-08T07:00:00Z')],
      '2026-05-08T07:05:00Z',
      '2026-05-09T00:30:00Z',
    ],
    [
      'weekly',
      { recurrence: { kind: 'weekly', on: ['monday', 'thursday'], at: '22:00' } },
      [past('2026-11-16T21:00:00Z')],
      '2026-11-17T08:00:00Z',
      '2026-11-19T21:00:00Z',
    ],
    [
      'weekly, over the week',
      { recurrence: { kind: 'weekly', on: ['monday'], at: '22:00' } },
      [past('2026-11-16T21:00:00Z')],
      '2026-11-17T08:00:00Z',
      '2026-11-23T21:00:00Z',
    ],
    ['paused', { recurrence: daily, paused: true }, [], '2026-05-01T00:00:00Z', undefined],
    [
      'paused for a while',
      { recurrence: daily, paused: Date.parse('2026-05-03T10:00:00Z') },
      [past('2026-05-01T00:30:00Z')],
      '2026-05-02T08:00:00Z',
      '2026-05-03T10:00:00Z',
    ],
    [
      'paused until a while ago',
      { recurrence: daily, paused: Date.parse('2026-05-03T10:00:00Z') },
      [past('2026-05-01T00:30:00Z')],
      '2026-05-03T11:00:00Z',
      '2026-05-02T00:30:00Z',
    ],
    [
      'quiet then',
      { recurrence: daily, quiet: { from: '22:00', to: '06:00' } },
      [past('2026-05-01T04:00:00Z')],
      '2026-05-01T12:00:00Z',
      '2026-05-02T04:00:00Z',
    ],
    [
      'overdue in quiet hours',
      { recurrence: daily, quiet: { from: '08:00', to: '18:00' } },
      [past('2026-05-01T00:30:00Z')],
      '2026-05-03T07:00:00Z',
      '2026-05-03T16:00:00Z',
    ],
    [
      'quiet hours of no length',
      { recurrence: daily, quiet: { from: '02:30', to: '02:30' } },
      [past('2026-05-01T00:30:00Z')],
      '2026-05-01T12:00:00Z',
      '2026-05-02T00:30:00Z',
    ],
    [
      'failed: again in a quarter of an hour',
      { recurrence: daily },
      [past('2026-05-01T00:30:00Z', 'failed')],
      '2026-05-01T00:40:00Z',
      '2026-05-01T00:46:00Z',
    ],
    [
      'failed twice: in an hour',
      { recurrence: daily },
      [past('2026-05-01T00:30:00Z', 'failed'), past('2026-05-01T00:46:00Z', 'interrupted')],
      '2026-05-01T01:00:00Z',
      '2026-05-01T01:47:00Z',
    ],
    [
      'failed four times: as the schedule says',
      { recurrence: daily },
      [0, 1, 2, 3].map((hour) => past(Date.parse('2026-05-01T00:30:00Z') + hour * HOUR, 'failed')),
      '2026-05-01T08:00:00Z',
      '2026-05-02T00:30:00Z',
    ],
    [
      'stopped by hand: as the schedule says',
      { recurrence: daily },
      [past('2026-05-01T00:30:00Z', 'stopped')],
      '2026-05-01T08:00:00Z',
      '2026-05-02T00:30:00Z',
    ],
    [
      'noted by a clock that was a year ahead',
      { recurrence: daily },
      [past('2027-05-01T00:30:00Z'), past('2026-05-01T00:30:00Z')],
      '2026-05-02T08:00:00Z',
      '2026-05-02T00:30:00Z',
    ],
    [
      'noted a little in the future',
      { recurrence: daily },
      [past('2026-05-02T00:30:00Z')],
      '2026-05-02T00:29:58Z',
      '2026-05-03T00:30:00Z',
    ],
  ])('%s', (_name, schedule, runs, now, expected) => {
    expect(next(schedule, runs, now)).toBe(expected)
  })
})

const zone = fc.constantFrom('UTC', berlin, 'America/New_York', 'Australia/Lord_Howe')
const at = fc.integer({ min: 0, max: 24 * 60 - 1 }).map(timeText)
const quiet = fc.option(fc.record({ from: at, to: at }), { nil: undefined })
const recurrence: fc.Arbitrary<Recurrence> = fc.oneof(
  fc.integer({ min: 1, max: 100 }).map((hours) => ({ kind: 'hours', hours }) as const),
  at.map((time) => ({ kind: 'daily', at: time }) as const),
  fc
    .tuple(fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }), at)
    .map(([on, time]) => ({ kind: 'weekly', on, at: time }) as const),
)
const start = fc
  .integer({ min: Date.UTC(2025, 0, 1) / 60_000, max: Date.UTC(2027, 0, 1) / 60_000 })
  .map((m) => m * 60_000)

function timeText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

function period(rule: Recurrence): number {
  return rule.kind === 'hours' ? rule.hours * HOUR : rule.kind === 'daily' ? DAY : 7 * DAY
}

describe('whatever the schedule', () => {
  it('a run comes after the one before, within a period, a day and a change of the clock, and never in quiet hours', () => {
    fc.assert(
      fc.property(recurrence, quiet, start, zone, (rule, silence, began, where) => {
        const schedule = { recurrence: rule, quiet: silence }
        const moment = nextRun({ schedule, created }, [past(began)], began + 60_000, where) ?? NaN
        expect(moment).toBeGreaterThan(began)
        expect(moment - began).toBeLessThanOrEqual(period(rule) + DAY + 2 * HOUR)
        if (silence !== undefined) expect(afterQuiet(moment, silence, where)).toBe(moment)
      }),
    )
  })

  it('a daily plan shows its time on the clock unless the clock leaves it out', () => {
    fc.assert(
      fc.property(at, start, zone, (time, began, where) => {
        const schedule = { recurrence: { kind: 'daily', at: time } } as const
        const moment = nextRun({ schedule, created }, [past(began)], began, where) ?? NaN
        const shown = timeText(Math.floor((wallOf(moment, where) % DAY) / 60_000))
        const before = timeText(Math.floor((wallOf(moment - 1, where) % DAY) / 60_000))
        expect(shown === time || (before < time && time < shown)).toBe(true)
      }),
    )
  })

  it('a machine that sleeps and wakes runs once for what it missed, and not again at once', () => {
    const naps = fc.array(fc.integer({ min: 1, max: 30 * 24 * 60 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(recurrence, quiet, start, naps, zone, (rule, silence, began, asleep, where) => {
        const schedule = { recurrence: rule, quiet: silence }
        const runs = [past(began)]
        let now = began
        for (const minutes of asleep) {
          now += minutes * 60_000
          const due = nextRun({ schedule, created }, runs, now, where) ?? Infinity
          if (due > now) continue
          runs.push(past(now))
          // The schedule's own next moment may be a minute later; what was missed is over.
          expect(nextRun({ schedule, created }, runs, now + 60_000, where)).toBeGreaterThan(now)
        }
      }),
    )
  })

  it('a clock that jumps to and fro never keeps a plan from running for longer than its period and two days', () => {
    const jumps = fc.array(fc.integer({ min: -60 * 24, max: 60 * 24 }), { maxLength: 10 })
    fc.assert(
      fc.property(recurrence, start, jumps, zone, (rule, began, hours, where) => {
        const schedule = { recurrence: rule }
        let now = began
        const runs = [past(began), ...hours.map((jump) => past((now += jump * HOUR)))]
        const later = now + period(rule) + 2 * DAY
        // As the schedule does: what is noted at most an hour ahead counts.
        const trusted = runs.filter(({ started }) => started <= later + HOUR)
        const newest = Math.max(...trusted.map(({ started }) => started))
        const moment = nextRun({ schedule, created }, runs, later, where) ?? NaN
        expect(moment).toBeLessThanOrEqual(newest + period(rule) + DAY + HOUR)
      }),
    )
  })
})
