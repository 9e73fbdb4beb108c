import type { JsonObject } from '../../engine/model/json.ts'
import { record, text } from '../item/fields.ts'
import { plainValue, valueHash } from '../item/listed-value.ts'

/**
 * The properties of a task as listed, its details inside if they are known, and a change key. The task's etag is not
 * known to change with its details, so the key holds a hash of those too.
 */
export function listedProperties(entry: JsonObject): JsonObject {
  const details = record(entry, 'details')
  const known = details === undefined ? undefined : plainValue(details)
  const kept = Object.entries(entry).filter(([name]) => !name.includes('@') && name !== 'details')
  const properties = Object.fromEntries(kept.map(([name, value]) => [name, plainValue(value)]))
  const etag = text(entry, '@odata.etag') ?? valueHash(properties)
  return {
    ...properties,
    ...(known === undefined ? {} : { details: known }),
    changeKey: known === undefined ? etag : `${etag} ${valueHash(known)}`,
  }
}

/** Whether the task says that there is something in its details; one that does not say is asked. */
export function hasDetails(task: JsonObject): boolean {
  return task.hasDescription !== false || task.checklistItemCount !== 0 || task.referenceCount !== 0
}
