import { afterEach } from 'vitest'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import { calendarReader } from '../../../src-main/graph/calendar/reader.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { sceneClient } from '../../support/backup-scene.ts'
import { startGraphSimulator } from '../../support/graph-simulator/index.ts'
import type { FaultRule, GraphSimulator, SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { CalendarDesk } from '../../support/graph-simulator/services/calendar/desk.ts'
import { impatientClock } from '../../support/impatient-clock.ts'

export const ada = 'ada@contoso.example'
export const grace = 'grace@fabrikam.example'
export const signal = new AbortController().signal

/** A tenant with one user, its calendars, and a client of it. */
export interface Place {
  readonly simulator: GraphSimulator
  readonly client: GraphClient
  readonly desk: CalendarDesk
  readonly user: string
  readonly root: Root
}

const running: Place[] = []

afterEach(async () => {
  for (const { client, simulator } of running.splice(0)) {
    await client.close()
    await simulator.close()
  }
})

const clock = impatientClock(2_000)

export async function startPlace(
  user = ada,
  options: Omit<SimulatorOptions, 'tenant'> = {},
  mailbox = true,
): Promise<Place> {
  const name = user.split('@')[0] ?? user
  const users = [{ userPrincipalName: user, displayName: name, mailbox }]
  const simulator = await startGraphSimulator({
    tenant: { kind: 'inline', users },
    delta: { emptyPageEvery: 0, repeatEvery: 0 },
    ...options,
  })
  const client = await sceneClient(simulator, { clock, limits: { attempts: 3 } })
  const [info] = simulator.tenant.users()
  const root: Root = { kind: 'user', id: info?.id ?? '', name: user }
  const place: Place = { simulator, client, desk: new CalendarDesk(simulator.tenant), user, root }
  running.push(place)
  return place
}

export function readerOf({ client }: Place): ReturnType<typeof calendarReader> {
  return calendarReader(client)
}

/** Requests that were about data, a batch counted by its members. */
export function requests({ simulator }: Place): number {
  const all = simulator.log.entries().filter(({ route }) => route !== '{tenant}/token' && route !== '$batch')
  return all.length
}

export function fault(place: Place, rule: FaultRule): void {
  place.simulator.faults.add(rule)
}

const zone = 'W. Europe Standard Time'

export const at = (dateTime: string, timeZone = zone): { readonly dateTime: string; readonly timeZone: string } => ({
  dateTime,
  timeZone,
})

export function meeting(subject: string, day = '2024-05-06', more: Readonly<Record<string, unknown>> = {}) {
  return { subject, start: at(`${day}T09:00:00`), end: at(`${day}T10:00:00`), ...more }
}

export const weekly = {
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday', 'wednesday'] },
  range: { type: 'endDate', startDate: '2024-03-18', endDate: '2024-04-24' },
}

const person = (name: string, type = 'required') => ({
  type,
  status: { response: 'accepted', time: '2024-01-02T03:04:05Z' },
  emailAddress: { name, address: `${name.toLowerCase().replace(' ', '.')}@contoso.example` },
})

export const file = (name: string, bytes: Buffer, more: Readonly<Record<string, unknown>> = {}) => ({
  '@odata.type': '#microsoft.graph.fileAttachment',
  name,
  contentType: 'application/octet-stream',
  contentBytes: bytes.toString('base64'),
  ...more,
})

/** A calendar life with every feature there is; gives the ids of some events. */
export function plantLife({
  desk,
  user,
}: Pick<Place, 'desk' | 'user'>): Readonly<Record<'plain' | 'series' | 'daily', string>> {
  desk.addCalendar(user, { name: 'Projects', color: 'lightTeal', group: 'Work' })
  desk.addCalendar(user, { name: 'Boss', owner: { name: 'Boss', address: 'boss@contoso.example' } })
  const html = '<html><head></head><body><p>Agenda <b>one</b></p><img src="cid:logo"></body></html>'
  const plain = desk.addEvent(user, 'Calendar', {
    ...meeting('Design review'),
    end: at('2024-05-06T05:30:00', 'Eastern Standard Time'),
    body: { contentType: 'html', content: html },
    locations: [
      { displayName: 'Room 1', locationEmailAddress: 'room1@contoso.example', locationType: 'conferenceRoom' },
      {
        displayName: 'Café',
        address: { city: 'Köln', street: 'Ring 1' },
        coordinates: { latitude: 50.9, longitude: 6.9 },
      },
    ],
    attendees: [person('Bob Stone'), person('Room One', 'resource')],
    categories: ['Blue category', 'Café'],
    importance: 'high',
    sensitivity: 'private',
    showAs: 'oof',
    isReminderOn: true,
    reminderMinutesBeforeStart: 45,
    hideAttendees: true,
    allowNewTimeProposals: false,
    responseRequested: false,
  })
  desk.attach(user, plain, file('logo.png', Buffer.from('picture'), { isInline: true, contentId: 'logo' }))
  desk.attach(user, plain, file('notes.txt', Buffer.from('some notes')))
  desk.attach(user, plain, { '@odata.type': '#microsoft.graph.itemAttachment', name: 'Old mail', item: mailItem })
  desk.addEvent(user, 'Calendar', { ...meeting('Same'), location: { displayName: 'Here' } })
  desk.addEvent(user, 'Calendar', { ...meeting('Same'), location: { displayName: 'Here' } })
  desk.addEvent(user, 'Calendar', {
    subject: 'Holiday',
    isAllDay: true,
    start: at('2024-07-01T00:00:00'),
    end: at('2024-07-04T00:00:00'),
    showAs: 'free',
    isReminderOn: false,
  })
  desk.addEvent(user, 'Calendar', meeting('Long ago', '1931-02-03'))
  const invited = { organizer: { name: 'Carol', address: 'carol@contoso.example' }, isCancelled: true }
  desk.addEvent(user, 'Projects', { ...meeting('Kick-off'), attendees: [person('Ada')] }, invited)
  const online = { onlineMeeting: { joinUrl: 'https://teams.example/join/1', conferenceId: '12345' } }
  desk.addEvent(user, 'Projects', { ...meeting('Call'), attendees: [person('Bob Stone')] }, online)
  return { plain, series: plantSeries({ desk, user }), daily: plantDaily({ desk, user }) }
}

const mailItem = {
  '@odata.type': '#microsoft.graph.message',
  subject: 'Old mail',
  body: { contentType: 'text', content: 'What we said' },
  toRecipients: [{ emailAddress: { name: 'Bob', address: 'bob@contoso.example' } }],
}

function plantSeries({ desk, user }: Pick<Place, 'desk' | 'user'>, calendar = 'Projects'): string {
  const series = desk.addEvent(user, calendar, {
    ...meeting('Stand-up', '2024-03-18'),
    recurrence: weekly,
    body: { contentType: 'html', content: '<p>Every week</p>' },
    attendees: [person('Bob Stone')],
    location: { displayName: 'Lobby' },
  })
  desk.attach(user, series, file('plan.txt', Buffer.from('plan')))
  desk.cancelOccurrence(user, series, '2024-03-25')
  desk.cancelOccurrence(user, series, '2024-04-10')
  // Onto a day that only the cancellation made free.
  desk.changeOccurrence(user, series, '2024-03-27', {
    subject: 'Stand-up, moved',
    start: at('2024-03-25T11:00:00'),
    end: at('2024-03-25T12:00:00'),
  })
  desk.changeOccurrence(user, series, '2024-04-03', {
    body: { contentType: 'html', content: '<p>With visitors</p>' },
    location: { displayName: 'Hall' },
    showAs: 'tentative',
    attendees: [person('Bob Stone'), person('Visitor', 'optional')],
  })
  desk.attach(user, series, file('visitors.txt', Buffer.from('visitors')), '2024-04-03')
  return series
}

function plantDaily({ desk, user }: Pick<Place, 'desk' | 'user'>): string {
  const daily = desk.addEvent(user, 'Calendar', {
    subject: 'Vitamins',
    isAllDay: true,
    start: at('2024-06-01T00:00:00', 'Pacific Standard Time'),
    end: at('2024-06-02T00:00:00', 'Pacific Standard Time'),
    recurrence: {
      pattern: { type: 'daily', interval: 2 },
      range: { type: 'numbered', startDate: '2024-06-01', numberOfOccurrences: 10 },
    },
  })
  desk.cancelOccurrence(user, daily, '2024-06-05')
  desk.changeOccurrence(user, daily, '2024-06-07', { subject: 'No vitamins' })
  const yearly = { type: 'relativeYearly', interval: 1, daysOfWeek: ['sunday'], index: 'last', month: 3 }
  const range = { type: 'noEnd', startDate: '2024-03-31' }
  desk.addEvent(user, 'Calendar', { ...meeting('Clocks', '2024-03-31'), recurrence: { pattern: yearly, range } })
  return daily
}

/** Everything that a group's calendar can hold; gives the ids of some of it. */
export function plantGroup({
  desk,
  user,
}: Pick<Place, 'desk' | 'user'>): Readonly<Record<'plain' | 'series' | 'daily', string>> {
  const attendees = [{ type: 'required', emailAddress: { name: 'Bob', address: 'bob@contoso.example' } }]
  const plain = desk.addEvent(user, 'Calendar', {
    ...meeting('Design review'),
    body: { contentType: 'html', content: '<html><head></head><body><p>Agenda</p></body></html>' },
    locations: [{ displayName: 'Room 1', locationType: 'conferenceRoom' }, { displayName: 'Café' }],
    attendees,
    categories: ['Blue category'],
    importance: 'high',
    showAs: 'oof',
  })
  desk.attach(user, plain, file('notes.txt', Buffer.from('some notes')))
  desk.addEvent(user, 'Calendar', meeting('Same'))
  desk.addEvent(user, 'Calendar', meeting('Same'))
  desk.addEvent(user, 'Calendar', meeting('Long ago', '1992-02-03'))
  desk.addEvent(user, 'Calendar', meeting('Far ahead', '2033-02-03'))
  return { plain, series: plantSeries({ desk, user }, 'Calendar'), daily: plantDaily({ desk, user }) }
}
