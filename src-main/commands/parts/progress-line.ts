import { formatBytes, formatCount, formatDuration, formatNumber } from '../../../src-shared/text/amounts.ts'
import type { Message } from './output.ts'
import { displayWidth, printable, shortenMiddle } from '../../../src-shared/text/printable.ts'

/** How far a run is. Amounts count from its beginning. */
export interface ProgressState {
  /** What is done at the moment: a path, or a word. */
  readonly current: string
  readonly items: number
  /** What the items are, in the plural; default "items". */
  readonly unit?: string
  /** Items in all, where that is known. */
  readonly expected?: number | undefined
  readonly bytes?: number | undefined
  readonly requests?: number | undefined
  readonly throttledMs?: number | undefined
}

const LEAST_PATH = 12
/** Before so much time, a rate says nothing. */
const SETTLED_MS = 3_000

/** The figures of a run, most telling first. */
function figures(state: ProgressState, elapsedMs: number): string[] {
  const { items, expected, bytes, requests, throttledMs = 0, unit = 'items' } = state
  const done = formatNumber(items)
  const whole = expected ?? 0
  const rest = remainingMs(state, elapsedMs)
  const settled = elapsedMs >= SETTLED_MS && items > 0
  return [
    ...(items === 0 && whole === 0
      ? []
      : [whole < items || whole === 0 ? `${done} ${unit}` : `${done} of ${formatNumber(whole)} ${unit}`]),
    ...(bytes === undefined || bytes === 0 ? [] : [formatBytes(bytes)]),
    ...(settled ? [`${formatNumber((items * 1000) / elapsedMs)}/s`] : []),
    ...(rest === undefined ? [] : [`about ${formatDuration(rest)} left`]),
    ...(requests === undefined ? [] : [formatCount(requests, 'request')]),
    ...(throttledMs >= 1000 ? [`throttled ${formatDuration(throttledMs)}`] : []),
  ]
}

/** Milliseconds that the rest takes if it goes on like this; undefined if that cannot be said. */
function remainingMs({ items, expected }: ProgressState, elapsedMs: number): number | undefined {
  if (expected === undefined || items <= 0 || expected < items || elapsedMs < SETTLED_MS) return undefined
  return (elapsedMs / items) * (expected - items)
}

/** One line of at most `columns` columns: where it is, shortened as need be, and the figures that there is room for. */
export function progressLine(state: ProgressState, elapsedMs: number, columns: number): string {
  const shown: string[] = []
  let room = columns - LEAST_PATH
  for (const figure of figures(state, elapsedMs)) {
    const width = displayWidth(figure) + 2
    if (width > room) break
    room -= width
    shown.push(figure)
  }
  const path = shortenMiddle(printable(state.current), Math.max(0, room + LEAST_PATH))
  return [path, ...shown].filter((part) => part !== '').join('  ')
}

/** The same as an object, in the words of restic's status where it has them. */
export function progressObject(state: ProgressState, elapsedMs: number): Message {
  const { items, expected, bytes, requests, throttledMs } = state
  const rest = remainingMs(state, elapsedMs)
  const known = expected !== undefined && expected > 0
  return {
    message_type: 'status',
    seconds_elapsed: Math.floor(elapsedMs / 1000),
    ...(rest === undefined ? {} : { seconds_remaining: Math.round(rest / 1000) }),
    ...(known ? { percent_done: Math.min(1, items / expected), total_items: expected } : {}),
    items_done: items,
    ...(bytes === undefined ? {} : { bytes_done: bytes }),
    ...(requests === undefined ? {} : { requests }),
    ...(throttledMs === undefined ? {} : { throttled_seconds: Math.round(throttledMs / 1000) }),
    current: state.current,
  }
}
