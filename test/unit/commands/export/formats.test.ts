import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import type { StoredFile } from '../../../../src-main/engine/ports/restore-target.ts'
import { AttachmentWriter, filesOfEvent } from '../../../../src-main/commands/export/attached-files.ts'
import { calendarFile } from '../../../../src-main/commands/export/calendar-file.ts'
import { contactCard } from '../../../../src-main/commands/export/contact-card.ts'
import { contentText } from '../../../../src-main/commands/export/content-lines.ts'
import { csvFile } from '../../../../src-main/commands/export/csv.ts'
import type { ExportPlace } from '../../../../src-main/commands/export/export-place.ts'
import { mboxEntry } from '../../../../src-main/commands/export/mbox.ts'
import { recurrenceRule } from '../../../../src-main/commands/export/recurrence-rule.ts'
import { TargetFiles } from '../../../../src-main/commands/export/target-files.ts'
import { FailureList } from '../../../../src-main/commands/parts/failure-list.ts'
import { taskFile } from '../../../../src-main/commands/export/task-file.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const unfolded = (text: string): readonly string[] => text.replaceAll('\r\n ', '').split('\r\n')
const placeIn = (folder: string): ExportPlace => ({
  target: new TargetFiles(folder),
  failures: new FailureList(),
  signal: new AbortController().signal,
})
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

describe('attachments of an exported calendar', () => {
  const event: JsonObject = {
    id: 'a',
    start: at('2026-03-23T08:00:00'),
    end: at('2026-03-23T09:00:00'),
    attachments: [
      { '@odata.type': '#microsoft.graph.fileAttachment', name: 'plan; a.pdf', contentType: 'application/pdf' },
      { '@odata.type': '#microsoft.graph.fileAttachment', name: 'large.bin', contentType: 'no type' },
      { '@odata.type': '#microsoft.graph.referenceAttachment', name: 'link' },
      { '@odata.type': '#microsoft.graph.fileAttachment', name: 'not stored' },
    ],
  }
  const stored = (name: string, bytes: Uint8Array): StoredFile => ({
    name,
    size: bytes.length,
    bytes: () => Promise.resolve(bytes),
    stream: () => streamOf(bytes),
  })
  async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(bytes)
  }

  it('lie in it if they are small, otherwise beside it', async () => {
    const folder = temporaryFolder('export')
    const small = randomBytes(1_000)
    const large = randomBytes(5_000)
    const parts = new Map([stored('plan; a.pdf', small), stored('large.bin', large)].map((file) => [file.name, file]))
    const item = {
      path: '',
      name: '',
      metadata: () => Promise.resolve({}),
      content: undefined,
      parts: () => Promise.resolve(parts),
    }
    const limits = { each: 4_000, all: 10_000 }
    const writer = new AttachmentWriter(placeIn(folder), ['users', 'ada'], 'Work', limits)
    await writer.add(item, filesOfEvent(event))
    const { text } = calendarFile('Work', [event], writer.lines)
    expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(75)
    const lines = unfolded(text)
    expect(lines.filter((line) => line.includes('ATTACH'))).toEqual([
      `ATTACH;FMTTYPE=application/pdf;FILENAME="plan; a.pdf";ENCODING=BASE64;VALUE=BINARY:${small.toString('base64')}`,
      'X-HOLDFAST-ATTACHMENT;FILENAME=large.bin:Work attachments/large.bin',
    ])
    expect(readFileSync(join(folder, 'users', 'ada', 'Work attachments', 'large.bin')).equals(large)).toBe(true)
  })

  it('lie beside it once there are too many of them', async () => {
    const folder = temporaryFolder('export')
    const bytes = randomBytes(600)
    const parts = new Map(['plan; a.pdf', 'large.bin'].map((name) => [name, stored(name, bytes)]))
    const item = {
      path: '',
      name: '',
      metadata: () => Promise.resolve({}),
      content: undefined,
      parts: () => Promise.resolve(parts),
    }
    const limits = { each: 1_000, all: 1_000 }
    const writer = new AttachmentWriter(placeIn(folder), [], 'Work', limits)
    await writer.add(item, filesOfEvent(event))
    expect(writer.lines.get(event)?.map(({ name }) => name)).toEqual(['ATTACH', 'X-HOLDFAST-ATTACHMENT'])
  })
})

describe('an exported task list', () => {
  it('has tasks with their days, states, steps, links and reminders', () => {
    const day = (date: string): JsonObject => ({ dateTime: `${date}T00:00:00.0000000`, timeZone: berlin })
    const text = taskFile('Home', [
      {
        id: 'one',
        title: 'Water; the plants',
        status: 'inProgress',
        importance: 'high',
        createdDateTime: '2026-03-01T10:00:00Z',
        lastModifiedDateTime: '2026-03-02T10:00:00Z',
        dueDateTime: day('2026-03-05'),
        isReminderOn: true,
        reminderDateTime: { dateTime: '2026-03-05T08:00:00.0000000', timeZone: berlin },
        recurrence: {
          pattern: { type: 'weekly', interval: 2, daysOfWeek: ['thursday'], firstDayOfWeek: 'monday' },
          range: { type: 'endDate', startDate: '2026-03-05', endDate: '2026-06-01' },
        },
        body: { contentType: 'html', content: '<p>all of them</p>' },
        categories: ['green, blue'],
        checklistItems: [
          { id: 's', displayName: 'Fern', isChecked: true, checkedDateTime: '2026-03-03T09:00:00Z' },
          { id: 't', displayName: 'Palm', isChecked: false },
        ],
        linkedResources: [{ webUrl: 'https://example.com/a b' }, { webUrl: 'no address' }],
      },
      { id: 'two', title: 'Done', status: 'completed', completedDateTime: day('2026-03-04') },
      { id: 'three', title: 'Backwards', startDateTime: day('2026-03-09'), dueDateTime: day('2026-03-08') },
    ])
    const lines = unfolded(text)
    expect(lines).toEqual(
      expect.arrayContaining([
        'X-WR-CALNAME:Home',
        'SUMMARY:Water\\; the plants',
        'STATUS:IN-PROCESS',
        'PRIORITY:1',
        'DTSTART;VALUE=DATE:20260305',
        'DUE;VALUE=DATE:20260305',
        'RRULE:FREQ=WEEKLY;BYDAY=TH;WKST=MO;INTERVAL=2;UNTIL=20260601',
        'DESCRIPTION:all of them',
        'CATEGORIES:green\\, blue',
        'TRIGGER;VALUE=DATE-TIME:20260305T070000Z',
        'ATTACH:https://example.com/a%20b',
        'CREATED:20260301T100000Z',
      ]),
    )
    expect(lines.filter((line) => line.startsWith('RELATED-TO'))).toEqual(['RELATED-TO:one', 'RELATED-TO:one'])
    expect(lines.filter((line) => line.startsWith('COMPLETED'))).toEqual([
      'COMPLETED:20260303T090000Z',
      'COMPLETED:20260303T230000Z',
    ])
    expect(lines.filter((line) => line.startsWith('UID'))).toEqual([
      'UID:one',
      'UID:one-s',
      'UID:one-t',
      'UID:two',
      'UID:three',
    ])
    expect(lines.slice(lines.indexOf('UID:three'))).not.toContain('DTSTART;VALUE=DATE:20260309')
    expect(lines.filter((line) => line === 'BEGIN:VTODO')).toHaveLength(5)
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
