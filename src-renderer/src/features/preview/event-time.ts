import { formatDate, formatDateTime, formatTime } from '../../lib/format.ts'
import { texts } from '../../lib/texts/index.ts'

const dateOnly = /^\d{4}-\d{2}-\d{2}$/
const midnight = /T00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:\d\d)?$/

/** When an event is: "Mar 5, 2026, 2:00 PM – 3:00 PM", "Mar 5, 2026 (all day)". What is no time stays as it is. */
export function eventTime({
  start,
  end,
  allDay,
}: {
  readonly start: string
  readonly end: string
  readonly allDay: boolean
}): string {
  const [from, to] = [moment(start), moment(end)]
  if (from === undefined || to === undefined) return [start, end].filter((text) => text !== '').join(' – ')
  if (allDay) {
    // The end of an event of whole days is the first moment that is not in it.
    const last = midnight.test(end) || dateOnly.test(end) ? Math.max(from, to - 1) : to
    const days = [formatDate(from), formatDate(last)]
    const text = days[0] === days[1] ? formatDate(from) : texts.preview.span(formatDate(from), formatDate(last))
    return `${text} (${texts.preview.allDay})`
  }
  const isOneDay = formatDate(from) === formatDate(to)
  return texts.preview.span(formatDateTime(from), isOneDay ? formatTime(to) : formatDateTime(to))
}

/** Of this machine's time zone if the text names none. */
function moment(text: string): number | undefined {
  const time = Date.parse(dateOnly.test(text) ? `${text}T00:00` : text)
  return Number.isNaN(time) ? undefined : time
}
