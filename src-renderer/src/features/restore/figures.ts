import { formatBytes, formatDuration, formatNumber } from '../../../../src-shared/text/amounts.ts'
import { texts } from '../../lib/texts/index.ts'
import type { OperationResult } from '../../lib/operation-watch.svelte.ts'
import type { KeyValueItem } from '../../ui/types.ts'

type Figures = OperationResult['figures']

/** Requests a second that a mailbox or a drive takes for long, by Graph's published limits. */
const sustained = 10

/** Seconds that a restore will take, as far as a dry run can tell. */
function expectedSeconds(figures: Figures): number | undefined {
  const told = numberOf(figures, 'seconds_expected')
  const requests = numberOf(figures, 'requests_expected')
  return told ?? (requests === undefined ? undefined : requests / sustained)
}

/** How many items a dry run would create; undefined if it does not say. */
export function wouldCreate(figures: Figures): number | undefined {
  return numberOf(figures, 'items_created') ?? numberOf(figures, 'files_restored')
}

/** What a dry run found. */
export function expectedFigures(figures: Figures): readonly KeyValueItem[] {
  const { figures: words } = texts.restore
  const seconds = expectedSeconds(figures)
  return told([
    counted(words.created, figures, 'items_created'),
    counted(words.files, figures, 'files_restored'),
    counted(words.existing, figures, 'items_existing'),
    nonzero(words.existing, figures, 'files_skipped'),
    nonzero(words.skipped, figures, 'items_skipped'),
    nonzero(words.remarked, figures, 'items_remarked'),
    nonzero(words.failed, figures, 'items_failed'),
    nonzero(words.failed, figures, 'files_failed'),
    counted(words.folders, figures, 'folders'),
    amount(words.bytes, figures),
    counted(words.requests, figures, 'requests_expected'),
    seconds === undefined
      ? undefined
      : { label: words.time, value: texts.restore.about(formatDuration(seconds * 1000)) },
    place(words.place, figures),
  ])
}

/** What a restore or an export did. */
export function doneFigures({ figures, started, ended }: Pick<OperationResult, 'figures' | 'started' | 'ended'>) {
  const { done: words } = texts.restore
  return told([
    counted(words.created, figures, 'items_created'),
    counted(words.items, figures, 'items'),
    counted(words.files, figures, 'files_restored'),
    counted(words.files, figures, 'files'),
    nonzero(words.existing, figures, 'items_existing'),
    nonzero(words.existing, figures, 'files_skipped'),
    nonzero(words.skipped, figures, 'items_skipped'),
    nonzero(words.skipped, figures, 'skipped'),
    nonzero(words.remarked, figures, 'items_remarked'),
    nonzero(words.failed, figures, 'items_failed'),
    nonzero(words.failed, figures, 'files_failed'),
    nonzero(words.failed, figures, 'failed'),
    counted(words.folders, figures, 'folders'),
    amount(words.bytes, figures),
    nonzero(words.requests, figures, 'requests'),
    ended === null ? undefined : { label: words.time, value: formatDuration(ended - started) },
    place(words.place, figures),
  ])
}

function told(items: readonly (KeyValueItem | undefined)[]): readonly KeyValueItem[] {
  return items.filter((item) => item !== undefined)
}

function numberOf(figures: Figures, name: string): number | undefined {
  const value = figures[name]
  return typeof value === 'number' ? value : undefined
}

function counted(label: string, figures: Figures, name: string): KeyValueItem | undefined {
  const value = numberOf(figures, name)
  return value === undefined ? undefined : { label, value: formatNumber(value) }
}

function nonzero(label: string, figures: Figures, name: string): KeyValueItem | undefined {
  return numberOf(figures, name) === 0 ? undefined : counted(label, figures, name)
}

function amount(label: string, figures: Figures): KeyValueItem | undefined {
  const value = numberOf(figures, 'total_bytes')
  return value === undefined ? undefined : { label, value: formatBytes(value) }
}

function place(label: string, figures: Figures): KeyValueItem | undefined {
  const value = figures.target_folder ?? figures.folder
  return typeof value === 'string' && value !== '' ? { label, value } : undefined
}
