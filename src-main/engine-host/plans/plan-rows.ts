import type { Attention, PlanRow } from '../../../src-shared/ipc/contract/plans.ts'
import { listAccounts } from '../../auth/accounts.ts'
import { zone } from '../../commands/plan.ts'
import { isEngineError, nextRun } from '../../engine/index.ts'
import { openCheckHistory, type CheckRecord } from '../../settings/check-history.ts'
import { openDrillHistory, type DrillRecord } from '../../settings/drill-history.ts'
import type { Plan, Settings } from '../../settings/model.ts'
import type { PlanRuns } from '../../settings/plan-runs.ts'
import type { RunRecord } from '../../settings/run-history.ts'
import { readSettings } from '../../settings/settings-file.ts'
import { accountOf, accountRow } from '../accounts/account-rows.ts'
import { ownOf, type HostStateData } from '../host-state.ts'
import { isKept, keptPassphrases } from '../passphrases.ts'
import { openRunNotes, type RunNote } from '../runs/run-notes.ts'
import { backupFigures, planRuns, runRow } from '../runs/run-rows.ts'
import type { HostServices } from '../services.ts'
import { attentionOf, lastGood } from './attention.ts'
import { shownSchedule } from './plan-draft.ts'

/** Without a backup for so long a plan needs attention, unless main says otherwise. */
export const QUIET_DAYS = 7
const GROWTH = 60

interface Facts {
  readonly settings: Settings
  readonly runs: PlanRuns
  readonly notes: ReadonlyMap<string, RunNote>
  readonly checks: readonly CheckRecord[]
  readonly drills: readonly DrillRecord[]
  readonly state: HostStateData
  /** Names of accounts that have to sign in, lower case. */
  readonly refused: ReadonlySet<string>
  /** Undefined where the secrets cannot be looked at: what is locked shows when it is used. */
  readonly kept: ReadonlySet<string> | undefined
}

/** All plans with how they stand. */
export async function listPlans(services: HostServices, quietDays: number): Promise<PlanRow[]> {
  const facts = await gather(services)
  return facts.settings.plans.map((plan) => planRow(services, plan, facts, quietDays))
}

/** What needs somebody, of all plans. What is said of an account or a place is said once. */
export async function allAttention(services: HostServices, quietDays: number): Promise<Attention[]> {
  const told = new Set<string>()
  return (await listPlans(services, quietDays))
    .flatMap(({ attention }) => attention)
    .filter(({ kind, plan, place, account }) => {
      const key = JSON.stringify([kind, account ?? place ?? plan])
      return !told.has(key) && told.add(key)
    })
}

async function gather(services: HostServices): Promise<Facts> {
  const { profile } = services
  const [settings, runs, notes, checks, drills, state] = await Promise.all([
    readSettings(profile),
    planRuns(services),
    openRunNotes(profile).all(),
    openCheckHistory(profile).all(),
    openDrillHistory(profile).all(),
    services.state.read(),
  ])
  const secrets = await orNothing(services.secretStore())
  const kept = secrets === undefined ? undefined : await orNothing(keptPassphrases(secrets))
  const accounts = secrets === undefined ? [] : ((await orNothing(listAccounts(secrets))) ?? [])
  const rows = accounts.map((one) => accountRow(one, { plans: settings.plans, runs: runs.past, state, places: [] }))
  const refused = rows.filter(({ state: is }) => is === 'sign-in-needed').map(({ name }) => name.toLowerCase())
  return { settings, runs, notes, checks, drills, state, refused: new Set(refused), kept }
}

/** A keychain that is locked keeps nobody from seeing the plans. */
async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (isEngineError(error) && error.code.startsWith('secrets.')) return undefined
    throw error
  }
}

function planRow(services: HostServices, plan: Plan, facts: Facts, quietDays: number): PlanRow {
  const { id, name, destination: place, schedule } = plan
  const now = services.clock.now()
  const runs = facts.runs.past.filter((run) => run.plan === id)
  const operation = services.operations.running().find(({ wish }) => wish.plan?.id === id)?.id ?? null
  const underWay = facts.runs.underWay.find((run) => run.plan === id)
  const last = runs.at(-1)
  const growth = growthOf(runs)
  const newest = growth.at(-1)
  return {
    ...{ id, name, place },
    schedule: shownSchedule(schedule),
    paused: schedule.paused ?? false,
    operation,
    elsewhere: operation === null && underWay !== undefined ? { since: underWay.started } : null,
    lastRun: last === undefined ? null : runRow(last, facts.settings.plans),
    lastGood: lastGood(runs) ?? null,
    next: wholeMoment(nextRun(plan, runs, now, zone())),
    items: newest?.items ?? null,
    bytes: newest?.bytes ?? null,
    growth,
    attention: attentionOf({
      ...{ plan, runs, now, quietDays, notes: facts.notes, notice: facts.settings.notice },
      ...placeFacts(plan, facts),
      refused: refusedOf(plan, facts.refused),
    }),
  }
}

function placeFacts(
  plan: Plan,
  { checks, drills, state, kept }: Facts,
): Pick<Parameters<typeof attentionOf>[0], 'isUnlocked' | 'known' | 'lastCheck' | 'lastDrill'> {
  const known = ownOf(state.places, plan.destination)
  const isNamed = plan.sources.some((source) => Object.hasOwn(source, 'passphrase-file'))
  return {
    isUnlocked: isNamed || kept === undefined || isKept(kept, plan.destination),
    known,
    lastCheck: checks.findLast(({ repository }) => repository === known?.repository),
    lastDrill: drills.findLast(({ repository }) => repository === known?.repository),
  }
}

function refusedOf(plan: Plan, refused: ReadonlySet<string>): readonly string[] {
  const destination = accountOf(plan.destination)
  const names = new Set(
    [...accountsOf(plan), ...(destination === undefined ? [] : [destination])].map((name) => name.toLowerCase()),
  )
  return [...names].filter((name) => refused.has(name))
}

/** Accounts of the plan's sources. */
export function accountsOf(plan: Plan): readonly string[] {
  return [...new Set(plan.sources.flatMap(({ account }) => (typeof account === 'string' ? [account] : [])))]
}

function growthOf(runs: readonly RunRecord[]): PlanRow['growth'] {
  return runs
    .flatMap((run) => {
      const figures = backupFigures(run)
      return figures === undefined ? [] : [{ time: run.ended, bytes: figures.bytes, items: figures.items }]
    })
    .slice(-GROWTH)
}

function wholeMoment(moment: number | undefined): number | null {
  return moment === undefined || !Number.isFinite(moment) ? null : Math.round(moment)
}
