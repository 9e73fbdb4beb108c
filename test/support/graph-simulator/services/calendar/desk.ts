import { singleValueInput } from '../../routes/extended-input.ts'
import { attachmentInput } from '../../routes/attachment-input.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import type { CursorError, MailAddress } from '../../state/types.ts'
import type { TenantState } from '../../state/tenant.ts'
import { noExpansion } from '../../odata/expand.ts'
import { changedContent, newContent } from './input.ts'
import { instanceOn } from './instances.ts'
import type { Instance } from './instances.ts'
import type { MailboxCalendars } from './mailbox-calendars.ts'
import type { EventContent, SentNotice, StoredCalendar, StoredEvent, StoredPermission } from './model.ts'
import { recurrenceInput } from './recurrence.ts'
import { asInstance, carrierOf, renderAttachments, renderEvent } from './render.ts'
import { calendarState } from './state.ts'
import type { CalendarState } from './state.ts'
import { customZone } from './zones.ts'

export interface CalendarSeed {
  readonly name: string
  readonly color?: string
  /** Made if there is none of that name. */
  readonly group?: string
  /** Somebody else's, for a calendar that was shared with the user. */
  readonly owner?: MailAddress
  readonly canEdit?: boolean
  readonly permissions?: readonly StoredPermission[]
}

/** Graph's JSON of a new event, and what only Outlook itself can set. */
export type EventSeed = JsonObject

interface ServerSide {
  readonly organizer?: MailAddress
  readonly isCancelled?: boolean
  readonly responseStatus?: JsonObject
  readonly onlineMeeting?: JsonObject
  /** The zone is one that only the item itself knows. */
  readonly customZone?: boolean
}

/**
 * What people do in their calendars while nobody looks, and what tests compare with. Users by name or id, calendars by
 * name, events by an id of either form, days of series as yyyy-mm-dd in the series' zone. Nothing here mails anybody.
 */
export class CalendarDesk {
  private readonly state: CalendarState

  constructor(tenant: TenantState) {
    this.state = tenant.service(calendarState)
  }

  addCalendar(user: string, seed: CalendarSeed): string {
    const calendars = this.state.of(user)
    const { group: name, owner, permissions, ...more } = seed
    const group = name === undefined ? undefined : calendars.groups.find((each) => each.name === name)
    const calendar = calendars.addCalendar({
      ...more,
      ...(name === undefined ? {} : { group: group ?? calendars.addGroup(name) }),
      ...(owner === undefined ? {} : { owner }),
      ...(permissions === undefined ? {} : { permissions: [...permissions] }),
    })
    return calendars.calendarId(calendar)
  }

  removeCalendar(user: string, calendar: string): void {
    this.state.of(user).removeCalendar(this.calendar(user, calendar))
  }

  renameCalendar(user: string, calendar: string, name: string): void {
    const stored = this.calendar(user, calendar)
    stored.name = name
    stored.version += 1
  }

  setPermissions(user: string, calendar: string, permissions: readonly StoredPermission[]): void {
    const stored = this.calendar(user, calendar)
    stored.permissions = [...permissions]
    stored.version += 1
  }

  calendars(user: string): readonly StoredCalendar[] {
    return this.state.of(user).calendars
  }

  permissions(user: string, calendar: string): readonly StoredPermission[] {
    return this.calendar(user, calendar).permissions
  }

  /** Gives the immutable id. */
  addEvent(user: string, calendar: string, seed: EventSeed, more: ServerSide = {}): string {
    const calendars = this.state.of(user)
    const plain = newContent(seed)
    const content = more.customZone === true ? inCustomZone(plain) : plain
    const recurrence = seed.recurrence === undefined ? undefined : recurrenceInput(seed.recurrence, plain.start.zone)
    const made = { content, recurrence, transactionId: null, singleValue: singleValueInput(seed) }
    const event = calendars.addEvent(this.calendar(user, calendar), made, this.now())
    applyServerSide(event, more)
    return calendars.eventId(event, 'immutable')
  }

  changeEvent(user: string, id: string, change: EventSeed): void {
    const { event } = this.found(user, id)
    event.content = changedContent(event.content, change)
    if (change.recurrence !== undefined) event.recurrence = recurrenceInput(change.recurrence, event.content.start.zone)
    this.state.of(user).touch(event, undefined, this.now())
  }

  changeOccurrence(user: string, id: string, date: string, change: EventSeed): void {
    const { event } = this.found(user, id)
    const exception = this.state.of(user).exception(event, date)
    exception.content = changedContent(exception.content, change)
    this.state.of(user).touch(event, date, this.now())
  }

  cancelOccurrence(user: string, id: string, date: string): void {
    this.state.of(user).cancel(this.found(user, id).event, date, this.now())
  }

  /** `attachment` as a request would give it; on one day of a series when `date` is given. */
  attach(user: string, id: string, attachment: JsonObject, date?: string): void {
    const calendars = this.state.of(user)
    const { event } = this.found(user, id)
    const carrier = date === undefined ? event : calendars.exception(event, date)
    calendars.attach(carrier, attachmentInput(attachment), this.now())
    calendars.touch(event, date, this.now())
  }

  moveEvent(user: string, id: string, calendar: string): void {
    this.state.of(user).move(this.found(user, id).event, this.calendar(user, calendar), this.now())
  }

  deleteEvent(user: string, id: string): void {
    this.state.of(user).remove(this.found(user, id).event)
  }

  breakCursors(user: string, calendar: string, error: CursorError = 'SyncStateNotFound'): void {
    const stored = this.calendar(user, calendar)
    stored.cursorGeneration += 1
    stored.cursorError = error
  }

  /** As Graph would show them, with their attachments; series with their changed and cancelled days. */
  events(user: string, calendar: string): Record<string, unknown>[] {
    const calendars = this.state.of(user)
    return calendars.eventsOf(this.calendar(user, calendar)).map((event) => shown(calendars, asInstance(event)))
  }

  /** Ids of all events of the user. */
  ids(user: string): string[] {
    const calendars = this.state.of(user)
    return [...calendars.events.values()].map((event) => calendars.eventId(event, 'immutable'))
  }

  /** Mails that people would have got. */
  sent(user: string): readonly SentNotice[] {
    return this.state.of(user).sent
  }

  onlineMeetings(user: string): number {
    return this.state.of(user).onlineMeetings
  }

  private now(): number {
    return this.state.clock.now()
  }

  private calendar(user: string, name: string): StoredCalendar {
    const found = this.state.of(user).calendars.find((calendar) => calendar.name === name)
    if (found === undefined) throw new Error(`${user} has no calendar ${name}`)
    return found
  }

  private found(user: string, id: string): { readonly event: StoredEvent } {
    const found = this.state.of(user).find(id)
    if (found === undefined) throw new Error(`${user} has no such event`)
    return found
  }
}

function inCustomZone(content: EventContent): EventContent {
  const { start, end } = content
  return { ...content, start: { ...start, zone: customZone }, end: { ...end, zone: customZone } }
}

function applyServerSide(event: StoredEvent, more: ServerSide): void {
  if (more.organizer !== undefined) {
    event.organizer = more.organizer
    event.isOrganizer = false
    event.responseStatus = { response: 'notResponded', time: '0001-01-01T00:00:00Z' }
  }
  if (more.responseStatus !== undefined) event.responseStatus = more.responseStatus
  event.isCancelled = more.isCancelled ?? false
  const { onlineMeeting } = more
  if (onlineMeeting === undefined) return
  const meeting = { onlineMeeting, isOnlineMeeting: true, onlineMeetingProvider: 'teamsForBusiness' }
  event.content = { ...event.content, ...meeting }
}

function shown(calendars: MailboxCalendars, instance: Instance): Record<string, unknown> {
  const preferences = { ids: 'immutable', maxPageSize: undefined, textBodies: false } as const
  const view = { calendars, preferences, selected: undefined, expansion: noExpansion, zone: 'utc' } as const
  const { event, date } = instance
  const json = { ...renderEvent(instance, view), attachments: renderAttachments(carrierOf(instance), '') }
  if (event.recurrence === undefined || date !== undefined) return json
  const changed = [...event.exceptions.keys()].sort().flatMap((day) => instanceOn(event, day) ?? [])
  return {
    ...json,
    exceptionOccurrences: changed.map((each) => shown(calendars, each)),
    cancelledDays: [...event.cancelled].sort(),
  }
}
