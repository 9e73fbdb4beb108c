import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../src-main/engine/ports/clock.ts'

interface Timer {
  readonly at: number
  readonly ring: () => void
}

export interface ManualClock extends Clock {
  /** Lets time pass; whoever waits goes on at its moment and does what it can do at once. */
  advance(milliseconds: number): Promise<void>
  /** Lets time pass at one stroke, as for a machine that was suspended: timers ring late. */
  jump(milliseconds: number): void
  /** How many are waiting. */
  readonly waiting: number
}

/** A clock that stands still until a test moves it. */
export function createManualClock(start = Date.parse('2026-01-01T00:00:00Z')): ManualClock {
  let now = start
  const timers = new Set<Timer>()

  const wait = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        timers.delete(timer)
        reject(signal?.reason as Error)
      }
      const timer = {
        at: now + milliseconds,
        ring: () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        },
      }
      if (signal?.aborted === true) {
        stop()
        return
      }
      signal?.addEventListener('abort', stop, { once: true })
      timers.add(timer)
    })

  const advance = async (milliseconds: number): Promise<void> => {
    const end = now + milliseconds
    for (;;) {
      await settle()
      const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      timers.delete(next)
      now = Math.max(now, next.at)
      next.ring()
    }
    now = end
  }

  return {
    now: () => now,
    wait,
    advance,
    jump: (milliseconds) => (now += milliseconds),
    get waiting() {
      return timers.size
    },
  }
}

/** A few turns of the event loop, so that whatever needs no time has happened. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate()
}
