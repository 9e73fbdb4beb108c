import type { SnapshotRow } from '../../../../src-shared/ipc/index.ts'
import { formatDate, formatDay, formatTime } from '../../lib/format.ts'
import { texts } from '../../lib/texts/index.ts'

/** The day of a moment in this machine's time zone, as a date field has it: "2026-03-05". */
export function dayOf(milliseconds: number): string {
  const date = new Date(milliseconds)
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((value) => String(value).padStart(2, '0'))
    .join('-')
}

/** First moment of a day; undefined if the text is no date. */
export function startOfDay(day: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (match === null) return undefined
  const [year = 0, month = 0, date = 0] = match.slice(1).map(Number)
  return new Date(year, month - 1, date).getTime()
}

/** First moment after a day: also right where a day has 23 or 25 hours. */
export function endOfDay(day: string): number | undefined {
  const start = startOfDay(day)
  if (start === undefined) return undefined
  const date = new Date(start)
  date.setDate(date.getDate() + 1)
  return date.getTime()
}

/** "Today", "Yesterday", "Mar 5", and with its year if that is another one. */
export function dayName(milliseconds: number, now: number): string {
  const day = dayOf(milliseconds)
  if (day === dayOf(now)) return texts.browse.today
  if (endOfDay(day) === startOfDay(dayOf(now))) return texts.browse.yesterday
  return shortDay(milliseconds, now)
}

/** As short as it can be: the time of today, the day of this year, the date of another one. */
export function shortTime(milliseconds: number, now: number): string {
  return dayOf(milliseconds) === dayOf(now) ? formatTime(milliseconds) : shortDay(milliseconds, now)
}

/** The day of this year, the date of another one. */
export function shortDay(milliseconds: number, now: number): string {
  const isThisYear = new Date(milliseconds).getFullYear() === new Date(now).getFullYear()
  return isThisYear ? formatDay(milliseconds) : formatDate(milliseconds)
}

/** What was newest at the end of a day; before the first snapshot that one. `rows` are newest first. */
export function atDay(rows: readonly SnapshotRow[], day: string): SnapshotRow | undefined {
  const end = endOfDay(day)
  if (end === undefined) return undefined
  return rows.find(({ time }) => time < end) ?? rows.at(-1)
}

/** Whether a row is the first one of its day, from the newest on. */
export function beginsDay(rows: readonly SnapshotRow[], index: number): boolean {
  const row = rows[index]
  const before = rows[index - 1]
  return row !== undefined && (before === undefined || dayOf(before.time) !== dayOf(row.time))
}
