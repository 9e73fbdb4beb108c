import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { calendarFile } from '../../../../src-main/commands/export/calendar-file.ts'
import { contactCard } from '../../../../src-main/commands/export/contact-card.ts'
import { contentText } from '../../../../src-main/commands/export/content-lines.ts'
import { csvFile } from '../../../../src-main/commands/export/csv.ts'
import { mboxEntry } from '../../../../src-main/commands/export/mbox.ts'
import { recurrenceRule } from '../../../../src-main/commands/export/recurrence-rule.ts'

const unfolded = (text: string): readonly string[] => text.replaceAll('\r\n ', '').split('\r\n')
const berlin = 'W. Europe Standard Time'

function at(dateTime: string): JsonObject {
  return { dateTime, timeZone: 'UTC' }
}

describe('lines of iCalendar and vCard', () => {
  it('are at most 75 bytes, cut between characters, and come back whole', () => {
    const value = 'Grüße 👩‍👩‍👧 und mehr '.repeat(20)
    const text = contentText([{ name: 'SUMMARY', parameters: { CN: 'a;b"c' }, value }])
    const lines = text.split('\r\n')
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
    expect(unfolded(text)[0]).toBe(`SUMMARY;CN="a;b'c":${value}`)
  })
})

describe('an exported calendar', () => {
  const weekly: JsonObject = {
    id: 'b',
    iCalUId: 'uid-b',
    subject: 'Weekly',
    start: at('2026-03-23T08:00:00'),
    end: at('2026-03-23T09:00:00'),
    originalStartTimeZone: berlin,
    originalEndTimeZone: berlin,
    recurrence: {
      pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' },
      range: { type: 'endDate', startDate: '2026-03-23', endDate: '2026-04-20', recurrenceTimeZone: berlin },
    },
    cancelledOccurrences: ['OID.x.2026-04-13'],
    exceptionOccurrences: [
      {
        id: 'c',
        subject: 'Later',
        originalStart: '2026-04-06T07:00:00Z',
        start: at('2026-04-06T10:00:00'),
        end: at('2026-04-06T11:00:00'),
        originalStartTimeZone: berlin,
      },
    ],
  }

  it('has a series in its own zone, with the changes of the clocks, cancelled and changed days', () => {
    const lines = unfolded(calendarFile('Work', [weekly]).text)
    expect(lines).toEqual(
      expect.arrayContaining([
        'X-WR-CALNAME:Work',
        'TZID:Europe/Berlin',
        'DTSTART;TZID=Europe/Berlin:20260323T090000',
        'RRULE:FREQ=WEEKLY;BYDAY=MO;WKST=MO;UNTIL=20260420T215959Z',
        'EXDATE;TZID=Europe/Berlin:20260413T090000',
        'RECURRENCE-ID;TZID=Europe/Berlin:20260406T090000',
        'DTSTART;TZID=Europe/Berlin:20260406T120000',
      ]),
    )
    const change = lines.indexOf('DTSTART:20260329T020000')
    expect(lines.slice(change - 1, change + 3)).toEqual([
      'BEGIN:DAYLIGHT',
      'DTSTART:20260329T020000',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0200',
    ])
  })

  it('has single events in UTC, days as days, and tells what it cannot say', () => {
    const day = { subject: 'Day', isAllDay: true, start: at('2026-05-01T00:00:00'), end: at('2026-05-02T00:00:00') }
    const { text, skipped } = calendarFile('', [day, { subject: 'No time' }])
    expect(skipped).toBe(1)
    expect(unfolded(text)).toEqual(
      expect.arrayContaining(['DTSTART;VALUE=DATE:20260501', 'DTEND;VALUE=DATE:20260502', 'SUMMARY:Day']),
    )
  })

  it.each<[JsonObject, JsonObject, string | undefined]>([
    [{ type: 'daily', interval: 3 }, { type: 'numbered', numberOfOccurrences: 5 }, 'FREQ=DAILY;INTERVAL=3;COUNT=5'],
    [{ type: 'absoluteMonthly', dayOfMonth: 31 }, { type: 'noEnd' }, 'FREQ=MONTHLY;BYMONTHDAY=31'],
    [{ type: 'relativeMonthly', index: 'last', daysOfWeek: ['friday'] }, {}, 'FREQ=MONTHLY;BYDAY=-1FR'],
    [
      { type: 'relativeYearly', index: 'first', month: 9, daysOfWeek: ['monday', 'tuesday'] },
      {},
      'FREQ=YEARLY;BYMONTH=9;BYDAY=MO,TU;BYSETPOS=1',
    ],
    [
      { type: 'absoluteYearly', month: 2, dayOfMonth: 29 },
      { type: 'endDate', endDate: '2030-01-01' },
      'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;UNTIL=2030-01-01',
    ],
    [{ type: 'hourly' }, {}, undefined],
  ])('says %o', (pattern, range, rule) => {
    expect(recurrenceRule({ pattern, range }, (day) => day)).toBe(rule)
  })
})

describe('an exported contact', () => {
  it('has everything in its place', () => {
    const card = contactCard(
      {
        displayName: 'Ada; Lovelace, Countess',
        surname: 'Love;lace',
        companyName: 'Engines',
        department: 'R&D',
        businessPhones: ['+44 1'],
        homeAddress: { street: 'One\nTwo', city: 'London' },
        birthday: '1604-12-10T11:59:00Z',
        categories: ['a,b', 'c'],
      },
      'name',
      Uint8Array.from([0xff, 0xd8]),
    )
    expect(unfolded(card)).toEqual(
      expect.arrayContaining([
        'FN:Ada; Lovelace\\, Countess',
        'N:Love\\;lace;;;;',
        'ORG:Engines;R&D',
        'TEL;TYPE=work:+44 1',
        'ADR;TYPE=home:;;One\\nTwo;London;;;',
        'BDAY:--1210',
        'CATEGORIES:a\\,b,c',
        'PHOTO:data:image/jpeg;base64,/9g=',
      ]),
    )
  })
})

describe('an mbox', () => {
  it('quotes what looks like a separator, so that it can be taken off again', () => {
    const mime = Buffer.from('Subject: x\r\n\r\nFrom a\r\n>From b\r\n>>From c\r\nfrom d\r\n\xff', 'latin1')
    expect(mboxEntry(mime, 'a b', Date.UTC(2026, 2, 5, 14, 7)).toString('latin1')).toBe(
      'From MAILER-DAEMON Thu Mar  5 14:07:00 2026\nSubject: x\n\n>From a\n>>From b\n>>>From c\nfrom d\n\xff\n\n',
    )
  })
})

describe('a table', () => {
  it('has a column for every field, quotes, and makes no formulas', () => {
    const table = csvFile([
      { a: 'x,"y"', b: { c: 1, d: ['p', 'q'] } },
      { e: '=1+1', a: '-5', b: null },
    ])
    expect(table).toBe('\ufeffa,b.c,b.d,e\r\n"x,""y""",1,p; q,\r\n-5,,,\'=1+1\r\n')
  })
})
