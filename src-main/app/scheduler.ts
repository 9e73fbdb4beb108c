import { isPausedAt } from '../../src-shared/model/paused.ts'
import type { Preferences } from '../../src-shared/ipc/contract/app.ts'
import type { Metered } from './metered.ts'

/** What the engine host says of the plans. */
export interface Due {
  readonly plans: readonly string[]
  readonly next: number | null
}

export interface SchedulerState {
  readonly next: number | null
  readonly waiting: 'battery' | 'metered' | null
}

export interface SchedulerParts {
  readonly now: () => number
  /** Calls back after so many milliseconds, unless what it returns was called before. */
  readonly after: (milliseconds: number, call: () => void) => () => void
  /** Undefined when the engine does not answer now. `quietDays`: so many days without a backup need attention. */
  readonly due: (quietDays: number) => Promise<Due | undefined>
  /** Starts a plan; a run that cannot begin is in its report, so nothing is returned. */
  readonly run: (plan: string) => Promise<void>
  readonly preferences: () => Pick<Preferences, 'waitOnBattery' | 'waitOnMetered' | 'nothingForDays'>
  /** True, or the moment until which nothing is started. */
  readonly paused: () => boolean | number
  readonly isOnBattery: () => boolean
  readonly metered: () => Promise<Metered>
  readonly isOnline: () => boolean
  readonly onState: (state: SchedulerState) => void
}

const MINUTE = 60_000
/** A clock that is set, or a timer that sleeps with the machine, costs at most this. */
const LONGEST = 60 * MINUTE
/** Without a network, on battery or on a metered network: the next look, should nobody tell of a change. */
const WAITING = 5 * MINUTE
const OFFLINE = MINUTE / 2
/** A plan that ends at once and is still due does not start again and again. */
const BETWEEN_STARTS = 5 * MINUTE

/** Starts plans when their time has come. One timer; it looks anew whenever something may have changed. */
export class Scheduler {
  readonly #parts: SchedulerParts
  readonly #started = new Map<string, number>()
  #cancel: (() => void) | undefined
  #looking: Promise<void> | undefined
  #again = false
  #stopped = false

  constructor(parts: SchedulerParts) {
    this.#parts = parts
  }

  /** Looks now. Asked during a look, it looks once more after it. */
  async look(): Promise<void> {
    if (this.#stopped) return
    this.#again = true
    this.#looking ??= this.#lookUntilDone()
    await this.#looking
  }

  /** Nothing is started any more, until `resume`. */
  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }

  resume(): void {
    this.#stopped = false
    void this.look()
  }

  async #lookUntilDone(): Promise<void> {
    try {
      while (this.#again && !this.#isStopped()) {
        this.#again = false
        await this.#lookOnce()
      }
    } finally {
      this.#looking = undefined
    }
  }

  // What stopped it may have come while it waited.
  #isStopped(): boolean {
    return this.#stopped
  }

  async #lookOnce(): Promise<void> {
    this.#cancel?.()
    const due = await this.#parts.due(this.#parts.preferences().nothingForDays)
    if (this.#isStopped()) return
    if (due === undefined) {
      this.#wakeIn(WAITING)
      return
    }
    const now = this.#parts.now()
    const paused = this.#parts.paused()
    if (paused !== false && isPausedAt(paused, now)) {
      this.#parts.onState({ next: paused === true ? null : Math.max(paused, due.next ?? paused), waiting: null })
      this.#wakeIn(paused === true ? LONGEST : paused - now)
      return
    }
    const waiting = due.plans.length === 0 ? null : await this.#reasonToWait()
    this.#parts.onState({ next: due.next, waiting })
    const untilNext = due.next === null ? LONGEST : due.next - now
    if (waiting !== null) this.#wakeIn(Math.min(WAITING, untilNext))
    else if (due.plans.length > 0 && !this.#parts.isOnline()) this.#wakeIn(OFFLINE)
    else this.#wakeIn(Math.min(untilNext, await this.#startAll(due.plans, now)))
  }

  async #reasonToWait(): Promise<SchedulerState['waiting']> {
    const { waitOnBattery, waitOnMetered } = this.#parts.preferences()
    if (waitOnBattery && this.#parts.isOnBattery()) return 'battery'
    return waitOnMetered && (await this.#parts.metered()) === 'yes' ? 'metered' : null
  }

  /** Milliseconds until a plan that had to be held back may start. */
  async #startAll(plans: readonly string[], now: number): Promise<number> {
    let wait = LONGEST
    for (const plan of plans) {
      const since = now - (this.#started.get(plan) ?? -Infinity)
      if (since >= 0 && since < BETWEEN_STARTS) {
        wait = Math.min(wait, BETWEEN_STARTS - since)
        continue
      }
      if (this.#isStopped()) break
      this.#started.set(plan, now)
      await this.#parts.run(plan)
      wait = Math.min(wait, BETWEEN_STARTS)
    }
    return wait
  }

  #wakeIn(milliseconds: number): void {
    if (this.#isStopped()) return
    this.#cancel?.()
    this.#cancel = this.#parts.after(Math.min(Math.max(milliseconds, 1000), LONGEST), () => {
      void this.look()
    })
  }
}
