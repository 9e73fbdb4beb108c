import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../src-main/engine/ports/clock.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  wait: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal })
  },
}
