import type { Operation } from '../../../../src-shared/ipc/index.ts'
import { formatBytes, formatDuration, formatNumber } from '../../../../src-shared/text/amounts.ts'
import type { OperationResult } from '../../lib/operation-watch.svelte.ts'
import { texts } from '../../lib/texts/index.ts'

interface Figure {
  readonly label: string
  readonly value: string
}

const words = texts.wizard.run

/** How much is done, from 0 to 1; null: that cannot be known. */
export function shareOf(progress: Operation['progress']): number | null {
  if (progress?.expected === undefined || progress.expected === 0) return null
  return Math.min(1, progress.items / progress.expected)
}

/** From this share on the time that is left can be guessed. */
const guessable = 0.03

/** Figures of a run under way. */
export function progressFigures({ progress, started }: Operation, now: number): readonly Figure[] {
  if (progress === null) return []
  const share = shareOf(progress)
  const { items, expected, bytes = 0, requests = 0, throttledMs = 0 } = progress
  const done = expected === undefined ? formatNumber(items) : words.itemsOf(formatNumber(items), formatNumber(expected))
  const left = share === null || share < guessable ? [] : [leftFigure(((now - started) * (1 - share)) / share)]
  return [
    { label: words.items, value: done },
    { label: words.bytes, value: formatBytes(bytes) },
    ...left,
    { label: words.requests, value: formatNumber(requests) },
    { label: words.throttled, value: formatDuration(throttledMs) },
  ]
}

function leftFigure(milliseconds: number): Figure {
  return { label: words.left, value: words.leftAbout(formatDuration(milliseconds)) }
}

/** How many items the snapshots of a run have, if it tells. */
export function itemsOf(result: OperationResult): number | null {
  return figureOf(result, 'total_items')
}

/** Figures of a finished run, by the names of the command line's summary. */
export function resultFigures(result: OperationResult): readonly Figure[] {
  const bytes = figureOf(result, 'total_bytes')
  const added = figureOf(result, 'data_added_packed')
  const unread = figureOf(result, 'items_unread')
  const { started, ended } = result
  return [
    ...(bytes === null ? [] : [{ label: words.total, value: formatBytes(bytes) }]),
    ...(added === null ? [] : [{ label: words.added, value: formatBytes(added) }]),
    ...(unread === null || unread === 0 ? [] : [{ label: words.unread, value: formatNumber(unread) }]),
    ...(ended === null ? [] : [{ label: words.took, value: formatDuration(ended - started) }]),
  ]
}

function figureOf({ figures }: OperationResult, name: string): number | null {
  const figure = figures[name]
  return typeof figure === 'number' ? figure : null
}
