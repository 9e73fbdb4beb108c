import { z } from 'zod'
import { preferences as preferencesSchema, wizardDraft, type Preferences } from '../../src-shared/ipc/contract/app.ts'

const VERSION = 1

export const defaultPreferences: Preferences = {
  theme: 'system',
  startAtLogin: true,
  startHidden: true,
  closeToTray: true,
  waitOnBattery: true,
  waitOnMetered: true,
  notifications: {
    problems: true,
    'sign-in': true,
    'nothing-backed-up': true,
    'check-failed': true,
    'mass-change': true,
  },
  nothingForDays: 7,
  limitUpload: 0,
  limitDownload: 0,
  checkForUpdates: true,
}

const windowState = z.strictObject({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1).max(100_000),
  height: z.number().int().min(1).max(100_000),
  maximized: z.boolean(),
})
export type WindowState = z.infer<typeof windowState>

const remembered = {
  window: windowState.nullable(),
  /** True: until told otherwise. A number: until that moment. */
  paused: z.union([z.boolean(), z.number()]),
  draft: wizardDraft.nullable(),
  /** What notifications have told and still holds. */
  told: z.array(z.string().max(10_000)).max(1000),
} as const

/** What the shell remembers beside what people choose. */
export interface Remembered {
  readonly window: WindowState | null
  readonly paused: boolean | number
  readonly draft: z.infer<typeof wizardDraft> | null
  readonly told: readonly string[]
}

const nothingRemembered: Remembered = { window: null, paused: false, draft: null, told: [] }

/** Each brings the fields of a version to the next one: `migrations[0]` those of version 0. */
const migrations: readonly ((fields: Fields) => Fields)[] = [
  // What was written by hand, without a version, is read as version 1.
  (fields) => fields,
]

type Fields = Readonly<Record<string, unknown>>

/** Where it is all kept; written whole, so that a crash leaves the old state or the new one. */
export interface PreferenceFile {
  read(): Fields
  write(fields: Fields): void
}

/**
 * What people chose for the desktop and what the shell remembers: never a secret. A field that is missing or makes no
 * sense has its default: no file can keep the program from starting.
 */
export class PreferenceStore {
  readonly #file: PreferenceFile
  readonly #listeners = new Set<(preferences: Preferences) => void>()
  #preferences: Preferences
  #remembered: Remembered

  constructor(file: PreferenceFile) {
    this.#file = file
    const fields = migrated(file.read())
    this.#preferences = readPreferences(fields.preferences)
    this.#remembered = readRemembered(fields)
  }

  get preferences(): Preferences {
    return this.#preferences
  }

  get remembered(): Remembered {
    return this.#remembered
  }

  choose(change: { readonly [Name in keyof Preferences]?: Preferences[Name] | undefined }): Preferences {
    const given = Object.entries(change).filter(([, value]) => value !== undefined)
    this.#preferences = preferencesSchema.parse({ ...this.#preferences, ...Object.fromEntries(given) })
    this.#write()
    for (const listener of this.#listeners) listener(this.#preferences)
    return this.#preferences
  }

  remember(change: Partial<Remembered>): void {
    this.#remembered = { ...this.#remembered, ...change }
    this.#write()
  }

  onChange(listener: (preferences: Preferences) => void): void {
    this.#listeners.add(listener)
  }

  #write(): void {
    this.#file.write({ version: VERSION, preferences: this.#preferences, ...this.#remembered })
  }
}

function migrated(fields: Fields): Fields {
  const given = fields.version ?? 0
  let version = typeof given === 'number' ? given : VERSION
  let current = fields
  for (; version < VERSION; version++) current = migrations[version]?.(current) ?? current
  return current
}

function readPreferences(given: unknown): Preferences {
  const fields = typeof given === 'object' && given !== null ? (given as Fields) : {}
  const kept = Object.entries(preferencesSchema.shape).flatMap(([name, schema]) => {
    const read = schema.safeParse(fields[name])
    return read.success ? [[name, read.data] as const] : []
  })
  return { ...defaultPreferences, ...Object.fromEntries(kept) }
}

function readRemembered(fields: Fields): Remembered {
  return {
    window: remembered.window.catch(nothingRemembered.window).parse(fields.window),
    paused: remembered.paused.catch(nothingRemembered.paused).parse(fields.paused),
    draft: remembered.draft.catch(nothingRemembered.draft).parse(fields.draft),
    told: remembered.told.catch([]).parse(fields.told),
  }
}
