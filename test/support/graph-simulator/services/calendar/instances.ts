import { badRequest } from '../../http/errors.ts'
import type { EventContent, StoredEvent, StoredException } from './model.ts'
import { occurrenceDates } from './recurrence.ts'
import { dateOf, day, toUtc } from './zones.ts'
import type { WallTime } from './zones.ts'

/** One day of a series, or an event that is not part of one. */
export interface Instance {
  readonly event: StoredEvent
  /** yyyy-mm-dd in the series' zone; undefined for an event that is no series. */
  readonly date: string | undefined
  /** When the day was changed. */
  readonly exception: StoredException | undefined
  readonly content: EventContent
}

/** In milliseconds since 1970. */
export interface Window {
  readonly start: number
  readonly end: number
}

/** The occurrence of that day; undefined when the series has none there, or none any more. */
export function instanceOn(event: StoredEvent, date: string): Instance | undefined {
  const exception = event.exceptions.get(date)
  if (exception !== undefined) return { event, date, exception, content: exception.content }
  if (event.cancelled.has(date) || !hasDate(event, date)) return undefined
  return { event, date, exception: undefined, content: occurrenceContent(event, date) }
}

function hasDate({ recurrence }: StoredEvent, wanted: string): boolean {
  if (recurrence === undefined) return false
  for (const date of occurrenceDates(recurrence)) if (date >= wanted) return date === wanted
  return false
}

/** What the day would be if nobody had changed it. */
export function occurrenceContent({ content }: StoredEvent, date: string): EventContent {
  const shift = Date.parse(date) - Date.parse(dateOf(content.start.wall))
  const moved = ({ wall, zone }: WallTime): WallTime => ({ wall: wall + shift, zone })
  return { ...content, start: moved(content.start), end: moved(content.end) }
}

/** When the day would begin if nobody had moved it. */
export function originalStart(event: StoredEvent, date: string): number {
  return toUtc(occurrenceContent(event, date).start)
}

export function instancesIn(event: StoredEvent, window: Window): readonly Instance[] {
  if (event.recurrence === undefined) {
    const single: Instance = { event, date: undefined, exception: undefined, content: event.content }
    return isIn(single.content, window) ? [single] : []
  }
  const found: Instance[] = []
  const length = event.content.end.wall - event.content.start.wall
  for (const date of occurrenceDates(event.recurrence)) {
    const at = Date.parse(date)
    if (at > window.end + 2 * day) break
    if (at + length < window.start - 2 * day || event.exceptions.has(date)) continue
    const instance = instanceOn(event, date)
    if (instance !== undefined && isIn(instance.content, window)) found.push(instance)
  }
  const changed = [...event.exceptions.values()].map((exception): Instance => ({
    event,
    date: exception.date,
    exception,
    content: exception.content,
  }))
  return [...changed.filter(({ content }) => isIn(content, window)), ...found]
}

function isIn({ start, end }: EventContent, window: Window): boolean {
  const [from, to] = [toUtc(start), toUtc(end)]
  return from < window.end && (to > window.start || (from === to && from === window.start))
}

/** An occurrence can neither jump over its neighbours nor land on their day. */
export function refuseCrossing(event: StoredEvent, date: string, content: EventContent): void {
  const now = dateOf(content.start.wall)
  const { before, after } = neighbours(event, date)
  if ((before === undefined || before < now) && (after === undefined || now < after)) return
  throw badRequest(
    'Modified occurrence is crossing or overlapping adjacent occurrence.',
    'ErrorOccurrenceCrossingBoundary',
  )
}

/** The days on which the occurrences before and after are now. */
function neighbours(event: StoredEvent, date: string): { readonly before?: string; readonly after?: string } {
  let before: string | undefined
  if (event.recurrence === undefined) return {}
  for (const other of occurrenceDates(event.recurrence)) {
    const instance = other === date ? undefined : instanceOn(event, other)
    if (instance === undefined) continue
    const at = dateOf(instance.content.start.wall)
    if (other > date) return { ...(before === undefined ? {} : { before }), after: at }
    before = at
  }
  return before === undefined ? {} : { before }
}
