import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { RestoreRemark } from '../../engine/ports/restore-target.ts'
import { isObject, list, record, text } from '../item/fields.ts'
import { cleanText } from '../outlook/clean-text.ts'

/** What a create request says of a stored task. */
export interface TaskRequest {
  readonly json: JsonObject
  readonly remarks: readonly RestoreRemark[]
}

/** Properties that go back as they are. */
const kept = ['categories', 'importance', 'status', 'dueDateTime', 'startDateTime'] as const

/**
 * The request that creates a task with its links and extensions. When it was made and last changed is the service's
 * own; both stay readable in the mark of the task (see mark.ts) and in the backup.
 * https://learn.microsoft.com/graph/api/todotasklist-post-tasks
 */
export function taskJson(properties: JsonObject): TaskRequest {
  const isCompleted = properties.status === 'completed'
  const recurrence = record(properties, 'recurrence')
  const reminder = record(properties, 'reminderDateTime')
  const json: Record<string, JsonValue> = {
    title: cleanText(text(properties, 'title') ?? ''),
    ...fields(properties, kept),
    ...fields(properties, isCompleted ? ['completedDateTime'] : []),
    ...bodyJson(properties),
    ...(reminder === undefined ? {} : { reminderDateTime: reminder, isReminderOn: properties.isReminderOn === true }),
  }
  const links = objects(properties, 'linkedResources').map(({ id: _id, ...link }) => link)
  if (links.length > 0) json.linkedResources = links
  if (recurrence === undefined) return { json, remarks: [] }
  // The service would begin the next task of the series as soon as this one is there.
  if (isCompleted) return { json, remarks: [{ code: 'recurrence-of-completed-left-out' }] }
  return { json: { ...json, recurrence: recurrenceJson(recurrence) }, remarks: [] }
}

/** The extensions of a task or a list as a create request takes them. */
export function extensionsJson(properties: JsonObject): readonly JsonObject[] {
  return objects(properties, 'extensions').map(({ id: _id, ...extension }) => ({
    ...extension,
    '@odata.type': 'microsoft.graph.openTypeExtension',
  }))
}

export function objects(properties: JsonObject, name: string): readonly JsonObject[] {
  return (list(properties, name) ?? []).filter(isObject)
}

function bodyJson(properties: JsonObject): JsonObject {
  const body = record(properties, 'body')
  if (body === undefined) return {}
  const contentType = text(body, 'contentType') ?? 'text'
  return { body: { contentType, content: cleanText(text(body, 'content') ?? '') } }
}

function fields(properties: JsonObject, names: readonly string[]): JsonObject {
  const present = names.flatMap((name) => {
    const value = properties[name]
    return value === undefined || value === null ? [] : [[name, value] as const]
  })
  return Object.fromEntries(present)
}

/** Without the zeros that stand for "not used" and are no valid day, month or number. */
function recurrenceJson(recurrence: JsonObject): JsonObject {
  const pattern = used(record(recurrence, 'pattern') ?? {})
  const range = used(record(recurrence, 'range') ?? {})
  return { ...recurrence, pattern, range }
}

function used(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== 0 && value !== '0001-01-01'))
}

/** Weaker forms of a request for when the service refuses the one before, each with the remark that it takes. */
export function weakerForms({ json, remarks }: TaskRequest): readonly TaskRequest[] {
  const forms: TaskRequest[] = []
  let last: TaskRequest = { json, remarks }
  for (const [names, code] of weakenings) {
    if (!names.some((name) => name in last.json)) continue
    const rest = Object.entries(last.json).filter(([name]) => !names.includes(name))
    last = { json: Object.fromEntries(rest), remarks: [...last.remarks, { code }] }
    forms.push(last)
  }
  return forms
}

const weakenings: readonly (readonly [readonly string[], string])[] = [
  [['recurrence'], 'recurrence-left-out'],
  [['reminderDateTime', 'isReminderOn'], 'reminder-left-out'],
  [['linkedResources'], 'links-left-out'],
  [['dueDateTime', 'startDateTime', 'completedDateTime'], 'dates-left-out'],
]
