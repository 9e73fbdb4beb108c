import type { JsonObject } from '../../../engine/model/json.ts'
import { eventFiles } from '../../../graph/calendar/event-parts.ts'
import { instantOf, wallOf } from '../../../graph/calendar/zoned-time.ts'
import { isObject, list, record, text } from '../../../graph/item/fields.ts'
import { peopleText } from '../../../graph/item/names.ts'
import { filePart } from '../parts.ts'
import { bodyHtml } from './body-html.ts'
import { repetitionOf } from './repetition.ts'
import { responseWords } from '../words.ts'
import type { MakePreview } from './preview.ts'

const DAY = 86_400_000

/** `start` and `end` in ISO 8601 (UTC); of whole days, the first and the last one, yyyy-mm-dd. */
export const previewEvent: MakePreview = (item) => {
  const { properties } = item
  const allDay = properties.isAllDay === true
  const files = new Map(eventFiles(properties).map(({ fileName, attachment }) => [fileName, attachment]))
  return Promise.resolve({
    kind: 'event',
    subject: text(properties, 'subject') ?? item.title,
    start: momentOf(record(properties, 'start'), allDay, 0),
    end: momentOf(record(properties, 'end'), allDay, DAY),
    allDay,
    location: text(record(properties, 'location') ?? {}, 'displayName') ?? '',
    organizer: personText(record(properties, 'organizer')),
    attendees: (list(properties, 'attendees') ?? []).filter(isObject).map((attendee) => ({
      name: personText(attendee),
      response: responseOf(attendee),
    })),
    recurrence: repetitionOf(record(properties, 'recurrence')),
    html: bodyHtml(record(properties, 'body')),
    parts: item.parts.map((file) => filePart(file, text(files.get(file.name) ?? {}, 'name') ?? file.name)),
  })
}

/** The end of whole days is the midnight after them. */
function momentOf(value: JsonObject | undefined, allDay: boolean, back: number): string {
  const at = value === undefined ? undefined : allDay ? wallOf(value) : instantOf(value)
  if (at === undefined) return ''
  return allDay ? new Date(at - back).toISOString().slice(0, 10) : new Date(at).toISOString()
}

function personText(holder: JsonObject | undefined): string {
  const address = record(holder ?? {}, 'emailAddress') ?? {}
  return peopleText([{ name: text(address, 'name'), address: text(address, 'address') }])
}

function responseOf(attendee: JsonObject): string {
  const response = text(record(attendee, 'status') ?? {}, 'response') ?? ''
  return responseWords[response] ?? ''
}
