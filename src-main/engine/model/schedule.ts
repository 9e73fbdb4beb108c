export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

export type Weekday = (typeof weekdays)[number]

/** As the clock on the wall shows it, "02:30". */
export type TimeOfDay = string

/** When a plan runs. Times are those of the time zone that the caller names. */
export type Recurrence =
  | {
      readonly kind: 'hours'
      /** Whole, 1 or more; counted from the start of the run before. */ readonly hours: number
    }
  | { readonly kind: 'daily'; readonly at: TimeOfDay }
  | { readonly kind: 'weekly'; /** At least one. */ readonly on: readonly Weekday[]; readonly at: TimeOfDay }

/** No run begins in between; one that has begun goes on. `to` may be earlier than `from`: then it is past midnight. */
export interface QuietHours {
  readonly from: TimeOfDay
  readonly to: TimeOfDay
}

export interface Schedule {
  /** Without it the plan runs only when somebody says so. */
  readonly recurrence?: Recurrence | undefined
  readonly quiet?: QuietHours | undefined
  /** True: until somebody says otherwise. A number: until that moment (milliseconds since 1970). */
  readonly paused?: boolean | number | undefined
}

/** What follows a run that made a snapshot. */
export interface AfterRun {
  /** Apply the plan's retention. */
  readonly forget: boolean
  /** Days between prunes; undefined: never. Without `forget` nothing becomes unused, and nothing is pruned. */
  readonly pruneEveryDays?: number | undefined
  /** A check that reads so many percent of the data, going round. */
  readonly check?: { readonly percent: number; readonly everyDays: number } | undefined
  /** A restore drill: so many items of each data type are restored in memory. */
  readonly drill?: { readonly samples: number; readonly everyDays: number } | undefined
}

/** A plan as the schedule sees it. */
export interface ScheduledPlan {
  readonly id: string
  /** Plans with the same word here never run at the same time. */
  readonly repository: string
  readonly schedule: Schedule
  readonly after: AfterRun
  /** Milliseconds since 1970. */
  readonly created: number
}

export type Step = 'backup' | 'forget' | 'prune' | 'check' | 'drill'

/**
 * How a run ended. `incomplete`: done, but some items failed. `interrupted`: nobody knows, the program or the machine
 * stopped. `stopped`: somebody wanted it to.
 */
export type RunOutcome = 'done' | 'incomplete' | 'failed' | 'interrupted' | 'stopped'

export interface PastRun {
  readonly plan: string
  /** Milliseconds since 1970. */
  readonly started: number
  readonly ended: number
  readonly outcome: RunOutcome
  /** Steps that were done. */
  readonly steps: readonly Step[]
}

/** A run under way. */
export interface ActiveRun {
  readonly plan: string
  readonly repository: string
}
