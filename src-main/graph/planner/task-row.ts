import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { isObject, record, text, time } from '../item/fields.ts'
import { itemMetadata, propertiesOf } from '../item/metadata.ts'
import { itemName, peopleText } from '../item/names.ts'

/** What is stored of a task. Planner does not tell when a task was changed. */
export function taskMetadata(properties: JsonObject): JsonObject {
  const facts = {
    type: 'plannerTask',
    name: text(properties, 'title') ?? '',
    created: text(properties, 'createdDateTime'),
    modified: text(properties, 'completedDateTime') ?? text(properties, 'createdDateTime'),
  }
  return itemMetadata(facts, properties)
}

export function taskIdentity(metadata: JsonObject): { readonly id: string; readonly changeKey: string } {
  return { id: text(metadata, 'o365:Id') ?? '', changeKey: text(propertiesOf(metadata), 'changeKey') ?? '' }
}

/** When it is due, or else when it was made. Planner names people by their ids, and only sometimes by name. */
export function taskRow(metadata: JsonObject, contentSize: number): ReturnType<ItemDescriber['row']> {
  const properties = propertiesOf(metadata)
  const title = text(properties, 'title') ?? text(metadata, 'o365:Name') ?? ''
  return {
    name: itemName(title, taskIdentity(metadata).id),
    shard: '',
    time: time(properties, 'dueDateTime') ?? time(properties, 'createdDateTime') ?? 0,
    size: contentSize,
    title,
    from: personName(record(properties, 'createdBy')),
    to: '',
    hasAttachments: Object.keys(record(record(properties, 'details') ?? {}, 'references') ?? {}).length > 0,
  }
}

function personName(identity: JsonObject | undefined): string {
  const user = record(identity ?? {}, 'user') ?? {}
  return peopleText([{ name: text(user, 'displayName') }])
}

/** What people would look for: the description, the checklist, the names and addresses of references. */
export function taskText(metadata: JsonObject): string {
  const details = record(propertiesOf(metadata), 'details') ?? {}
  const steps = Object.values(record(details, 'checklist') ?? {}).filter(isObject)
  const references = Object.entries(record(details, 'references') ?? {})
  const lines = [
    text(details, 'description') ?? '',
    ...steps.map((step) => text(step, 'title') ?? ''),
    ...references.flatMap(([address, value]) => [
      isObject(value) ? (text(value, 'alias') ?? '') : '',
      decoded(address),
    ]),
  ]
  return lines.filter((line) => line !== '').join('\n')
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    // Not encoded as Planner does it: then as it stands.
    return address
  }
}
