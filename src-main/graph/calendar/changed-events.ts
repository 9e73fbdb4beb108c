import { isEngineError } from '../../engine/model/errors.ts'
import type { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Change } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer } from '../client/types.ts'
import { isObject, text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { calendarPath } from './calendar-owner.ts'
import type { EventSource } from './change-tracking.ts'

/** More changes than that are listed sooner than asked for one by one. */
const most = 500

/**
 * What became of the events with these ids. Days of series stand for their series. Undefined if a full listing is the
 * better way to find out.
 */
export async function changesOf(source: EventSource, ids: ReadonlySet<string>): Promise<readonly Change[] | undefined> {
  if (ids.size > most) return undefined
  const found = new FoundEvents(source)
  await ask(source, [...ids], found)
  await ask(source, found.openSeries(), found)
  if (found.isAnyGone && !(await listSeries(source, found))) return undefined
  return found.changes()
}

/** Those of the events with these ids that are there. */
export async function eventsById(source: EventSource, ids: readonly string[]): Promise<readonly Change[]> {
  const found = new FoundEvents(source)
  await ask(source, ids, found)
  return found.changes().filter(({ kind }) => kind === 'put')
}

async function ask(source: EventSource, ids: readonly string[], found: FoundEvents): Promise<void> {
  if (ids.length === 0) return
  const { mailbox, calendar } = source
  const { client, user, signal } = mailbox
  const events = `${calendarPath(mailbox, calendar)}/events`
  const members = ids.map((id) => ({ path: events + graphPath`/${id}` }))
  const answers = await client.batch(members, { pool: mailboxPool(user), signal })
  for (const [index, id] of ids.entries()) found.add(id, answers[index])
}

/** An id that leads nowhere may have been a day of any series; false if Graph does not list series alone. */
async function listSeries({ mailbox, calendar }: EventSource, found: FoundEvents): Promise<boolean> {
  const { client, user, signal } = mailbox
  const path = `${calendarPath(mailbox, calendar)}/events`
  const query = { $filter: "type eq 'seriesMaster'", $top: 100 }
  try {
    for await (const page of client.pages<JsonObject>({ path, query, pool: mailboxPool(user), signal })) {
      for (const event of page.value) found.put(event)
    }
    return true
  } catch (error) {
    if (isEngineError(error, 'graph.request-refused')) return false
    throw error
  }
}

class FoundEvents {
  /** Undefined for a group: there is no other where an event could be. */
  readonly #calendar: string | undefined
  readonly #changes = new Map<string, Change>()
  readonly #series = new Set<string>()
  #gone = 0

  constructor({ mailbox, calendar }: EventSource) {
    this.#calendar = mailbox.kind === 'group' ? undefined : calendar
  }

  get isAnyGone(): boolean {
    return this.#gone > 0
  }

  add(id: string, answer: BatchAnswer | undefined): void {
    if (answer?.ok === true) this.#addEvent(id, isObject(answer.body) ? answer.body : {})
    else if (answer !== undefined) this.#addFailure(id, answer.error)
  }

  put(event: JsonObject): void {
    for (const change of put(event)) this.#changes.set(change.id, change)
  }

  /** Series of which a day was found, and which were not asked for themselves. */
  openSeries(): readonly string[] {
    return [...this.#series].filter((id) => !this.#changes.has(id))
  }

  changes(): readonly Change[] {
    return [...this.#changes.values()]
  }

  #addEvent(id: string, event: JsonObject): void {
    const series = text(event, 'seriesMasterId')
    if (series !== undefined) this.#series.add(series)
    else if (this.#calendar !== undefined && isElsewhere(event, this.#calendar))
      this.#changes.set(id, { kind: 'removed', id })
    else this.put(event)
  }

  /** One that cannot be read now is read as an item, where its failure is recorded and tried again. */
  #addFailure(id: string, error: EngineError): void {
    const isUnread = error.code === 'graph.item-unreadable' || isPassing(error)
    if (!isUnread && error.code !== 'graph.not-found') throw error
    if (isUnread) {
      this.#changes.set(id, { kind: 'put', id, properties: { id, changeKey: '' }, partial: false })
      return
    }
    this.#gone += 1
    this.#changes.set(id, { kind: 'removed', id })
  }
}

/** A 404 without Exchange's own code is mostly transient (gotcha 15): no reason to take the event as deleted. */
function isPassing(error: EngineError): boolean {
  return (
    error.code === 'graph.service-failed' || (error.code === 'graph.not-found' && error.context.graphCode === undefined)
  )
}

/** Graph names the calendar of an event that is asked for alone; an event keeps its id when it moves. */
function isElsewhere(event: JsonObject, calendar: string): boolean {
  const link = text(event, 'calendar@odata.navigationLink') ?? text(event, 'calendar@odata.associationLink')
  const id = /\/calendars\('([^']+)'\)/i.exec(link ?? '')?.[1]
  return id !== undefined && decodeURIComponent(id) !== calendar
}

export function put(event: JsonObject): readonly (Change & { readonly kind: 'put' })[] {
  const id = text(event, 'id')
  return id === undefined ? [] : [{ kind: 'put', id, properties: event, partial: false }]
}
