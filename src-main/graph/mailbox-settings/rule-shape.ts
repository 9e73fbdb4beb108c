import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { PersonMap } from '../../engine/ports/restore-target.ts'
import { filledText, isObject, record, text } from '../item/fields.ts'
import { canonical } from './settings-metadata.ts'

const parts = ['conditions', 'actions', 'exceptions'] as const
const folderActions = ['moveToFolder', 'copyToFolder'] as const

/** Graph wants an action in every rule; this one alone does nothing. */
const noAction: JsonObject = { stopProcessingRules: true }

/** Folders of the target by ids of the source; undefined for those that are not there. */
export type FolderMap = ReadonlyMap<string, string | undefined>

export interface RuleRequest {
  readonly body: JsonObject
  readonly lacksFolder: boolean
}

/** The request that creates a stored rule. A folder that is not there is left out, and the rule then is not to be used. */
export function ruleRequest(properties: JsonObject, folders: FolderMap, people: PersonMap): RuleRequest {
  const stored = record(properties, 'actions') ?? {}
  const actions: Record<string, JsonValue> = { ...cleaned(stored, people) }
  let lacksFolder = false
  for (const name of folderActions) {
    const id = filledText(stored, name)
    const found = id === undefined ? undefined : folders.get(id)
    lacksFolder ||= id !== undefined && found === undefined
    if (found === undefined) Reflect.deleteProperty(actions, name)
    else actions[name] = found
  }
  const { sequence } = properties
  const conditions = cleaned(record(properties, 'conditions') ?? {}, people)
  const exceptions = cleaned(record(properties, 'exceptions') ?? {}, people)
  const body = {
    displayName: filledText(properties, 'displayName') ?? 'Rule',
    sequence: typeof sequence === 'number' && sequence >= 1 ? sequence : 1,
    ...(Object.keys(conditions).length === 0 ? {} : { conditions }),
    actions: Object.keys(actions).length === 0 ? noAction : actions,
    ...(Object.keys(exceptions).length === 0 ? {} : { exceptions }),
  }
  return { body, lacksFolder }
}

/** Without what is empty and what Graph says about types; people of another tenant by those who stand for them. */
function cleaned(part: JsonObject, people: PersonMap): JsonObject {
  const kept = Object.entries(part).filter(([name, value]) => !name.includes('@') && !isEmpty(value))
  return Object.fromEntries(kept.map(([name, value]) => [name, withPeople(value, people)]))
}

function isEmpty(value: JsonValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function withPeople(value: JsonValue, people: PersonMap): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((entry) => withPeople(entry, people))
  const email = isObject(value) ? record(value, 'emailAddress') : undefined
  if (email === undefined) return value
  const address = text(email, 'address') ?? ''
  const mapped = people({ address })?.address ?? address
  return { emailAddress: { name: text(email, 'name') ?? mapped, address: mapped } }
}

/**
 * Text by which equal rules are recognised: Graph changes the case of words and the names of people, and says `false`
 * or nothing as it likes.
 */
export function ruleShape(rule: JsonObject): string {
  const shown = parts.map((name) => folded(record(rule, name) ?? {}))
  return canonical([text(rule, 'displayName') ?? '', ...shown]).toLowerCase()
}

function folded(part: JsonObject): JsonObject {
  const set = Object.entries(part).filter(([name, value]) => !name.includes('@') && !isEmpty(value) && value !== false)
  return Object.fromEntries(set.map(([name, value]) => [name, foldedValue(value)]))
}

function foldedValue(value: JsonValue): JsonValue {
  if (!Array.isArray(value)) return value
  return (value as readonly JsonValue[]).map((entry) => canonical(addressOf(entry)).toLowerCase()).toSorted()
}

function addressOf(entry: JsonValue): JsonValue {
  const email = isObject(entry) ? record(entry, 'emailAddress') : undefined
  return email === undefined ? entry : (text(email, 'address') ?? '')
}
