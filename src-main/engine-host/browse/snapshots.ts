import type { z } from 'zod'
import type { snapshotRow } from '../../../src-shared/ipc/contract/browse.ts'
import type { Catalog, CatalogSnapshot } from '../../engine/index.ts'
import { openRunHistory, type RunRecord } from '../../settings/run-history.ts'
import type { Handlers, HostContext } from '../context.ts'
import { cursorAt, offsetOf } from './offset-cursor.ts'
import { withPlace } from './with-place.ts'

type SnapshotRow = z.infer<typeof snapshotRow>
type List = Handlers<'snapshots.list'>['snapshots.list']

const PAGE = 100
const NAMED_ROOTS = 10

/** Snapshots of a repository, newest first: those that Holdfast made, as only they have users, groups and sites. */
export function listSnapshots(context: HostContext): List {
  return async ({ place, cursor }, { signal }) => {
    const plans = plansBySnapshot(await openRunHistory(context.profile).runs())
    return await withPlace(context, place, signal, ({ catalog }) => {
      const offset = offsetOf(cursor)
      const all = catalog.snapshots().toSorted((one, other) => other.time - one.time || other.seq - one.seq)
      const shown = all.slice(offset, offset + PAGE)
      const next = offset + shown.length < all.length ? cursorAt(offset + shown.length) : null
      return { rows: shown.map((snapshot) => rowOf(catalog, snapshot, plans)), next }
    })
  }
}

function rowOf(catalog: Catalog, snapshot: CatalogSnapshot, plans: ReadonlyMap<string, string>): SnapshotRow {
  const { id, time, series } = snapshot
  const { count, paths } = catalog.snapshotRoots(id, NAMED_ROOTS)
  return {
    id,
    time,
    tenant: catalog.seriesKey(series).host,
    series: String(series),
    roots: [...paths],
    rootCount: count,
    plan: plans.get(id) ?? null,
  }
}

/** Ids of the plans whose runs made snapshots, as far as the history goes back. */
function plansBySnapshot(runs: readonly RunRecord[]): ReadonlyMap<string, string> {
  const plans = new Map<string, string>()
  for (const { plan, reports } of runs)
    for (const report of Object.values(reports))
      if (typeof report.snapshot === 'string') plans.set(report.snapshot, plan)
  return plans
}
