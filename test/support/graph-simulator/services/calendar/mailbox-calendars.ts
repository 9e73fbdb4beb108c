import { guidFrom } from '../../random.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import type { IdFamily } from '../../state/ids.ts'
import { mailboxKey } from '../../state/ids.ts'
import type { MailAddress } from '../../state/types.ts'
import type { NewAttachment } from '../../routes/attachment-input.ts'
import { calendarId, eventId, groupId, newICalUId, parseInstanceId } from './ids.ts'
import { occurrenceContent } from './instances.ts'
import type {
  Carrier,
  EventContent,
  SentNotice,
  StoredAttachment,
  StoredCalendar,
  StoredEvent,
  StoredException,
  StoredGroup,
  StoredPermission,
} from './model.ts'
import type { Recurrence } from './recurrence.ts'

const myCalendarsClass = '0006f0b7-0000-0000-c000-000000000046'

export interface NewEvent {
  readonly content: EventContent
  readonly recurrence: Recurrence | undefined
  readonly transactionId: string | null
  readonly singleValue: ReadonlyMap<string, string>
}

/** The calendars of one user. */
export class MailboxCalendars {
  readonly key: string
  readonly owner: MailAddress
  readonly groups: StoredGroup[] = []
  readonly calendars: StoredCalendar[] = []
  readonly events = new Map<number, StoredEvent>()
  /** What Outlook would have mailed to people. */
  readonly sent: SentNotice[] = []
  /** Online meetings that were set up. */
  onlineMeetings = 0
  sequence = 0
  private readonly byId = new Map<string, StoredEvent>()
  private next = 1

  constructor(userId: string, owner: MailAddress) {
    this.key = mailboxKey(userId)
    this.owner = owner
    const group = this.addGroup('My Calendars', myCalendarsClass)
    this.addCalendar({ name: 'Calendar', group, isDefault: true })
  }

  addGroup(name: string, classId = guidFrom(`${this.key} group ${name}`)): StoredGroup {
    const group: StoredGroup = { number: this.next++, name, classId }
    this.groups.push(group)
    return group
  }

  addCalendar(more: Pick<StoredCalendar, 'name'> & Partial<StoredCalendar>): StoredCalendar {
    const calendar: StoredCalendar = {
      number: this.next++,
      color: 'auto',
      isDefault: false,
      group: this.groups[0] ?? this.addGroup('My Calendars', myCalendarsClass),
      owner: this.owner,
      canEdit: true,
      version: 1,
      permissions: [organization('freeBusyRead')],
      history: [],
      cursorGeneration: 1,
      cursorError: 'SyncStateNotFound',
      ...more,
    }
    this.calendars.push(calendar)
    return calendar
  }

  removeCalendar(calendar: StoredCalendar): void {
    this.calendars.splice(this.calendars.indexOf(calendar), 1)
    for (const event of this.eventsOf(calendar)) this.remove(event)
  }

  eventsOf(calendar: StoredCalendar): StoredEvent[] {
    return [...this.events.values()].filter((event) => event.calendar === calendar)
  }

  addEvent(calendar: StoredCalendar, made: NewEvent, now: number): StoredEvent {
    const number = this.next++
    const event: StoredEvent = {
      ...made,
      number,
      moves: 0,
      calendar,
      organizer: this.owner,
      isOrganizer: true,
      responseStatus: { response: 'organizer', time: '0001-01-01T00:00:00Z' },
      isCancelled: false,
      iCalUId: newICalUId(`${this.key} ${String(number)}`),
      createdAt: now,
      modifiedAt: now,
      version: ++this.sequence,
      attachments: [],
      exceptions: new Map(),
      cancelled: new Set(),
      isRemoved: false,
    }
    this.events.set(number, event)
    this.remember(event)
    this.record(event, undefined)
    return event
  }

  /** Every change of a series, of one of its days too, gives the series a new change key. */
  touch(event: StoredEvent, date: string | undefined, now: number): void {
    event.modifiedAt = now
    event.version = ++this.sequence
    this.record(event, date)
  }

  private record(event: StoredEvent, date: string | undefined, gone = false): void {
    const { calendar, moves } = event
    calendar.history.push({ sequence: ++this.sequence, event, date, gone, moves })
  }

  move(event: StoredEvent, calendar: StoredCalendar, now: number): void {
    this.record(event, undefined, true)
    event.calendar = calendar
    event.moves += 1
    this.remember(event)
    this.touch(event, undefined, now)
  }

  remove(event: StoredEvent): void {
    this.record(event, undefined, true)
    event.isRemoved = true
    this.events.delete(event.number)
  }

  cancel(event: StoredEvent, date: string, now: number): void {
    event.exceptions.delete(date)
    event.cancelled.add(date)
    this.touch(event, date, now)
  }

  /** The changed occurrence of that day, made if there was none; it begins with the series' attachments. */
  exception(event: StoredEvent, date: string): StoredException {
    const known = event.exceptions.get(date)
    if (known !== undefined) return known
    const { attachments } = event
    const made: StoredException = { date, content: occurrenceContent(event, date), attachments, singleValue: new Map() }
    event.exceptions.set(date, made)
    return made
  }

  attach(carrier: Carrier, attachment: NewAttachment, now: number): StoredAttachment {
    const added: StoredAttachment = { ...attachment, key: this.next++, modifiedAt: now }
    carrier.attachments = [...carrier.attachments, added]
    return added
  }

  notify(kind: SentNotice['kind'], subject: string, attendees: readonly JsonObject[]): void {
    for (const { emailAddress } of attendees) {
      const { address } = emailAddress as { readonly address: string }
      this.sent.push({ kind, to: address, subject })
    }
  }

  calendarId(calendar: StoredCalendar): string {
    return calendarId(this.key, calendar.number)
  }

  groupId(group: StoredGroup): string {
    return groupId(this.key, group.number)
  }

  eventId(event: StoredEvent, family: IdFamily, moves = event.moves): string {
    return eventId(this.key, event.number, moves, family)
  }

  /** The event or series of an id, and the day it names; ids of either family. */
  find(id: string): { readonly event: StoredEvent; readonly date: string | undefined } | undefined {
    const instance = parseInstanceId(id)
    const event = this.byId.get(instance?.master ?? id)
    const isThere = event !== undefined && !event.isRemoved
    return isThere ? { event, date: instance?.date } : undefined
  }

  /** Regular ids change with a move, and then lead nowhere. */
  private remember(event: StoredEvent): void {
    for (const [id, other] of this.byId) if (other === event) this.byId.delete(id)
    for (const family of ['immutable', 'regular'] as const) this.byId.set(this.eventId(event, family), event)
  }
}

function organization(role: string): StoredPermission {
  return {
    id: Buffer.from('Default').toString('base64'),
    emailAddress: { name: 'My Organization' },
    isInsideOrganization: true,
    isRemovable: false,
    role,
    allowedRoles: ['none', 'freeBusyRead', 'limitedRead', 'read', 'write'],
  }
}
