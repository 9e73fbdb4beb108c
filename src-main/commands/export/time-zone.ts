import type { ContentLine } from './content-lines.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const STEP = 7 * DAY

const formats = new Map<string, Intl.DateTimeFormat>()

/** Minutes that a place (an IANA name) is ahead of UTC. */
function offsetAt(moment: number, place: string): number {
  const format =
    formats.get(place) ??
    new Intl.DateTimeFormat('en-US', { timeZone: place, timeZoneName: 'longOffset', hour: 'numeric' })
  formats.set(place, format)
  const name = format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/**
 * A VTIMEZONE with every change of the clocks between two moments: whoever reads the file needs to know nothing about the
 * zone. https://www.rfc-editor.org/rfc/rfc5545#section-3.6.5
 */
export function timeZoneLines(place: string, from: number, to: number): readonly ContentLine[] {
  const first = offsetAt(from, place)
  const observances = [observance(from, first, first)]
  for (let moment = from, offset = first; moment < to; moment += STEP) {
    const next = offsetAt(moment + STEP, place)
    if (next === offset) continue
    observances.push(observance(changeBetween(moment, moment + STEP, place), offset, next))
    offset = next
  }
  return [
    { name: 'BEGIN', value: 'VTIMEZONE' },
    { name: 'TZID', value: place },
    ...observances.flat(),
    { name: 'END', value: 'VTIMEZONE' },
  ]
}

function changeBetween(before: number, after: number, place: string): number {
  const offset = offsetAt(before, place)
  let [low, high] = [before, after]
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle, place) === offset) low = middle
    else high = middle
  }
  return Math.round(high / 60_000) * 60_000
}

function observance(moment: number, before: number, after: number): readonly ContentLine[] {
  const kind = after > before ? 'DAYLIGHT' : 'STANDARD'
  return [
    { name: 'BEGIN', value: kind },
    { name: 'DTSTART', value: compact(moment + before * 60_000).slice(0, -1) },
    { name: 'TZOFFSETFROM', value: offsetText(before) },
    { name: 'TZOFFSETTO', value: offsetText(after) },
    { name: 'END', value: kind },
  ]
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  const parts = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0'))
  return `${minutes < 0 ? '-' : '+'}${parts.join('')}`
}

/** "20260305T140700Z". */
export function compact(moment: number): string {
  return new Date(moment).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
}
