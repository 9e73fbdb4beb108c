import { EngineError } from '../../model/errors.ts'

/** A moment as the clock on the wall showed it where it was written down. Buckets go by that, as restic's do. */
export interface WallTime {
  /** Milliseconds since 1970, with a fraction. */
  readonly epoch: number
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** Milliseconds, 0 up to 1,000. */
  readonly fraction: number
  /** Milliseconds ahead of UTC. */
  readonly offset: number
}

const MINUTE = 60_000
const TIME = /^(\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(?:Z|([+-])(\d\d):(\d\d))$/i

/** Reads a snapshot's time (RFC 3339). */
export function wallTime(text: string): WallTime {
  const match = TIME.exec(text)
  if (match === null) throw new EngineError('repository.snapshot-damaged', { context: { reason: 'time' } })
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  const fraction = Number(match[7] ?? 0) * 1000
  const [, , , , , , , , sign, hours = '0', minutes = '0'] = match
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE
  const epoch = Date.UTC(year, month - 1, day, hour, minute, second) + fraction - offset
  return { epoch, year, month, day, hour, minute, second, fraction, offset }
}
