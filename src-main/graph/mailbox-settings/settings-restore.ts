import { isDeepStrictEqual } from 'node:util'
import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { ItemOutcome, OnRequest, RestoreOptions, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { isObject, record, text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'

/** What each word of a request brings back; the formats of dates and times belong to the language. */
const settingNames = new Map<OnRequest, readonly string[]>([
  ['time-zone', ['timeZone']],
  ['language', ['language', 'dateFormat', 'timeFormat']],
  ['working-hours', ['workingHours']],
  ['automatic-replies', ['automaticRepliesSetting']],
])

/**
 * Sets the settings that were asked for by name, each in a request of its own: one that Graph refuses is named, the
 * others go on. Automatic replies get their texts, audience and schedule back, but are never switched on.
 */
export async function restoreSettings(
  mailbox: Mailbox,
  stored: JsonObject,
  { onRequest, dryRun }: RestoreOptions,
): Promise<ItemOutcome> {
  const names = [...settingNames].flatMap(([word, settings]) => (onRequest.has(word) ? settings : []))
  if (names.length === 0) return { kind: 'skipped', code: 'only-on-request' }
  const present = await readSettings(mailbox)
  const remarks: RestoreRemark[] = []
  let changed = 0
  for (const name of names) {
    const wanted = wantedValue(name, stored, present)
    if (wanted === undefined || isSame(wanted, present[name])) continue
    if (dryRun || (await isTaken(mailbox, { [name]: wanted }))) changed += 1
    else remarks.push({ code: 'setting-refused', detail: name })
  }
  if (names.includes('automaticRepliesSetting') && staysOff(stored, present)) {
    remarks.push({ code: 'automatic-replies-off' })
  }
  const kept = 'delegateMeetingMessageDeliveryOptions'
  if (!isSame(stored[kept], present[kept])) remarks.push({ code: 'setting-kept', detail: kept })
  return changed > 0 ? { kind: 'created', id: mailbox.user, remarks } : { kind: 'duplicate', remarks }
}

function wantedValue(name: string, stored: JsonObject, present: JsonObject): JsonValue | undefined {
  const value = stored[name]
  if (value === undefined || value === null || value === '') return undefined
  if (name === 'language') {
    const locale = isObject(value) ? text(value, 'locale') : undefined
    return locale === undefined ? undefined : { locale }
  }
  if (name !== 'automaticRepliesSetting' || !isObject(value)) return value
  // Whoever writes to this mailbox gets an answer as soon as they are on: only a person switches them on.
  const before = statusOf(present)
  return { ...value, status: isOff(stored) ? 'disabled' : before }
}

function statusOf(settings: JsonObject): string {
  return text(record(settings, 'automaticRepliesSetting') ?? {}, 'status') ?? 'disabled'
}

function isOff(settings: JsonObject): boolean {
  return statusOf(settings).toLowerCase() === 'disabled'
}

function staysOff(stored: JsonObject, present: JsonObject): boolean {
  return !isOff(stored) && isOff(present)
}

/** Compares what is wanted; what Graph has beyond (the name of a language) does not count. */
function isSame(wanted: JsonValue | undefined, present: JsonValue | undefined): boolean {
  if (!isObject(wanted) || !isObject(present)) return isDeepStrictEqual(wanted ?? null, present ?? null)
  return Object.entries(wanted).every(([name, value]) => isSame(value, present[name]))
}

function settingsPath(user: string): string {
  return graphPath`/users/${user}/mailboxSettings`
}

async function readSettings({ client, user, signal }: Mailbox): Promise<JsonObject> {
  return await client.json<JsonObject>({ path: settingsPath(user), pool: mailboxPool(user), signal })
}

async function isTaken({ client, user, signal }: Mailbox, body: JsonObject): Promise<boolean> {
  try {
    await client.json<JsonObject>({ method: 'PATCH', path: settingsPath(user), body, pool: mailboxPool(user), signal })
    return true
  } catch (error) {
    if (isEngineError(error, 'graph.request-refused') || isEngineError(error, 'graph.forbidden')) return false
    throw error
  }
}
