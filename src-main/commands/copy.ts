import { formatBytes, formatCount } from '../../src-shared/text/amounts.ts'
import { errorSentence } from '../../src-shared/text/errors.ts'
import {
  copySnapshots,
  planCopy,
  resolveSnapshot,
  type CopyReport,
  type HexId,
  type OpenRepository,
} from '../engine/index.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { finishUploads } from './parts/finish-uploads.ts'
import { fromPassphrase } from './parts/passphrase.ts'
import { openRepositoryAt, readLock, whileLocked, type OpenedRepository } from './parts/repository.ts'
import { requiredArgument, type Session } from './parts/session.ts'
import { UsageError } from './parts/usage-error.ts'

const SHORT = 8

/** Brings snapshots of one repository to another one, with its own key, without asking Microsoft 365 again. */
export async function copy(session: Session): Promise<ExitCode> {
  const from = await openRepositoryAt(session, requiredArgument(session, 0), {}, fromPassphrase)
  const to = await openRepositoryAt(session, requiredArgument(session, 1))
  if (from.repository.config.id === to.repository.config.id)
    throw new UsageError(
      'Both places have the same repository: a copy goes to another one, which "holdfast init" makes.',
    )
  if (session.values.flag('dry-run') === true) return await tellPlan(session, from, to)
  const report = await whileLocked(session, from, readLock, (read) =>
    whileLocked(
      { ...session, signal: read },
      to,
      { exclusive: false, readsOnly: false },
      async (signal, confirmLock) => {
        await finishUploads(session, to, signal, confirmLock)
        return await copyBetween(session, from, to, signal)
      },
    ),
  )
  session.progress.stop()
  tell(session, report)
  return report.failed.length > 0 ? exitCodes.incomplete : exitCodes.done
}

async function tellPlan(session: Session, from: OpenedRepository, to: OpenedRepository): Promise<ExitCode> {
  const { args, output, progress } = session
  const plan = await whileLocked(session, from, readLock, (read) =>
    whileLocked({ ...session, signal: read }, to, readLock, async (signal) => {
      const ids = await askedIds(from.repository, args.slice(2), signal)
      return await planCopy({
        from: from.repository,
        to: to.repository,
        ...(ids === undefined ? {} : { ids }),
        signal,
        onProgress: ({ snapshots, total }) =>
          progress.update(() => ({ current: 'looking for what is missing', items: snapshots, expected: total })),
      })
    }),
  )
  progress.stop()
  const { snapshots, present, failed, blobs, bytes } = plan
  for (const source of snapshots) {
    output.line(`${source.slice(0, SHORT)} would be copied`)
    output.object({ message_type: 'would_copy', source })
  }
  tellFailed(session, failed)
  const stored = `${formatCount(blobs, 'blob')} that are not there (${formatBytes(bytes)})`
  output.summary(
    `Would copy ${formatCount(snapshots.length, 'snapshot')} with ${stored}; ${present.length} are there already. Nothing was written.`,
  )
  const counts = { snapshots: snapshots.length, present: present.length, failed: failed.length }
  output.object({ message_type: 'summary', dry_run: true, ...counts, blobs, bytes })
  return failed.length > 0 ? exitCodes.incomplete : exitCodes.done
}

async function copyBetween(
  { args, progress }: Session,
  { repository: from }: OpenedRepository,
  { repository: to }: OpenedRepository,
  signal: AbortSignal,
): Promise<CopyReport> {
  const ids = await askedIds(from, args.slice(2), signal)
  return await copySnapshots({
    from,
    to,
    ...(ids === undefined ? {} : { ids }),
    signal,
    onProgress: ({ snapshots, total, bytes }) =>
      progress.update(() => ({ current: 'copying snapshots', items: snapshots, expected: total, bytes })),
  })
}

/** Undefined for all. */
async function askedIds(
  { store, sealer }: OpenRepository,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly HexId[] | undefined> {
  if (names.length === 0) return undefined
  const ids: HexId[] = []
  for (const name of names) ids.push((await resolveSnapshot(store, sealer, name, {}, signal)).id)
  return ids
}

function tell(session: Session, { copied, present, failed, blobs, bytes }: CopyReport): void {
  const { output } = session
  for (const { source, target } of copied) {
    output.line(`${source.slice(0, SHORT)} is ${target.slice(0, SHORT)} there`)
    output.object({ message_type: 'copied', source, target })
  }
  for (const { source, target } of present) output.object({ message_type: 'present', source, target })
  tellFailed(session, failed)
  const stored = `${formatCount(blobs, 'new blob')} (${formatBytes(bytes)})`
  output.summary(
    `Copied ${formatCount(copied.length, 'snapshot')} with ${stored}; ${present.length} were there already.`,
  )
  const counts = { copied: copied.length, present: present.length, failed: failed.length }
  output.object({ message_type: 'summary', dry_run: false, ...counts, blobs, bytes })
}

function tellFailed({ output }: Session, failed: CopyReport['failed']): void {
  for (const { source, code } of failed) {
    const message = `Snapshot ${source.slice(0, SHORT)} was not copied. ${errorSentence(code)}`
    if (output.json) output.object({ message_type: 'error', error: { message }, during: 'copy', code, source })
    else output.warn(message)
  }
}
