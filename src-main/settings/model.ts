import type { RetentionPolicy } from '../engine/index.ts'
import type { AfterRun, Schedule } from '../engine/model/schedule.ts'

/**
 * What is read: options of `holdfast backup` by their names without dashes in front. No secret among them: those come
 * from the environment, from files, or from the keychain by the name of an account.
 */
export type SourceSettings = Readonly<Record<string, string | boolean | readonly string[]>>

/** From which on a run that took much away, or changed much, is worth a notice. */
export interface ChangeThresholds {
  /** Percent of the items that the snapshot before had. */
  readonly percent: number
  /** And at least so many items. */
  readonly items: number
}

/** Sources, destination, schedule, retention. */
export interface Plan {
  /** Stands for it in the history; never changes. */
  readonly id: string
  /** What people call it; none twice. */
  readonly name: string
  /** Milliseconds since 1970. */
  readonly created: number
  /** URL or path, as `holdfast backup` takes it. */
  readonly destination: string
  /** Each makes a snapshot of its own. */
  readonly sources: readonly SourceSettings[]
  readonly schedule: Schedule
  readonly retention?: RetentionPolicy
  readonly after: AfterRun
  readonly notice?: ChangeThresholds
}

/** The file `settings.json` of a profile. */
export interface Settings {
  readonly version: 1
  readonly plans: readonly Plan[]
  /** For plans and runs that have none of their own. */
  readonly notice: ChangeThresholds
}

export const defaultSettings: Settings = { version: 1, plans: [], notice: { percent: 20, items: 50 } }
