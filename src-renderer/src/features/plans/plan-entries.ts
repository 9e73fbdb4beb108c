import type { PlanDraft } from '../../../../src-shared/ipc/index.ts'
import { rootKinds, type RootKind } from '../../lib/data.ts'
import type { PickedRoot } from '../pickers/picked.ts'

export type Retention = PlanDraft['retention']
type Recurrence = NonNullable<PlanDraft['schedule']['recurrence']>
export type Weekday = Extract<Recurrence, { kind: 'weekly' }>['on'][number]

/** A source as its fields have it. `key` tells it apart from the others of the plan, whatever happens to them. */
export interface SourceEntry {
  readonly key: number
  readonly account: string
  readonly scope: 'all' | 'picked'
  readonly kinds: readonly RootKind[]
  readonly roots: readonly PickedRoot[]
  /** Null: all that the sign-in allows. */
  readonly types: readonly string[] | null
  /** One filter a line. */
  readonly include: string
  readonly exclude: string
  readonly fileVersions: number | null
}

/** A plan as the fields of its form have it: what is empty or switched off keeps what was entered before. */
export interface PlanEntries {
  readonly name: string
  readonly place: string | null
  readonly sources: readonly SourceEntry[]
  readonly when: 'manual' | Recurrence['kind']
  readonly hours: number | null
  readonly at: string
  readonly days: readonly Weekday[]
  readonly quiet: boolean
  readonly quietFrom: string
  readonly quietTo: string
  readonly keep: 'all' | 'rules'
  readonly rules: Retention
  readonly prunes: boolean
  readonly pruneDays: number | null
  readonly checks: boolean
  readonly checkPercent: number | null
  readonly checkDays: number | null
  readonly notices: boolean
  readonly noticePercent: number | null
  readonly noticeItems: number | null
}

export const keepsAll: Retention = {
  last: null,
  hourly: null,
  daily: null,
  weekly: null,
  monthly: null,
  yearly: null,
  within: null,
}
const thinned: Retention = { ...keepsAll, daily: 14, weekly: 8, monthly: 24, yearly: 10 }

/** A plan that nobody has said anything about. */
export function newEntries(account: string, kinds: readonly RootKind[]): PlanEntries {
  return {
    name: '',
    place: null,
    sources: [newSource(account, kinds, 0)],
    ...unset,
    when: 'daily',
    keep: 'rules',
    prunes: true,
    checks: true,
  }
}

export function newSource(account: string, kinds: readonly RootKind[], key: number): SourceEntry {
  return {
    key,
    account,
    scope: 'all',
    kinds,
    roots: [],
    types: null,
    include: '',
    exclude: '',
    fileVersions: 0,
  }
}

/** What fields say that were never switched on. */
const unset = {
  when: 'manual',
  hours: 6,
  at: '12:30',
  days: ['monday', 'wednesday', 'friday'],
  quiet: false,
  quietFrom: '09:00',
  quietTo: '17:00',
  keep: 'all',
  rules: thinned,
  prunes: false,
  pruneDays: 7,
  checks: false,
  checkPercent: 5,
  checkDays: 7,
  notices: false,
  noticePercent: 20,
  noticeItems: 50,
} as const satisfies Partial<PlanEntries>

export function entriesOf(draft: PlanDraft): PlanEntries {
  const { name, place, sources, retention, prune, check, notice } = draft
  const isKept = Object.values(retention).every((count) => count === null)
  return {
    ...unset,
    name,
    place,
    sources: sources.map(sourceEntry),
    ...scheduleEntries(draft.schedule),
    ...(isKept ? {} : { keep: 'rules', rules: retention }),
    ...(prune === null ? {} : { prunes: true, pruneDays: prune.everyDays }),
    ...(check === null ? {} : { checks: true, checkPercent: check.percent, checkDays: check.everyDays }),
    ...(notice === null ? {} : { notices: true, noticePercent: notice.percent, noticeItems: notice.items }),
  }
}

function scheduleEntries({ recurrence, quiet }: PlanDraft['schedule']): Partial<PlanEntries> {
  return {
    ...(recurrence === null ? {} : { when: recurrence.kind }),
    ...(recurrence?.kind === 'hours' ? { hours: recurrence.hours } : {}),
    ...(recurrence?.kind === 'daily' ? { at: recurrence.at } : {}),
    ...(recurrence?.kind === 'weekly' ? { at: recurrence.at, days: recurrence.on } : {}),
    ...(quiet === null ? {} : { quiet: true, quietFrom: quiet.from, quietTo: quiet.to }),
  }
}

function sourceEntry(source: PlanDraft['sources'][number], key: number): SourceEntry {
  const { account, kinds, roots, types, include, exclude, fileVersions } = source
  return {
    key,
    account,
    scope: roots === null ? 'all' : 'picked',
    kinds,
    // A plan knows roots by their names alone.
    roots: (roots ?? []).map(({ kind, name }) => ({ kind, name, id: name, title: name })),
    types,
    include: include.join('\n'),
    exclude: exclude.join('\n'),
    fileVersions,
  }
}

/** The plan that entries without problems make. */
export function draftOf(id: string | null, entries: PlanEntries): PlanDraft {
  const { name, place, sources, keep, rules } = entries
  return {
    id,
    name: name.trim(),
    place: place ?? '',
    sources: sources.map(draftSource),
    schedule: {
      recurrence: recurrenceOf(entries),
      quiet: entries.quiet ? { from: entries.quietFrom, to: entries.quietTo } : null,
    },
    retention: keep === 'all' ? keepsAll : rules,
    prune: entries.prunes ? { everyDays: entries.pruneDays ?? 1 } : null,
    check: entries.checks ? { percent: entries.checkPercent ?? 1, everyDays: entries.checkDays ?? 1 } : null,
    notice: entries.notices ? { percent: entries.noticePercent ?? 0, items: entries.noticeItems ?? 0 } : null,
  }
}

function recurrenceOf({ when, hours, at, days }: PlanEntries): Recurrence | null {
  if (when === 'manual') return null
  if (when === 'hours') return { kind: 'hours', hours: hours ?? 1 }
  return when === 'daily' ? { kind: 'daily', at } : { kind: 'weekly', on: [...days], at }
}

function draftSource(entry: SourceEntry): PlanDraft['sources'][number] {
  const { account, scope, roots, types, include, exclude, fileVersions } = entry
  return {
    account,
    kinds: [...kindsOf(entry)],
    roots: scope === 'all' ? null : roots.map(({ kind, name }) => ({ kind, name })),
    types: types === null ? null : [...types],
    include: linesOf(include),
    exclude: linesOf(exclude),
    fileVersions: fileVersions ?? 0,
  }
}

/** Kinds of roots that a source reads. */
export function kindsOf({ scope, kinds, roots }: SourceEntry): readonly RootKind[] {
  if (scope === 'all') return kinds
  return rootKinds.filter((kind) => roots.some((root) => root.kind === kind))
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
