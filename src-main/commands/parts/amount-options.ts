import type { UnusedLimit } from '../../engine/index.ts'
import { UsageError } from './usage-error.ts'

const SIZE = /^(\d+(?:\.\d+)?)\s*(?:([KMGT])(?:i?B)?|B)?$/i
const EXPONENTS = ['', 'K', 'M', 'G', 'T']
const PERCENT = /^(\d+(?:\.\d+)?)%$/

/** Bytes of "500M", "2GiB", "1024": powers of 1024, as restic takes them. Throws UsageError. */
export function parseBytes(option: string, text: string): number {
  const [, number, unit = ''] = SIZE.exec(text.trim()) ?? []
  if (number === undefined) throw new UsageError(`--${option} takes a size like 500M or 2G, not "${text}".`)
  return Math.floor(Number(number) * 1024 ** EXPONENTS.indexOf(unit.toUpperCase()))
}

/** "5%", above 0 and up to 100; undefined for something else than a percentage. Throws UsageError. */
export function parsePercent(option: string, text: string): number | undefined {
  const [, number] = PERCENT.exec(text.trim()) ?? []
  if (number === undefined) return undefined
  const percent = Number(number)
  if (!(percent > 0 && percent <= 100))
    throw new UsageError(`--${option} takes a percentage up to 100%, not "${text}".`)
  return percent
}

/** How much of what is not used may stay. Throws UsageError. */
export function parseUnused(option: string, text: string): UnusedLimit {
  if (text === 'unlimited') return { bytes: Number.MAX_SAFE_INTEGER }
  if (/^0+%?$/.test(text)) return { bytes: 0 }
  const percent = parsePercent(option, text)
  return percent === undefined ? { bytes: parseBytes(option, text) } : { percent }
}
