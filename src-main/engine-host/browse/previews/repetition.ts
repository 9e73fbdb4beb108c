import type { JsonObject } from '../../../engine/model/json.ts'
import { list, record, text } from '../../../graph/item/fields.ts'
import { repetitionText } from '../words.ts'

/** Graph's patternedRecurrence in plain words; empty if there is none. */
export function repetitionOf(recurrence: JsonObject | undefined): string {
  const pattern = record(recurrence ?? {}, 'pattern') ?? {}
  const range = record(recurrence ?? {}, 'range') ?? {}
  const kind = text(range, 'type')
  return repetitionText({
    type: text(pattern, 'type') ?? '',
    interval: whole(pattern, 'interval'),
    daysOfWeek: (list(pattern, 'daysOfWeek') ?? []).filter((day) => typeof day === 'string'),
    dayOfMonth: whole(pattern, 'dayOfMonth'),
    month: whole(pattern, 'month'),
    index: text(pattern, 'index') ?? 'first',
    until: kind === 'endDate' ? (text(range, 'endDate') ?? '') : '',
    times: kind === 'numbered' ? whole(range, 'numberOfOccurrences') : 0,
  })
}

function whole(object: JsonObject, name: string): number {
  const value = object[name]
  return typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : 0
}
