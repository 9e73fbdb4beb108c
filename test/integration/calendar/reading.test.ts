import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import { calendarReader } from '../../../src-main/graph/calendar/reader.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { readHeld } from '../../support/adapter-round.ts'
import type { HeldItem, HeldType } from '../../support/adapter-round.ts'
import {
  ada,
  at,
  fault,
  file,
  meeting,
  plantLife,
  readerOf,
  requests,
  signal,
  startPlace,
  weekly,
} from './calendar-fixture.ts'
import type { Place } from './calendar-fixture.ts'

const read = (place: Place, before?: HeldType): Promise<HeldType> => readHeld(readerOf(place), place.root, before)

function named(held: HeldType, subject: string): HeldItem {
  const found = held.items.find((item) => propertiesOf(item.metadata).subject === subject)
  if (found === undefined) throw new Error(`no event ${subject}`)
  return found
}

const subjects = (held: HeldType): unknown[] => held.items.map((item) => propertiesOf(item.metadata).subject).sort()

describe('reading calendars', () => {
  it('gives own calendars once, with their group, color and permissions, and leaves out shared ones', async () => {
    const place = await startPlace()
    plantLife(place)
    const { containers } = await read(place)
    expect(containers.map(({ name }) => name)).toEqual(['Calendar', 'Projects'])
    const [calendar, projects] = containers.map(({ properties }) => propertiesOf(properties))
    expect(calendar).toMatchObject({ isDefaultCalendar: true, calendarGroup: { name: 'My Calendars' } })
    expect(projects).toMatchObject({ color: 'lightTeal', calendarGroup: { name: 'Work' } })
    expect(projects?.calendarPermissions).toMatchObject([
      { role: 'freeBusyRead', emailAddress: { name: 'My Organization' } },
    ])
    expect(projects).not.toHaveProperty('changeKey')
  })

  it('gives every event of any date, series with their changed and cancelled days', async () => {
    const place = await startPlace()
    const { series } = plantLife(place)
    const held = await read(place)
    expect(subjects(held)).toEqual(
      [
        'Call',
        'Clocks',
        'Design review',
        'Holiday',
        'Kick-off',
        'Long ago',
        'Same',
        'Same',
        'Stand-up',
        'Vitamins',
      ].sort(),
    )
    const item = named(held, 'Stand-up')
    const properties = propertiesOf(item.metadata)
    expect(properties.cancelledOccurrences).toEqual([`OID.${series}.2024-03-25`, `OID.${series}.2024-04-10`])
    expect(properties.exceptionOccurrences).toMatchObject([
      { subject: 'Stand-up, moved', originalStart: '2024-03-27T08:00:00.0000000Z', type: 'exception' },
      { location: { displayName: 'Hall' }, originalStart: '2024-04-03T07:00:00.0000000Z' },
    ])
    expect([...item.parts].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
      ['plan.txt', 'plan'],
      ['plan.txt ~2', 'plan'],
      ['plan.txt ~3', 'plan'],
      ['visitors.txt', 'visitors'],
    ])
  })

  it('stores times as Graph gives them, and never asks for a zone', async () => {
    const place = await startPlace()
    plantLife(place)
    const held = await read(place)
    expect(propertiesOf(named(held, 'Design review').metadata)).toMatchObject({
      start: { dateTime: '2024-05-06T07:00:00.0000000', timeZone: 'UTC' },
      originalStartTimeZone: 'W. Europe Standard Time',
      originalEndTimeZone: 'Eastern Standard Time',
    })
    const asked = place.simulator.log.entries().filter(({ prefer }) => /timezone/i.test(prefer ?? ''))
    expect(asked).toEqual([])
  })

  it('reads attachments of all kinds', async () => {
    const place = await startPlace()
    plantLife(place)
    place.desk.attach(ada, place.desk.ids(ada)[1] ?? '', {
      '@odata.type': '#microsoft.graph.referenceAttachment',
      name: 'Shared folder',
    })
    const held = await read(place)
    const item = named(held, 'Design review')
    const { attachments } = propertiesOf(item.metadata)
    expect(attachments).toMatchObject([
      { name: 'logo.png', isInline: true, contentId: 'logo' },
      { name: 'notes.txt', isInline: false },
      { name: 'Old mail', item: { subject: 'Old mail' } },
    ])
    expect(JSON.stringify(attachments)).not.toContain('contentBytes')
    expect([...item.parts.keys()]).toEqual(['logo.png', 'notes.txt', 'Old mail.eml'])
    const reference = held.items.find(({ metadata }) => JSON.stringify(metadata).includes('Shared folder'))
    expect(reference?.parts.size).toBe(0)
  })

  it('asks one request for an unchanged calendar, and nothing for what is in it', async () => {
    const place = await startPlace()
    plantLife(place)
    const first = await read(place)
    place.simulator.log.clear()
    const second = await read(place, first)
    expect(second.items).toEqual(first.items)
    expect(second.containers).toEqual(first.containers)
    const routes = place.simulator.log.entries().map(({ method, route }) => `${method} ${route}`)
    const calendar = 'GET users/{user}/calendars/{calendar}'
    expect(routes.filter((route) => route.startsWith(calendar))).toEqual(
      Array.from({ length: 2 }, () => `${calendar}/calendarView/delta`),
    )
    // The calendars; then the calendars' deltas.
    expect(requests(place)).toBe(1 + 2)
  })

  it('asks for calendar groups when a calendar changed, and once a week', async () => {
    const place = await startPlace()
    plantLife(place)
    const first = await read(place)
    const [calendar, projects] = place.desk.calendars(ada)
    if (calendar === undefined || projects === undefined) throw new Error('no calendars')
    Object.assign(projects, { group: calendar.group })
    const groups = (held: HeldType): unknown[] =>
      held.containers.map(({ properties }) => propertiesOf(properties).calendarGroup)
    const [own, work] = groups(first)
    const second = await read(place, first)
    expect(groups(second)).toEqual([own, work])
    place.desk.renameCalendar(ada, 'Calendar', 'Diary')
    expect(groups(await read(place, second))).toEqual([own, own])
    const later = calendarReader(place.client, { now: () => Date.now() + 8 * 86_400_000 })
    const last = { containers: second.containers, cursor: second.listingCursor }
    const { containers } = await later.containers(place.root, last, signal)
    expect(containers.map(({ properties }) => propertiesOf(properties).calendarGroup)).toEqual([own, own])
  })

  it('reads what changed and nothing else', async () => {
    const place = await startPlace()
    const { plain, series } = plantLife(place)
    const first = await read(place)
    place.desk.changeEvent(ada, plain, { subject: 'Design review 2' })
    place.desk.addEvent(ada, 'Calendar', meeting('New one', '2035-01-01'))
    place.desk.changeOccurrence(ada, series, '2024-04-15', { subject: 'Stand-up outside' })
    place.simulator.log.clear()
    const second = await read(place, first)
    expect(subjects(second)).toEqual(
      [...subjects(first).filter((name) => name !== 'Design review'), 'Design review 2', 'New one'].sort(),
    )
    expect(propertiesOf(named(second, 'Stand-up').metadata).exceptionOccurrences).toHaveLength(3)
    expect(second.items.length).toBe(first.items.length + 1)
    const fresh = await read(place)
    expect(sorted(second)).toEqual(sorted(fresh))
    expect(place.simulator.log.count({ route: 'users/{user}/calendars/{calendar}/events' })).toBe(2)
  })

  it('notices cancelled days, deletions and moves', async () => {
    const place = await startPlace()
    const { plain, series, daily } = plantLife(place)
    const first = await read(place)
    place.desk.cancelOccurrence(ada, series, '2024-04-15')
    place.desk.deleteEvent(ada, daily)
    place.desk.moveEvent(ada, plain, 'Projects')
    const second = await read(place, first)
    expect(propertiesOf(named(second, 'Stand-up').metadata).cancelledOccurrences).toHaveLength(3)
    expect(subjects(second)).not.toContain('Vitamins')
    expect(named(second, 'Design review').container).toBe(second.containers[1]?.id)
    expect(sorted(second)).toEqual(sorted(await read(place)))
  })

  it('notices new, renamed and removed calendars and changed permissions', async () => {
    const place = await startPlace()
    plantLife(place)
    const first = await read(place)
    place.desk.addCalendar(ada, { name: 'Fresh', group: 'Private' })
    place.desk.renameCalendar(ada, 'Projects', 'Old projects')
    place.desk.setPermissions(ada, 'Calendar', [])
    const second = await read(place, first)
    expect(second.containers.map(({ name }) => name)).toEqual(['Calendar', 'Old projects', 'Fresh'])
    expect(propertiesOf(second.containers[0]?.properties ?? {}).calendarPermissions).toEqual([])
    place.desk.removeCalendar(ada, 'Old projects')
    const third = await read(place, second)
    expect(third.containers.map(({ name }) => name)).toEqual(['Calendar', 'Fresh'])
    expect(subjects(third)).not.toContain('Kick-off')
  })

  it('lists a calendar anew when its cursor died', async () => {
    const place = await startPlace()
    plantLife(place)
    const first = await read(place)
    place.desk.breakCursors(ada, 'Calendar')
    const [calendar] = first.containers
    if (calendar === undefined) throw new Error('no calendar')
    const cursor = first.cursors.get(calendar.id)
    const changes = readerOf(place).changes(place.root, calendar, { cursor }, signal)
    await expect(all(changes)).rejects.toMatchObject({ code: 'graph.cursor-lost' })
  })

  it('lists a calendar whole again after a week', async () => {
    const place = await startPlace()
    const first = await read(place)
    const [calendar] = first.containers
    if (calendar === undefined) throw new Error('no calendar')
    const later = calendarReader(place.client, { now: () => Date.now() + 8 * 86_400_000 })
    const changes = later.changes(place.root, calendar, { cursor: first.cursors.get(calendar.id) }, signal)
    await expect(all(changes)).rejects.toMatchObject({ code: 'graph.cursor-lost' })
  })

  it('goes on where an interrupted listing stopped', async () => {
    const place = await startPlace()
    for (let number = 0; number < 250; number += 1)
      place.desk.addEvent(ada, 'Calendar', meeting(`Event ${String(number)}`))
    const reader = readerOf(place)
    const listing = await reader.containers(place.root, undefined, signal)
    const [calendar] = listing.containers
    if (calendar === undefined) throw new Error('no calendar')
    const ids = new Set<string>()
    let next: string | undefined
    for await (const page of reader.changes(place.root, calendar, {}, signal)) {
      for (const change of page.changes) ids.add(change.id)
      next = page.next
      break
    }
    expect(ids.size).toBe(100)
    for await (const page of reader.changes(place.root, calendar, { next }, signal)) {
      for (const change of page.changes) ids.add(change.id)
      next = page.cursor
    }
    expect(ids.size).toBe(250)
    expect(next).toBeDefined()
  })

  it('lists again what changed while it was listed', async () => {
    const place = await startPlace()
    for (let number = 0; number < 150; number += 1)
      place.desk.addEvent(ada, 'Calendar', meeting(`Event ${String(number)}`))
    const reader = readerOf(place)
    const [calendar] = (await reader.containers(place.root, undefined, signal)).containers
    if (calendar === undefined) throw new Error('no calendar')
    const [gone = ''] = place.desk.ids(ada)
    const ids = new Set<string>()
    let isFirst = true
    let cursor: string | undefined
    for await (const page of reader.changes(place.root, calendar, {}, signal)) {
      if (isFirst) place.desk.deleteEvent(ada, gone)
      isFirst = false
      for (const change of page.changes) {
        if (change.kind === 'put') ids.add(change.id)
        else ids.delete(change.id)
      }
      cursor = page.cursor
    }
    expect(ids).toEqual(new Set(place.desk.ids(ada)))
    expect(cursor).toBeDefined()
  })

  it('does without delta where Graph gives none', async () => {
    const place = await startPlace()
    plantLife(place)
    fault(place, { kind: 'status', status: 503, match: { path: /calendarView\/delta/ } })
    const first = await read(place)
    expect(first.cursors.size).toBe(0)
    expect(first.items).toHaveLength(10)
    place.simulator.log.clear()
    const second = await read(place, { ...first, cursors: new Map() })
    expect(second.items).toEqual(first.items)
    expect(place.simulator.log.count({ route: 'users/{user}/events/{event}' })).toBe(0)
  })

  it('takes smaller pages where Graph fails at large ones', async () => {
    const place = await startPlace()
    plantLife(place)
    fault(place, { kind: 'status', status: 504, match: { path: /events\?\$top=100/ } })
    expect((await read(place)).items).toHaveLength(10)
  })

  it('is not stopped by one event, one series or one attachment that cannot be read', async () => {
    const place = await startPlace()
    const { plain, series } = plantLife(place)
    fault(place, { kind: 'corrupt', match: { path: `${encodeURIComponent(series)}\\?\\$select` } })
    fault(place, {
      kind: 'corrupt',
      match: { route: 'users/{user}/events/{event}/attachments/{attachment}/$value' },
      skip: 1,
      count: 1,
    })
    const held = await read(place)
    expect([...held.unread.keys()]).toEqual([series])
    expect(held.items).toHaveLength(9)
    const unread = held.items.flatMap(({ unreadParts }) => unreadParts)
    expect(unread).toEqual(['graph.item-unreadable'])
    place.desk.changeEvent(ada, plain, { subject: 'Now unreadable' })
    fault(place, { kind: 'corrupt', match: { path: `${encodeURIComponent(plain)}$` } })
    const second = await read(place, held)
    expect(second.unread.has(plain)).toBe(true)
    expect(second.items.some(({ id }) => id === plain)).toBe(true)
  })

  it('takes a day far away and a window of long ago like any other', async () => {
    const place = await startPlace()
    place.desk.addEvent(ada, 'Calendar', {
      subject: 'Inside',
      start: at('1950-01-01T09:00:00'),
      end: at('1950-01-01T10:00:00'),
    })
    const series = place.desk.addEvent(ada, 'Calendar', {
      ...meeting('Old series', '1949-12-26'),
      recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'noEnd', startDate: '1949-12-26' } },
    })
    const first = await read(place)
    expect(subjects(first)).toEqual(['Inside', 'Old series'])
    place.desk.changeEvent(ada, series, { subject: 'Older series' })
    expect(subjects(await read(place, first))).toEqual(['Inside', 'Older series'])
  })

  it('keeps the bytes of attachments that stayed', async () => {
    const place = await startPlace()
    const { plain } = plantLife(place)
    const first = await read(place)
    place.desk.attach(ada, plain, file('more.txt', Buffer.from('more')))
    place.simulator.log.clear()
    const second = await read(place, first)
    expect(named(second, 'Design review').parts.size).toBe(4)
    expect(place.simulator.log.count({ route: 'users/{user}/events/{event}/attachments/{attachment}/$value' })).toBe(1)
  })

  it('rejects for a user without a mailbox', async () => {
    const place = await startPlace(ada, {}, false)
    await expect(read(place)).rejects.toMatchObject({ code: 'graph.no-mailbox' })
  })

  it('gives an item by its id', async () => {
    const place = await startPlace()
    const { series } = plantLife(place)
    const { containers } = await read(place)
    const item = await readerOf(place).item(place.root, series, signal)
    expect(item.container).toBe(containers[1]?.id)
    expect(item.properties.subject).toBe('Stand-up')
  })

  it('reads a series with a body that needs no request more than one', async () => {
    const place = await startPlace()
    place.desk.addEvent(ada, 'Calendar', { ...meeting('Series', '2024-03-18'), recurrence: weekly })
    place.desk.addEvent(ada, 'Calendar', meeting('Single'))
    place.simulator.log.clear()
    await read(place)
    expect(place.simulator.log.count({ route: 'users/{user}/events/{event}' })).toBe(1)
    expect(place.simulator.log.count({ route: 'users/{user}/events/{event}/attachments' })).toBe(0)
  })
})

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const page of pages) found.push(page)
  return found
}

function sorted(held: HeldType): JsonObject[] {
  const plain = held.items.map((item) => ({
    container: item.container,
    metadata: item.metadata,
    parts: [...item.parts.keys()],
  }))
  return plain.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
}
