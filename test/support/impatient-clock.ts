import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../src-main/engine/ports/clock.ts'

/**
 * A clock whose waits are `times` as short as they should be, and that says they were not: when one is over, it leaps to
 * its end. In between it goes as the machine's does, or what a busy machine needs would count `times` as well, and run
 * into limits that a request has.
 */
export function impatientClock(times: number): Clock {
  let leapt = 0
  const now = (): number => Date.now() + leapt
  return {
    now,
    wait: async (milliseconds, signal) => {
      const end = now() + milliseconds
      await delay(milliseconds / times, undefined, signal === undefined ? {} : { signal })
      leapt += Math.max(0, end - now())
    },
  }
}
