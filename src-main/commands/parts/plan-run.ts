import { randomBytes } from 'node:crypto'
import { isEngineError, stepsAfter, type HexId, type RunOutcome } from '../../engine/index.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import type { Plan, SourceSettings } from '../../settings/model.ts'
import { runLock } from '../../settings/plan-runs.ts'
import { backupStep, openRunHistory } from '../../settings/run-history.ts'
import { runBackup } from '../backup.ts'
import { APPEND_ONLY, isAppendOnly, rulesLeftOut } from './append-only-plan.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'
import { reportFailure } from './failure.ts'
import { holdProfileLock } from './held-profile-lock.ts'
import { backupFigures, checkAfter, drillAfter, forgetAfter, type PlanProgress } from './plan-steps.ts'
import { openNamedRepository } from './repository.ts'
import type { Session } from './session.ts'
import { withSource } from './source-options.ts'

/**
 * Runs a plan: its sources one after the other, then what follows; notes it in the history, whatever comes of it. One
 * run at a time per destination of this profile: rejects with `settings.busy` otherwise.
 */
export async function runPlan(session: Session, plan: Plan): Promise<ExitCode> {
  const release = await holdProfileLock(runLock(session.profile, plan.destination), session.output)
  try {
    return await noted(session, plan)
  } finally {
    await release()
  }
}

async function noted(session: Session, plan: Plan): Promise<ExitCode> {
  const history = openRunHistory(session.profile)
  const run = randomBytes(8).toString('hex')
  const started = systemClock.now()
  const past = (await history.runs()).filter((one) => one.plan === plan.id)
  await history.begin(run, plan.id, started)
  const progress: PlanProgress = { steps: [], reports: {} }
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
  progress: PlanProgress,
): Promise<ExitCode> {
  const remembered = remembering(session)
  const { codes, made, session: read } = await readSources(remembered, plan, progress)
  progress.steps.push('backup')
  const outcome = worstOf(codes) === exitCodes.done ? 'done' : 'incomplete'
  const own = addingOnly(read, plan)
  const removes = own.values.flag(APPEND_ONLY) !== true
  if (plan.after.forget && !removes) session.output.warn(rulesLeftOut)
  const asked = { ...plan.after, forget: plan.after.forget && removes }
  const following = stepsAfter(asked, outcome, past, systemClock.now())
  if (following.length === 0) return worstOf(codes)
  const opened = await openNamedRepository(own, { mayBeCached: false })
  const after = { session: own, plan, opened, made, progress }
  if (following.includes('forget')) codes.push(await forgetAfter(after, following.includes('prune')))
  if (following.includes('check')) codes.push(await checkAfter(after))
  if (following.includes('drill')) codes.push(await drillAfter(after))
  return worstOf(codes)
}

/** What follows removes nothing if one of the sources says so, whichever was read. */
function addingOnly(session: Session, { sources }: Plan): Session {
  if (!isAppendOnly(sources)) return session
  return { ...session, values: session.values.with(new Map([[APPEND_ONLY, true]])) }
}

interface ReadSources {
  readonly codes: ExitCode[]
  readonly made: readonly HexId[]
  /** Of a source that was read: what follows opens the repository in the same way. */
  readonly session: Session
}

/** Each gets its turn: one that fails is told and does not keep the others from theirs. Rejects if all fail. */
async function readSources(session: Session, plan: Plan, progress: PlanProgress): Promise<ReadSources> {
  const codes: ExitCode[] = []
  const made: HexId[] = []
  let read: Session | undefined
  for (const [at, source] of plan.sources.entries()) {
    const own = sessionOf(session, plan, source)
    try {
      const { exitCode, report } = await runBackup(own)
      codes.push(exitCode)
      read ??= own
      if (report === undefined) continue
      made.push(report.snapshot)
      progress.reports[backupStep(at)] = backupFigures(report)
    } catch (error) {
      session.progress.stop()
      session.signal.throwIfAborted()
      if (read === undefined && at === plan.sources.length - 1) throw error
      session.output.warn(`Source ${String(at + 1)} of ${String(plan.sources.length)} of the plan was not backed up.`)
      codes.push(reportFailure(error, session.output, session.secrets))
      progress.code ??= isEngineError(error) ? error.code : 'internal'
    }
  }
  return { codes, made, session: read ?? sessionOf(session, plan, {}) }
}

/** A failure goes before items that failed. */
function worstOf(codes: readonly ExitCode[]): ExitCode {
  const bad = codes.filter((code) => code !== exitCodes.done)
  return bad.find((code) => code === exitCodes.failed) ?? bad[0] ?? exitCodes.done
}

/** The session of a command that was called with the plan's destination and a source's options. */
function sessionOf(session: Session, { destination, notice }: Plan, source: SourceSettings): Session {
  const limits = notice === undefined ? {} : { 'notice-changes': `${String(notice.percent)}%,${String(notice.items)}` }
  const given = new Map<string, SourceSettings[string]>(Object.entries({ ...limits, ...source }))
  const values = withSource(session.values, given)
  const passphrase: Session['passphrase'] = (purpose, kind) => session.passphrase(purpose, kind, values)
  return { ...session, args: [destination], values, passphrase }
}

/** What was typed once need not be typed again. */
function remembering(session: Session): Session {
  const known = new Map<unknown, Promise<string>>()
  return {
    ...session,
    passphrase: (purpose, kind, from) => {
      const passphrase = known.get(kind) ?? session.passphrase(purpose, kind, from)
      known.set(kind, passphrase)
      return passphrase
    },
  }
}
