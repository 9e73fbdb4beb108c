import type { Expansion } from '../../odata/expand.ts'
import { propertyNames } from '../../odata/query.ts'
import type { Preferences } from '../../odata/query.ts'
import { htmlToText } from '../../mime/text.ts'
import { renderAttachment } from '../../render/attachment.ts'
import { attachmentId } from '../../state/ids.ts'
import { changeKey, instanceICalUId, instanceId } from './ids.ts'
import { instanceOn, originalStart } from './instances.ts'
import type { Instance } from './instances.ts'
import type { MailboxCalendars } from './mailbox-calendars.ts'
import type { Carrier, StoredCalendar, StoredEvent } from './model.ts'
import { recurrenceJson } from './recurrence.ts'
import { toUtc, utcText, wallText } from './zones.ts'
import type { WallTime } from './zones.ts'

/** Everything a plain GET returns, in Graph's order. Source: https://learn.microsoft.com/graph/api/resources/event */
const defaultProperties = [
  'createdDateTime',
  'lastModifiedDateTime',
  'changeKey',
  'categories',
  'transactionId',
  'originalStartTimeZone',
  'originalEndTimeZone',
  'iCalUId',
  'reminderMinutesBeforeStart',
  'isReminderOn',
  'hasAttachments',
  'subject',
  'bodyPreview',
  'importance',
  'sensitivity',
  'isAllDay',
  'isCancelled',
  'isOrganizer',
  'responseRequested',
  'seriesMasterId',
  'showAs',
  'type',
  'webLink',
  'onlineMeetingUrl',
  'isOnlineMeeting',
  'onlineMeetingProvider',
  'allowNewTimeProposals',
  'isDraft',
  'hideAttendees',
  'onlineMeeting',
  'originalStart',
  'responseStatus',
  'body',
  'start',
  'end',
  'location',
  'locations',
  'recurrence',
  'attendees',
  'organizer',
] as const

/** Returned only when selected, `exceptionOccurrences` only when expanded as well. */
const selectableProperties = ['id', 'cancelledOccurrences', 'exceptionOccurrences'] as const
const navigationProperties = ['attachments', 'extensions', 'singleValueExtendedProperties']

export const eventProperties = propertyNames([...defaultProperties, ...selectableProperties, ...navigationProperties])

export interface EventView {
  readonly calendars: MailboxCalendars
  readonly preferences: Preferences
  readonly selected: ReadonlySet<string> | undefined
  readonly expansion: Expansion
  /** Reading gives UTC; what a write answers keeps the zone that was given. */
  readonly zone: 'utc' | 'own'
  readonly withExceptions?: boolean
}

/** The event itself, as an instance of its own. */
export function asInstance(event: StoredEvent): Instance {
  return { event, date: undefined, exception: undefined, content: event.content }
}

export function instanceIdOf(instance: Instance, view: Pick<EventView, 'calendars' | 'preferences'>): string {
  const id = view.calendars.eventId(instance.event, view.preferences.ids)
  return instance.date === undefined ? id : instanceId(id, instance.date)
}

export function etagOf(calendars: MailboxCalendars, event: StoredEvent): string {
  return `W/"${changeKey(calendars.key, event.number, event.version)}"`
}

export function carrierOf({ event, exception }: Instance): Carrier {
  return exception ?? event
}

export function typeOf({ event, date, exception }: Instance): string {
  if (date !== undefined) return exception === undefined ? 'occurrence' : 'exception'
  return event.recurrence === undefined ? 'singleInstance' : 'seriesMaster'
}

export function renderEvent(instance: Instance, view: EventView): Record<string, unknown> {
  const id = instanceIdOf(instance, view)
  const shown: Record<string, unknown> = { '@odata.etag': etagOf(view.calendars, instance.event), id }
  for (const name of view.selected ?? defaultProperties) {
    const value = eventProperty(instance, name, view)
    if (value !== undefined) shown[name] = value
  }
  addExpanded(shown, instance, id, view)
  return shown
}

function eventProperty(instance: Instance, name: string, view: EventView): unknown {
  const { event, content } = instance
  switch (name) {
    case 'transactionId':
    case 'isOrganizer':
    case 'isCancelled':
    case 'responseStatus':
      return event[name]
    case 'start':
    case 'end':
      return shownTime(content[name], content.isAllDay, view)
    case 'originalStartTimeZone':
      return content.start.zone
    case 'originalEndTimeZone':
      return content.end.zone
    case 'hasAttachments':
      return carrierOf(instance).attachments.some(({ isInline }) => !isInline)
    case 'bodyPreview':
      return htmlToText(content.body.content).trim().slice(0, 255)
    case 'organizer':
      return { emailAddress: event.organizer }
    case 'isDraft':
      return false
    case 'onlineMeetingUrl':
      return null
    default:
      return name in content ? content[name as keyof typeof content] : identityProperty(instance, name, view)
  }
}

/** What says which event it is, and which day of which series. */
function identityProperty(instance: Instance, name: string, view: EventView): unknown {
  const { event, date } = instance
  const { calendars, preferences } = view
  switch (name) {
    case 'createdDateTime':
      return utcText(event.createdAt)
    case 'lastModifiedDateTime':
      return utcText(event.modifiedAt)
    case 'changeKey':
      return changeKey(calendars.key, event.number, event.version)
    case 'iCalUId':
      return date === undefined ? event.iCalUId : instanceICalUId(event.iCalUId, date)
    case 'originalStart':
      return date === undefined ? undefined : utcText(originalStart(event, date))
    case 'seriesMasterId':
      return date === undefined ? null : calendars.eventId(event, preferences.ids)
    case 'type':
      return typeOf(instance)
    case 'webLink':
      return `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(instanceIdOf(instance, view))}&exvsurl=1&path=/calendar/item`
    case 'recurrence':
      return date !== undefined || event.recurrence === undefined ? null : recurrenceJson(event.recurrence)
    case 'cancelledOccurrences':
      return cancelledIds(instance, view)
    default:
      return undefined
  }
}

/** All-day events float: their days are the same in every zone. */
function shownTime(time: WallTime, isAllDay: boolean, view: EventView): object {
  if (view.zone === 'own') return { dateTime: wallText(time.wall), timeZone: time.zone }
  return { dateTime: wallText(isAllDay ? time.wall : toUtc(time)), timeZone: 'UTC' }
}

/** `OID.<series>.<yyyy-mm-dd>`; single events have none. */
function cancelledIds({ event, date }: Instance, view: EventView): unknown {
  if (event.recurrence === undefined || date !== undefined) return []
  const id = view.calendars.eventId(event, view.preferences.ids)
  return [...event.cancelled].sort().map((day) => `OID.${id}.${day}`)
}

function addExpanded(shown: Record<string, unknown>, instance: Instance, id: string, view: EventView): void {
  const { expansion, selected } = view
  const { event, date } = instance
  if (expansion.attachments) shown.attachments = renderAttachments(carrierOf(instance), id)
  if (expansion.singleValue !== undefined) {
    const kept = carrierOf(instance).singleValue
    const found = expansion.singleValue.flatMap((name) => (kept.has(name) ? [{ id: name, value: kept.get(name) }] : []))
    if (found.length > 0) shown.singleValueExtendedProperties = found
  }
  if (view.withExceptions !== true || selected?.has('exceptionOccurrences') !== true || date !== undefined) return
  const changed = [...event.exceptions.keys()].sort().flatMap((day) => instanceOn(event, day) ?? [])
  const full: EventView = { ...view, selected: undefined, withExceptions: false }
  shown.exceptionOccurrences = changed.map((each) => renderEvent(each, full))
}

export function renderAttachments(carrier: Carrier, id: string): object[] {
  return carrier.attachments.map((attachment) => renderEventAttachment(attachment, id, { withContent: true }))
}

export function renderEventAttachment(
  attachment: Carrier['attachments'][number],
  id: string,
  view: Parameters<typeof renderAttachment>[3],
): Record<string, unknown> {
  const modifiedAt = Math.floor(attachment.modifiedAt / 1000)
  return renderAttachment(attachment, id, { modifiedAt }, view)
}

export function attachmentIdOf(attachment: Carrier['attachments'][number], id: string): string {
  return attachmentId(id, attachment.key)
}

/** Source: https://learn.microsoft.com/graph/api/resources/calendar */
export function renderCalendar(calendars: MailboxCalendars, calendar: StoredCalendar): Record<string, unknown> {
  const isOwn = calendar.owner.address === calendars.owner.address
  return {
    id: calendars.calendarId(calendar),
    name: calendar.name,
    color: calendar.color,
    hexColor: '',
    isDefaultCalendar: calendar.isDefault,
    changeKey: changeKey(calendars.key, calendar.number, calendar.version),
    canShare: isOwn,
    canViewPrivateItems: isOwn,
    canEdit: calendar.canEdit,
    allowedOnlineMeetingProviders: ['teamsForBusiness'],
    defaultOnlineMeetingProvider: 'teamsForBusiness',
    isTallyingResponses: isOwn,
    isRemovable: !calendar.isDefault,
    owner: calendar.owner,
  }
}
