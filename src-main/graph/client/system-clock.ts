import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../engine/ports/clock.ts'

/** The machine's clock, for whoever is given no other. */
export const systemClock: Clock = {
  now: () => Date.now(),
  wait: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal })
  },
}
