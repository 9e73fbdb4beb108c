import { listSnapshots, type BackupReport, type DrillReport, type HexId, type Step } from '../../engine/index.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { ErrorCode } from '../../engine/model/errors.ts'
import type { SavedSnapshot } from '../../engine/model/snapshot.ts'
import type { Plan } from '../../settings/model.ts'
import { checkOpened, printReport as printCheck } from '../check.ts'
import { forgetOpened, reportForget } from '../forget.ts'
import { drill, drillFigures, keepDrill, tellDrill } from './drill.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'
import { pruneFigures, reportPrune } from './prune-report.ts'
import { readLock, whileLocked, type OpenedRepository } from './repository.ts'
import type { Session } from './session.ts'

/** What a run has done so far. */
export interface PlanProgress {
  readonly steps: Step[]
  readonly reports: Record<string, JsonObject>
  /** Of the first source that failed, while others did not. */
  code?: ErrorCode | 'internal'
}

/** A repository after the sources of a plan were read into it. */
export interface AfterBackup {
  readonly session: Session
  readonly plan: Plan
  readonly opened: OpenedRepository
  /** The snapshots that the run made. */
  readonly made: readonly HexId[]
  readonly progress: PlanProgress
}

/** The plan's rules hold for the series that its sources make, and for nothing else in the repository. */
export async function forgetAfter(after: AfterBackup, prunes: boolean): Promise<ExitCode> {
  const { session, plan, opened, progress } = after
  const { retention } = plan
  if (retention === undefined) return exitCodes.done
  const { series, damaged } = await madeSnapshots(after)
  let removed = 0
  for (const [at, { hostname, paths }] of series.entries()) {
    const filter = { host: hostname, paths, onlyPaths: true }
    const prune = prunes && at === series.length - 1
    const { report, pruned } = await forgetOpened(session, opened, { policy: retention, filter, prune })
    reportForget(session.output, report)
    removed += report.removed.length
    if (pruned === undefined) continue
    reportPrune(session.output, pruned)
    progress.reports.prune = pruneFigures(pruned)
    progress.steps.push('prune')
  }
  progress.reports.forget = { snapshots_removed: removed }
  progress.steps.push('forget')
  return damaged > 0 ? exitCodes.incomplete : exitCodes.done
}

export async function checkAfter({ session, plan, opened, progress }: AfterBackup): Promise<ExitCode> {
  const { check } = plan.after
  if (check === undefined) return exitCodes.done
  const asked = { percent: check.percent }
  const { report } = await checkOpened(session, opened, asked, undefined)
  printCheck(session.output, report, asked)
  const { findings, packsRead, bytesRead } = report
  progress.reports.check = { num_errors: findings.length, packs_read: packsRead, bytes_read: bytesRead }
  progress.steps.push('check')
  return findings.length > 0 ? exitCodes.failed : exitCodes.done
}

/** Restores samples of the snapshots that the run made. Of none, there is nothing to try, and the step stays due. */
export async function drillAfter(after: AfterBackup): Promise<ExitCode> {
  const { session, plan, opened, progress } = after
  const { series } = await madeSnapshots(after)
  const sample = plan.after.drill?.samples
  if (sample === undefined || series.length === 0) return exitCodes.done
  const { repository } = opened
  const reports: DrillReport[] = []
  // The index that was read before a prune names packs that are gone.
  repository.forgetIndex()
  await whileLocked(session, opened, readLock, async (signal) => {
    for (const snapshot of series) reports.push(await drill(session, repository, { sample, snapshot }, signal))
  })
  for (const report of reports) {
    tellDrill(session, report)
    await keepDrill(session, repository.config.id, report)
  }
  progress.reports.drill = drillFigures(reports)
  progress.steps.push('drill')
  return reports.some(({ bad }) => bad.length > 0) ? exitCodes.failed : exitCodes.done
}

/** Those that the run made, one of each series; retention may have removed some. `damaged`: files that say nothing. */
async function madeSnapshots({ session, opened, made }: AfterBackup): Promise<{
  readonly series: readonly SavedSnapshot[]
  readonly damaged: number
}> {
  const { store, sealer } = opened.repository
  const { snapshots, damaged } = await listSnapshots(store, sealer, session.signal)
  return { series: snapshots.filter(({ id }) => made.includes(id)), damaged: damaged.length }
}

export function backupFigures(report: BackupReport): JsonObject {
  const { snapshot, items, bytes, changed, removed, added, addedPacked, unread, notRefreshed } = report
  const counts = { items, bytes, changed, removed, added, added_packed: addedPacked }
  return { snapshot, ...counts, unread: unread.length, not_refreshed: notRefreshed.length }
}
