import { mkdir } from 'node:fs/promises'
import { formatBytes, formatCount, formatDuration } from '../../../src-shared/text/amounts.ts'
import { reasonText } from '../../../src-shared/text/reasons.ts'
import { toStoreError } from '../../destinations/local-folder/store-errors.ts'
import { previewToFolder, restoreToFolder, type FolderRestoreReport, type OpenRepository } from '../../engine/index.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { SavedSnapshot } from '../../engine/model/snapshot.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import { isWhole, type ContentChoice } from './content-filter.ts'
import { withPlace } from './error-place.ts'
import { diskFilter } from './disk-filter.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'
import { FailureList } from './failure-list.ts'
import { itemReference, referenceText } from './item-reference.ts'
import { listFailures } from './list-failures.ts'
import { createReportFile, type ReportFile } from './report-file.ts'
import type { Session } from './session.ts'
import { findPaths } from './snapshot-paths.ts'
import { writeTranscripts } from './transcripts.ts'

/** What a restore is about, wherever it goes. */
export interface AskedRestore {
  readonly session: Session
  /** Its index is loaded. */
  readonly repository: OpenRepository
  readonly snapshot: SavedSnapshot
  /** From the snapshot's root; empty: everything. */
  readonly paths: readonly string[]
  readonly content: ContentChoice
  readonly dryRun: boolean
  readonly signal: AbortSignal
}

/** What was written, the readable pages of chats, channels and conversations included. */
interface DiskReport extends FolderRestoreReport {
  readonly transcripts: number
}

/** Writes the files of a snapshot into a folder. */
export async function restoreToDisk(asked: AskedRestore, target: string): Promise<ExitCode> {
  const { repository, snapshot, signal } = asked
  const found = await findPaths(repository, snapshot.tree, asked.paths, signal)
  const paths = found.flatMap(({ nodes }) => nodes)
  return asked.dryRun ? tellAmount(asked, paths, target) : write(asked, paths, target)
}

async function tellAmount(
  { session: { output }, repository, snapshot, content, signal }: AskedRestore,
  paths: readonly string[],
  target: string,
): Promise<ExitCode> {
  const wants = isWhole(content) ? () => true : diskFilter(content)
  const report = await previewToFolder({ repository, tree: snapshot.tree, paths, target, wants, signal })
  const { files, directories, bytes, present, findings } = report
  const failures = findings.map(({ path, code }) => ({ item: referenceText(itemReference(path)), code }))
  const collisions = findings.filter(({ code }) => code === 'restore.target-exists').length
  listFailures(output, 'file', 'restore', failures, { verb: 'would fail', elsewhere: '--json lists all of them' })
  const amount = `${formatCount(files, 'file')}, ${formatCount(directories, 'folder')}, ${formatBytes(bytes)}`
  output.line(`Would restore ${amount} to ${target}. Nothing was written.`)
  if (present > 0) output.line(`${formatCount(present, 'file is', 'files are')} there already with the same content.`)
  if (collisions > 0)
    output.line(
      `${formatCount(collisions, 'name is', 'names are')} taken by something else, which would stay as it is.`,
    )
  output.object({
    message_type: 'summary',
    dry_run: true,
    ...shownFigures(snapshot, target, report),
    collisions,
  })
  return findings.length > 0 ? exitCodes.incomplete : exitCodes.done
}

/** What a restore and its dry run say alike. */
function shownFigures(
  { id }: AskedRestore['snapshot'],
  target: string,
  {
    files,
    directories,
    present,
    findings,
    bytes,
  }: Pick<DiskReport, 'files' | 'directories' | 'present' | 'findings' | 'bytes'>,
): JsonObject {
  return {
    snapshot_id: id,
    target,
    files_restored: files,
    folders: directories,
    files_skipped: present,
    files_failed: findings.length,
    total_bytes: bytes,
  }
}

async function write(asked: AskedRestore, paths: readonly string[], target: string): Promise<ExitCode> {
  const { session, snapshot } = asked
  const started = systemClock.now()
  await makeTarget(target)
  const reportFile = createReportFile(session.profile, 'restore', started)
  try {
    reportFile.add({ kind: 'restore', started: new Date(started).toISOString(), snapshot: snapshot.id, target })
    const report = await run(asked, paths, target)
    const durationMs = systemClock.now() - started
    tellReport(asked, target, report, reportFile, durationMs)
    return report.findings.length > 0 ? exitCodes.incomplete : exitCodes.done
  } finally {
    reportFile.close()
  }
}

async function makeTarget(target: string): Promise<void> {
  try {
    await mkdir(target, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw withPlace(toStoreError(error), target)
  }
}

async function run(
  { session: { progress }, repository, snapshot, content, signal }: AskedRestore,
  paths: readonly string[],
  target: string,
): Promise<DiskReport> {
  try {
    const what = { repository, tree: snapshot.tree, paths, target, signal }
    const wants = isWhole(content) ? () => true : diskFilter(content)
    const report = await restoreToFolder({
      ...what,
      wants,
      onProgress: ({ files, bytes }) =>
        progress.update(() => ({ current: `restoring to ${target}`, items: files, unit: 'files', bytes })),
    })
    const failures = new FailureList()
    for (const { path, code } of report.findings) failures.add(path, code)
    const transcripts = await writeTranscripts({ ...what, wants, failures })
    return { ...report, findings: failures.all, transcripts }
  } catch (error) {
    // The destination's own errors have their place.
    throw withPlace(error, target)
  } finally {
    progress.stop()
  }
}

function tellReport(
  { session: { output }, snapshot }: AskedRestore,
  target: string,
  report: DiskReport,
  reportFile: ReportFile,
  durationMs: number,
): void {
  const { files, directories, bytes, present, findings, transcripts } = report
  const failures = findings.map(({ path, code }) => ({ ...itemReference(path), code }))
  for (const failure of failures) reportFile.add({ ...failure, outcome: 'failed', message: reasonText(failure.code) })
  const counts = { files, folders: directories, bytes, present, failed: findings.length }
  reportFile.add({ kind: 'summary', ended: new Date(systemClock.now()).toISOString(), ...counts })
  listFailures(
    output,
    'file',
    'restore',
    failures.map((failure) => ({ item: referenceText(failure), code: failure.code })),
  )
  output.summary(
    `Restored ${formatCount(files, 'file')}, ${formatBytes(bytes)}, to ${target} in ${formatDuration(durationMs)}.`,
  )
  if (transcripts > 0) output.summary(`${formatCount(transcripts, 'conversation')} can be read as pages (.html).`)
  if (present > 0)
    output.summary(`${formatCount(present, 'file was', 'files were')} there already with the same content.`)
  output.summary(`Report: ${reportFile.path}`)
  output.object({
    message_type: 'summary',
    dry_run: false,
    ...shownFigures(snapshot, target, report),
    total_duration: durationMs / 1000,
    report: reportFile.path,
  })
}
