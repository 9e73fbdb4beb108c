import { prune as pruneRepository, type PruneLimits, type PruneReport } from '../engine/index.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { readPruneLimits, reportPrune, showPruneProgress } from './parts/prune-report.ts'
import { openNamedRepository, whileLocked, type OpenedRepository } from './parts/repository.ts'
import type { Session } from './parts/session.ts'

/** Removes what no snapshot needs. */
export async function prune(session: Session): Promise<ExitCode> {
  const limits = readPruneLimits(session.values)
  const dryRun = session.values.flag('dry-run') === true
  const opened = await openNamedRepository(session, { mayBeCached: false })
  const report = await pruneOpened(session, opened, limits, dryRun)
  reportPrune(session.output, report)
  return exitCodes.done
}

/** Takes the lock that it needs. */
export async function pruneOpened(
  session: Session,
  opened: OpenedRepository,
  limits: PruneLimits,
  dryRun: boolean,
): Promise<PruneReport> {
  const { repository } = opened
  const onProgress = showPruneProgress(session)
  try {
    return await whileLocked(session, opened, { exclusive: !dryRun, readsOnly: dryRun }, (signal, confirmLock) =>
      pruneRepository({ ...limits, repository, dryRun, confirmLock, signal, onProgress }),
    )
  } finally {
    session.progress.stop()
  }
}
