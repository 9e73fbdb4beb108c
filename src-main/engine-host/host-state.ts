import { join } from 'node:path'
import { inPlace, readText, writeWhole } from '../settings/private-file.ts'

/** What the host remembers of a destination. */
export interface KnownPlace {
  /** As a person would say it, where it was picked rather than typed. */
  readonly title?: string
  /** The repository's id. */
  readonly repository?: string
  /** Bytes, as they were last seen. */
  readonly free?: number
  readonly total?: number
}

/** Whether the last use of an account was refused, and since when it is so. */
export interface KnownAccount {
  readonly time: number
  readonly refused: boolean
}

export interface HostStateData {
  readonly version: 1
  readonly places: Readonly<Record<string, KnownPlace>>
  /** By name, lower case. */
  readonly accounts: Readonly<Record<string, KnownAccount>>
}

const empty: HostStateData = { version: 1, places: {}, accounts: {} }

/**
 * What the desktop knows beside plans and secrets, in `desktop.json` of a profile. Nothing in it is needed: a file that
 * cannot be read counts as empty.
 */
export class HostState {
  readonly #path: string
  #last: Promise<unknown> = Promise.resolve()

  constructor(profile: string) {
    this.#path = join(profile, 'desktop.json')
  }

  /** Rejects with `store.*`. */
  async read(): Promise<HostStateData> {
    return parsed(await inPlace(this.#path, () => readText(this.#path)))
  }

  /** One change after the other; nothing is written if nothing changes. */
  change(change: (data: HostStateData) => HostStateData): Promise<void> {
    const changing = this.#last.then(async () => {
      const before = await this.read()
      const after = change(before)
      if (after === before) return
      await inPlace(this.#path, () => writeWhole(this.#path, `${JSON.stringify(after, undefined, 2)}\n`))
    })
    this.#last = changing.catch(() => undefined)
    return changing
  }

  async place(place: string): Promise<KnownPlace | undefined> {
    return ownOf((await this.read()).places, place)
  }

  /** Adds to what is known of a place; a place that is not known becomes so. */
  notePlace(place: string, known: KnownPlace): Promise<void> {
    return this.change((data) => {
      const before = ownOf(data.places, place)
      const isNews = Object.entries(known).some(([name, value]) => before?.[name as keyof KnownPlace] !== value)
      if (before !== undefined && !isNews) return data
      return { ...data, places: { ...data.places, [place]: { ...before, ...known } } }
    })
  }

  forgetPlace(place: string): Promise<void> {
    return this.change((data) => {
      const { [place]: _, ...places } = data.places
      return { ...data, places }
    })
  }

  noteAccount(name: string, known: KnownAccount): Promise<void> {
    const key = name.toLowerCase()
    return this.change((data) => {
      if (ownOf(data.accounts, key)?.refused === known.refused && !known.refused) return data
      return { ...data, accounts: { ...data.accounts, [key]: known } }
    })
  }

  forgetAccount(name: string): Promise<void> {
    return this.change((data) => {
      const { [name.toLowerCase()]: _, ...accounts } = data.accounts
      return { ...data, accounts }
    })
  }
}

export function ownOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

function parsed(text: string | undefined): HostStateData {
  try {
    const value = JSON.parse(text ?? '{}') as Partial<HostStateData> | null
    const isKnown = value?.version === 1 && isRecord(value.places) && isRecord(value.accounts)
    return isKnown ? (value as HostStateData) : empty
  } catch {
    return empty
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
