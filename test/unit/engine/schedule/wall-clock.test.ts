import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { momentOf, momentOn, wallOf } from '../../../../src-main/engine/schedule/wall-clock.ts'

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia']
const moments = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) })

describe('the clock on the wall', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29', '02:30', '2026-03-29T01:00:00Z', 'put forward over it'],
    ['Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T00:30:00Z', 'shown twice: the first'],
    ['Europe/Berlin', '2026-10-25', '03:00', '2026-10-25T02:00:00Z', 'after the hour that comes twice'],
    ['America/New_York', '2026-03-08', '02:00', '2026-03-08T07:00:00Z', 'the first minute that is left out'],
    ['America/New_York', '2026-11-01', '01:59', '2026-11-01T05:59:00Z', 'shown twice: the first'],
    ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:30:00Z', 'half an hour is left out'],
    ['Asia/Kathmandu', '2026-01-01', '00:00', '2025-12-31T18:15:00Z', 'an odd offset'],
  ])('%s %s %s: %s (%s)', (zone, day, at, expected) => {
    expect(new Date(momentOn(Date.parse(day), at, zone)).toISOString()).toBe(expected.replace('Z', '.000Z'))
  })

  it('gives the first moment that shows a time that was shown', () => {
    fc.assert(
      fc.property(moments, fc.constantFrom(...zones), (moment, zone) => {
        const wall = wallOf(moment, zone)
        const first = momentOf(wall, zone)
        expect(first).toBeLessThanOrEqual(moment)
        expect(moment - first).toBeLessThanOrEqual(3_600_000)
        expect(wallOf(first, zone)).toBe(wall)
      }),
    )
  })
})
