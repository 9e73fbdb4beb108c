import { formatBytes, formatCount } from '../../../src-shared/text/amounts.ts'
import type { PruneFigures, PruneLimits, PruneProgress, PruneReport } from '../../engine/index.ts'
import { parseBytes, parseUnused } from './amount-options.ts'
import type { OptionValues } from './option-values.ts'
import type { Output } from './output.ts'
import type { Session } from './session.ts'

const STAGES: Readonly<Record<PruneProgress['stage'], string>> = {
  index: 'reading the index',
  trees: 'looking what is used',
  repack: 'writing packs anew',
  delete: 'removing files',
}

/** Throws UsageError. */
export function readPruneLimits(values: OptionValues): PruneLimits {
  const unused = values.text('max-unused')
  const repack = values.text('max-repack-size')
  return {
    ...(unused === undefined ? {} : { maxUnused: parseUnused('max-unused', unused) }),
    ...(repack === undefined ? {} : { maxRepackBytes: parseBytes('max-repack-size', repack) }),
  }
}

export function showPruneProgress({ progress }: Session): (state: PruneProgress) => void {
  return ({ stage, done, total }) => {
    const amount = stage === 'repack' ? { items: 0, bytes: done } : { items: done, expected: total }
    progress.update(() => ({ current: STAGES[stage], ...amount }))
  }
}

/** Says what a prune did, or would do. */
export function reportPrune(output: Output, report: PruneReport): void {
  const { packs, bytes, dryRun, indexFiles } = report
  const would = dryRun ? 'Would free' : 'Freed'
  output.summary(
    `${would} ${formatBytes(bytes.freed)}: ${formatCount(packs.removed, 'pack')} removed, ${formatCount(packs.repacked, 'pack')} written anew.`,
  )
  if (packs.unnamed > 0)
    output.summary(`Of those, ${formatCount(packs.unnamed, 'pack')} had been left by an interrupted run.`)
  output.summary(`${formatBytes(bytes.unusedAfter)} stay unused.`)
  output.object({
    message_type: 'summary',
    dry_run: dryRun,
    ...pruneFigures(report),
    index_files_removed: indexFiles.removed,
    index_files_written: indexFiles.written,
  })
}

/** For --json and the history. */
export function pruneFigures({ snapshots, packs, blobs, bytes }: PruneFigures): Readonly<Record<string, number>> {
  return {
    snapshots,
    packs: packs.total,
    packs_removed: packs.removed,
    packs_repacked: packs.repacked,
    packs_unnamed: packs.unnamed,
    blobs: blobs.total,
    blobs_used: blobs.used,
    blobs_duplicate: blobs.duplicates,
    bytes_total: bytes.total,
    bytes_freed: bytes.freed,
    bytes_repacked: bytes.repacked,
    bytes_unused_after: bytes.unusedAfter,
  }
}
