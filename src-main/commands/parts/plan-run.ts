import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import {
  isEngineError,
  listSnapshots,
  stepsAfter,
  type BackupReport,
  type HexId,
  type RunOutcome,
  type Step,
} from '../../engine/index.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import type { Plan, SourceSettings } from '../../settings/model.ts'
import { takeProfileLock } from '../../settings/profile-lock.ts'
import { openRunHistory } from '../../settings/run-history.ts'
import { runBackup } from '../backup.ts'
import { checkOpened, printReport as printCheck } from '../check.ts'
import { forgetOpened, reportForget } from '../forget.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'
import { pruneFigures, reportPrune } from './prune-report.ts'
import { openNamedRepository, type OpenedRepository } from './repository.ts'
import type { Session } from './session.ts'
import { withSource } from './source-options.ts'

/** A lock is refreshed more often than others take it for abandoned. */
const REFRESH_MS = 5 * 60_000

/** What a run has done so far. */
interface Progress {
  readonly steps: Step[]
  readonly reports: Record<string, JsonObject>
}

/**
 * Runs a plan: its sources one after the other, then what follows; notes it in the history, whatever comes of it. One
 * run at a time per destination of this profile: rejects with `settings.busy` otherwise.
 */
export async function runPlan(session: Session, plan: Plan): Promise<ExitCode> {
  const lock = await takeProfileLock(lockFile(session.profile, plan), { now: () => systemClock.now() })
  const refreshing = setInterval(() => {
    lock.refresh().catch((error: unknown) => session.output.detail(`lock of the profile: ${String(error)}`))
  }, REFRESH_MS)
  try {
    return await noted(session, plan)
  } finally {
    clearInterval(refreshing)
    await lock.release()
  }
}

function lockFile(profile: string, { destination }: Plan): string {
  return join(profile, 'locks', createHash('sha256').update(destination).digest('hex').slice(0, 16))
}

async function noted(session: Session, plan: Plan): Promise<ExitCode> {
  const history = openRunHistory(session.profile)
  const run = randomBytes(8).toString('hex')
  const started = systemClock.now()
  const past = (await history.runs()).filter((one) => one.plan === plan.id)
  await history.begin(run, plan.id, started)
  const progress: Progress = { steps: [], reports: {} }
  const end = (outcome: RunOutcome, code?: string): Promise<void> =>
    history.end({
      ...progress,
      ...{ run, plan: plan.id, started, ended: systemClock.now(), outcome },
      ...(code === undefined ? {} : { code }),
    })
  try {
    const exitCode = await steps(session, plan, past, progress)
    await end(exitCode === exitCodes.done ? 'done' : exitCode === exitCodes.incomplete ? 'incomplete' : 'failed')
    return exitCode
  } catch (error) {
    await end(session.signal.aborted ? 'stopped' : 'failed', isEngineError(error) ? error.code : 'internal')
    throw error
  }
}

async function steps(
  session: Session,
  plan: Plan,
  past: Parameters<typeof stepsAfter>[2],
  progress: Progress,
): Promise<ExitCode> {
  const remembered = remembering(session)
  const codes: ExitCode[] = []
  const made: HexId[] = []
  for (const source of plan.sources) {
    const { exitCode, report } = await runBackup(sessionOf(remembered, plan, source))
    codes.push(exitCode)
    if (report === undefined) continue
    made.push(report.snapshot)
    progress.reports[`backup ${String(made.length)}`] = backupFigures(report)
  }
  progress.steps.push('backup')
  const outcome = worstOf(codes) === exitCodes.done ? 'done' : 'incomplete'
  const following = stepsAfter(plan.after, outcome, past, systemClock.now())
  if (following.length === 0) return worstOf(codes)
  const own = sessionOf(remembered, plan, plan.sources[0] ?? {})
  const opened = await openNamedRepository(own, { mayBeCached: false })
  if (following.includes('forget'))
    codes.push(await forgetAfter(own, plan, opened, { made, prunes: following.includes('prune') }, progress))
  if (following.includes('check')) codes.push(await checkAfter(own, plan, opened, progress))
  return worstOf(codes)
}

/** A failure goes before items that failed. */
function worstOf(codes: readonly ExitCode[]): ExitCode {
  const bad = codes.filter((code) => code !== exitCodes.done)
  return bad.find((code) => code === exitCodes.failed) ?? bad[0] ?? exitCodes.done
}

/** The plan's rules hold for the series that its sources make, and for nothing else in the repository. */
async function forgetAfter(
  session: Session,
  { retention }: Plan,
  opened: OpenedRepository,
  { made, prunes }: { readonly made: readonly HexId[]; readonly prunes: boolean },
  { steps: done, reports }: Progress,
): Promise<ExitCode> {
  if (retention === undefined) return exitCodes.done
  const { store, sealer } = opened.repository
  const { snapshots, damaged } = await listSnapshots(store, sealer, session.signal)
  const series = snapshots.filter(({ id }) => made.includes(id))
  let removed = 0
  for (const [at, { hostname, paths }] of series.entries()) {
    const filter = { host: hostname, paths, onlyPaths: true }
    const prune = prunes && at === series.length - 1
    const { report, pruned } = await forgetOpened(session, opened, { policy: retention, filter, prune })
    reportForget(session.output, report)
    removed += report.removed.length
    if (pruned === undefined) continue
    reportPrune(session.output, pruned)
    reports.prune = pruneFigures(pruned)
    done.push('prune')
  }
  reports.forget = { snapshots_removed: removed }
  done.push('forget')
  return damaged.length > 0 ? exitCodes.incomplete : exitCodes.done
}

async function checkAfter(
  session: Session,
  { after }: Plan,
  opened: OpenedRepository,
  { steps: done, reports }: Progress,
): Promise<ExitCode> {
  if (after.check === undefined) return exitCodes.done
  const asked = { percent: after.check.percent }
  const { report } = await checkOpened(session, opened, asked, undefined)
  printCheck(session.output, report, asked)
  const { findings, packsRead, bytesRead } = report
  reports.check = { num_errors: findings.length, packs_read: packsRead, bytes_read: bytesRead }
  done.push('check')
  return findings.length > 0 ? exitCodes.failed : exitCodes.done
}

function backupFigures(report: BackupReport): JsonObject {
  const { snapshot, items, bytes, changed, removed, added, addedPacked, unread, notRefreshed } = report
  const counts = { items, bytes, changed, removed, added, added_packed: addedPacked }
  return { snapshot, ...counts, unread: unread.length, not_refreshed: notRefreshed.length }
}

/** The session of a command that was called with the plan's destination and a source's options. */
function sessionOf(session: Session, { destination, notice }: Plan, source: SourceSettings): Session {
  const limits = notice === undefined ? {} : { 'notice-changes': `${String(notice.percent)}%,${String(notice.items)}` }
  const given = new Map<string, SourceSettings[string]>(Object.entries({ ...limits, ...source }))
  return { ...session, args: [destination], values: withSource(session.values, given) }
}

/** What was typed once need not be typed again. */
function remembering(session: Session): Session {
  const known = new Map<unknown, Promise<string>>()
  return {
    ...session,
    passphrase: (purpose, kind) => {
      const passphrase = known.get(kind) ?? session.passphrase(purpose, kind)
      known.set(kind, passphrase)
      return passphrase
    },
  }
}
