import type { ParamsOf, PlanDraft, ValueOf } from '../../../../src-shared/ipc/index.ts'
import { rootKinds, type RootKind } from '../../lib/data.ts'
import { texts } from '../../lib/texts/index.ts'
import type { PickedRoot } from '../pickers/picked.ts'

export const steps = ['sign-in', 'what', 'where', 'passphrase', 'schedule', 'summary'] as const
export type Step = (typeof steps)[number]
export type Weekday = keyof typeof texts.wizard.schedule.weekdays
export type PlaceKind = 'folder' | 'onedrive' | 'group' | 'sharepoint'
export type Retention = PlanDraft['retention']

/** What the wizard was told. All of it is kept in the draft: no passphrase and no secret is among it. */
export interface Answers {
  readonly account: string | null
  readonly scope: 'all' | 'chosen'
  readonly kinds: readonly RootKind[]
  readonly roots: readonly PickedRoot[]
  /** What people call data types; null: all. */
  readonly types: readonly string[] | null
  readonly placeKind: PlaceKind
  readonly place: string | null
  readonly placeTitle: string | null
  /** The place whose repository was made or opened here, and its passphrase kept. */
  readonly repository: string | null
  readonly isMade: boolean
  readonly kitFile: string | null
  readonly isSafe: boolean
  readonly when: 'daily' | 'hours' | 'weekly' | 'manual'
  readonly at: string
  readonly hours: number | null
  readonly days: readonly Weekday[]
  readonly keep: 'thinned' | 'all' | 'custom'
  readonly custom: Retention
  readonly check: boolean
  readonly name: string
}

const none: Retention = {
  last: null,
  hourly: null,
  daily: null,
  weekly: null,
  monthly: null,
  yearly: null,
  within: null,
}
const thinned: Retention = { ...none, daily: 14, weekly: 8, monthly: 24, yearly: 10 }

export const firstAnswers: Answers = {
  account: null,
  scope: 'all',
  kinds: rootKinds,
  roots: [],
  types: null,
  placeKind: 'folder',
  place: null,
  placeTitle: null,
  repository: null,
  isMade: false,
  kitFile: null,
  isSafe: false,
  when: 'daily',
  at: '12:30',
  hours: 6,
  days: ['monday', 'wednesday', 'friday'],
  keep: 'thinned',
  custom: thinned,
  check: true,
  name: texts.wizard.summary.defaultName,
}

export type Draft = NonNullable<ValueOf<'wizard.draft'>['draft']>

/** The draft of these answers. `left`: the wizard does not come by itself any more. */
export function draftOf(step: Step, answers: Answers, left: boolean): Draft {
  // By way of JSON: what is kept is a copy, and nothing but JSON.
  const kept: unknown = JSON.parse(JSON.stringify(answers))
  return { step, answers: { ...(kept as Draft['answers']), left } }
}

/** What a draft tells; answers of another kind than those of today are left out. */
export function answersOf(draft: Draft): Answers {
  const known = Object.entries(firstAnswers).filter(([key, first]) => isLike(draft.answers[key], first))
  return { ...firstAnswers, ...Object.fromEntries(known.map(([key]) => [key, draft.answers[key]])) }
}

function isLike(value: unknown, first: unknown): boolean {
  if (value === undefined) return false
  if (value === null) return first === null || typeof first === 'number'
  if (Array.isArray(first)) return Array.isArray(value)
  return first === null ? typeof value === 'string' || Array.isArray(value) : typeof value === typeof first
}

export function stepOf(draft: Draft): Step {
  return steps.find((step) => step === draft.step) ?? 'sign-in'
}

function scheduleOf({ when, at, hours, days }: Answers): PlanDraft['schedule'] {
  return { recurrence: recurrenceOf(when, at, hours ?? 1, days), quiet: null }
}

function recurrenceOf(
  when: Answers['when'],
  at: string,
  hours: number,
  days: readonly Weekday[],
): PlanDraft['schedule']['recurrence'] {
  if (when === 'daily') return { kind: 'daily', at }
  if (when === 'weekly') return { kind: 'weekly', on: [...days], at }
  return when === 'hours' ? { kind: 'hours', hours } : null
}

export function retentionOf({ keep, custom }: Answers): Retention {
  if (keep === 'all') return none
  return keep === 'thinned' ? thinned : custom
}

/** The plan, as it is saved. Needs an account and a place. */
export function planOf(answers: Answers, isApplication: boolean): ParamsOf<'plans.save'> | null {
  const { account, place, name, check } = answers
  if (account === null || place === null) return null
  return {
    id: null,
    name: name.trim(),
    place,
    sources: [{ account, ...chosenRoots(answers, isApplication), types: answers.types?.slice() ?? null, ...noFilters }],
    schedule: scheduleOf(answers),
    retention: retentionOf(answers),
    prune: answers.keep === 'all' ? null : { everyDays: 7 },
    check: check ? { percent: 5, everyDays: 7 } : null,
    notice: { percent: 20, items: 50 },
  }
}

const noFilters = { include: [], exclude: [], fileVersions: 0 }

/** Of a person, all is what is theirs: groups and sites are read if they are named. */
export function chosenRoots(
  { scope, kinds, roots }: Answers,
  isApplication: boolean,
): Pick<PlanDraft['sources'][number], 'kinds' | 'roots'> {
  if (scope === 'all') return { kinds: isApplication ? [...kinds] : ['user'], roots: null }
  const chosen = rootKinds.filter((kind) => roots.some((root) => root.kind === kind))
  return { kinds: chosen, roots: roots.map(({ kind, name }) => ({ kind, name })) }
}
