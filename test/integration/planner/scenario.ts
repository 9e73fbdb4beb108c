import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { ItemOutcome, PersonMap } from '../../../src-main/engine/ports/restore-target.ts'
import { plannerReader } from '../../../src-main/graph/planner/reader.ts'
import { plannerRestorer } from '../../../src-main/graph/planner/restorer.ts'
import { readHeld, restoreHeld } from '../../support/adapter-round.ts'
import type { HeldType } from '../../support/adapter-round.ts'
import { plannerState } from '../../support/graph-simulator/services/planner/state.ts'
import type { PlannerState } from '../../support/graph-simulator/services/planner/state.ts'
import type { StoredTask } from '../../support/graph-simulator/services/planner/stored.ts'
import type { TenantWorld } from '../../support/tenant-pair.ts'

export const ada = 'ada@contoso.example'
export const bob = 'bob@contoso.example'
export const grace = 'grace@fabrikam.example'

export function plannerOf({ simulator }: TenantWorld): PlannerState {
  return simulator.tenant.service(plannerState)
}

/** Plans and tasks with everything that Planner has, one plan of them in this group. */
export function fillPlanner(planner: PlannerState, group = planner.addGroup('move')): void {
  const plan = planner.addPlan(group, 'Move', { category1: 'Urgent', category3: 'Outside', category25: 'Last' })
  for (const bucket of ['To do', 'Doing', 'Done', 'Doing']) planner.addBucket(plan, bucket)
  planner.addTask(plan, {
    title: 'Find a house',
    bucket: 'Doing',
    assignees: [ada, bob],
    percentComplete: 50,
    priority: 1,
    startDateTime: '2026-02-01T08:00:00Z',
    dueDateTime: '2026-03-01T10:00:00Z',
    labels: ['category1', 'category3'],
    description: 'Near the river.\nWith a garden.',
    previewType: 'checklist',
    checklist: [{ title: 'Ask Grace', isChecked: true }, { title: 'Read adverts' }, { title: 'Visit' }],
    references: [
      { url: 'https://contoso.sharepoint.com/a b.docx?x=1#top', alias: 'Wishes', type: 'Word' },
      { url: 'http://contoso.example/100%25', type: 'Other' },
    ],
  })
  planner.addTask(plan, { title: 'Pack', bucket: 'To do', assignees: [ada], description: 'Books first' })
  planner.addTask(plan, { title: 'Not mine', bucket: 'To do', assignees: [bob] })
  planner.addTask(plan, { title: 'Pack', bucket: 'To do', assignees: [ada], description: 'Dishes' })
  planner.addTask(plan, { title: 'Pack', bucket: 'Done', assignees: [ada], percentComplete: 100 })
  planner.addTask(plan, { title: 'Anywhere', assignees: [ada], priority: 9 })
  const other = planner.addPlan(planner.addGroup('club'), 'Club')
  planner.addBucket(other, 'Ideas')
  planner.addTask(other, { title: 'Summer party', bucket: 'Ideas', assignees: [ada] })
}

export const read = (world: TenantWorld, user: string, before?: HeldType): Promise<HeldType> =>
  readHeld(plannerReader(world.client), world.root(user), before)

interface RestoreSettings {
  readonly group?: string
  readonly targetFolder?: string
  readonly dryRun?: boolean
  readonly ignoreExisting?: boolean
  /** Assign and share, with people found by this map. */
  readonly people?: PersonMap
}

export function restore(
  world: TenantWorld,
  user: string,
  held: HeldType,
  { group, people, ...more }: RestoreSettings = {},
): Promise<Map<string, ItemOutcome>> {
  const restorer = plannerRestorer(world.client, { group })
  return restoreHeld(restorer, plannerReader(world.client), held, world.root(user), {
    targetFolder: '/',
    ...more,
    ...(people === undefined ? {} : { people, onRequest: new Set(['permissions'] as const) }),
  })
}

/** Each user of the source has a counterpart in the target, in this order. */
export function peopleOf(
  source: TenantWorld,
  from: readonly string[],
  target: TenantWorld,
  to: readonly string[],
): PersonMap {
  const ids = from.map((user) => source.root(user).id)
  return ({ id }) => {
    const name = to[ids.indexOf(id ?? '')]
    return name === undefined ? undefined : { id: target.root(name).id, address: name }
  }
}

export const kinds = (outcomes: ReadonlyMap<string, ItemOutcome>): readonly string[] =>
  [...new Set([...outcomes.values()].map(({ kind }) => kind))].sort()

export const remarkCodes = (outcomes: ReadonlyMap<string, ItemOutcome>): readonly string[] =>
  [...outcomes.values()]
    .flatMap((outcome) => ('remarks' in outcome ? (outcome.remarks ?? []) : []))
    .map(({ code }) => code)

/**
 * What the service assigns, so that two copies differ in it: ids, creation and completion with who did it, and order
 * hints, of which only the order means something (see boards).
 */
const assigned: ReadonlySet<string> = new Set([
  'id',
  'planId',
  'bucketId',
  'changeKey',
  'createdDateTime',
  'createdBy',
  'completedDateTime',
  'completedBy',
  'orderHint',
  'assigneePriority',
  'previewPriority',
  'lastModifiedBy',
  'lastModifiedDateTime',
  'assignedBy',
  'assignedDateTime',
  'unassignedOrderHint',
])

/** The tasks without what the service assigns, with the name of their bucket; people by their place in `users`. */
export function comparable(held: HeldType, users: readonly string[]): readonly JsonObject[] {
  return held.items
    .map(({ container, metadata }) => {
      const plan = held.containers.find(({ id }) => id === container)
      const properties = metadata.properties as JsonObject
      const buckets = ((plan?.properties.properties as JsonObject).buckets ?? []) as readonly JsonObject[]
      const bucket = buckets.find(({ id }) => id === properties.bucketId)?.name ?? null
      return { plan: plan?.name ?? '', bucket, task: stripped(properties, users) as JsonObject }
    })
    .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
}

function stripped(value: unknown, users: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => stripped(one, users))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => !assigned.has(name))
  const renamed = kept.map(([name, inner]) => {
    const user = users.indexOf(name)
    const hint = user >= 0 && typeof inner === 'string'
    return [user >= 0 ? `user ${String(user)}` : name, hint ? '' : stripped(inner, users)] as const
  })
  return Object.fromEntries(renamed.sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** Titles in the order of each board, of a plan's tasks and of what is inside them. */
export function boards(
  planner: PlannerState,
  title: string,
  shown: (task: StoredTask) => boolean = () => true,
): object {
  const plan = planner.plan(title)
  const tasks = planner.tasksOf(plan).filter(shown)
  const by = (hint: (task: StoredTask) => string): readonly string[] =>
    [...tasks]
      .sort((one, other) => (hint(one) < hint(other) ? -1 : 1))
      .map((task) => `${task.title} ${task.description}`)
  return {
    buckets: [...planner.bucketsOf(plan)]
      .sort((one, other) => (one.orderHint < other.orderHint ? -1 : 1))
      .map(({ name }) => name),
    tasks: by((task) => task.orderHint),
    bucket: by((task) => `${task.bucket?.name ?? ''} ${task.bucketFormat.orderHint}`),
    progress: by((task) => task.progressFormat.orderHint),
    unassigned: by((task) => task.assignedFormat.unassigned),
    checklists: tasks.map((task) => sorted(task.checklist, 'orderHint').map(({ title: step }) => step)).sort(),
    references: tasks.map((task) => sorted(task.references, 'previewPriority').map(({ alias }) => alias)).sort(),
  }
}

function sorted<T extends object>(open: Readonly<Record<string, T>>, hint: keyof T): readonly T[] {
  return Object.values(open).sort((one, other) => (one[hint] < other[hint] ? -1 : 1))
}
