import { formatBytes, formatCount, formatDuration } from '../../../src-shared/text/amounts.ts'
import { reasonText } from '../../../src-shared/text/reasons.ts'
import { remarkText } from '../../../src-shared/text/restore-remarks.ts'
import type { HexId, RestoredItem, TenantRestoreReport } from '../../engine/index.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type { ItemOutcome, RestoreRemark } from '../../engine/ports/restore-target.ts'
import type { AccountingSnapshot } from '../../graph/client/accounting.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import { itemReference, referenceText } from './item-reference.ts'
import { listFailures } from './list-failures.ts'
import type { Output } from './output.ts'

/** A restore to a tenant that is over. */
export interface FinishedRestore {
  readonly dryRun: boolean
  readonly snapshot: HexId
  readonly target: Root
  readonly report: TenantRestoreReport
  /** Path of the report per item. */
  readonly reportFile: string
  readonly accounting: AccountingSnapshot
  readonly durationMs: number
}

type Line = Readonly<Record<string, unknown>>

/** What the report says of one item. */
export function itemLine({ path, outcome }: RestoredItem): Line {
  const { kind, ...more } = outcome
  const message = outcomeMessage(outcome)
  const { id: created, ...rest } = { id: undefined, ...more }
  return { ...itemReference(path), outcome: kind, ...rest, ...(created === undefined ? {} : { created }), ...message }
}

function outcomeMessage(outcome: ItemOutcome): Line {
  if (outcome.kind === 'failed') return { message: reasonText(outcome.code, outcome.detail) }
  if (outcome.kind === 'skipped') return { message: remarkText(outcome.code) }
  const { remarks = [] } = outcome
  return remarks.length === 0 ? {} : { messages: remarkMessages(remarks) }
}

/** Remarks in plain words. */
export function remarkMessages(remarks: readonly RestoreRemark[]): readonly string[] {
  return remarks.map(({ code, detail }) => remarkText(code, detail))
}

/** The last line of the report. */
export function summaryLine({
  failures: _failures,
  place: _place,
  requests: _requests,
  ...counts
}: TenantRestoreReport): Line {
  return { kind: 'summary', ended: new Date(systemClock.now()).toISOString(), ...counts }
}

/** Says what a restore did, and lists what it could not do. */
export function tellRestore(output: Output, finished: FinishedRestore): void {
  listFailures(output, 'item', 'restore', finished.report.failures.map(asFailure))
  for (const line of summaryText(finished)) output.summary(line)
  output.object({ message_type: 'summary', ...summaryFields(finished) })
}

function summaryText({ dryRun, target, report, reportFile, accounting, durationMs }: FinishedRestore): string[] {
  const { created, duplicates, skipped, remarked, bytes, place } = report
  const where = `${target.name}, folder ${place === '' ? '/' : place}`
  const amount = `${formatCount(created, 'item')}, ${formatBytes(bytes)}`
  const requests = formatCount(accounting.requests, 'request')
  return [
    dryRun ? `Would create ${amount}, in ${where}. Nothing was changed.` : `Created ${amount}, in ${where}.`,
    ...(duplicates > 0 ? [`${formatCount(duplicates, 'item is', 'items are')} there already.`] : []),
    ...(skipped > 0 ? [`${formatCount(skipped, 'item was', 'items were')} left out: see the report.`] : []),
    ...(remarked > 0 ? [`${formatCount(remarked, 'item')} came back with a remark: see the report.`] : []),
    ...(dryRun ? [expectation(report.requests)] : []),
    `${requests} in ${formatDuration(durationMs)}. Report: ${reportFile}`,
  ]
}

function summaryFields({
  dryRun,
  snapshot,
  target,
  report,
  reportFile,
  accounting,
  durationMs,
}: FinishedRestore): Line {
  return {
    dry_run: dryRun,
    snapshot_id: snapshot,
    target: target.id,
    target_folder: report.place,
    items_created: report.created,
    items_existing: report.duplicates,
    items_skipped: report.skipped,
    items_remarked: report.remarked,
    ...(dryRun ? { requests_expected: report.requests } : {}),
    items_failed: report.failed,
    folders: report.containers,
    total_bytes: report.bytes,
    requests: accounting.requests,
    throttled_seconds: accounting.throttledMs / 1000,
    total_duration: durationMs / 1000,
    report: reportFile,
  }
}

/** Requests a second that a mailbox or a drive takes for long, by Graph's published limits. */
const SUSTAINED = 10

function expectation(requests: number): string {
  const time = formatDuration((requests / SUSTAINED) * 1000)
  return `It would take about ${formatCount(requests, 'request')}, some ${time} at the rate that Graph allows.`
}

function asFailure({ path, outcome }: RestoredItem): Parameters<typeof listFailures>[3][number] {
  const item = referenceText(itemReference(path))
  if (outcome.kind !== 'failed') return { item, code: 'internal' }
  return { item, code: outcome.code, ...(outcome.detail === undefined ? {} : { detail: outcome.detail }) }
}
