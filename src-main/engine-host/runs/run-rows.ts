import type { RunRow } from '../../../src-shared/ipc/contract/plans.ts'
import type { Plan } from '../../settings/model.ts'
import { openRunHistory, type RunRecord } from '../../settings/run-history.ts'
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

/** Runs that are over, oldest first. One under way here looks as if it had been interrupted: it is left out. */
export async function pastRuns({
  profile,
  operations,
}: Pick<HostServices, 'profile' | 'operations'>): Promise<readonly RunRecord[]> {
  const running = operations
    .running()
    .flatMap(({ wish, started }) => (wish.plan === null ? [] : [{ id: wish.plan.id, started }]))
  const runs = await openRunHistory(profile).runs()
  return runs.filter(
    ({ plan, outcome, started }) =>
      outcome !== 'interrupted' || !running.some((operation) => operation.id === plan && operation.started <= started),
  )
}
