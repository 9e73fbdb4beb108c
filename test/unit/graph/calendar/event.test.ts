import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { attachedItemJson } from '../../../../src-main/graph/calendar/attached-item.ts'
import { ownCalendars } from '../../../../src-main/graph/calendar/calendar-listing.ts'
import { contentJson, eventJson } from '../../../../src-main/graph/calendar/event-json.ts'
import { cancelledDaysOf, eventFiles } from '../../../../src-main/graph/calendar/event-parts.ts'
import { bodyWithPeople, peopleValue } from '../../../../src-main/graph/calendar/people-text.ts'
import { calendarDescriber } from '../../../../src-main/graph/calendar/reader.ts'
import { eventMetadata } from '../../../../src-main/graph/calendar/event-row.ts'

const someone = (name: string) => ({ emailAddress: { name, address: `${name.toLowerCase()}@contoso.example` } })

const event: JsonObject = {
  id: 'AAk=',
  changeKey: 'key',
  subject: 'Review',
  createdDateTime: '2024-01-01T00:00:00Z',
  start: { dateTime: '2024-05-06T07:00:00.0000000', timeZone: 'UTC' },
  end: { dateTime: '2024-05-06T08:00:00.0000000', timeZone: 'UTC' },
  body: { contentType: 'html', content: '<html><body><p>Agenda</p></body></html>' },
  organizer: someone('Ada'),
  isOrganizer: true,
  attendees: [{ ...someone('Bob'), type: 'optional', status: { response: 'tentativelyAccepted' } }],
  location: { displayName: 'Room 1', uniqueId: 'x', uniqueIdType: 'private' },
  locations: [{ displayName: 'Room 1', uniqueId: 'x', uniqueIdType: 'private', locationType: 'default' }],
  categories: ['Blue'],
  sensitivity: 'Private',
  isOnlineMeeting: true,
  onlineMeeting: { joinUrl: 'https://teams.example/1' },
  webLink: 'https://outlook.example',
  iCalUId: '0400',
}

describe('a stored event', () => {
  it('has a row and a name', () => {
    const metadata = eventMetadata({ ...event, '@odata.etag': 'W/"key"' })
    expect(metadata).toMatchObject({ 'o365:Type': 'event', 'o365:Id': 'AAk=', 'o365:Name': 'Review' })
    const row = calendarDescriber.row(metadata, 0)
    expect(row).toMatchObject({
      shard: '',
      time: Date.UTC(2024, 4, 6, 7),
      title: 'Review',
      from: 'Ada <ada@contoso.example>',
      to: 'Bob <bob@contoso.example>',
      hasAttachments: false,
    })
    expect(row.name).toMatch(/^2024-05-06 07\.00\.00 Review ~\w+$/)
    expect(calendarDescriber.identity(metadata)).toEqual({ id: 'AAk=', changeKey: 'key' })
  })

  it('is found by its text, places, categories, files and changed days', async () => {
    const day = { ...event, subject: 'Elsewhere', location: { displayName: 'Hall' }, locations: [] }
    const metadata = eventMetadata({ ...event, exceptionOccurrences: [day], attachments: [{ name: 'plan.pdf' }] })
    const text = await calendarDescriber.searchText(metadata, new Uint8Array())
    for (const word of ['Agenda', 'Room 1', 'Blue', 'plan.pdf', 'Elsewhere', 'Hall']) expect(text).toContain(word)
  })

  it('never throws, whatever the metadata is', async () => {
    const anything = fc.object({
      key: fc.constantFrom('properties', 'start', 'attendees', 'attachments', 'o365:Id', 'body', 'x'),
    })
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        const metadata = value as JsonObject
        const row = calendarDescriber.row(metadata, 0)
        expect(typeof row.name).toBe('string')
        expect(Number.isFinite(row.time)).toBe(true)
        calendarDescriber.identity(metadata)
        expect(typeof (await calendarDescriber.searchText(metadata, new Uint8Array()))).toBe('string')
      }),
      { numRuns: 300 },
    )
  })
})

describe('the request that creates an event', () => {
  it('never has attendees, an online meeting, or what the server sets', () => {
    const made = eventJson(event)
    expect(Object.keys(made?.json ?? {}).sort()).toEqual(
      ['body', 'categories', 'end', 'isAllDay', 'locations', 'sensitivity', 'start', 'subject'].sort(),
    )
    expect(made?.json).toMatchObject({
      sensitivity: 'private',
      locations: [{ displayName: 'Room 1', locationType: 'default' }],
    })
    expect(JSON.stringify(made?.json)).not.toContain('uniqueId')
    expect(made?.remarks.map(({ code }) => code)).toEqual(['attendees-kept-as-text', 'online-meeting-kept-as-text'])
  })

  it('never has them for any event', () => {
    const value = fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.array(fc.constant(someone('Eve'))))
    const names = [
      'attendees',
      'isOnlineMeeting',
      'onlineMeeting',
      'organizer',
      'isDraft',
      'subject',
      'locations',
      'body',
    ]
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (more) => {
        const json = eventJson({ ...event, ...(more as JsonObject) })?.json ?? {}
        for (const name of ['attendees', 'isOnlineMeeting', 'onlineMeeting', 'organizer', 'isDraft']) {
          expect(json).not.toHaveProperty(name)
        }
      }),
    )
  })

  it('has the people as words, safe inside the text, and as JSON beside it', () => {
    const shady = { ...event, attendees: [{ ...someone('<b>Eve</b>'), type: 'required' }] }
    const { json } = bodyWithPeople(shady)
    expect(json.content).toContain('&lt;b&gt;Eve&lt;/b&gt;')
    expect(json.content).toMatch(/<\/div><\/body><\/html>$/)
    const people = JSON.parse(peopleValue(event) ?? '{}') as JsonObject
    expect(people).toMatchObject({ attendees: [{ type: 'optional', status: { response: 'tentativelyAccepted' } }] })
    const alone = { ...event, attendees: [], onlineMeeting: null }
    expect(bodyWithPeople(alone)).toEqual({ json: event.body, remarks: [] })
    expect(peopleValue(alone)).toBeUndefined()
    const text = bodyWithPeople({ ...event, body: { contentType: 'text', content: 'Plain' } })
    expect(text.json).toMatchObject({ contentType: 'text' })
    expect(text.json.content).toContain('Attendee: Bob <bob@contoso.example> (optional, tentativelyAccepted)')
  })

  it('takes a text that is too long as a file', () => {
    const long = 'x'.repeat(3_000_000)
    const made = contentJson({ ...event, body: { contentType: 'html', content: long } })
    expect(made.longBody).toContain(long)
    expect(JSON.stringify(made.json).length).toBeLessThan(5_000)
    expect(made.remarks.map(({ code }) => code)).toContain('body-kept-as-attachment')
  })

  it('is not made of an event without a time', () => {
    expect(eventJson({ ...event, start: null })).toBeUndefined()
  })
})

describe('attachments of an event', () => {
  it('have names that follow from what is stored', () => {
    const attachments = [
      { '@odata.type': '#microsoft.graph.fileAttachment', name: 'a:b.txt' },
      { '@odata.type': '#microsoft.graph.referenceAttachment', name: 'link' },
      {
        '@odata.type': '#microsoft.graph.itemAttachment',
        name: 'Mail',
        item: { '@odata.type': '#microsoft.graph.message' },
      },
      { '@odata.type': '#microsoft.graph.itemAttachment', name: '', item: { '@odata.type': '#microsoft.graph.event' } },
    ]
    const day = { ...event, attachments: [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'A:B.txt' }] }
    const names = eventFiles({ ...event, attachments, exceptionOccurrences: [day] }).map(({ fileName }) => fileName)
    expect(names[1]).toBeUndefined()
    expect(names[2]).toBe('Mail.eml')
    expect(names[3]).toBe('attachment.ics')
    expect(new Set(names.map((name) => name?.toLowerCase())).size).toBe(5)
  })

  it('come back as items where their JSON says it all', () => {
    const mail = {
      '@odata.type': '#microsoft.graph.message',
      id: 'x',
      subject: 'S',
      isDraft: false,
      replyTo: [],
      bodyPreview: 'p',
    }
    expect(attachedItemJson(mail)).toEqual({ '@odata.type': '#microsoft.graph.message', subject: 'S' })
    expect(attachedItemJson({ ...mail, hasAttachments: true })).toBeUndefined()
    expect(attachedItemJson({ '@odata.type': '#microsoft.graph.post' })).toBeUndefined()
    const nested = attachedItemJson({ '@odata.type': '#microsoft.graph.event', ...event })
    expect(nested).not.toHaveProperty('attendees')
    expect(nested).toMatchObject({ subject: 'Review' })
  })

  it('and cancelled days are read from what Graph writes', () => {
    expect(cancelledDaysOf({ cancelledOccurrences: ['OID.AAk=.2024-04-03', 'odd', 7] })).toEqual(['2024-04-03'])
  })
})

describe('own calendars', () => {
  const calendar = (id: string, address: string | undefined, isDefaultCalendar = false): JsonObject => ({
    id,
    isDefaultCalendar,
    ...(address === undefined ? {} : { owner: { address } }),
  })

  it('are those of the default calendar’s owner, each once, the default one first', () => {
    const all = [
      calendar('b', 'ada@x'),
      calendar('a', 'Ada@X', true),
      calendar('c', 'bob@x'),
      calendar('d', undefined),
      calendar('b', 'ada@x'),
    ]
    expect(ownCalendars(all).map(({ id }) => id)).toEqual(['a', 'b', 'd'])
    expect(ownCalendars([calendar('c', 'bob@x')]).map(({ id }) => id)).toEqual(['c'])
  })
})
