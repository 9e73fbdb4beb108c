import type { Clock } from '../../engine/ports/clock.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { DataTypeRestorer, ItemOutcome, RestoreItem, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { systemClock } from '../client/system-clock.ts'
import type { GraphClient } from '../client/types.ts'
import { filledText, list } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { outcomeOf } from '../item/outcome.ts'
import { rangeBytes, sessionBytes } from '../outlook/restore-limits.ts'
import { ownerOf } from './calendar-owner.ts'
import type { CalendarOwner, SignedIn } from './calendar-owner.ts'
import { asCalendarTarget, begin, defaultTarget, findCalendar } from './calendar-targets.ts'
import type { CalendarTarget } from './calendar-targets.ts'
import { completeEvent, createEvent } from './event-creation.ts'
import type { CreationPlace, WantedEvent } from './event-creation.ts'
import { eventJson } from './event-json.ts'
import { cancelledDaysOf, eventFiles, exceptionsOf } from './event-parts.ts'
import { ExistingEvents } from './existing-events.ts'
import { asPerson } from './group-windows.ts'

/** As many as a mailbox takes at the same time. */
const concurrency = 4

/**
 * Restores events into the calendars of a user, or into the one of a group, and mails nobody.
 *
 * - Into a named folder ("Restored") the default calendar's events go into a calendar of that name, those of a calendar
 *   Projects into "Projects (Restored)". With "/" each goes into the calendar it was in: the default one by its role, the
 *   others by their names, created with their color in their calendar group.
 * - A group has one calendar, and Graph lets only people who signed in create events there. Everything goes into it; with
 *   a named folder, and for what was in another calendar, the events get a category of that name.
 * - Attendees are never set, since Graph would invite them; who took part, and an online meeting's address, stand as words
 *   behind the event's text. The restored event is an appointment of the target user.
 * - A series comes with its changed and cancelled days. Days, times and zones are those in which it was made.
 * - An event is a duplicate by the rules of ExistingEvents; one that an interrupted restore left incomplete is completed.
 *
 * https://learn.microsoft.com/graph/api/calendar-post-events
 */
export function calendarRestorer(
  client: GraphClient,
  clock: Clock = systemClock,
  signedIn: SignedIn = 'app',
): DataTypeRestorer {
  const mailboxOf = (target: CalendarTarget, signal: AbortSignal): CalendarOwner => {
    return ownerOf(client, target.session.root, signal)
  }
  return {
    folder: 'calendar',
    concurrency,
    keepsEmpty: true,
    requests: eventRequests,
    begin: async (root, options, signal) => {
      const open = (): Promise<CalendarTarget> => begin(ownerOf(client, root, signal), root, options)
      return root.kind === 'group' && signedIn === 'app' ? await asPerson(open) : await open()
    },
    container: (parent, container, signal) => {
      const top = asCalendarTarget(parent)
      return findCalendar(mailboxOf(top, signal), top, container)
    },
    item: (container, item, signal) => {
      const target = asCalendarTarget(container)
      return outcomeOf(() => restoreEvent(mailboxOf(target, signal), clock, target, item))
    },
  }
}

/** One creates it and one finishes it; each attachment takes one, or a session and its ranges; each day two. */
function eventRequests({ metadata, parts }: RestoreItem): number {
  const event = propertiesOf(metadata)
  const days = exceptionsOf(event).length + cancelledDaysOf(event).length
  const files = eventFiles(event).length
  const ranges = parts.map(({ size }) => (size < sessionBytes ? 0 : Math.ceil(size / rangeBytes)))
  return 1 + (days + files > 0 ? 1 : 0) + files + ranges.reduce((sum, count) => sum + count, 0) + days * 2
}

async function restoreEvent(
  mailbox: CalendarOwner,
  clock: Clock,
  container: CalendarTarget,
  item: RestoreItem,
): Promise<ItemOutcome> {
  const target = container.isTop ? await defaultTarget(mailbox, container) : container
  const { id: calendar, session } = target
  const stored = withCategory(propertiesOf(item.metadata), target)
  const made = eventJson(stored)
  if (made === undefined) return { kind: 'failed', code: 'graph.item-unreadable', detail: 'no time' }
  const source = filledText(item.metadata, 'o365:Id') ?? filledText(stored, 'iCalUId') ?? item.path
  if (calendar === undefined) return { kind: 'created', id: '', remarks: made.remarks }
  const existing = await existingEvents(mailbox, target, calendar)
  const place: CreationPlace = { mailbox, calendar, existing, clock }
  const met = await meetEvent(place, { item, source, stored, made }, target)
  if (met !== undefined) return met
  if (session.options.dryRun) return { kind: 'created', id: '', remarks: made.remarks }
  const created = await createEvent(place, { item, source, stored, made })
  return { kind: 'created', id: created.id, ...withRemarks([...target.remarks.splice(0), ...created.remarks]) }
}

function withCategory(event: JsonObject, { category }: CalendarTarget): JsonObject {
  if (category === undefined) return event
  const own = (list(event, 'categories') ?? []).filter((name) => name !== category)
  return { ...event, categories: [...own, category] }
}

async function meetEvent(
  place: CreationPlace,
  wanted: WantedEvent,
  { session }: CalendarTarget,
): Promise<ItemOutcome | undefined> {
  const { dryRun, ignoreExisting } = session.options
  const met = ignoreExisting ? undefined : place.existing.meet(wanted.source, wanted.stored)
  if (met === undefined) return undefined
  if (!met.isUnfinished || dryRun) return { kind: 'duplicate' }
  const remarks = await completeEvent(place, wanted, met.id, false)
  return { kind: 'duplicate', completed: true, ...withRemarks([...wanted.made.remarks, ...remarks]) }
}

/** Each thing is said once. */
function withRemarks(remarks: readonly RestoreRemark[]): { readonly remarks?: readonly RestoreRemark[] } {
  const byCode = new Map(remarks.map((remark) => [`${remark.code} ${remark.detail ?? ''}`, remark]))
  return byCode.size === 0 ? {} : { remarks: [...byCode.values()] }
}

function existingEvents(
  mailbox: CalendarOwner,
  { session }: CalendarTarget,
  calendar: string,
): Promise<ExistingEvents> {
  const known = session.existing.get(calendar)
  if (known !== undefined) return known
  const events = new ExistingEvents(calendar)
  const loading = events.load(mailbox).then(() => events)
  session.existing.set(calendar, loading)
  loading.catch(() => session.existing.delete(calendar))
  return loading
}
