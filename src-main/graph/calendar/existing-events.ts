import { createHash } from 'node:crypto'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { filledText, isObject, list, record, text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { sourceMark, unfinishedMark } from '../outlook/marks.ts'
import { calendarPath } from './calendar-owner.ts'
import type { CalendarOwner } from './calendar-owner.ts'
import { instantOf } from './zoned-time.ts'

const pageSize = 250

/** An event of the target calendar that stands for a stored one. */
export interface MetEvent {
  readonly id: string
  /** A restore that was interrupted left something of it out. */
  readonly isUnfinished: boolean
}

interface Existing extends MetEvent {
  isMet: boolean
}

/**
 * The events of one target calendar, listed once. Each of them stands for one stored event at most:
 *
 * 1. one that was restored from it, by the hidden mark with its id;
 * 2. the event itself, by its iCalUId, which is the same in every mailbox that has the meeting;
 * 3. one of the same subject, start, end, recurrence and organizer (nobody, for an appointment of one's own).
 */
export class ExistingEvents {
  readonly #calendar: string
  readonly #known = new Set<string>()
  readonly #byKey = new Map<string, Existing[]>()

  constructor(calendar: string) {
    this.#calendar = calendar
  }

  async load(mailbox: CalendarOwner): Promise<void> {
    const $expand = `singleValueExtendedProperties($filter=id eq '${sourceMark}' or id eq '${unfinishedMark}')`
    const $select = 'id,iCalUId,subject,start,end,isAllDay,recurrence,organizer,isOrganizer'
    for await (const page of this.#list(mailbox, { $select, $expand, $top: pageSize })) {
      for (const event of page) this.#add(event)
    }
  }

  /** The event of the calendar that stands for the stored one, if there is one left. */
  meet(id: string, event: JsonObject): MetEvent | undefined {
    const keys = [sourceKey(id), ...uidKeys(event), contentKey(event)]
    for (const key of keys) {
      const found = this.#byKey.get(key)?.find(({ isMet }) => !isMet)
      if (found === undefined) continue
      found.isMet = true
      return found
    }
    return undefined
  }

  created(id: string): void {
    this.#known.add(id)
  }

  /** An event of that source in the calendar that nobody knows of: the creation whose answer got lost. */
  async findUnknown(mailbox: CalendarOwner, source: string): Promise<string | undefined> {
    const value = source.replaceAll("'", "''")
    const $filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${sourceMark}' and ep/value eq '${value}')`
    for await (const page of this.#list(mailbox, { $filter, $select: 'id', $top: pageSize })) {
      const unknown = page.map((event) => text(event, 'id') ?? '').find((id) => !this.#known.has(id))
      if (unknown !== undefined) return unknown
    }
    return undefined
  }

  #add(event: JsonObject): void {
    const id = text(event, 'id') ?? ''
    const marks = marksOf(event)
    const existing: Existing = { id, isUnfinished: marks.get(markName(unfinishedMark)) === 'unfinished', isMet: false }
    this.#known.add(id)
    const source = marks.get(markName(sourceMark))
    const keys = [...(source === undefined ? [] : [sourceKey(source)]), ...uidKeys(event), contentKey(event)]
    for (const key of keys) this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), existing])
  }

  async *#list(
    mailbox: CalendarOwner,
    query: Readonly<Record<string, string | number>>,
  ): AsyncGenerator<readonly JsonObject[], void, undefined> {
    const { client, user, signal } = mailbox
    const path = `${calendarPath(mailbox, this.#calendar)}/events`
    for await (const page of client.pages<JsonObject>({ path, query, pool: mailboxPool(user), signal }))
      yield page.value
  }
}

/** Graph writes the ids of properties in its own way; their last word is theirs alone. */
function markName(id: string): string {
  return id.split(' ').at(-1)?.toLowerCase() ?? ''
}

function marksOf(event: JsonObject): ReadonlyMap<string, string> {
  const entries = (list(event, 'singleValueExtendedProperties') ?? []).filter(isObject)
  return new Map(entries.map((entry) => [markName(text(entry, 'id') ?? ''), text(entry, 'value') ?? '']))
}

function sourceKey(id: string): string {
  return `source ${id}`
}

function uidKeys(event: JsonObject): readonly string[] {
  const uid = filledText(event, 'iCalUId')
  return uid === undefined ? [] : [`uid ${uid}`]
}

function contentKey(event: JsonObject): string {
  const times = ['start', 'end'].map((name) => instantOf(record(event, name) ?? {}) ?? 0)
  const organizer = record(record(event, 'organizer') ?? {}, 'emailAddress')
  const address = event.isOrganizer === false ? (text(organizer ?? {}, 'address') ?? '').toLowerCase() : ''
  const recurrence = ordered(event.recurrence ?? null)
  const parts = [text(event, 'subject') ?? '', ...times, event.isAllDay === true, recurrence, address]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64')
}

/** With the properties of objects in one order, whoever wrote them. */
function ordered(value: JsonValue): JsonValue {
  if (!isObject(value)) return value
  const sorted = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : Number(one > other)))
  return Object.fromEntries(sorted.map(([name, part]) => [name, ordered(part)]))
}
