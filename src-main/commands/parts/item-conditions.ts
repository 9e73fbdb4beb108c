import { parseMoment } from './moments.ts'
import { UsageError } from './usage-error.ts'

/** An item as conditions see it. */
export interface ConditionedItem {
  /** Milliseconds since 1970. */
  readonly time: number
  /** Bytes; undefined where it is not known before reading. */
  readonly size: number | undefined
}

/** A condition on dates or sizes, e.g. "date<2020-01-01" or "size>50MB". */
export interface ItemCondition {
  readonly text: string
  /** Undefined if the item does not tell what the condition is about. */
  matches(item: ConditionedItem): boolean | undefined
}

const CONDITION = /^(date|size)\s*(<=|>=|<|>)\s*(.+)$/i
const SIZE = /^(\d+(?:\.\d+)?)\s*(|b|k|kb|kib|m|mb|mib|g|gb|gib)$/i
const FACTORS: Readonly<Record<string, number>> = { b: 1, k: 1 << 10, m: 1 << 20, g: 1 << 30 }

/** Undefined if the text is no condition. Throws UsageError if it is a wrong one. */
export function readCondition(option: string, text: string): ItemCondition | undefined {
  const match = CONDITION.exec(text.trim())
  if (match === null) return undefined
  const [, subject = '', operator = '', value = ''] = match
  if (subject.toLowerCase() === 'date') {
    const moment = parseMoment(option, value.trim())
    return { text, matches: ({ time }) => compare(time, operator, moment) }
  }
  const bytes = parseSize(option, value.trim())
  return { text, matches: ({ size }) => (size === undefined ? undefined : compare(size, operator, bytes)) }
}

/** Bytes of "500KB", "50MB", "2GB" (units of 1,024), or without a unit. Throws UsageError. */
export function parseSize(option: string, text: string): number {
  const [, amount, unit = ''] = SIZE.exec(text) ?? []
  if (amount === undefined) throw new UsageError(`--${option} takes a size like 500KB, 50MB or 2GB, not "${text}".`)
  return Number(amount) * (FACTORS[unit.slice(0, 1).toLowerCase() || 'b'] ?? 1)
}

function compare(one: number, operator: string, other: number): boolean {
  if (operator === '<') return one < other
  if (operator === '<=') return one <= other
  return operator === '>' ? one > other : one >= other
}
