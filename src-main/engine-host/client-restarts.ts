const WINDOW = 10 * 60_000
const MOST = 5
const FIRST_WAIT = 1000

/** How long to wait before a host that stopped by itself is started again. */
export interface Restarts {
  /** Milliseconds; undefined once it stopped too often: five times in ten minutes. */
  waitAfterStop(now: number): number | undefined
  /** Whether it may be tried again after it was given up. */
  hasRoom(now: number): boolean
}

/** Waits double from one second on, and begin anew when the host has held for ten minutes. */
export function createRestarts(): Restarts {
  let stops: readonly number[] = []
  const recent = (now: number): readonly number[] => stops.filter((stop) => now - stop < WINDOW)
  return {
    waitAfterStop: (now) => {
      stops = [...recent(now), now]
      return stops.length > MOST ? undefined : FIRST_WAIT * 2 ** (stops.length - 1)
    },
    hasRoom: (now) => recent(now).length < MOST,
  }
}
