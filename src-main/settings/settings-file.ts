import { join } from 'node:path'
import { EngineError } from '../engine/model/errors.ts'
import { defaultSettings, type Plan, type Settings } from './model.ts'
import { inPlace, readText, writeWhole } from './private-file.ts'
import { takeProfileLock } from './profile-lock.ts'
import { damagedSettings, fieldsOf, listOf, wholeOf, type Fields } from './read-fields.ts'
import { readPlan, readThresholds } from './read-plan.ts'

const VERSION = 1

/** Each brings the fields of a version to the next one: `migrations[0]` those of version 0. */
const migrations: readonly ((fields: Fields) => Fields)[] = [
  // What was written by hand, without a version, is read as version 1.
  (fields) => ({ ...fields, version: 1 }),
]

/** Where the settings of a profile are: plain JSON, which another program may take over. */
function settingsFile(profile: string): string {
  return join(profile, 'settings.json')
}

/**
 * The settings of a profile; defaults where there is no file. Rejects with `settings.damaged` (context: field),
 * `settings.newer` if a later version of the program wrote them, `store.*`.
 */
export async function readSettings(profile: string): Promise<Settings> {
  const path = settingsFile(profile)
  const text = await inPlace(path, () => readText(path))
  return text === undefined ? defaultSettings : parseSettings(text)
}

/** Throws `settings.damaged`, `settings.newer`. */
export function parseSettings(text: string): Settings {
  let fields = fieldsOf(parseJson(text), 'settings')
  let version = wholeOf(fields.version ?? 0, 'version')
  if (version > VERSION) throw new EngineError('settings.newer', { context: { version } })
  for (; version < VERSION; version++) fields = migrations[version]?.(fields) ?? fields
  const plans = listOf(fields.plans ?? [], 'plans', readPlan)
  requireDifferent(plans)
  const notice = fields.notice === undefined ? defaultSettings.notice : readThresholds(fields.notice, 'notice')
  return { version: VERSION, plans, notice }
}

/**
 * Replaces the settings by what `change` makes of them, while no other process does. Rejects like `readSettings`, with
 * `settings.busy`, and with what `change` throws: then nothing is written.
 */
export async function changeSettings(
  profile: string,
  now: () => number,
  change: (settings: Settings) => Settings,
): Promise<Settings> {
  const path = settingsFile(profile)
  const lock = await takeProfileLock(`${path}.lock`, { now })
  try {
    const changed = change(await readSettings(profile))
    const text = `${JSON.stringify(changed, undefined, 2)}\n`
    // What cannot be read again must not be written: it would lock the user out of the plans.
    parseSettings(text)
    await inPlace(path, () => writeWhole(path, text))
    return changed
  } finally {
    await lock.release()
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw damagedSettings('settings', error)
  }
}

function requireDifferent(plans: readonly Plan[]): void {
  const taken = new Set<string>()
  for (const [at, { id, name }] of plans.entries())
    for (const word of [`id ${id}`, `name ${name.toLowerCase()}`]) {
      if (taken.has(word)) throw damagedSettings(`plans[${String(at)}]`)
      taken.add(word)
    }
}
