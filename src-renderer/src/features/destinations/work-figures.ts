import { formatBytes, formatDuration, formatNumber } from '../../../../src-shared/text/amounts.ts'
import type { OperationResult } from '../../lib/operation-watch.svelte.ts'
import { texts } from '../../lib/texts/index.ts'
import type { KeyValueItem } from '../../ui/types.ts'
import type { MaintenanceKind } from './maintenance.svelte.ts'

type Figure = keyof typeof words

const words = texts.destinations.figures

/** In the order in which they are told, by the names of the command line's summary. */
const figuresOf: Readonly<Record<MaintenanceKind, readonly Figure[]>> = {
  check: ['num_errors', 'snapshots', 'packs', 'packs_read', 'bytes_read', 'unused_packs'],
  drill: ['drill_samples', 'drill_bad', 'drill_bytes'],
  prune: ['bytes_freed', 'bytes_total', 'packs_removed', 'packs_repacked', 'bytes_unused_after'],
}

/** What work on a repository came to. */
export function workFigures(
  kind: MaintenanceKind,
  { figures, started, ended }: Pick<OperationResult, 'figures' | 'started' | 'ended'>,
): readonly KeyValueItem[] {
  const told = figuresOf[kind].flatMap((name) => {
    const value = figures[name]
    // What an interrupted run left is only worth a word if there is some.
    if (typeof value !== 'number' || (name === 'unused_packs' && value === 0)) return []
    return [{ label: words[name], value: name.includes('bytes') ? formatBytes(value) : formatNumber(value) }]
  })
  return ended === null ? told : [...told, { label: words.took, value: formatDuration(ended - started) }]
}

/** What a prune would do beside freeing room. */
export function trialFigures({ figures }: Pick<OperationResult, 'figures'>): readonly KeyValueItem[] {
  const { toRemove, toRepack, size, unused } = texts.destinations.pruning
  const known: readonly (readonly [string, string, (value: number) => string])[] = [
    [size, 'bytes_total', formatBytes],
    [toRemove, 'packs_removed', formatNumber],
    [toRepack, 'packs_repacked', formatNumber],
    [unused, 'bytes_unused_after', formatBytes],
  ]
  return known.flatMap(([label, name, format]) => {
    const value = figures[name]
    return typeof value === 'number' ? [{ label, value: format(value) }] : []
  })
}

/** Bytes that a prune frees, or would free; undefined if it does not tell. */
export function freedBy({ figures }: Pick<OperationResult, 'figures'>): number | undefined {
  const freed = figures.bytes_freed
  return typeof freed === 'number' ? freed : undefined
}
