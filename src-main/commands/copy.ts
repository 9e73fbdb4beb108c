import { formatBytes, formatCount } from '../../src-shared/text/amounts.ts'
import { errorSentence } from '../../src-shared/text/errors.ts'
import { copySnapshots, resolveSnapshot, type CopyReport, type HexId, type OpenRepository } from '../engine/index.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { fromPassphrase } from './parts/passphrase.ts'
import { openRepositoryAt, whileLocked, type OpenedRepository } from './parts/repository.ts'
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
  const report = await whileLocked(session, from, { exclusive: false, readsOnly: true }, (read) =>
    whileLocked({ ...session, signal: read }, to, { exclusive: false, readsOnly: false }, (signal) =>
      copyBetween(session, from, to, signal),
    ),
  )
  session.progress.stop()
  tell(session, report)
  return report.failed.length > 0 ? exitCodes.incomplete : exitCodes.done
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

function tell({ output }: Session, { copied, present, failed, blobs, bytes }: CopyReport): void {
  for (const { source, target } of copied) {
    output.line(`${source.slice(0, SHORT)} is ${target.slice(0, SHORT)} there`)
    output.object({ message_type: 'copied', source, target })
  }
  for (const { source, target } of present) output.object({ message_type: 'present', source, target })
  for (const { source, code } of failed) {
    const message = `Snapshot ${source.slice(0, SHORT)} was not copied. ${errorSentence(code)}`
    if (output.json) output.object({ message_type: 'error', error: { message }, during: 'copy', code, source })
    else output.warn(message)
  }
  const stored = `${formatCount(blobs, 'new blob')} (${formatBytes(bytes)})`
  output.summary(
    `Copied ${formatCount(copied.length, 'snapshot')} with ${stored}; ${present.length} were there already.`,
  )
  const counts = { copied: copied.length, present: present.length, failed: failed.length }
  output.object({ message_type: 'summary', ...counts, blobs, bytes })
}
