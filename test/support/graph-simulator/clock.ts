import { setTimeout as delay } from 'node:timers/promises'

/** Time as the simulator sees it. Tests may bring their own to move it by hand. */
export interface SimulatorClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Resolves after `milliseconds`; rejects when the signal fires first. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** The machine's own time. */
export const systemClock: SimulatorClock = {
  now: () => Date.now(),
  wait: (milliseconds, signal) => delay(milliseconds, undefined, signal === undefined ? {} : { signal }),
}
