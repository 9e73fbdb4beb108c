import type { JsonObject } from '../../engine/model/json.ts'
import type { RestoreOptions, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { record } from '../item/fields.ts'
import { assignmentsJson } from './details-json.ts'

export interface Assignees {
  /** By stored id. */
  readonly ids: ReadonlyMap<string, string>
  readonly json: JsonObject
  readonly remarks: readonly RestoreRemark[]
}

function storedAssignees(properties: JsonObject): readonly string[] {
  const assignments = record(properties, 'assignments') ?? {}
  return Object.keys(assignments).filter((id) => !id.includes('@'))
}

/** Whether people are to be assigned to the task. */
export function hasAssignees(options: RestoreOptions, properties: JsonObject): boolean {
  return options.onRequest.has('permissions') && storedAssignees(properties).length > 0
}

/**
 * Planner tells everybody who is assigned to a task, by mail and in Teams, whoever assigns them; nothing keeps it from
 * that. So people are assigned only when that is asked for. https://support.microsoft.com/office/cce223d6-b0ae-43cf-a080-266e2414a859
 */
export function assignees(options: RestoreOptions, properties: JsonObject): Assignees {
  const stored = storedAssignees(properties)
  if (stored.length === 0) return { ids: new Map(), json: {}, remarks: [] }
  if (!options.onRequest.has('permissions'))
    return { ids: new Map(), json: {}, remarks: [{ code: 'assignments-left-out' }] }
  const ids = new Map<string, string>()
  for (const id of stored) {
    const person = options.people({ id })
    if (person !== undefined) ids.set(id, person.id)
  }
  const json = assignmentsJson(record(properties, 'assignments') ?? {}, ids)
  return { ids, json, remarks: ids.size < stored.length ? [{ code: 'person-unmapped' }] : [] }
}
