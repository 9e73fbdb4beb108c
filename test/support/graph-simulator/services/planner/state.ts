import type { SimulatorClock } from '../../clock.ts'
import { guidFrom } from '../../random.ts'
import type { TenantState } from '../../state/tenant.ts'
import { groupDirectory } from '../groups/state.ts'
import { hintAtEnd, hintAtTop } from './order-hints.ts'
import type { PreviewType, StoredBucket, StoredPlan, StoredTask } from './stored.ts'

/** Caps that Planner answers with 403. https://learn.microsoft.com/graph/api/resources/planner-overview */
interface PlannerLimits {
  tasksInPlan: number
  bucketsInPlan: number
  plansInGroup: number
  checklistItems: number
  references: number
  assignees: number
}

/** A task as tests put it there; `order` and references are in the order given. */
interface NewPlannerTask {
  readonly title: string
  readonly bucket?: string
  readonly assignees?: readonly string[]
  readonly percentComplete?: number
  readonly priority?: number
  readonly startDateTime?: string
  readonly dueDateTime?: string
  readonly labels?: readonly string[]
  readonly conversationThreadId?: string
  readonly description?: string
  readonly previewType?: PreviewType
  readonly checklist?: readonly { readonly title: string; readonly isChecked?: boolean }[]
  readonly references?: readonly { readonly url: string; readonly alias?: string; readonly type?: string }[]
}

/** Groups by id. */
interface GroupIds extends Iterable<string> {
  has(id: string): boolean
  delete(id: string): boolean
}

/** The plans of a tenant. Users by id or name, plans and buckets by id or name. */
export class PlannerState {
  /** Those of the tenant's directory. */
  readonly groups: GroupIds
  readonly plans: StoredPlan[] = []
  readonly buckets: StoredBucket[] = []
  readonly tasks: StoredTask[] = []
  /** Plans that the caller may not see: by id. */
  readonly forbidden = new Set<string>()
  readonly limits: PlannerLimits = {
    tasksInPlan: 9_000,
    bucketsInPlan: 200,
    plansInGroup: 400,
    checklistItems: 20,
    references: 10,
    assignees: 11,
  }
  /** Entries of a page. */
  pageSize = 100
  /** Whether a user's tasks can be expanded with their details, as they can in Graph (though no document says it). */
  expandsDetails = true
  /** The same of a plan's tasks, where Graph did not when people asked for it. */
  expandsPlanTasks = false
  /** Assignees who would have been told of their task by mail or in Teams. */
  notified = 0
  /** Users whom a plan was shared with. */
  shares = 0
  private readonly tenant: TenantState
  private readonly clock: SimulatorClock
  private next = 1

  constructor(tenant: TenantState, clock: SimulatorClock) {
    this.tenant = tenant
    this.clock = clock
    const directory = groupDirectory(tenant)
    this.groups = {
      has: (id) => directory.get(id) !== undefined,
      delete: (id) => directory.remove(id),
      [Symbol.iterator]: () => directory.ids(),
    }
  }

  now(): number {
    return this.clock.now()
  }

  /** 28 characters, case-sensitive. https://learn.microsoft.com/graph/api/resources/planner-identifiers-disclaimer */
  newId(): string {
    const number = this.next++
    // No two tenants have an id in common.
    const tenant = this.tenant.allUsers()[0]?.id ?? ''
    const bytes = Buffer.from(guidFrom(`planner ${tenant} ${String(number)}`).replaceAll('-', ''), 'hex')
    return bytes.toString('base64url') + number.toString(36).toUpperCase().padStart(6, 'A')
  }

  userId(user: string): string {
    const id = this.tenant.findUser(user)?.id
    if (id === undefined) throw new Error(`No user ${user}`)
    return id
  }

  addGroup(displayName: string): string {
    const directory = groupDirectory(this.tenant)
    const known = directory.all().find((group) => group.displayName === displayName)
    return (known ?? directory.add({ displayName })).id
  }

  addPlan(group: string, title: string, categories: Readonly<Record<string, string>> = {}): StoredPlan {
    const empty = Array.from({ length: 25 }, (_, index) => [`category${String(index + 1)}`, null] as const)
    const plan: StoredPlan = {
      id: this.newId(),
      title,
      group,
      createdAt: this.now(),
      version: 1,
      detailsVersion: 1,
      sharedWith: {},
      categories: { ...Object.fromEntries(empty), ...categories },
    }
    this.plans.push(plan)
    return plan
  }

  plan(plan: string): StoredPlan {
    const found = this.plans.find((one) => one.id === plan || one.title === plan)
    if (found === undefined) throw new Error(`No plan ${plan}`)
    return found
  }

  /** The plan is gone; Graph goes on listing its tasks to those they are assigned to. */
  removePlan(plan: string): void {
    this.plans.splice(this.plans.indexOf(this.plan(plan)), 1)
  }

  bucketsOf(plan: StoredPlan): readonly StoredBucket[] {
    return this.buckets.filter((bucket) => bucket.plan === plan)
  }

  tasksOf(plan: StoredPlan): readonly StoredTask[] {
    return this.tasks.filter((task) => task.plan === plan)
  }

  /** Behind the buckets that are there. */
  addBucket(plan: StoredPlan, name: string): StoredBucket {
    const orderHint = hintAtEnd(this.bucketsOf(plan).map((bucket) => bucket.orderHint))
    const bucket = { id: this.newId(), plan, name, orderHint, version: 1 }
    this.buckets.push(bucket)
    return bucket
  }

  /** Behind the tasks that are there. */
  addTask(plan: StoredPlan, task: NewPlannerTask): StoredTask {
    const bucket = task.bucket === undefined ? undefined : this.bucketsOf(plan).find(({ name }) => name === task.bucket)
    const stored = this.emptyTask(plan, bucket, task.title)
    const now = this.now()
    const siblings = this.tasksOf(plan)
    const ids = (task.assignees ?? []).map((user) => this.userId(user))
    this.tasks.push(stored)
    return Object.assign(stored, {
      orderHint: hintAtEnd(siblings.map(({ orderHint }) => orderHint)),
      bucketFormat: { orderHint: hintAtEnd(siblings.map((one) => one.bucketFormat.orderHint)), version: 1 },
      progressFormat: { orderHint: hintAtEnd(siblings.map((one) => one.progressFormat.orderHint)), version: 1 },
      percentComplete: task.percentComplete ?? 0,
      priority: task.priority ?? 5,
      startDateTime: task.startDateTime ?? null,
      dueDateTime: task.dueDateTime ?? null,
      completedAt: task.percentComplete === 100 ? now : undefined,
      conversationThreadId: task.conversationThreadId ?? null,
      assignments: inOrder(
        ids,
        (id) => id,
        (_id, orderHint) => ({ assignedAt: now, orderHint }),
      ),
      assignedFormat: {
        unassigned: hintAtEnd(siblings.map((one) => one.assignedFormat.unassigned)),
        byAssignee: inOrder(
          ids,
          (id) => id,
          (_id, orderHint) => orderHint,
        ),
        version: 1,
      },
      labels: Object.fromEntries((task.labels ?? []).map((label) => [label, true as const])),
      description: task.description ?? '',
      previewType: task.previewType ?? 'automatic',
      checklist: inOrder(
        task.checklist ?? [],
        () => guidFrom(`item ${String(this.next++)}`),
        ({ title, isChecked = false }, orderHint) => ({ title, isChecked, orderHint, modifiedAt: now }),
      ),
      references: inOrder(
        task.references ?? [],
        ({ url }) => encodedAddress(url),
        ({ alias = null, type = null }, previewPriority) => ({ alias, type, previewPriority, modifiedAt: now }),
      ),
    })
  }

  /** What a task has that was made with nothing but a title, in front of the others. */
  emptyTask(plan: StoredPlan, bucket: StoredBucket | undefined, title: string): StoredTask {
    const siblings = this.tasksOf(plan)
    const top = (hintOf: (task: StoredTask) => string): string => hintAtTop(siblings.map(hintOf))
    return {
      id: this.newId(),
      plan,
      bucket,
      createdAt: this.now(),
      version: 1,
      title,
      orderHint: top((task) => task.orderHint),
      assigneePriority: '',
      percentComplete: 0,
      priority: 5,
      startDateTime: null,
      dueDateTime: null,
      completedAt: undefined,
      conversationThreadId: null,
      assignments: {},
      labels: {},
      detailsVersion: 1,
      description: '',
      previewType: 'automatic',
      checklist: {},
      references: {},
      bucketFormat: { orderHint: top((task) => task.bucketFormat.orderHint), version: 1 },
      progressFormat: { orderHint: top((task) => task.progressFormat.orderHint), version: 1 },
      assignedFormat: { unassigned: top((task) => task.assignedFormat.unassigned), byAssignee: {}, version: 1 },
    }
  }

  /** A change of the details alone: strict, the task's etag does not show it unless one of its own properties changes. */
  changeDescription(task: StoredTask, description: string): void {
    if ((task.description === '') !== (description === '')) task.version++
    task.description = description
    task.detailsVersion++
  }

  changeTitle(task: StoredTask, title: string): void {
    task.title = title
    task.version++
  }

  removeTask(task: StoredTask): void {
    this.tasks.splice(this.tasks.indexOf(task), 1)
  }
}

/** Entries with hints in the order given. */
function inOrder<T, V>(
  all: readonly T[],
  keyOf: (one: T) => string,
  value: (one: T, orderHint: string) => V,
): Readonly<Record<string, V>> {
  const hints: string[] = []
  const entries = all.map((one) => {
    const hint = hintAtEnd(hints)
    hints.push(hint)
    return [keyOf(one), value(one, hint)] as const
  })
  return Object.fromEntries(entries)
}

/** https://learn.microsoft.com/graph/api/resources/plannerexternalreferences */
function encodedAddress(url: string): string {
  return url.replace(/[%.:@#]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** For `tenant.service`. */
export function plannerState(tenant: TenantState, clock: SimulatorClock): PlannerState {
  return new PlannerState(tenant, clock)
}
