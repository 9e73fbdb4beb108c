import { isNearlyFull } from '../../../src-shared/model/nearly-full.ts'
import { isPausedAt } from '../../../src-shared/model/paused.ts'
import type { Attention } from '../../../src-shared/ipc/contract/plans.ts'
import type { Plan, ChangeThresholds } from '../../settings/model.ts'
import type { CheckRecord } from '../../settings/check-history.ts'
import type { DrillRecord } from '../../settings/drill-history.ts'
import { backupStep, type RunRecord } from '../../settings/run-history.ts'
import { needsSignIn } from '../accounts/refused.ts'
import type { KnownPlace } from '../host-state.ts'
import type { RunNote } from '../runs/run-notes.ts'
import { backupFigures } from '../runs/run-rows.ts'

/** All that is looked at for one plan. */
export interface PlanFacts {
  readonly plan: Plan
  /** Of the plan, that are over, oldest first. */
  readonly runs: readonly RunRecord[]
  readonly notes: ReadonlyMap<string, RunNote>
  /** Accounts of its sources and its destination that have to sign in. */
  readonly refused: readonly string[]
  /** Whether the passphrase of its destination is kept here, or named by the plan. */
  readonly isUnlocked: boolean
  readonly known: KnownPlace | undefined
  readonly lastCheck: CheckRecord | undefined
  readonly lastDrill: DrillRecord | undefined
  /** Of the settings, for plans without their own. */
  readonly notice: ChangeThresholds
  readonly now: number
  /** Days without a backup that are worth a word. */
  readonly quietDays: number
}

const DAY = 86_400_000

/** What about a plan needs somebody, worst first. */
export function attentionOf(facts: PlanFacts): Attention[] {
  const found = [...ofAccounts(facts), ...ofPlace(facts), ...ofLastRun(facts), ...ofChecks(facts), ...ofSilence(facts)]
  return found.sort((one, other) => Number(other.level === 'error') - Number(one.level === 'error'))
}

type Kind = Pick<Attention, 'kind' | 'level'> & Partial<Attention>

function about({ plan }: PlanFacts, kind: Kind): Attention {
  return { plan: plan.id, place: null, account: null, since: null, problem: null, ...kind }
}

function ofAccounts(facts: PlanFacts): readonly Attention[] {
  return facts.refused.map((account) => about(facts, { kind: 'sign-in', level: 'error', account }))
}

function ofPlace(facts: PlanFacts): readonly Attention[] {
  const { plan, isUnlocked, known } = facts
  const place = plan.destination
  const { free, total } = known ?? {}
  const isFull = free !== undefined && total !== undefined && isNearlyFull(free, total)
  return [
    ...(isUnlocked ? [] : [about(facts, { kind: 'locked', level: 'error', place })]),
    ...(isFull ? [about(facts, { kind: 'space', level: 'attention', place, ...full(free, total) })] : []),
  ]
}

function full(free: number, total: number): Pick<Attention, 'problem'> {
  return { problem: { code: 'store.full', params: { free, total } } }
}

function ofLastRun(facts: PlanFacts): readonly Attention[] {
  const last = facts.runs.findLast(({ outcome }) => outcome !== 'stopped')
  if (last === undefined) return []
  const { outcome, code, ended: since } = last
  const problem = code === undefined ? null : { code, params: {} }
  // That the account has to sign in is said of the account.
  const isOfAccount = needsSignIn(code) && facts.refused.length > 0
  const isBad = (outcome === 'failed' || outcome === 'interrupted') && !isOfAccount && !isCheckAlone(last)
  const isBackedUp = isBad && hasAllSources(facts.plan, last)
  return [
    ...(isBad && !isBackedUp ? [about(facts, { kind: 'failed', level: 'error', since, problem })] : []),
    ...(isBackedUp ? [about(facts, { kind: 'upkeep-failed', level: 'attention', since, problem })] : []),
    ...(outcome === 'incomplete' ? [about(facts, { kind: 'incomplete', level: 'attention', since, problem })] : []),
    ...(isBackedUp && hasUnread(last) ? [about(facts, { kind: 'incomplete', level: 'attention', since })] : []),
    ...(isMassChange(facts, last) ? [about(facts, { kind: 'mass-change', level: 'attention', since })] : []),
  ]
}

/** All was backed up, and a check or a drill found something: that has a line of its own. */
function isCheckAlone({ code, reports, steps }: RunRecord): boolean {
  return code === undefined && steps.includes('backup') && problemsIn(reports.check) + badIn(reports.drill) > 0
}

/** Each source of the plan has its snapshot: what failed came after. */
function hasAllSources({ sources }: Plan, { reports }: RunRecord): boolean {
  return sources.every((_, at) => reports[backupStep(at)] !== undefined)
}

function hasUnread(run: RunRecord): boolean {
  return (backupFigures(run)?.unread ?? 0) > 0
}

function isMassChange({ plan, notes, notice, runs }: PlanFacts, last: RunRecord): boolean {
  const noted = notes.get(last.run)
  if (noted !== undefined) return noted.massChanges > 0
  // A run of the command line: its sum tells less than its notices did.
  const figures = backupFigures(last)
  const isFirst = runs.findIndex((run) => backupFigures(run) !== undefined) === runs.indexOf(last)
  if (figures === undefined || isFirst) return false
  const { percent, items } = plan.notice ?? notice
  const before = figures.items + figures.removed
  return figures.removed >= Math.max(items, 1) && figures.removed * 100 >= percent * before
}

function ofChecks(facts: PlanFacts): readonly Attention[] {
  const { plan, lastCheck, lastDrill } = facts
  const place = plan.destination
  const problems = lastCheck?.problems ?? 0
  const bad = lastDrill?.bad ?? 0
  return [
    ...(lastCheck !== undefined && problems > 0
      ? [about(facts, checkFailed(place, lastCheck.time, 'check', { problems }))]
      : []),
    ...(lastDrill !== undefined && bad > 0
      ? [about(facts, checkFailed(place, lastDrill.time, 'drill', { failed: bad, items: lastDrill.samples }))]
      : []),
  ]
}

/** Its problem says whether it was a check or a restore drill: no error, but what was found. */
function checkFailed(place: string, since: number, code: string, params: Record<string, number>): Kind {
  return { kind: 'check-failed', level: 'error', place, since, problem: { code, params } }
}

/** A plan that runs by itself and did not for long. */
function ofSilence(facts: PlanFacts): readonly Attention[] {
  const { plan, now, quietDays } = facts
  const { recurrence, paused } = plan.schedule
  if (recurrence === undefined || isPausedAt(paused, now)) return []
  const good = lastGood(facts.runs)
  const since = good ?? plan.created
  const days = good === undefined ? Math.min(1, quietDays) : quietDays
  return now - since > days * DAY ? [about(facts, { kind: 'nothing-backed-up', level: 'error', since })] : []
}

/** End of the last run that made a snapshot. */
export function lastGood(runs: readonly RunRecord[]): number | undefined {
  return runs.findLast((run) => backupFigures(run) !== undefined)?.ended
}

function problemsIn(report: RunRecord['reports'][string] | undefined): number {
  return typeof report?.num_errors === 'number' ? report.num_errors : 0
}

function badIn(report: RunRecord['reports'][string] | undefined): number {
  return typeof report?.num_bad === 'number' ? report.num_bad : 0
}
