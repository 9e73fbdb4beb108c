import type { DestinationRow } from '../../../src-shared/ipc/contract/destinations.ts'
import { openDrillHistory, type DrillRecord } from '../../settings/drill-history.ts'
import type { Plan } from '../../settings/model.ts'
import { openRunHistory, type RunRecord } from '../../settings/run-history.ts'
import { readSettings } from '../../settings/settings-file.ts'
import { accountOf } from '../accounts/account-rows.ts'
import { keptPassphrases, passphraseName } from '../passphrases.ts'
import type { HostServices } from '../services.ts'
import { kindOf, knownPlaces, type NamedPlace } from './known-places.ts'

interface Facts {
  readonly plans: readonly Plan[]
  readonly runs: readonly RunRecord[]
  readonly drills: readonly DrillRecord[]
  readonly kept: ReadonlySet<string>
}

/** All destinations that are known, with what happened to them. */
export async function listDestinations(services: HostServices): Promise<DestinationRow[]> {
  const { profile } = services
  const { plans } = await readSettings(profile)
  const facts: Facts = {
    plans,
    runs: await openRunHistory(profile).runs(),
    drills: await openDrillHistory(profile).all(),
    kept: await keptPassphrases(await services.secretStore()),
  }
  return (await knownPlaces(services)).map((named) => rowOf(named, facts))
}

function rowOf({ place, title, known }: NamedPlace, { plans, runs, drills, kept }: Facts): DestinationRow {
  const own = plans.filter(({ destination }) => destination === place)
  const drill = drills.findLast(({ repository }) => repository === known.repository)
  return {
    place,
    kind: kindOf(place),
    title,
    account: accountOf(place) ?? null,
    plans: own.map(({ name }) => name),
    unlocked: kept.has(passphraseName(place)),
    lastCheck: lastCheck(known.lastCheck, own, runs),
    lastDrill: drill === undefined ? null : { time: drill.time, items: drill.samples, failed: drill.bad },
  }
}

/** The later one of the last that was asked for and the last of a plan's run. */
export function lastCheck(
  asked: { readonly time: number; readonly problems: number } | undefined,
  plans: readonly Plan[],
  runs: readonly RunRecord[],
): DestinationRow['lastCheck'] {
  const ids = new Set(plans.map(({ id }) => id))
  const run = runs.findLast(({ plan, reports }) => ids.has(plan) && typeof reports.check?.num_errors === 'number')
  const ofRun = run === undefined ? undefined : { time: run.ended, problems: Number(run.reports.check?.num_errors) }
  if (asked === undefined || ofRun === undefined) return asked ?? ofRun ?? null
  return asked.time > ofRun.time ? asked : ofRun
}
