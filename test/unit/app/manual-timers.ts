import { setImmediate } from 'node:timers/promises'

export interface ManualTimers {
  readonly now: () => number
  readonly after: (milliseconds: number, call: () => void) => () => void
  /** Lets time pass; timers ring at their moments, and what they begin is done. */
  advance(milliseconds: number): Promise<void>
  /** Milliseconds until the next one rings. */
  readonly next: number | undefined
}

/** Timers that stand still until a test moves them. */
export function createManualTimers(start = Date.parse('2026-01-01T00:00:00Z')): ManualTimers {
  let time = start
  const timers = new Set<{ readonly at: number; readonly call: () => void }>()
  const first = (): { readonly at: number; readonly call: () => void } | undefined =>
    [...timers].sort((one, other) => one.at - other.at)[0]
  return {
    now: () => time,
    after: (milliseconds, call) => {
      const timer = { at: time + milliseconds, call }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance: async (milliseconds) => {
      const end = time + milliseconds
      for (let timer = first(); timer !== undefined && timer.at <= end; timer = first()) {
        timers.delete(timer)
        time = Math.max(time, timer.at)
        timer.call()
        await setImmediate()
      }
      time = end
      await setImmediate()
    },
    get next() {
      const timer = first()
      return timer === undefined ? undefined : timer.at - time
    },
  }
}
