import { UsageError } from './usage-error.ts'

const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/
const FACTORS = [86_400_000, 3_600_000, 60_000, 1000]

/** Milliseconds of "90s", "10m", "1h30m", "2d". Throws UsageError. */
export function parseDuration(option: string, text: string): number {
  const match = DURATION.exec(text)
  if (match === null || text === '')
    throw new UsageError(`--${option} takes a duration like 30s, 10m or 2h, not "${text}".`)
  return FACTORS.reduce((sum, factor, at) => sum + factor * Number(match[at + 1] ?? 0), 0)
}

const MOMENT = /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?$/

/**
 * Milliseconds since 1970 of a day ("2026-03-05"), a month ("2026-03") or a moment ("2026-03-05T14:00", with a zone or
 * in this machine's): its beginning. Throws UsageError.
 */
export function parseMoment(option: string, text: string): number {
  const match = MOMENT.exec(text)
  const parsed = match === null ? NaN : Date.parse(withTime(text.replace(' ', 'T')))
  if (match === null || Number.isNaN(parsed) || !isDay(match))
    throw new UsageError(`--${option} takes a day like 2026-03-05 or a moment like 2026-03-05T14:00, not "${text}".`)
  return parsed
}

/** A day without a time would be read as one in UTC. */
function withTime(text: string): string {
  if (text.length === 7) return `${text}-01T00:00`
  return text.length === 10 ? `${text}T00:00` : text
}

/** Date.parse takes February 30 for March 2. */
function isDay([, year, month, day = '01']: RegExpExecArray): boolean {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
}

/** A whole number within bounds. Throws UsageError. */
export function parseWhole(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN
  if (!(value >= least && value <= most))
    throw new UsageError(`--${option} takes a whole number from ${least} to ${most}, not "${text}".`)
  return value
}
