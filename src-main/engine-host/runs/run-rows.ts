import type { RunRow } from '../../../src-shared/ipc/contract/plans.ts'
import type { Plan } from '../../settings/model.ts'
import { readPlanRuns, type PlanRuns } from '../../settings/plan-runs.ts'
import type { RunRecord } from '../../settings/run-history.ts'
import { readSettings } from '../../settings/settings-file.ts'
import type { HostServices } from '../services.ts'

/** Of all the sources of a run. */
export interface BackupFigures {
  readonly items: number
  readonly bytes: number
  readonly added: number
  readonly changed: number
  readonly removed: number
  readonly unread: number
}

const BACKUP = /^backup \d+$/

/** Undefined if the run made no snapshot. */
export function backupFigures({ reports }: RunRecord): BackupFigures | undefined {
  const all = Object.entries(reports).flatMap(([step, figures]) => (BACKUP.test(step) ? [figures] : []))
  if (all.length === 0) return undefined
  const sum = (...names: readonly string[]): number =>
    all.flatMap((figures) => names.map((name) => figures[name])).reduce<number>((total, one) => total + whole(one), 0)
  return {
    items: sum('items'),
    bytes: sum('bytes'),
    added: sum('added'),
    changed: sum('changed'),
    removed: sum('removed'),
    unread: sum('unread', 'not_refreshed'),
  }
}

/** The snapshots that a run made. */
export function snapshotsOf({ reports }: RunRecord): readonly string[] {
  return Object.entries(reports).flatMap(([step, { snapshot }]) =>
    BACKUP.test(step) && typeof snapshot === 'string' ? [snapshot] : [],
  )
}

function whole(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? Math.round(value) : 0
}

export function runRow(record: RunRecord, plans: readonly Plan[]): RunRow {
  const { run, plan, started, ended, outcome, steps, code } = record
  const figures = backupFigures(record)
  return {
    ...{ run, plan, started, ended, outcome },
    planName: plans.find(({ id }) => id === plan)?.name ?? '',
    steps: [...steps],
    problem: code === undefined ? null : { code, params: {} },
    items: figures?.items ?? null,
    bytes: figures?.bytes ?? null,
    added: figures?.added ?? null,
    changed: figures?.changed ?? null,
    unread: figures?.unread ?? null,
  }
}

/** Runs of all plans. */
export async function planRuns({ profile, clock }: Pick<HostServices, 'profile' | 'clock'>): Promise<PlanRuns> {
  const { plans } = await readSettings(profile)
  return await readPlanRuns(profile, plans, () => clock.now())
}

/** Runs that are over, oldest first. */
export async function pastRuns(services: Pick<HostServices, 'profile' | 'clock'>): Promise<readonly RunRecord[]> {
  return (await planRuns(services)).past
}
