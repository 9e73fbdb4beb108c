import { describe, expect, it } from 'vitest'
import type { RestoreOptions } from '../../../src-main/engine/ports/restore-target.ts'
import { calendarRestorer } from '../../../src-main/graph/calendar/restorer.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { ada, at, fault, file, grace, meeting, plantLife, startPlace, weekly } from './calendar-fixture.ts'
import {
  clock,
  comparableItems,
  expectNobodyWasMailed,
  kinds,
  read,
  remarkCodes,
  restore,
  shownContainers,
} from './round-trip.ts'

describe('a restore of calendars', () => {
  it('brings everything back into an empty user of another tenant, and mails nobody', async () => {
    const source = await startPlace()
    plantLife(source)
    const held = await read(source)
    const target = await startPlace(grace)
    const outcomes = await restore(target, held)
    expect(kinds(outcomes)).toEqual({ created: 10 })
    const back = await read(target)
    expect(comparableItems(back, false)).toEqual(comparableItems(held, true))
    expect(shownContainers(back)).toEqual(shownContainers(held))
    expectNobodyWasMailed(target)
    expect(new Set(remarkCodes(outcomes))).toEqual(
      new Set(['attendees-kept-as-text', 'cancelled-kept-as-text', 'online-meeting-kept-as-text']),
    )
  })

  it('does the same from an incremental second read', async () => {
    const source = await startPlace()
    const { series, plain } = plantLife(source)
    const first = await read(source)
    source.desk.changeOccurrence(ada, series, '2024-04-17', { subject: 'Outside', reminderMinutesBeforeStart: 5 })
    source.desk.cancelOccurrence(ada, series, '2024-04-22')
    source.desk.changeEvent(ada, plain, { subject: 'Design review 2' })
    source.desk.attach(ada, plain, file('late.txt', Buffer.from('late')))
    const held = await read(source, first)
    const target = await startPlace(grace)
    await restore(target, held)
    expect(comparableItems(await read(target), false)).toEqual(comparableItems(held, true))
    expectNobodyWasMailed(target)
  })

  it('finds everything again the second time', async () => {
    const source = await startPlace()
    plantLife(source)
    const held = await read(source)
    const target = await startPlace(grace)
    await restore(target, held)
    const before = target.desk.ids(grace)
    target.simulator.log.clear()
    expect(kinds(await restore(target, held))).toEqual({ duplicate: 10 })
    expect(target.desk.ids(grace)).toEqual(before)
    const writes = target.simulator.log
      .entries()
      .filter(({ method, route }) => method !== 'GET' && !route.includes('token'))
    expect(writes).toEqual([])
    expect(kinds(await restore(target, held, { targetFolder: '/', ignoreExisting: true }))).toEqual({ created: 10 })
  })

  it('takes the events of the mailbox itself for what they are', async () => {
    const place = await startPlace()
    plantLife(place)
    const held = await read(place)
    expect(kinds(await restore(place, held))).toEqual({ duplicate: 10 })
    const [gone = ''] = held.items
      .filter(({ metadata }) => propertiesOf(metadata).subject === 'Same')
      .map(({ id }) => id)
    place.desk.deleteEvent(ada, gone)
    expect(kinds(await restore(place, held))).toEqual({ created: 1, duplicate: 9 })
    expect(kinds(await restore(place, held))).toEqual({ duplicate: 10 })
    expectNobodyWasMailed(place)
  })

  it('puts a named folder beside the calendars that are there', async () => {
    const place = await startPlace()
    plantLife(place)
    const held = await read(place)
    expect(kinds(await restore(place, held, {}))).toEqual({ created: 10 })
    expect(place.desk.calendars(ada).map(({ name }) => name)).toEqual([
      'Calendar',
      'Projects',
      'Boss',
      'Restored',
      'Projects (Restored)',
    ])
    expect(place.desk.events(ada, 'Restored')).toHaveLength(7)
    expect(kinds(await restore(place, held, {}))).toEqual({ duplicate: 10 })
    expectNobodyWasMailed(place)
  })

  it('changes nothing in a dry run, and sees what is there', async () => {
    const source = await startPlace()
    plantLife(source)
    const held = await read(source)
    const target = await startPlace(grace)
    expect(kinds(await restore(target, held, { targetFolder: '/', dryRun: true }))).toEqual({ created: 10 })
    expect(target.desk.ids(grace)).toEqual([])
    expect(target.desk.calendars(grace)).toHaveLength(1)
    await restore(target, held)
    expect(kinds(await restore(target, held, { targetFolder: '/', dryRun: true }))).toEqual({ duplicate: 10 })
  })

  it('keeps a series on its hour when the clocks change', async () => {
    const source = await startPlace()
    source.desk.addEvent(ada, 'Calendar', { ...meeting('Stand-up', '2024-03-18'), recurrence: weekly })
    const target = await startPlace(grace)
    await restore(target, await read(source))
    const [event] = target.desk.events(grace, 'Calendar')
    expect(event).toMatchObject({
      originalStartTimeZone: 'W. Europe Standard Time',
      start: { dateTime: '2024-03-18T08:00:00.0000000' },
    })
    const id = target.desk.ids(grace)[0] ?? ''
    target.desk.changeOccurrence(grace, id, '2024-04-03', { subject: 'After the change' })
    const [after] = target.desk.events(grace, 'Calendar')
    expect(after?.exceptionOccurrences).toMatchObject([{ start: { dateTime: '2024-04-03T07:00:00.0000000' } }])
  })

  it('replaces a zone that nobody knows, and says so', async () => {
    const source = await startPlace()
    source.desk.addEvent(ada, 'Calendar', meeting('Custom'), { customZone: true })
    const target = await startPlace(grace)
    const held = await read(source)
    expect(remarkCodes(await restore(target, held))).toEqual(['time-zone-replaced'])
    expect(target.desk.events(grace, 'Calendar')).toMatchObject([
      { start: { dateTime: '2024-05-06T08:00:00.0000000' } },
    ])
  })

  it('restores large attachments by upload sessions, and names what Graph takes none of', async () => {
    const source = await startPlace()
    const id = source.desk.addEvent(ada, 'Calendar', meeting('Film'))
    const large = Buffer.alloc(2_900_000, 'film')
    source.desk.attach(ada, id, file('film.bin', large))
    source.desk.attach(ada, id, { '@odata.type': '#microsoft.graph.referenceAttachment', name: 'Folder' })
    const held = await read(source)
    const grown = held.items.map((item) => ({ ...item, parts: new Map([['film.bin', Buffer.concat([large, large])]]) }))
    const target = await startPlace(grace)
    const outcomes = await restore(target, { ...held, items: grown })
    expect(remarkCodes(outcomes)).toEqual(['reference-attachment-lost'])
    const [event] = (await read(target)).items
    expect(event?.parts.get('film.bin')?.length).toBe(2 * large.length)
    expect(target.simulator.log.count({ route: 'users/{user}/events/{event}/attachmentSessions/{session}' })).toBe(2)
  })

  it('says which attachment was not in the backup', async () => {
    const source = await startPlace()
    const id = source.desk.addEvent(ada, 'Calendar', meeting('Lost'))
    source.desk.attach(ada, id, file('lost.bin', Buffer.from('lost')))
    const held = await read(source)
    const target = await startPlace(grace)
    const items = held.items.map((item) => ({ ...item, parts: new Map<string, Uint8Array>() }))
    expect(remarkCodes(await restore(target, { ...held, items }))).toEqual(['attachment-not-stored'])
  })

  it('creates a plainer event where Graph refuses a field, and says so', async () => {
    const source = await startPlace()
    source.desk.addEvent(ada, 'Calendar', meeting('Plain'))
    const target = await startPlace(grace)
    fault(target, { kind: 'status', status: 400, match: { method: 'POST', path: /\/events$/ }, count: 1 })
    expect(remarkCodes(await restore(target, await read(source)))).toEqual(['field-refused'])
  })

  it('sets permissions only on request, and shares with nobody by mail', async () => {
    const source = await startPlace()
    const [everybody] = source.desk.permissions(ada, 'Calendar')
    if (everybody === undefined) throw new Error('no permission')
    const bob = {
      ...everybody,
      id: 'Ym9i',
      isRemovable: true,
      emailAddress: { name: 'Bob', address: 'bob@contoso.example' },
    }
    const eve = { ...bob, id: 'ZXZl', emailAddress: { name: 'Eve', address: 'eve@contoso.example' } }
    source.desk.setPermissions(ada, 'Calendar', [{ ...everybody, role: 'read' }, { ...bob, role: 'write' }, eve])
    source.desk.addEvent(ada, 'Calendar', meeting('One'))
    const held = await read(source)
    const target = await startPlace(grace)
    await restore(target, held)
    expect(target.desk.permissions(grace, 'Calendar')).toMatchObject([{ role: 'freeBusyRead' }])
    const people: RestoreOptions['people'] = ({ address }) =>
      address === 'bob@contoso.example' ? { id: 'b', address: 'bob@fabrikam.example' } : undefined
    const options = { targetFolder: '/', onRequest: new Set(['permissions'] as const), people, ignoreExisting: true }
    expect(new Set(remarkCodes(await restore(target, held, options)))).toEqual(
      new Set(['calendar-sharing-lost', 'person-unmapped']),
    )
    expect(target.desk.permissions(grace, 'Calendar')).toMatchObject([{ role: 'read' }])
    expectNobodyWasMailed(target)
  })

  it('keeps two calendars of one name apart, and goes round a name that is taken', async () => {
    const source = await startPlace()
    for (const start of ['2024-01-01', '2024-01-02']) {
      source.desk.addCalendar(ada, { name: 'Twin' })
      const twin = source.desk.calendars(ada).at(-1)
      if (twin !== undefined) twin.name = `Twin ${start}`
      source.desk.addEvent(ada, `Twin ${start}`, meeting('In twin', start))
      if (twin !== undefined) twin.name = 'Twin'
    }
    const held = await read(source)
    const target = await startPlace(grace)
    await restore(target, held)
    expect(target.desk.calendars(grace).map(({ name }) => name)).toEqual(['Calendar', 'Twin', 'Twin (2)'])
  })

  it('lists estimated requests', async () => {
    const source = await startPlace()
    plantLife(source)
    const held = await read(source)
    const restorer = calendarRestorer(source.client, clock)
    const counts = held.items.map((item) =>
      restorer.requests({ path: '', metadata: item.metadata, content: undefined, parts: [] }),
    )
    expect(Math.min(...counts)).toBe(1)
    expect(Math.max(...counts)).toBe(1 + 1 + 4 + 4 * 2)
  })

  it('uses the default calendar for what lies above all calendars', async () => {
    const target = await startPlace(grace)
    const source = await startPlace()
    source.desk.addEvent(ada, 'Calendar', { ...meeting('Loose'), start: at('2024-05-06T08:00:00') })
    const held = await read(source)
    const loose = { ...held, containers: [] }
    expect(kinds(await restore(target, loose, {}))).toEqual({ created: 1 })
    expect(target.desk.calendars(grace).map(({ name }) => name)).toEqual(['Calendar', 'Restored'])
  })
})
