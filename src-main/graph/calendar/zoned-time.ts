import type { JsonObject } from '../../engine/model/json.ts'
import { text } from '../item/fields.ts'
import { placeOfZone } from './windows-zones.ts'

/** Milliseconds since 1970 of Graph's time with a zone beside it; undefined if it is none. */
export function instantOf(value: JsonObject): number | undefined {
  const wall = wallOf(value)
  if (wall === undefined) return undefined
  const place = placeOfZone(text(value, 'timeZone') ?? 'UTC') ?? 'UTC'
  const guess = wall - offsetAt(wall, place)
  return wall - offsetAt(guess, place)
}

/** What the clock on the wall shows: milliseconds as if that clock ran on UTC. */
export function wallOf(value: JsonObject): number | undefined {
  const digits = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)\d*Z?$/.exec(text(value, 'dateTime') ?? '')?.[1]
  const wall = Date.parse(`${digits ?? ''}Z`)
  return Number.isNaN(wall) ? undefined : wall
}

/** A moment as the clock of a zone shows it; undefined for a zone that is not known here. */
export function inZone(instant: number, zone: string): JsonObject | undefined {
  const place = placeOfZone(zone)
  return place === undefined ? undefined : wallJson(instant + offsetAt(instant, place), zone)
}

export function wallJson(wall: number, zone: string): JsonObject {
  return { dateTime: new Date(wall).toISOString().slice(0, 23), timeZone: zone }
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Milliseconds that the place is ahead of UTC at that moment. */
function offsetAt(instant: number, place: string): number {
  if (place === 'UTC') return 0
  const format = formats.get(place) ?? placeFormat(place)
  formats.set(place, format)
  const shown = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  const part = (name: Intl.DateTimeFormatPartTypes): number => shown.get(name) ?? 0
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return wall - Math.floor(instant / 1000) * 1000
}

function placeFormat(place: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: place,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
}
