import type { SnapshotRow } from '../../../../src-shared/ipc/index.ts'
import { formatNumber } from '../../../../src-shared/text/amounts.ts'
import { texts } from '../../lib/texts/index.ts'

const namedRoots = 2

/** What the snapshots of one series are of. */
export interface SourceOption {
  readonly series: string
  readonly label: string
}

/** The series among snapshots, the one with the newest snapshot first. `planNames` by id. */
export function sourcesOf(
  rows: readonly SnapshotRow[],
  planNames: ReadonlyMap<string, string>,
): readonly SourceOption[] {
  const labels = new Map<string, string>()
  for (const row of rows) if (!labels.has(row.series)) labels.set(row.series, sourceName(row, planNames))
  return Array.from(labels, ([series, label]) => ({ series, label }))
}

/** The plan that made a snapshot, or whose data it is. */
export function sourceName(row: SnapshotRow, planNames: ReadonlyMap<string, string>): string {
  if (row.plan !== null) return planNames.get(row.plan) ?? row.plan
  return texts.browse.sourceOf(rootNames(row), row.tenant)
}

function rootNames({ roots, rootCount }: SnapshotRow): string {
  const named = roots.slice(0, namedRoots).map((root) => root.slice(root.indexOf('/') + 1))
  const more = rootCount - named.length
  return more > 0 ? texts.browse.andMore(named.join(', '), formatNumber(more)) : named.join(', ')
}

/** The newest snapshot that had all of the items; undefined if there is none. `snapshots` are newest first. */
export function commonSnapshot(
  items: readonly { readonly firstSnapshot: string; readonly lastSnapshot: string }[],
  snapshots: readonly SnapshotRow[],
): SnapshotRow | undefined {
  const times = new Map(snapshots.map(({ id, time }) => [id, time]))
  const byId = new Map(snapshots.map((row) => [row.id, row]))
  const series = new Set(items.map(({ lastSnapshot }) => byId.get(lastSnapshot)?.series))
  const [only] = series
  if (series.size !== 1 || only === undefined) return undefined
  const from = Math.max(...items.map(({ firstSnapshot }) => times.get(firstSnapshot) ?? Infinity))
  const to = Math.min(...items.map(({ lastSnapshot }) => times.get(lastSnapshot) ?? -Infinity))
  return snapshots.find((row) => row.series === only && row.time >= from && row.time <= to)
}
