import { formatBytes, formatCount } from '../../../src-shared/text/amounts.ts'
import { reasonText } from '../../../src-shared/text/reasons.ts'
import {
  resolveSnapshot,
  restoreDrill,
  type DrillReport,
  type DrilledItem,
  type OpenRepository,
} from '../../engine/index.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { SavedSnapshot } from '../../engine/model/snapshot.ts'
import type { RootKind } from '../../engine/ports/data-type.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import { openDrillHistory } from '../../settings/drill-history.ts'
import { describers, readersOf } from './data-types.ts'
import { itemReference, referenceText } from './item-reference.ts'
import { keepRecord } from './keep-record.ts'
import type { Session } from './session.ts'
import { readSourceOptions } from './source-options.ts'
import { openTenant, type Tenant } from './tenant.ts'

export interface AskedDrill {
  /** Items of each data type. */
  readonly sample: number
  /** Default: the latest of Holdfast's. */
  readonly snapshot?: SavedSnapshot
}

/** Restores samples of a snapshot in memory; with --live they are compared with the tenant. */
export async function drill(
  session: Session,
  repository: OpenRepository,
  asked: AskedDrill,
  signal: AbortSignal,
): Promise<DrillReport> {
  if (session.values.flag('live') !== true) return runDrill(session, repository, asked, signal, undefined)
  const tenant = await openTenant(session, readSourceOptions(session.values))
  try {
    return await runDrill(session, repository, asked, signal, tenant)
  } catch (error) {
    throw tenant.explain(error)
  } finally {
    await tenant.close()
  }
}

async function runDrill(
  { progress }: Session,
  repository: OpenRepository,
  { sample, snapshot: given }: AskedDrill,
  signal: AbortSignal,
  tenant: Tenant | undefined,
): Promise<DrillReport> {
  await repository.ensureIndex(signal)
  const { store, sealer } = repository
  const snapshot = given ?? (await resolveSnapshot(store, sealer, 'latest', { tags: ['holdfast'] }, signal))
  const foldersOf = (kind: RootKind): readonly string[] => describers[kind].map(({ folder }) => folder)
  const folders = { user: foldersOf('user'), group: foldersOf('group'), site: foldersOf('site') }
  const readers =
    tenant === undefined
      ? {}
      : {
          readers: readersOf(folders, {
            client: tenant.client,
            sharePoint: tenant.sharePoint,
            signedIn: tenant.as,
            fileVersions: 0,
          }),
        }
  const report = await restoreDrill({
    repository,
    snapshot,
    describers,
    sample,
    random: Math.random,
    ...readers,
    signal,
    onProgress: ({ stage, done, total }) => {
      const current = stage === 'choose' ? 'choosing items to restore' : 'restoring samples in memory'
      progress.update(() => ({ current, items: done, expected: total }))
    },
  })
  progress.stop()
  return report
}

/** Says what a drill found. */
export function tellDrill({ output }: Session, report: DrillReport): void {
  for (const item of report.bad) {
    const message = `${referenceText(itemReference(item.path))}: ${problem(item)}`
    if (output.json)
      output.object({ message_type: 'error', error: { message }, during: 'drill', code: item.code ?? 'differs' })
    else output.line(message)
  }
  for (const [type, { items, restored, bytes, damaged, same, changed, unread, differs }] of Object.entries(
    report.types,
  )) {
    const compared = same + changed + unread + differs
    const live =
      compared === 0
        ? ''
        : `; in the source ${String(same)} the same, ${String(changed)} changed since, ${String(unread)} not compared`
    output.summary(
      `Restored ${String(restored)} of ${String(restored + damaged)} samples out of ${formatCount(items, 'item')} of ${type}, ${formatBytes(bytes)}${live}`,
    )
  }
  if (samplesOf(report.types) === 0) output.summary('The snapshot has no item to restore.')
  output.object({
    message_type: 'drill',
    snapshot_id: report.snapshot,
    num_bad: report.bad.length,
    types: report.types,
  })
}

/** Keeps what came of a drill in the profile, for the next check and for the history. */
export async function keepDrill(
  { profile, values, output }: Session,
  repository: string,
  { snapshot, bad, types }: DrillReport,
): Promise<void> {
  const live = values.flag('live') === true
  const entry = { repository, snapshot, time: systemClock.now(), samples: samplesOf(types), bad: bad.length, live }
  await keepRecord(output, 'restore drill', { history: openDrillHistory(profile), entry })
}

/** Says when something was last restored on trial. */
export async function tellLastDrill({ profile, output }: Session, repository: string): Promise<void> {
  const last = await openDrillHistory(profile).last(repository)
  if (last === undefined) {
    output.summary('No restore was tried yet from this machine: add --drill.')
    return
  }
  const { samples, bad, live } = last
  const source = live ? ', compared with the source' : ''
  const outcome = bad === 0 ? 'all came back' : `${String(bad)} did not come back as they were`
  const day = new Date(last.time).toISOString().slice(0, 10)
  output.summary(`Last restore drill on ${day}: of ${formatCount(samples, 'sample')}${source} ${outcome}.`)
  output.object({ message_type: 'last_drill', ...last })
}

/** What the history of a plan's runs keeps of drills: of each series one. */
export function drillFigures(reports: readonly DrillReport[]): JsonObject {
  const counts = reports.flatMap(({ types }) => Object.values(types))
  return {
    snapshots: reports.length,
    samples: reports.reduce((sum, { types }) => sum + samplesOf(types), 0),
    bytes: counts.reduce((sum, { bytes }) => sum + bytes, 0),
    num_bad: reports.reduce((sum, { bad }) => sum + bad.length, 0),
  }
}

function samplesOf(types: DrillReport['types']): number {
  return Object.values(types).reduce((sum, { restored, damaged }) => sum + restored + damaged, 0)
}

function problem({ code, live }: DrilledItem): string {
  return code === undefined && live === 'differs'
    ? 'its bytes are not those of the source, which says that it did not change'
    : reasonText(code ?? '')
}
