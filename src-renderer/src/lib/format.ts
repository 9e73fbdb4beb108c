/** Dates and shares as the window shows them, in this machine's time zone and order. Amounts: src-shared/text/amounts.ts. */

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const dayOfMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })

/** "Mar 5, 2026, 2:07 PM" */
export function formatDateTime(milliseconds: number): string {
  return dateTime.format(milliseconds)
}

/** "Mar 5, 2026" */
export function formatDate(milliseconds: number): string {
  return date.format(milliseconds)
}

/** "2:07 PM" */
export function formatTime(milliseconds: number): string {
  return time.format(milliseconds)
}

/** "Mar 5": for axes and lists where the year is known. */
export function formatDay(milliseconds: number): string {
  return dayOfMonth.format(milliseconds)
}

/** "2 hours ago", "in 3 days", "now"; both times in milliseconds since 1970. */
export function formatRelative(milliseconds: number, now: number): string {
  const distance = milliseconds - now
  const size = Math.abs(distance)
  if (size < minute) return relative.format(0, 'second')
  if (size < hour) return relative.format(Math.trunc(distance / minute), 'minute')
  if (size < day) return relative.format(Math.trunc(distance / hour), 'hour')
  if (size < 45 * day) return relative.format(Math.round(distance / day), 'day')
  if (size < 330 * day) return relative.format(Math.round(distance / (30.44 * day)), 'month')
  return relative.format(Math.round(distance / (365.25 * day)), 'year')
}

/** A share from 0 to 1 as "42%"; only what is whole is "100%". */
export function formatPercent(share: number): string {
  const inside = Math.min(1, Math.max(0, share))
  return percent.format(inside < 1 ? Math.floor(inside * 100) / 100 : 1)
}

/** The end of a path that is too long, since that tells it from others: "…/repository". */
export function endOfPath(path: string, most = 26): string {
  if (path.length <= most) return path
  const names = path.split(/(?=[\\/])/)
  let end = names.pop() ?? path
  while (names.length > 0 && end.length + (names.at(-1)?.length ?? 0) < most) end = `${names.pop() ?? ''}${end}`
  return `…${end}`
}
