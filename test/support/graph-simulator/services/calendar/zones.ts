import { GraphError } from '../../http/errors.ts'

/** The Windows zones the simulated mailboxes know. Source: https://learn.microsoft.com/graph/api/resources/datetimetimezone */
const zones: ReadonlyMap<string, string> = new Map([
  ['UTC', 'UTC'],
  ['tzone://Microsoft/Utc', 'UTC'],
  ['GMT Standard Time', 'Europe/London'],
  ['W. Europe Standard Time', 'Europe/Berlin'],
  ['Romance Standard Time', 'Europe/Paris'],
  ['Central European Standard Time', 'Europe/Warsaw'],
  ['Pacific Standard Time', 'America/Los_Angeles'],
  ['Eastern Standard Time', 'America/New_York'],
  ['India Standard Time', 'Asia/Calcutta'],
  ['Tokyo Standard Time', 'Asia/Tokyo'],
  ['AUS Eastern Standard Time', 'Australia/Sydney'],
])

/** Desktop Outlook's own zones: nobody but the item knows their rules; here they are an hour ahead of UTC. */
export const customZone = 'tzone://Microsoft/Custom'

export const day = 86_400_000

/** A time as a clock on the wall shows it: milliseconds as if that clock ran on UTC. */
export interface WallTime {
  readonly wall: number
  readonly zone: string
}

export function requireZone(zone: string): void {
  if (zones.has(zone)) return
  const message = `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${zone}'.`
  throw new GraphError(400, 'TimeZoneNotSupportedException', message)
}

export function toUtc({ wall, zone }: WallTime): number {
  const guess = wall - offsetAt(wall, zone)
  return wall - offsetAt(guess, zone)
}

const formats = new Map<string, Intl.DateTimeFormat>()

function offsetAt(utc: number, zone: string): number {
  if (zone === customZone) return 3_600_000
  const place = zones.get(zone) ?? 'UTC'
  if (place === 'UTC') return 0
  const format = formats.get(place) ?? new Intl.DateTimeFormat('en-US', { timeZone: place, ...parts })
  formats.set(place, format)
  const shown = Object.fromEntries(format.formatToParts(utc).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day: date = 1, hour = 0, minute = 0, second = 0 } = shown
  return Date.UTC(year, month - 1, date, hour, minute, second) - Math.floor(utc / 1000) * 1000
}

const parts: Intl.DateTimeFormatOptions = {
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
}

/** `2019-03-15T12:00:00.0000000`, as Outlook writes times that have a zone beside them. */
export function wallText(wall: number): string {
  return new Date(wall).toISOString().replace(/Z$/, '0000')
}

/** `2019-03-15T12:00:00.0000000Z` */
export function utcText(utc: number): string {
  return `${wallText(utc)}Z`
}

/** yyyy-mm-dd */
export function dateOf(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10)
}
