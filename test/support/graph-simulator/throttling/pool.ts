import type { Measure, Window } from './options.ts'

interface Counter {
  start: number
  spent: number
}

/** The counts of one pool. */
export class Pool {
  inFlight = 0
  maxInFlight = 0
  /** Requests before this time are refused. */
  closedUntil = 0
  /** Requests before this time are too early, refused or not. */
  waitUntil = 0
  waitSince = 0
  /** Refusals without Retry-After since the pool was last open: those that came together count once. */
  readonly rounds = { since: 0, last: 0, count: 0 }
  private readonly began: number
  private readonly counters: Counter[] = []

  constructor(now: number) {
    this.began = now
  }

  /** Counts a request. Windows that are over begin anew. */
  spend(windows: readonly Window[], spent: Readonly<Record<Measure, number>>, now: number): void {
    windows.forEach((window, at) => {
      const counter = this.counter(at)
      if (now >= counter.start + window.windowMs) Object.assign(counter, { start: now, spent: 0 })
      counter.spent += spent[window.measure]
    })
  }

  /** Milliseconds until the last window that is overdrawn ends; 0 when none is. */
  overdrawnFor(windows: readonly Window[], now: number): number {
    const left = windows.map(({ amount, windowMs }, at) => {
      const { start, spent } = this.counter(at)
      return spent > amount ? start + windowMs - now : 0
    })
    return Math.max(0, ...left)
  }

  /** After the wait the overdrawn counters begin anew, so that Retry-After keeps its promise. */
  closeUntil(windows: readonly Window[], time: number): void {
    this.closedUntil = Math.max(this.closedUntil, time)
    windows.forEach(({ amount, windowMs }, at) => {
      const counter = this.counter(at)
      if (counter.spent > amount) counter.start = this.closedUntil - windowMs
    })
  }

  private counter(at: number): Counter {
    return (this.counters[at] ??= { start: this.began, spent: 0 })
  }
}
