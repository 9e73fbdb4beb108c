import type { TimeOfDay } from '../model/schedule.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A day of the calendar, as its midnight in UTC. */
export type CalendarDay = number

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, format)
  return format
}

/** What the clock on the wall shows in a zone (an IANA name), as if it were UTC. Milliseconds since 1970, both. */
export function wallOf(moment: number, zone: string): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(moment)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((moment % 1000) + 1000) % 1000)
}

/**
 * The first moment at which the clock on the wall shows that. Where the clock was put forward over it, the moment at
 * which it was.
 */
export function momentOf(wall: number, zone: string): number {
  const offsets = [wall - DAY, wall + DAY].map((moment) => wallOf(moment, zone) - moment)
  const shown = offsets.map((offset) => wall - offset).filter((moment) => wallOf(moment, zone) === wall)
  return shown.length > 0 ? Math.min(...shown) : firstFrom(wall, zone)
}

/** The first moment at which the clock shows that time or a later one. */
function firstFrom(wall: number, zone: string): number {
  let before = wall - DAY
  let after = wall + DAY
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (wallOf(middle, zone) >= wall) after = middle
    else before = middle
  }
  return after
}

export function dayOf(moment: number, zone: string): CalendarDay {
  return Math.floor(wallOf(moment, zone) / DAY) * DAY
}

export function dayAfter(day: CalendarDay, days: number): CalendarDay {
  return day + days * DAY
}

/** 0 for Monday. */
export function weekdayOf(day: CalendarDay): number {
  return (new Date(day).getUTCDay() + 6) % 7
}

/** When a time of day comes on a day. */
export function momentOn(day: CalendarDay, at: TimeOfDay, zone: string): number {
  return momentOf(day + minutesOf(at) * MINUTE, zone)
}

/** Minutes since midnight; NaN for what is no time of day. */
export function minutesOf(at: TimeOfDay): number {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(at) ?? []
  return Number(hours) * 60 + Number(minutes)
}
