import type { Clock } from '../../../../src-main/engine/ports/clock.ts'

interface Waiter {
  readonly due: number
  readonly finish: () => void
}

export interface ManualClock extends Clock {
  /** Lets time pass: whoever waits is woken in order, each at its own time. */
  advance(milliseconds: number): Promise<void>
  readonly waiting: number
}

/** Everything that is due by promises alone has happened when this resolves. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Time passes only when the test says so. */
export function manualClock(start = Date.UTC(2026, 10, 21)): ManualClock {
  let now = start
  const waiters = new Set<Waiter>()
  return {
    now: () => now,
    wait: (milliseconds, signal) => waitFor(waiters, now + milliseconds, signal),
    get waiting() {
      return waiters.size
    },
    async advance(milliseconds) {
      const end = now + milliseconds
      await settled()
      for (let next = earliest(waiters); next !== undefined && next.due <= end; next = earliest(waiters)) {
        now = Math.max(now, next.due)
        next.finish()
        await settled()
      }
      now = end
    },
  }
}

export interface SteppingClock extends Clock {
  /** What was waited for, in milliseconds. */
  readonly waits: readonly number[]
}

/** Every wait is over at once, and its time has passed. */
export function steppingClock(start = Date.UTC(2026, 10, 21)): SteppingClock {
  let now = start
  const waiters = new Set<Waiter>()
  const waits: number[] = []
  const step = (): void => {
    const next = earliest(waiters)
    if (next === undefined) return
    now = Math.max(now, next.due)
    next.finish()
  }
  return {
    waits,
    now: () => now,
    wait(milliseconds, signal) {
      waits.push(milliseconds)
      const waiting = waitFor(waiters, now + milliseconds, signal)
      setImmediate(step)
      return waiting
    },
  }
}

function earliest(waiters: ReadonlySet<Waiter>): Waiter | undefined {
  return [...waiters].sort((a, b) => a.due - b.due)[0]
}

function waitFor(waiters: Set<Waiter>, due: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(reasonOf(signal))
      return
    }
    const onAbort = (): void => {
      waiters.delete(waiter)
      reject(reasonOf(signal))
    }
    const waiter: Waiter = {
      due,
      finish: () => {
        waiters.delete(waiter)
        signal?.removeEventListener('abort', onAbort)
        resolve()
      },
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    waiters.add(waiter)
  })
}

function reasonOf(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('aborted')
}
