import { EngineError } from '../../engine/model/errors.ts'

export interface FragmentOptions {
  /** Bytes of a fragment, from 320 KiB to 60 MiB; rounded down to a multiple of 320 KiB. Default 10 MiB. */
  readonly size?: number
  /** How often one fragment is tried again without any progress. Default 5. */
  readonly retryCount?: number
  /** Milliseconds before the first of those, doubled each time. Default 1,000. */
  readonly retryDelayMs?: number
}

export type Fragments = Required<FragmentOptions>

const KiB = 1024
const MiB = 1024 * KiB
/** https://learn.microsoft.com/graph/api/driveitem-createuploadsession */
const unit = 320 * KiB
const largest = 60 * MiB

/** Rejects with `usage` if a number is out of bounds. */
export function checkedFragments({
  size = 10 * MiB,
  retryCount = 5,
  retryDelayMs = 1_000,
}: FragmentOptions = {}): Fragments {
  if (!(size >= unit && size <= largest)) throw new EngineError('usage', { context: { reason: 'fragment-size' } })
  if (!Number.isSafeInteger(retryCount) || retryCount < 0)
    throw new EngineError('usage', { context: { reason: 'fragment-retry-count' } })
  if (!(retryDelayMs >= 0 && retryDelayMs <= 3_600_000))
    throw new EngineError('usage', { context: { reason: 'fragment-retry-delay' } })
  // A fragment has to stay below 60 MiB.
  const units = Math.floor(Math.min(size, largest - 1) / unit)
  return { size: units * unit, retryCount, retryDelayMs }
}
