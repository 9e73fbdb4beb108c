import { formatBytes, formatCount, formatDuration } from '../../../src-shared/text/amounts.ts'
import { printable } from '../../../src-shared/text/printable.ts'
import { reasonText } from '../../../src-shared/text/reasons.ts'
import type { BackupReport, Notice } from '../../engine/index.ts'
import { rootOf } from '../../engine/model/root-path.ts'
import type { Root, RootKind } from '../../engine/ports/data-type.ts'
import type { AccountingSnapshot } from '../../graph/client/accounting.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'
import { referenceText } from './item-reference.ts'
import type { Output } from './output.ts'
import { rootKinds } from './root-filter.ts'

export interface FinishedBackup {
  readonly report: BackupReport
  /** Those of the report's notices that are about what was asked for by name, and Graph denies it. */
  readonly denied: readonly Notice[]
  readonly accounting: AccountingSnapshot
  readonly durationMs: number
  /** How many of each kind were read. */
  readonly roots: Readonly<Record<RootKind, number>>
  /** Whether a root was left out by --exclude: then being gone from the snapshot is no news. */
  readonly isExcluded: (root: Root) => boolean
}

/** Lines of one kind that are shown; all of them are in the snapshot's report. */
const SHOWN = 20

export function backupExitCode({ report, denied }: Pick<FinishedBackup, 'report' | 'denied'>): ExitCode {
  const { unread, notRefreshed } = report
  return unread.length + notRefreshed.length + denied.length > 0 ? exitCodes.incomplete : exitCodes.done
}

/** Says what a backup did, and lists what it could not do. */
export function reportBackup(output: Output, finished: FinishedBackup): void {
  if (output.json) reportAsObjects(output, finished)
  else reportAsText(output, finished)
}

function reportAsText(output: Output, finished: FinishedBackup): void {
  const { report, denied, isExcluded } = finished
  const { unread, notRefreshed, notices } = report
  list(
    (text) => output.warn(text),
    'Not read for want of a permission ("holdfast permissions" says of which):',
    denied.map((notice) => noticeText(notice, isExcluded)),
  )
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
    notices.filter((notice) => !denied.includes(notice)).map((notice) => noticeText(notice, isExcluded)),
  )
  for (const line of summaryLines(finished)) output.summary(line)
}

function list(say: (text: string) => void, title: string, lines: readonly string[]): void {
  if (lines.length === 0) return
  const shown = lines.slice(0, SHOWN).map((line) => `  ${printable(line)}`)
  const rest = lines.length - shown.length
  const more = rest > 0 ? [`  and ${rest} more: see .holdfast/run.json in the snapshot`] : []
  say([title, ...shown, ...more].join('\n'))
}

function noticeText({ path, code, roots }: Notice, isExcluded: FinishedBackup['isExcluded']): string {
  const kind = rootOf(path)?.kind
  const name = path.slice(path.indexOf('/') + 1)
  const left = code === 'root-gone' && kind !== undefined && isExcluded({ kind, id: name, name })
  const text = left ? 'left out by --exclude; earlier snapshots keep it' : reasonText(code)
  const many = kind === undefined || roots === undefined ? '' : ` (${formatCount(roots, kind)})`
  return path === '' ? text : `${path}${many}: ${text}`
}

/** "3 users, 1 group": the kinds that there are. */
function rootsText(roots: FinishedBackup['roots']): string {
  const counts = rootKinds.filter((kind) => roots[kind] > 0).map((kind) => formatCount(roots[kind], kind))
  return counts.length === 0 ? 'nobody' : counts.join(', ')
}

function summaryLines({ report, roots, accounting, durationMs }: FinishedBackup): string[] {
  const { items, bytes, changed, contentRead, contentBytes, removed, added, addedPacked } = report
  const { requests, throttledMs } = accounting
  const throttled = throttledMs >= 1000 ? `, throttled for ${formatDuration(throttledMs)}` : ''
  return [
    `Snapshot ${report.snapshot.slice(0, 8)}: ${formatCount(items, 'item')}, ${formatBytes(bytes)}, of ${rootsText(roots)}`,
    `  new or changed ${formatCount(changed, 'item')}, removed ${formatCount(removed, 'item')}`,
    `  read ${formatCount(contentRead, 'item')}, ${formatBytes(contentBytes)}`,
    `  added ${formatBytes(added)}, ${formatBytes(addedPacked)} as stored`,
    `  ${formatCount(requests, 'request')} in ${formatDuration(durationMs)}${throttled}`,
  ]
}

function reportAsObjects(output: Output, finished: FinishedBackup): void {
  const { report, denied, roots, accounting, durationMs, isExcluded } = finished
  const { unread, notRefreshed, notices } = report
  for (const { folder, id, code } of unread) {
    const error = { message: reasonText(code) }
    output.object({ message_type: 'error', error, during: 'backup', code, item: referenceText({ folder, id }) })
  }
  for (const { path, code } of [...denied, ...notRefreshed])
    output.object({ message_type: 'error', error: { message: reasonText(code) }, during: 'listing', code, item: path })
  output.object({
    message_type: 'summary',
    snapshot_id: report.snapshot,
    ...(report.parent === undefined ? {} : { parent: report.parent }),
    users: roots.user,
    groups: roots.group,
    sites: roots.site,
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
