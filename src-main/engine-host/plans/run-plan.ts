import { runPlan } from '../../commands/parts/plan-run.ts'
import type { Plan } from '../../settings/model.ts'
import { runLock } from '../../settings/plan-runs.ts'
import { refuseIfHeldElsewhere } from '../../settings/profile-lock.ts'
import { openRunHistory, type RunRecord } from '../../settings/run-history.ts'
import { noteAccount } from '../accounts/noted.ts'
import { needsSignIn } from '../accounts/refused.ts'
import type { GivenOptions } from '../context.ts'
import type { RunningOperation } from '../operations/operation.ts'
import { openRunNotes } from '../runs/run-notes.ts'
import type { HostServices } from '../services.ts'
import { accountsOf } from './plan-rows.ts'

/**
 * The run of a plan: a new one, or the one that goes on, since its schedule may come a moment before a person. Rejects
 * with `settings.busy` while something else goes on at its destination, in whichever process.
 */
export async function startPlan(services: HostServices, plan: Plan): Promise<RunningOperation> {
  const { id, name, destination: place } = plan
  const { clock, profile } = services
  await refuseIfHeldElsewhere(runLock(profile, place), { now: () => clock.now() })
  const running = services.operations.running().find(({ wish }) => wish.plan?.id === id)
  if (running !== undefined && !running.shown().stopping) return running
  const wish = { kind: 'backup', place, plan: { id, name }, dryRun: false, alone: place } as const
  return services.operations.begin({ ...wish, options: optionsOf(plan) }, ({ session }) => runPlan(session, plan))
}

/** The plan's own passphrase file opens its destination where nothing is kept here. */
function optionsOf({ sources }: Plan): GivenOptions {
  const file = sources.map((source) => source['passphrase-file']).find((one) => typeof one === 'string')
  return file === undefined ? {} : { 'passphrase-file': file }
}

/** Notes what the history does not say of a run that has ended. */
export async function noteRun(services: HostServices, operation: RunningOperation): Promise<void> {
  const { profile } = services
  const { plan: named } = operation.wish
  if (named === null) return
  const record = (await openRunHistory(profile).runs()).findLast(
    ({ plan, started }) => plan === named.id && started >= operation.started,
  )
  if (record === undefined) return
  await openRunNotes(profile).add(record.run, operation.reportFile, operation.massChanges)
}

/** How the accounts of a plan were found by its last run: one that was refused, or all that were not. */
export async function noteAccounts(services: HostServices, plan: Plan, record: RunRecord | undefined): Promise<void> {
  if (record === undefined) return
  const accounts = accountsOf(plan)
  const [only, ...others] = accounts
  if (needsSignIn(record.code)) {
    // Of several nobody says which one it was: that shows when it is used by itself.
    if (only !== undefined && others.length === 0) await noteAccount(services, only, true)
  } else if (record.outcome === 'done' || record.outcome === 'incomplete')
    for (const account of accounts) await noteAccount(services, account, false)
}
