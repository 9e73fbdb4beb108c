import { formatBytes, formatCount, formatDuration } from '../../src-shared/text/amounts.ts'
import { printable } from '../../src-shared/text/printable.ts'
import { reasonText } from '../../src-shared/text/reasons.ts'
import type { BackupReport, Notice } from '../engine/index.ts'
import type { AccountingSnapshot } from '../graph/client/accounting.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'
import { referenceText } from './item-reference.ts'
import type { Output } from './output.ts'

export interface FinishedBackup {
  readonly report: BackupReport
  readonly accounting: AccountingSnapshot
  readonly durationMs: number
  /** Whether a user of that name was left out by --exclude: then being gone from the snapshot is no news. */
  readonly isExcluded: (name: string) => boolean
}

/** Lines of one kind that are shown; all of them are in the snapshot's report. */
const SHOWN = 20

export function backupExitCode({ unread, notRefreshed }: BackupReport): ExitCode {
  return unread.length + notRefreshed.length > 0 ? exitCodes.incomplete : exitCodes.done
}

/** Says what a backup did, and lists what it could not do. */
export function reportBackup(output: Output, finished: FinishedBackup): void {
  if (output.json) reportAsObjects(output, finished)
  else reportAsText(output, finished)
}

function reportAsText(output: Output, { report, accounting, durationMs, isExcluded }: FinishedBackup): void {
  const { unread, notRefreshed, notices } = report
  list(
    (text) => output.warn(text),
    `${formatCount(unread.length, 'item')} could not be read, to be tried again in the next run:`,
    unread.map((item) => `${referenceText(item)}: ${reasonText(item.code)}`),
  )
  list(
    (text) => output.warn(text),
    `${formatCount(notRefreshed.length, 'folder')} could not be listed and stayed as in the snapshot before:`,
    notRefreshed.map(({ path, code }) => `${path}: ${reasonText(code)}`),
  )
  list(
    (text) => output.note(text),
    'Noticed:',
    notices.map((notice) => noticeText(notice, isExcluded)),
  )
  for (const line of summaryLines(report, accounting, durationMs)) output.summary(line)
}

function list(say: (text: string) => void, title: string, lines: readonly string[]): void {
  if (lines.length === 0) return
  const shown = lines.slice(0, SHOWN).map((line) => `  ${printable(line)}`)
  const rest = lines.length - shown.length
  const more = rest > 0 ? [`  and ${rest} more: see .holdfast/run.json in the snapshot`] : []
  say([title, ...shown, ...more].join('\n'))
}

function noticeText({ path, code }: Notice, isExcluded: (name: string) => boolean): string {
  const left = code === 'root-gone' && isExcluded(path.slice(path.indexOf('/') + 1))
  const text = left ? 'left out by --exclude; earlier snapshots keep it' : reasonText(code)
  return path === '' ? text : `${path}: ${text}`
}

function summaryLines(report: BackupReport, accounting: AccountingSnapshot, durationMs: number): string[] {
  const { items, bytes, changed, contentRead, contentBytes, removed, added, addedPacked } = report
  const { requests, throttledMs } = accounting
  const throttled = throttledMs >= 1000 ? `, throttled for ${formatDuration(throttledMs)}` : ''
  return [
    `Snapshot ${report.snapshot.slice(0, 8)}: ${formatCount(items, 'item')}, ${formatBytes(bytes)}, of ${formatCount(report.roots, 'user')}`,
    `  new or changed ${formatCount(changed, 'item')}, removed ${formatCount(removed, 'item')}`,
    `  read ${formatCount(contentRead, 'item')}, ${formatBytes(contentBytes)}`,
    `  added ${formatBytes(added)}, ${formatBytes(addedPacked)} as stored`,
    `  ${formatCount(requests, 'request')} in ${formatDuration(durationMs)}${throttled}`,
  ]
}

function reportAsObjects(output: Output, { report, accounting, durationMs, isExcluded }: FinishedBackup): void {
  const { unread, notRefreshed, notices } = report
  for (const { folder, id, code } of unread) {
    const error = { message: reasonText(code) }
    output.object({ message_type: 'error', error, during: 'backup', code, item: referenceText({ folder, id }) })
  }
  for (const { path, code } of notRefreshed)
    output.object({ message_type: 'error', error: { message: reasonText(code) }, during: 'listing', code, item: path })
  output.object({
    message_type: 'summary',
    snapshot_id: report.snapshot,
    ...(report.parent === undefined ? {} : { parent: report.parent }),
    users: report.roots,
    folders_read: report.containers,
    total_items: report.items,
    total_bytes: report.bytes,
    items_changed: report.changed,
    items_removed: report.removed,
    items_read: report.contentRead,
    bytes_read: report.contentBytes,
    blobs_added: report.newBlobs,
    data_added: report.added,
    data_added_packed: report.addedPacked,
    requests: accounting.requests,
    throttled_seconds: accounting.throttledMs / 1000,
    total_duration: durationMs / 1000,
    items_unread: unread.length,
    folders_not_refreshed: notRefreshed.length,
    notices: notices.map((notice) => ({ ...notice, message: noticeText(notice, isExcluded) })),
  })
}
