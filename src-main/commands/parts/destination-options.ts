import type { BandwidthRule } from '../../destinations/decorators/bandwidth-limit.ts'
import type { FragmentOptions } from '../../destinations/graph-drive/fragments.ts'
import { parseSize } from './item-conditions.ts'
import { parseWhole } from './moments.ts'
import type { OptionValues } from './option-values.ts'
import { UsageError } from './usage-error.ts'

/** How a destination is used. */
export interface DestinationOptions {
  readonly up: readonly BandwidthRule[]
  readonly down: readonly BandwidthRule[]
  readonly appendOnly: boolean
  /** Whether what is deleted in Microsoft 365 goes past the recycle bin, where that can be. */
  readonly permanentDelete: boolean
  /** Whether what is read again and again may be kept on this machine. */
  readonly cache: boolean
  readonly fragments: FragmentOptions
}

const UPLOAD = 'limit-upload'
const DOWNLOAD = 'limit-download'
const SIZE = 'fragment-size'
const RETRIES = 'fragment-retry-count'
const DELAY = 'fragment-retry-delay'
const KIBIBYTE = 1024
const HOUR_MS = 3_600_000
const FASTEST = 2 ** 31

/** Throws UsageError. */
export function readDestinationOptions(values: OptionValues): DestinationOptions {
  const size = values.text(SIZE)
  const retries = values.text(RETRIES)
  const delay = values.text(DELAY)
  return {
    up: readLimit(values, UPLOAD, (from, rate) => ({ from, ...(rate === 0 ? {} : { up: rate }) })),
    down: readLimit(values, DOWNLOAD, (from, rate) => ({ from, ...(rate === 0 ? {} : { down: rate }) })),
    appendOnly: values.flag('append-only') === true,
    permanentDelete: values.flag('permanent-delete') === true,
    cache: values.flag('cache') !== false,
    fragments: {
      ...(size === undefined ? {} : { size: parseSize(SIZE, size) }),
      ...(retries === undefined ? {} : { retryCount: parseWhole(RETRIES, retries, 0, 1000) }),
      ...(delay === undefined ? {} : { retryDelayMs: parseWhole(DELAY, delay, 0, HOUR_MS) }),
    },
  }
}

const RULE = /^(?:(\d{1,2}):(\d{2})=)?(\d+)$/

/** "500" all day long, or "8:00=500,20:00=0". */
function readLimit(
  values: OptionValues,
  option: string,
  rule: (from: number, rate: number) => BandwidthRule,
): readonly BandwidthRule[] {
  const text = values.text(option)
  if (text === undefined) return []
  const rules = text.split(',').map((part) => {
    const [, hours, minutes, amount = ''] = RULE.exec(part.trim()) ?? []
    const from = Number(hours ?? 0) * 60 + Number(minutes ?? 0)
    if (Number(hours ?? 0) > 23 || Number(minutes ?? 0) > 59) throw wrongLimit(option, text)
    if (amount === '') throw wrongLimit(option, text)
    return { timed: hours !== undefined, ...rule(from, parseWhole(option, amount, 0, FASTEST) * KIBIBYTE) }
  })
  // A limit for all day leaves no time for another one.
  if (rules.length > 1 && rules.some(({ timed }) => !timed)) throw wrongLimit(option, text)
  if (new Set(rules.map(({ from }) => from)).size < rules.length) throw wrongLimit(option, text)
  return rules.map(({ timed: _, ...only }) => only)
}

function wrongLimit(option: string, text: string): UsageError {
  return new UsageError(
    `--${option} takes KiB per second like 500, or times of day like 8:00=500,20:00=0, not "${text}".`,
  )
}
