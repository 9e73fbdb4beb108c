import { describe, expect, it } from 'vitest'
import {
  eventTimes,
  occurrenceDay,
  originalDay,
  recurrenceJson,
} from '../../../../src-main/graph/calendar/event-times.ts'
import { placeOfZone } from '../../../../src-main/graph/calendar/windows-zones.ts'
import { instantOf, inZone } from '../../../../src-main/graph/calendar/zoned-time.ts'

const utc = (dateTime: string) => ({ dateTime, timeZone: 'UTC' })

describe('times with zones', () => {
  it('reads what Graph writes, in any zone', () => {
    expect(instantOf(utc('2024-05-06T07:00:00.0000000'))).toBe(Date.UTC(2024, 4, 6, 7))
    expect(instantOf({ dateTime: '2024-05-06T09:00:00', timeZone: 'W. Europe Standard Time' })).toBe(
      Date.UTC(2024, 4, 6, 7),
    )
    expect(instantOf({ dateTime: '2024-01-06T09:00', timeZone: 'Pacific Standard Time' })).toBe(
      Date.UTC(2024, 0, 6, 17),
    )
    expect(instantOf({ dateTime: 'soon', timeZone: 'UTC' })).toBeUndefined()
    expect(instantOf({})).toBeUndefined()
  })

  it('writes them in the zone of the event, on both sides of a change of the clocks', () => {
    const winter = inZone(Date.UTC(2024, 2, 30, 8), 'W. Europe Standard Time')
    const summer = inZone(Date.UTC(2024, 2, 31, 8), 'W. Europe Standard Time')
    expect(winter).toEqual({ dateTime: '2024-03-30T09:00:00.000', timeZone: 'W. Europe Standard Time' })
    expect(summer).toEqual({ dateTime: '2024-03-31T10:00:00.000', timeZone: 'W. Europe Standard Time' })
    expect(inZone(0, 'tzone://Microsoft/Custom')).toBeUndefined()
  })

  it('knows Windows names in any case, places, and nothing else', () => {
    expect(placeOfZone('india standard time')).toBe('Asia/Calcutta')
    expect(placeOfZone('Europe/Berlin')).toBe('Europe/Berlin')
    expect(placeOfZone('tzone://Microsoft/Utc')).toBe('UTC')
    expect(placeOfZone('tzone://Microsoft/Custom')).toBeUndefined()
    expect(placeOfZone('Nowhere/Land')).toBeUndefined()
    expect(placeOfZone('Customized Time Zone')).toBeUndefined()
  })

  it('gives start and end the zones they were made in', () => {
    const times = eventTimes({
      start: utc('2024-05-06T07:00:00.0000000'),
      end: utc('2024-05-06T09:30:00.0000000'),
      originalStartTimeZone: 'W. Europe Standard Time',
      originalEndTimeZone: 'Eastern Standard Time',
    })
    expect(times).toEqual({
      start: { dateTime: '2024-05-06T09:00:00.000', timeZone: 'W. Europe Standard Time' },
      end: { dateTime: '2024-05-06T05:30:00.000', timeZone: 'Eastern Standard Time' },
      zone: 'W. Europe Standard Time',
      isReplaced: false,
    })
  })

  it('leaves whole days where they are', () => {
    const times = eventTimes({
      isAllDay: true,
      start: utc('2024-07-01T00:00:00.0000000'),
      end: utc('2024-07-02T00:00:00.0000000'),
      originalStartTimeZone: 'Tokyo Standard Time',
      originalEndTimeZone: 'Tokyo Standard Time',
    })
    expect(times?.start).toEqual({ dateTime: '2024-07-01T00:00:00.000', timeZone: 'Tokyo Standard Time' })
  })

  it('replaces a zone of Outlook’s own by that of the series, or by UTC', () => {
    const event = {
      start: utc('2024-05-05T22:30:00.0000000'),
      end: utc('2024-05-05T23:00:00.0000000'),
      originalStartTimeZone: 'tzone://Microsoft/Custom',
      recurrence: {
        pattern: { type: 'daily', interval: 1 },
        range: { type: 'noEnd', startDate: '2024-05-06', recurrenceTimeZone: 'Tokyo Standard Time' },
      },
    }
    const times = eventTimes(event)
    expect(times).toMatchObject({ zone: 'Tokyo Standard Time', isReplaced: true })
    const plain = eventTimes({ ...event, recurrence: null })
    expect(plain).toMatchObject({ zone: 'UTC', isReplaced: true })
    const custom = {
      ...event,
      recurrence: { ...event.recurrence, range: { ...event.recurrence.range, recurrenceTimeZone: 'x' } },
    }
    const replaced = eventTimes(custom)
    if (replaced === undefined) throw new Error('no times')
    expect(recurrenceJson(custom, replaced)).toMatchObject({
      range: { startDate: '2024-05-05', recurrenceTimeZone: 'UTC' },
    })
  })

  it('finds the day that an occurrence is or stood for', () => {
    const zone = 'Pacific Standard Time'
    expect(originalDay({ originalStart: '2024-04-04T03:00:00.0000000Z' }, zone)).toBe('2024-04-03')
    expect(originalDay({ occurrenceId: 'OID.AAMk=.2024-04-03' }, zone)).toBe('2024-04-03')
    expect(originalDay({}, zone)).toBeUndefined()
    expect(occurrenceDay({ start: utc('2024-04-04T03:00:00.0000000') }, zone)).toBe('2024-04-03')
    expect(occurrenceDay({ isAllDay: true, start: utc('2024-04-04T00:00:00.0000000') }, zone)).toBe('2024-04-04')
  })

  it('has nothing to say of an event without times', () => {
    expect(eventTimes({ start: null, end: null })).toBeUndefined()
    expect(eventTimes({})).toBeUndefined()
  })
})
