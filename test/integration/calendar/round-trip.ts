import { expect } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { ItemOutcome, RestoreOptions } from '../../../src-main/engine/ports/restore-target.ts'
import { cancelledDaysOf } from '../../../src-main/graph/calendar/event-parts.ts'
import { bodyWithPeople } from '../../../src-main/graph/calendar/people-text.ts'
import { calendarRestorer } from '../../../src-main/graph/calendar/restorer.ts'
import { isObject, list, record, text } from '../../../src-main/graph/item/fields.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { readHeld, restoreHeld } from '../../support/adapter-round.ts'
import type { HeldItem, HeldType } from '../../support/adapter-round.ts'
import { impatientClock } from '../../support/impatient-clock.ts'
import { readerOf } from './calendar-fixture.ts'
import type { Place } from './calendar-fixture.ts'

export const clock = impatientClock(2_000)

export const read = (place: Place, before?: HeldType): Promise<HeldType> =>
  readHeld(readerOf(place), place.root, before)

export function restore(
  place: Place,
  held: HeldType,
  options: Partial<RestoreOptions> = { targetFolder: '/' },
): Promise<Map<string, ItemOutcome>> {
  return restoreHeld(calendarRestorer(place.client, clock), readerOf(place), held, place.root, options)
}

export function kinds(outcomes: ReadonlyMap<string, ItemOutcome>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { kind } of outcomes.values()) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

export const remarkCodes = (outcomes: ReadonlyMap<string, ItemOutcome>): string[] =>
  [...outcomes.values()]
    .flatMap((outcome) => ('remarks' in outcome ? (outcome.remarks ?? []) : []))
    .map(({ code }) => code)

/** Given by the target's server; the reasons stand beside them. */
const serverAssigned = new Set([
  'id', // every mailbox has ids of its own
  'changeKey', // names a version in that mailbox
  'createdDateTime', // when the restore made it
  'lastModifiedDateTime', // the same
  'iCalUId', // made by the server for each new event
  'webLink', // contains the id
  'seriesMasterId', // an id
  'transactionId', // belongs to the request that made the event
  'bodyPreview', // made from the body
])

/** What would mail people if it were set: compared through the words that stand for it behind the text. */
const keptAsText = new Set([
  'attendees',
  'organizer',
  'isOrganizer',
  'responseStatus',
  'isCancelled',
  'onlineMeeting',
  'onlineMeetingUrl',
  'onlineMeetingProvider',
  'isOnlineMeeting',
])

/** An event as it has to come back. `original`: its text gets the words for what cannot be set. */
function comparable(event: JsonObject, original: boolean): JsonObject {
  const kept = Object.entries(event).filter(([name]) => !serverAssigned.has(name) && !keptAsText.has(name))
  const days = (list(event, 'exceptionOccurrences') ?? []).filter(isObject)
  return {
    ...Object.fromEntries(kept),
    body: original ? bodyWithPeople(event).json : (record(event, 'body') ?? {}),
    attachments: (list(event, 'attachments') ?? []).filter(isObject).map(comparableAttachment),
    cancelledOccurrences: cancelledDaysOf(event),
    exceptionOccurrences: days.map((day) => comparable(day, original)),
  }
}

function comparableAttachment(attachment: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(attachment).filter(([name]) => !serverAssigned.has(name)))
}

export function comparableItems(held: HeldType, original: boolean): string[] {
  const names = new Map(held.containers.map(({ id, name }) => [id, name]))
  return held.items
    .map(({ container, metadata, parts }: HeldItem) => {
      const bytes = [...parts].map(([name, content]) => [name, Buffer.from(content).toString('base64')])
      return JSON.stringify(
        [names.get(container), sortedKeys(comparable(propertiesOf(metadata), original)), bytes],
        null,
        1,
      )
    })
    .sort()
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([name, part]) => [name, sortedKeys(part)]))
}

export function expectNobodyWasMailed(place: Place): void {
  expect(place.desk.sent(place.user)).toEqual([])
  expect(place.desk.onlineMeetings(place.user)).toBe(0)
  const bodies = place.simulator.log.entries().filter(({ path }) => /\/(cancel|forward|accept|decline)/.test(path))
  expect(bodies).toEqual([])
}

export const shownContainers = (held: HeldType): unknown[] =>
  held.containers.map(({ properties }) => {
    const { name, color, isDefaultCalendar, calendarGroup } = propertiesOf(properties)
    return { name, color, isDefaultCalendar, group: text(isObject(calendarGroup) ? calendarGroup : {}, 'name') }
  })
