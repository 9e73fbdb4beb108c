import type { JsonObject } from '../../engine/model/json.ts'
import { text } from '../item/fields.ts'
import { plainValue, valueHash } from '../item/listed-value.ts'

/** What a task has beside its own properties, and a listing can bring along. */
export const expandable = ['checklistItems', 'linkedResources'] as const

/**
 * The properties of a task as a listing gave it, and a change key. Its etag is not known to change with the checklist
 * or the links, so the key holds a hash of those too. A list that Graph cut short is left out: it is read by itself.
 */
export function listedProperties(entry: JsonObject): JsonObject {
  const children = expandable.filter((name) => Array.isArray(entry[name]))
  const seen = children.map((name) => [name, plainValue(entry[name] ?? null)] as const)
  const cut = new Set<string>(expandable.filter((name) => entry[`${name}@odata.nextLink`] !== undefined))
  const kept = Object.entries(entry).filter(([name]) => !name.includes('@') && !cut.has(name))
  const properties = Object.fromEntries(kept.map(([name, value]) => [name, plainValue(value)]))
  const etag = text(entry, '@odata.etag') ?? text(entry, 'lastModifiedDateTime') ?? ''
  return { ...properties, changeKey: seen.length === 0 ? etag : `${etag} ${valueHash(seen)}` }
}

/** Delta may give no more than what changed. A whole task always has these. */
export function isPartial(entry: JsonObject): boolean {
  return !('status' in entry) || !('createdDateTime' in entry)
}
