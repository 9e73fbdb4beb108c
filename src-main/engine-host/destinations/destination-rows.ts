import type { DestinationRow } from '../../../src-shared/ipc/contract/destinations.ts'
import { openCheckHistory, type CheckRecord } from '../../settings/check-history.ts'
import { openDrillHistory, type DrillRecord } from '../../settings/drill-history.ts'
import type { Plan } from '../../settings/model.ts'
import { readSettings } from '../../settings/settings-file.ts'
import { accountOf } from '../accounts/account-rows.ts'
import { isKept, keptPassphrases } from '../passphrases.ts'
import type { HostServices } from '../services.ts'
import { kindOf, knownPlaces, type NamedPlace } from './known-places.ts'

interface Facts {
  readonly plans: readonly Plan[]
  readonly checks: readonly CheckRecord[]
  readonly drills: readonly DrillRecord[]
  readonly kept: ReadonlySet<string>
}

/** All destinations that are known, with what happened to them. */
export async function listDestinations(services: HostServices): Promise<DestinationRow[]> {
  const { profile } = services
  const { plans } = await readSettings(profile)
  const facts: Facts = {
    plans,
    checks: await openCheckHistory(profile).all(),
    drills: await openDrillHistory(profile).all(),
    kept: await keptPassphrases(await services.secretStore()),
  }
  return (await knownPlaces(services)).map((named) => rowOf(named, facts))
}

function rowOf({ place, title, known }: NamedPlace, { plans, checks, drills, kept }: Facts): DestinationRow {
  const own = plans.filter(({ destination }) => destination === place)
  const check = checks.findLast(({ repository }) => repository === known.repository)
  const drill = drills.findLast(({ repository }) => repository === known.repository)
  return {
    place,
    kind: kindOf(place),
    title,
    account: accountOf(place) ?? null,
    plans: own.map(({ name }) => name),
    unlocked: isKept(kept, place),
    lastCheck: check === undefined ? null : { time: check.time, problems: check.problems },
    lastDrill: drill === undefined ? null : { time: drill.time, items: drill.samples, failed: drill.bad },
  }
}
