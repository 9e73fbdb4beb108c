import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { isObject, list, record, text, time } from '../item/fields.ts'
import { htmlToText } from '../item/html-text.ts'
import { itemMetadata, propertiesOf } from '../item/metadata.ts'
import { itemName } from '../item/names.ts'

/** What is stored of a task. */
export function taskMetadata(properties: JsonObject): JsonObject {
  const facts = {
    type: 'task',
    name: text(properties, 'title') ?? '',
    created: text(properties, 'createdDateTime'),
    modified: text(properties, 'lastModifiedDateTime'),
  }
  return itemMetadata(facts, properties)
}

export function taskIdentity(metadata: JsonObject): { readonly id: string; readonly changeKey: string } {
  return { id: text(metadata, 'o365:Id') ?? '', changeKey: text(propertiesOf(metadata), 'changeKey') ?? '' }
}

/** A task's time is when it was last changed: not every task is due. */
export function taskRow(metadata: JsonObject, contentSize: number): ReturnType<ItemDescriber['row']> {
  const properties = propertiesOf(metadata)
  const title = text(properties, 'title') ?? text(metadata, 'o365:Name') ?? ''
  return {
    name: itemName(title, taskIdentity(metadata).id),
    shard: '',
    time: time(properties, 'lastModifiedDateTime') ?? time(properties, 'createdDateTime') ?? 0,
    size: contentSize,
    title,
    from: '',
    to: '',
    hasAttachments: properties.hasAttachments === true || (list(properties, 'attachments') ?? []).length > 0,
  }
}

/** What people would look for: the note, the steps, the names of links and files, the categories. */
export function taskText(metadata: JsonObject): string {
  const properties = propertiesOf(metadata)
  const lines = [
    bodyText(record(properties, 'body') ?? {}),
    ...named(properties, 'checklistItems', ['displayName']),
    ...named(properties, 'linkedResources', ['displayName', 'applicationName', 'webUrl']),
    ...named(properties, 'attachments', ['name']),
    ...(list(properties, 'categories') ?? []).filter((name) => typeof name === 'string'),
  ]
  return lines.filter((line) => line !== '').join('\n')
}

function bodyText(body: JsonObject): string {
  const content = text(body, 'content') ?? ''
  return text(body, 'contentType')?.toLowerCase() === 'html' ? htmlToText(content) : content
}

function named(properties: JsonObject, name: string, fields: readonly string[]): readonly string[] {
  const objects = (list(properties, name) ?? []).filter(isObject)
  return objects.flatMap((one) => fields.flatMap((key) => text(one, key) ?? []))
}
