import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../src-main/engine/ports/clock.ts'

/** A clock that runs `times` as fast as the machine's: waits are that much shorter, and nobody who asks it can tell. */
export function impatientClock(times: number): Clock {
  const start = Date.now()
  return {
    now: () => start + (Date.now() - start) * times,
    wait: async (milliseconds, signal) => {
      await delay(milliseconds / times, undefined, signal === undefined ? {} : { signal })
    },
  }
}
