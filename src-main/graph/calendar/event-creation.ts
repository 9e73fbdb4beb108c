import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { RestoreItem, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { text } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { peopleMark, sourceMark, unfinishedMark } from '../outlook/marks.ts'
import { calendarPath } from './calendar-owner.ts'
import type { CalendarOwner } from './calendar-owner.ts'
import { restoreAttachments, wantedFiles } from './event-attachments.ts'
import { plainerJson } from './event-json.ts'
import type { EventJson } from './event-json.ts'
import { attachmentsOf, cancelledDaysOf, exceptionsOf } from './event-parts.ts'
import type { ExistingEvents } from './existing-events.ts'
import { peopleValue } from './people-text.ts'
import { restoreDays } from './series-days.ts'

/** Times that a creation is tried whose outcome is unknown. */
const attempts = 3

/** Where events are created. */
export interface CreationPlace {
  readonly mailbox: CalendarOwner
  /** Graph id of the calendar. */
  readonly calendar: string
  readonly existing: ExistingEvents
  readonly clock: Clock
}

/** A stored event, as it is and as it will be created. */
export interface WantedEvent {
  readonly item: RestoreItem
  /** Graph id of the event that was stored. */
  readonly source: string
  readonly stored: JsonObject
  readonly made: EventJson
}

interface Created {
  readonly id: string
  readonly remarks: readonly RestoreRemark[]
}

/**
 * Creates the event, then puts on it what does not go into the create request: attachments, then for a series its
 * cancelled and changed days. It is marked as unfinished for as long; whatever stops that, the next restore goes on.
 */
export async function createEvent(place: CreationPlace, wanted: WantedEvent): Promise<Created> {
  const created = await createInSomeForm(place, wanted)
  if (!hasMore(wanted)) return created
  const remarks = await completeEvent(place, wanted, created.id, true)
  return { id: created.id, remarks: [...created.remarks, ...remarks] }
}

function hasMore({ stored, made }: WantedEvent): boolean {
  const parts = attachmentsOf(stored).length + exceptionsOf(stored).length + cancelledDaysOf(stored).length
  return parts > 0 || made.longBody !== undefined
}

/** Puts on an event what is not on it yet, and marks it as finished. */
export async function completeEvent(
  place: CreationPlace,
  wanted: WantedEvent,
  id: string,
  isNew: boolean,
): Promise<readonly RestoreRemark[]> {
  const { mailbox, clock } = place
  const { item, stored, made } = wanted
  const path = mailbox.path + graphPath`/events/${id}`
  const files = wantedFiles(item, stored, stored, made.longBody)
  const ofFiles = await restoreAttachments({ mailbox, clock, path }, files, isNew)
  const ofDays = await restoreDays({ mailbox, clock, series: id, isNew }, wanted)
  await markFinished(mailbox, path)
  return [...ofFiles, ...ofDays]
}

async function markFinished({ client, user, signal }: CalendarOwner, path: string): Promise<void> {
  const body = { singleValueExtendedProperties: [{ id: unfinishedMark, value: 'finished' }] }
  await client.json<JsonObject>({ method: 'PATCH', path, body, pool: mailboxPool(user), signal })
}

/** If Exchange does not want it as it is, it is tried once more with the least that makes it an event. */
async function createInSomeForm(place: CreationPlace, wanted: WantedEvent): Promise<Created> {
  const { json, remarks } = wanted.made
  try {
    return { id: await createOnce(place, wanted, json), remarks }
  } catch (error) {
    if (!isEngineError(error, 'graph.request-refused') || error.context.status !== 400) throw error
    const id = await createOnce(place, wanted, plainerJson(json))
    return { id, remarks: [...remarks, { code: 'field-refused' }] }
  }
}

/** Creates it once, even if an answer gets lost: before another attempt the calendar is looked at. */
async function createOnce(place: CreationPlace, wanted: WantedEvent, json: JsonObject): Promise<string> {
  const { mailbox, existing } = place
  const body = { ...json, singleValueExtendedProperties: marks(wanted) }
  for (let left = attempts; ; left -= 1) {
    try {
      const id = await postEvent(place, body)
      existing.created(id)
      return id
    } catch (error) {
      if (!hasUnknownOutcome(error)) throw error
      const id = await existing.findUnknown(mailbox, wanted.source)
      if (id !== undefined) {
        existing.created(id)
        return id
      }
      if (left <= 1) throw error
    }
  }
}

function marks(wanted: WantedEvent): readonly JsonObject[] {
  const people = peopleValue(wanted.stored)
  return [
    { id: sourceMark, value: wanted.source },
    ...(people === undefined ? [] : [{ id: peopleMark, value: people }]),
    ...(hasMore(wanted) ? [{ id: unfinishedMark, value: 'unfinished' }] : []),
  ]
}

async function postEvent({ mailbox, calendar }: CreationPlace, body: JsonObject): Promise<string> {
  const { client, user, signal } = mailbox
  const path = `${calendarPath(mailbox, calendar)}/events`
  const created = await client.json<JsonObject>({ method: 'POST', path, body, pool: mailboxPool(user), signal })
  return text(created, 'id') ?? ''
}
