import { cutUtf8 } from '../../../src-shared/model/safe-name.ts'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { isObject, list, record, text, time } from '../item/fields.ts'
import { htmlToText } from '../item/html-text.ts'
import { itemMetadata, propertiesOf } from '../item/metadata.ts'
import { datedName, peopleText, type Person } from '../item/names.ts'
import { attachmentsOf, exceptionsOf } from './event-parts.ts'
import { instantOf } from './zoned-time.ts'

/** Bytes of UTF-8 that the index keeps of one event. */
const textBytes = 100 * 1024

/** The stored metadata object of an event: a single one, or a series with its changed and cancelled days. */
export function eventMetadata(properties: JsonObject): JsonObject {
  const facts = {
    type: 'event',
    name: text(properties, 'subject') ?? '',
    created: text(properties, 'createdDateTime'),
    modified: text(properties, 'lastModifiedDateTime'),
  }
  return itemMetadata(facts, properties)
}

/**
 * Graph id and change key of a stored event. A series gets a new change key with every change of one of its days too:
 * Exchange keeps changed days inside the item of the series.
 */
export function eventIdentity(metadata: JsonObject): { readonly id: string; readonly changeKey: string } {
  return { id: text(metadata, 'o365:Id') ?? '', changeKey: text(propertiesOf(metadata), 'changeKey') ?? '' }
}

/** What lists show of a stored event. Its time is its start; for a series, that of the first occurrence. */
export function eventRow(metadata: JsonObject, contentSize: number): ReturnType<ItemDescriber['row']> {
  const properties = propertiesOf(metadata)
  const subject = text(properties, 'subject') ?? ''
  const at = startOf(properties)
  return {
    name: datedName(at, subject, eventIdentity(metadata).id),
    shard: '',
    time: at,
    size: contentSize,
    title: subject,
    from: peopleText([person(record(properties, 'organizer'))]),
    to: peopleText((list(properties, 'attendees') ?? []).map(person)),
    hasAttachments: properties.hasAttachments === true || attachmentsOf(properties).length > 0,
  }
}

function startOf(properties: JsonObject): number {
  const start = record(properties, 'start')
  return (start === undefined ? undefined : instantOf(start)) ?? time(properties, 'createdDateTime') ?? 0
}

function person(value: JsonValue | undefined): Person {
  const email = isObject(value) ? record(value, 'emailAddress') : undefined
  return email === undefined ? {} : { name: text(email, 'name'), address: text(email, 'address') }
}

/** Text, places, categories and names of files, of the event and of its changed days. */
export function eventSearchText(metadata: JsonObject): string {
  const properties = propertiesOf(metadata)
  const own = eventTexts(properties)
  const changed = exceptionsOf(properties).flatMap((exception) => [
    text(exception, 'subject') ?? '',
    ...eventTexts(exception),
  ])
  const lines = new Set([...own, ...changed].filter((line) => line !== ''))
  return cutUtf8([...lines].join('\n'), textBytes)
}

function eventTexts(event: JsonObject): readonly string[] {
  const body = record(event, 'body') ?? {}
  const content = text(body, 'content') ?? ''
  const places = [record(event, 'location') ?? {}, ...(list(event, 'locations') ?? []).filter(isObject)]
  const named = [
    ...places.map((place) => text(place, 'displayName')),
    ...attachmentsOf(event).map((file) => text(file, 'name')),
  ]
  const categories = (list(event, 'categories') ?? []).map((name) => (typeof name === 'string' ? name : ''))
  const plain = text(body, 'contentType')?.toLowerCase() === 'text' ? content : htmlToText(content)
  return [plain, ...named.map((name) => name ?? ''), ...categories]
}
