import { describe, expect, it } from 'vitest'
import {
  nextState,
  readState,
  windowQuery,
  windowsToAsk,
  writeState,
} from '../../../../src-main/graph/calendar/event-windows.ts'

const day = 24 * 60 * 60_000
const now = Date.parse('2026-03-01T00:00:00Z')

describe('windows of a group calendar', () => {
  it('follow each other without a gap, none wider than Graph takes, from 1990 until ten years from now', () => {
    const windows = windowsToAsk(undefined, now).map(windowQuery)
    expect(windows[0]?.startDateTime).toBe('1990-01-01T00:00:00.000Z')
    expect(Date.parse(windows.at(-1)?.endDateTime ?? '')).toBeGreaterThanOrEqual(now + 3_650 * day)
    for (const [index, { startDateTime, endDateTime }] of windows.entries()) {
      expect(Date.parse(endDateTime) - Date.parse(startDateTime)).toBeLessThanOrEqual(1_825 * day)
      if (index > 0) expect(startDateTime).toBe(windows[index - 1]?.endDateTime)
    }
    expect(windows.length).toBeLessThanOrEqual(20)
  })

  it('are asked for where there were events and where events appear, all of them once a week', () => {
    const all = windowsToAsk(undefined, now)
    const state = nextState(undefined, all, [2], now)
    const [first, ...others] = windowsToAsk(state, now + day)
    expect(first).toBe(2)
    expect(others.map(windowQuery).every(({ endDateTime }) => Date.parse(endDateTime) > now)).toBe(true)
    expect(others.length).toBeLessThanOrEqual(2)
    expect(windowsToAsk(state, now + 8 * day)).toEqual(all)
  })

  it('of the coming year are among them when the present one ends', () => {
    const state = nextState(undefined, windowsToAsk(undefined, now), [], now)
    const soon = Date.parse('2029-10-01T00:00:00Z')
    expect(windowsToAsk({ ...state, looked: new Date(soon).toISOString() }, soon)).toEqual([7, 8])
  })

  it('keep the time of the last look into all of them', () => {
    const all = windowsToAsk(undefined, now)
    const state = nextState(undefined, all, [7], now)
    const some = nextState(state, [7], [7], now + day)
    expect(some.looked).toBe(state.looked)
    expect(readState(writeState(some))).toEqual(some)
    expect(readState('{"v":9}')).toBeUndefined()
    expect(readState('nonsense')).toBeUndefined()
  })
})
