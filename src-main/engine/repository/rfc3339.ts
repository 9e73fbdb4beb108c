const PARTS = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?(Z|[+-]\d\d:\d\d)$/
const ALREADY_SHORT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,8}[1-9])?Z$/
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** What Go's zero time looks like: the value of a field that is absent. */
export const ZERO_TIME = '0001-01-01T00:00:00Z'

/**
 * The time as Go writes it: at most nanoseconds, no trailing zeros, `Z` for no offset. Undefined if Go would not read
 * it. https://pkg.go.dev/time#Time.MarshalJSON
 */
export function goTime(text: string): string | undefined {
  if (!isInCalendar(text)) return undefined
  if (ALREADY_SHORT.test(text)) return text
  const parts = PARTS.exec(text)
  if (parts === null) return undefined
  const [, , , , , , , fraction = '', zone = ''] = parts
  if (zone !== 'Z' && (Number(zone.slice(1, 3)) > 23 || Number(zone.slice(4)) > 59)) return undefined
  const digits = fraction.slice(0, 9).replace(/0+$/, '')
  const offset = zone.slice(1) === '00:00' ? 'Z' : zone
  return text.slice(0, 19) + (digits === '' ? '' : `.${digits}`) + offset
}

/** Negative if `a` is earlier than `b`, 0 if both are the same instant. Both must be times that `goTime` accepts. */
export function compareTimes(a: string, b: string): number {
  const seconds = wholeSeconds(a) - wholeSeconds(b)
  if (seconds !== 0) return seconds
  const [left, right] = [nanoseconds(a), nanoseconds(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

function wholeSeconds(text: string): number {
  return Date.parse(text.slice(0, 19) + text.slice(19).replace(/^\.\d+/, ''))
}

function nanoseconds(text: string): string {
  return (/^\.(\d+)/.exec(text.slice(19))?.[1] ?? '').slice(0, 9).padEnd(9, '0')
}

/** Month, day and time of day are possible ones. Looks at the digits by place; the patterns see to the rest. */
function isInCalendar(text: string): boolean {
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const last = month === 2 && !isLeap(Number(text.slice(0, 4))) ? 28 : (DAYS[month - 1] ?? 0)
  return day >= 1 && day <= last && twoDigits(text, 11) < 24 && twoDigits(text, 14) < 60 && twoDigits(text, 17) < 60
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}
