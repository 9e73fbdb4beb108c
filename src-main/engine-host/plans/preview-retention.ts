import type { ParamsOf, ValueOf } from '../../../src-shared/ipc/contract.ts'
import { forgetSnapshots, isEngineError, listSnapshots, type ForgetReport } from '../../engine/index.ts'
import type { SavedSnapshot } from '../../engine/model/snapshot.ts'
import { requirePlan } from '../../commands/plan.ts'
import type { RunRecord } from '../../settings/run-history.ts'
import { readSettings } from '../../settings/settings-file.ts'
import { pastRuns, snapshotsOf } from '../runs/run-rows.ts'
import type { HostServices } from '../services.ts'
import type { OpenPlace } from '../context.ts'
import { savedRetention } from './plan-retention.ts'

type Preview = ValueOf<'plans.previewRetention'>

/** What is freed is found out by reading all trees: nobody waits longer than this for it. */
const COUNT_MS = 5_000

/** Which snapshots of the series that a plan makes would go by other rules. Nothing is changed. */
export async function previewRetention(
  services: HostServices,
  { plan: id, retention }: ParamsOf<'plans.previewRetention'>,
  signal: AbortSignal,
): Promise<Preview> {
  const plan = requirePlan(await readSettings(services.profile), id)
  const policy = savedRetention(retention, plan.retention)
  const made = lastMade((await pastRuns(services)).filter((run) => run.plan === id))
  const open = await services.openPlace(plan.destination, signal)
  try {
    const { store, sealer } = open.repository
    const { snapshots } = await listSnapshots(store, sealer, signal)
    const series = seriesOf(snapshots.filter((snapshot) => made.has(snapshot.id)))
    if (policy === undefined) return { rows: ofSeries(snapshots, series).map(keptRow), freed: 0 }
    const rows: Preview['rows'] = []
    let freed: number | null = 0
    for (const { hostname, paths } of series) {
      const filter = { host: hostname, paths, onlyPaths: true }
      const report = await forgotten(services, open, { policy, filter }, signal)
      rows.push(...rowsOf(report))
      const own = report.removed.length === 0 ? 0 : (report.prune?.bytes.freed ?? null)
      freed = freed === null || own === null ? null : freed + own
    }
    return { rows: rows.sort((one, other) => other.time - one.time), freed }
  } finally {
    open.release()
  }
}

/** Rules hold for the series that a run makes: snapshots of other choices of what is read stay. */
function lastMade(runs: readonly RunRecord[]): ReadonlySet<string> {
  return new Set(runs.map(snapshotsOf).findLast((snapshots) => snapshots.length > 0))
}

type Asked = Pick<Parameters<typeof forgetSnapshots>[0], 'policy' | 'filter'>

/** With the bytes that a prune would free, if they can be found out soon. */
async function forgotten(
  { clock }: HostServices,
  { repository }: OpenPlace,
  asked: Asked,
  signal: AbortSignal,
): Promise<ForgetReport> {
  const common = { ...asked, repository, clock, dryRun: true }
  const limit = AbortSignal.timeout(COUNT_MS)
  try {
    return await forgetSnapshots({ ...common, countBytes: true, signal: AbortSignal.any([signal, limit]) })
  } catch (error) {
    const isLate = limit.aborted && (!isEngineError(error) || error.code === 'cancelled')
    if (!isLate || signal.aborted) throw error
    return await forgetSnapshots({ ...common, countBytes: false, signal })
  }
}

/** One snapshot of each series. */
function seriesOf(snapshots: readonly SavedSnapshot[]): readonly SavedSnapshot[] {
  return [...new Map(snapshots.map((snapshot) => [keyOf(snapshot), snapshot])).values()]
}

function ofSeries(all: readonly SavedSnapshot[], series: readonly SavedSnapshot[]): readonly SavedSnapshot[] {
  const keys = new Set(series.map(keyOf))
  return all.filter((snapshot) => keys.has(keyOf(snapshot))).toReversed()
}

function keyOf({ hostname, paths }: SavedSnapshot): string {
  return JSON.stringify([hostname, [...paths].sort()])
}

function keptRow({ id, time }: SavedSnapshot): Preview['rows'][number] {
  return { snapshot: id, time: Date.parse(time), kept: true, reasons: [] }
}

function rowsOf({ groups }: ForgetReport): Preview['rows'] {
  return groups.flatMap(({ keep, remove }) => [
    ...keep.map(({ snapshot, reasons }) => ({ ...keptRow(snapshot), reasons: [...reasons] })),
    ...remove.map((snapshot) => ({ ...keptRow(snapshot), kept: false })),
  ])
}
