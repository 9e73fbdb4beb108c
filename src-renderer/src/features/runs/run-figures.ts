import type { RunRow, ValueOf } from '../../../../src-shared/ipc/index.ts'
import { formatBytes, formatDuration, formatNumber } from '../../../../src-shared/text/amounts.ts'
import { formatDateTime } from '../../lib/format.ts'
import { texts } from '../../lib/texts/index.ts'
import { plural } from '../../lib/texts/plural.ts'
import type { KeyValueItem, Tone } from '../../ui/types.ts'

type Reports = ValueOf<'runs.get'>['reports']

export interface RunStep {
  readonly name: string
  readonly title: string
  readonly figures: readonly KeyValueItem[]
}

const words = texts.runs
const snapshotDigits = 8

export const outcomeTones: Readonly<Record<RunRow['outcome'], Tone>> = {
  done: 'good',
  incomplete: 'attention',
  failed: 'error',
  interrupted: 'attention',
  stopped: 'neutral',
}

export function planName({ planName: name }: RunRow): string {
  return name === '' ? words.removedPlan : name
}

/** What a run came to, in a few words. */
export function rowLine({ started, ended, items, changed, added, unread }: RunRow): string {
  const took = formatDuration(ended - started)
  if (items === null) return [took, words.row.none].join(' · ')
  return [
    took,
    plural(items, words.row.items),
    ...(changed === null ? [] : [plural(changed, words.row.changed)]),
    ...(added === null ? [] : [words.row.added(formatBytes(added))]),
    ...(unread === null || unread === 0 ? [] : [plural(unread, words.row.unread)]),
  ].join(' · ')
}

/** What a run came to, as far as it tells. */
export function runFigures(run: RunRow): readonly KeyValueItem[] {
  const { started, ended, items, bytes, changed, added, unread } = run
  return [
    { label: words.started, value: formatDateTime(started) },
    { label: words.took, value: formatDuration(ended - started) },
    ...counted(words.items, items),
    ...(bytes === null ? [] : [{ label: words.size, value: formatBytes(bytes) }]),
    ...counted(words.changed, changed),
    ...(added === null ? [] : [{ label: words.added, value: formatBytes(added) }]),
    ...(unread === 0 ? [] : counted(words.unread, unread)),
  ]
}

function counted(label: string, count: number | null): readonly KeyValueItem[] {
  return count === null ? [] : [{ label, value: formatNumber(count) }]
}

/** The steps of a run with what each did, in their order. A step that reports nothing is one all the same. */
export function stepsOf({ steps }: RunRow, reports: Reports): readonly RunStep[] {
  const names = Object.keys(reports)
  const known = steps.flatMap((step) => {
    const own = names.filter((name) => baseOf(name) === step)
    return own.length === 0 ? [step] : own
  })
  const others = names.filter((name) => !known.includes(name))
  const sources = names.filter((name) => baseOf(name) === 'backup').length
  return [...known, ...others].map((name) => ({
    name,
    title: titleOf(name, sources > 1),
    figures: Object.entries(reports[name] ?? {}).map(([figure, value]) => figureOf(baseOf(name), figure, value)),
  }))
}

/** Snapshots, by the name that commands take, that list what could not be read. */
export function snapshotsWithUnread(reports: Reports): readonly string[] {
  return Object.entries(reports).flatMap(([name, { snapshot, unread, not_refreshed: notRefreshed }]) =>
    baseOf(name) === 'backup' && typeof snapshot === 'string' && (isSome(unread) || isSome(notRefreshed))
      ? [snapshot.slice(0, snapshotDigits)]
      : [],
  )
}

function isSome(count: Reports[string][string] | undefined): boolean {
  return typeof count === 'number' && count > 0
}

/** Each source has a backup of its own: "backup 2". */
function baseOf(name: string): string {
  return name.split(' ')[0] ?? name
}

function titleOf(name: string, isNumbered: boolean): string {
  const [step = name, number] = name.split(' ')
  const title = words.step(step)
  return isNumbered && number !== undefined ? words.source(title, number) : title
}

const amounts = /^(bytes|added)(_|$)/

function figureOf(step: string, name: string, value: string | number | boolean): KeyValueItem {
  const label = words.figure(step, name)
  if (typeof value === 'boolean') return { label, value: value ? words.yes : words.no }
  if (typeof value === 'string') {
    return { label, value: name === 'snapshot' ? value.slice(0, snapshotDigits) : value, title: value }
  }
  return { label, value: amounts.test(name) ? formatBytes(value) : formatNumber(value) }
}
