import type { JsonObject } from '../../engine/model/json.ts'
import { instantOf } from '../../graph/calendar/zoned-time.ts'
import { filledText, isObject, list, record, text, time } from '../../graph/item/fields.ts'
import {
  alarmLines,
  bodyLines,
  calendarText,
  categoryLines,
  historyLines,
  priorityLines,
  stampLine,
  type AttachmentLines,
} from './calendar-lines.ts'
import { textLine, textValue, type ContentLine } from './content-lines.ts'
import { recurrenceRule } from './recurrence-rule.ts'
import { compact } from './time-zone.ts'

/** To Do knows more states than iCalendar: what waits is still to be done. */
const STATES: Readonly<Record<string, string>> = { inProgress: 'IN-PROCESS', completed: 'COMPLETED' }

/**
 * Tasks (their stored properties) as an iCalendar file. The steps of a task are tasks below it; links to what it is about
 * are attachments. https://www.rfc-editor.org/rfc/rfc5545#section-3.6.2
 */
export function taskFile(name: string, tasks: readonly JsonObject[], attached: AttachmentLines = new Map()): string {
  return calendarText(
    name,
    tasks.flatMap((task, at) => {
      const uid = filledText(task, 'id') ?? `task-${String(at)}`
      return [...taskLines(task, uid, attached.get(task) ?? []), ...stepLines(task, uid)]
    }),
  )
}

function taskLines(task: JsonObject, uid: string, attached: readonly ContentLine[]): readonly ContentLine[] {
  const status = STATES[text(task, 'status') ?? ''] ?? 'NEEDS-ACTION'
  const completed = momentIn(task, 'completedDateTime')
  return [
    { name: 'BEGIN', value: 'VTODO' },
    { name: 'UID', value: textValue(uid) },
    stampLine(task),
    ...dayLines(task),
    ...textLine('SUMMARY', text(task, 'title')),
    ...bodyLines(task),
    ...categoryLines(task),
    ...historyLines(task),
    { name: 'STATUS', value: status },
    ...(completed === undefined ? [] : [{ name: 'COMPLETED', value: compact(completed) }]),
    ...priorityLines(task),
    ...linkLines(task),
    ...attached,
    ...reminderLines(task),
    { name: 'END', value: 'VTODO' },
  ]
}

/** Days, as To Do has them. A series needs a first day: that on which the task is due, if it says no other. */
function dayLines(task: JsonObject): readonly ContentLine[] {
  const recurrence = record(task, 'recurrence')
  const due = dayIn(task, 'dueDateTime')
  const rule = recurrence === undefined ? undefined : recurrenceRule(recurrence, (day) => day.replaceAll('-', ''))
  const start = dayIn(task, 'startDateTime') ?? (rule === undefined ? undefined : due)
  // A task that is due before it begins is none that iCalendar knows.
  const begins = start !== undefined && (due === undefined || start <= due) ? start : undefined
  const line = (name: string, value: string | undefined): readonly ContentLine[] =>
    value === undefined ? [] : [{ name, value, parameters: { VALUE: 'DATE' } }]
  const isSeries = rule !== undefined && begins !== undefined
  return [...line('DTSTART', begins), ...line('DUE', due), ...(isSeries ? [{ name: 'RRULE', value: rule }] : [])]
}

/** "20260305", as the wall shows it: the zone says where, not which day. */
function dayIn(task: JsonObject, name: string): string | undefined {
  const day = /^\d{4}-\d\d-\d\d/.exec(text(record(task, name) ?? {}, 'dateTime') ?? '')?.[0]
  return day?.replaceAll('-', '')
}

function momentIn(task: JsonObject, name: string): number | undefined {
  const value = record(task, name)
  return value === undefined ? undefined : instantOf(value)
}

function reminderLines(task: JsonObject): readonly ContentLine[] {
  const moment = momentIn(task, 'reminderDateTime')
  if (task.isReminderOn !== true || moment === undefined) return []
  const trigger = { value: compact(moment), parameters: { VALUE: 'DATE-TIME' } }
  return alarmLines(filledText(task, 'title') ?? 'Reminder', trigger)
}

function linkLines(task: JsonObject): readonly ContentLine[] {
  return (list(task, 'linkedResources') ?? []).filter(isObject).flatMap((link) => {
    const address = filledText(link, 'webUrl')
    return address === undefined || !URL.canParse(address) ? [] : [{ name: 'ATTACH', value: new URL(address).href }]
  })
}

function stepLines(task: JsonObject, uid: string): readonly ContentLine[] {
  return (list(task, 'checklistItems') ?? []).filter(isObject).flatMap((step, at) => {
    const checked = time(step, 'checkedDateTime')
    return [
      { name: 'BEGIN', value: 'VTODO' },
      { name: 'UID', value: textValue(`${uid}-${filledText(step, 'id') ?? String(at)}`) },
      stampLine(task),
      ...textLine('SUMMARY', text(step, 'displayName')),
      { name: 'STATUS', value: step.isChecked === true ? 'COMPLETED' : 'NEEDS-ACTION' },
      ...(checked === undefined || step.isChecked !== true ? [] : [{ name: 'COMPLETED', value: compact(checked) }]),
      { name: 'RELATED-TO', value: textValue(uid) },
      { name: 'END', value: 'VTODO' },
    ]
  })
}
