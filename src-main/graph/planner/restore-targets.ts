import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type {
  ItemOutcome,
  RestoreContainer,
  RestoreOptions,
  RestoreRemark,
  TargetContainer,
} from '../../engine/ports/restore-target.ts'
import { nameKey } from '../../../src-shared/model/safe-name.ts'
import { filledText, isObject, list, record, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { plannerOutcome } from './failure.ts'
import { ExistingTasks } from './existing-tasks.ts'
import { OrderHints } from './order-hints.ts'
import type { Planner } from './planner-request.ts'
import { TargetBuckets } from './target-buckets.ts'
import { createPlan, findPlan, plansOfGroup, restorePlanDetails, storedGroup } from './target-plan.ts'
import type { PlanDetails } from './target-plan.ts'

/** One restore of plans. */
export interface PlannerSession {
  readonly root: Root
  readonly options: RestoreOptions
  /** The group for plans that have to be made; undefined: the one they were in. */
  readonly group: string | undefined
  /** Name of the target folder; undefined for "/": every plan's tasks go where they were. */
  readonly label: string | undefined
  /** By the id of the stored plan. */
  readonly targets: Map<string, Promise<PlanTarget>>
  /** By group and name key: the stored plan that a title was given to. */
  readonly claims: Map<string, string>
  /** Plans whose tasks said what is to be said of the plan. */
  readonly told: Set<PlanTarget>
}

/** A plan of the target that is open for its tasks. */
export interface OpenPlan {
  readonly id: string
  /** It is the stored plan itself. */
  readonly isOriginal: boolean
  readonly buckets: TargetBuckets
  readonly hints: OrderHints
  readonly otherLabels: ReadonlySet<string>
  existing: Promise<ExistingTasks> | undefined
}

export interface PlanTarget extends TargetContainer {
  readonly session: PlannerSession
  /** Undefined in a dry run for a plan that would be made, and where there is a failure. */
  readonly plan: OpenPlan | undefined
  /** Why there is no plan: what each of its tasks becomes. */
  readonly failure: ItemOutcome | undefined
  /** What is said of the plan itself: by the first of its tasks, since only those have remarks. */
  readonly planRemarks: RestoreRemark[]
}

export function asPlanTarget(target: TargetContainer): PlanTarget {
  if (!('session' in target && 'planRemarks' in target)) {
    throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  }
  // Nobody else makes targets with a session.
  return target as PlanTarget
}

export function begin(root: Root, options: RestoreOptions, group: string | undefined): PlanTarget {
  const names = options.targetFolder.split('/').map((name) => name.trim())
  const label = names.filter((name) => name !== '').join(' ')
  const session: PlannerSession = {
    root,
    options,
    group: root.kind === 'group' ? root.id : group,
    label: label === '' ? undefined : label,
    targets: new Map(),
    claims: new Map(),
    told: new Set(),
  }
  return { session, id: root.id, path: label, plan: undefined, failure: undefined, planRemarks: [] }
}

/** The plan that a plan of the snapshot goes into; asked again, the same. */
export function openTarget(planner: Planner, parent: PlanTarget, container: RestoreContainer): Promise<PlanTarget> {
  const { session } = parent
  const properties = propertiesOf(container.metadata ?? {})
  const source = filledText(container.metadata ?? {}, 'o365:Id') ?? container.dirName
  const known = session.targets.get(source)
  if (known !== undefined) return known
  const title = filledText(properties, 'title') ?? container.dirName
  const target = tolerantly(session, title, () => open(planner, session, { source, title, properties }))
  session.targets.set(source, target)
  target.catch(() => session.targets.delete(source))
  return target
}

/** A plan that cannot be had concerns its tasks alone. */
async function tolerantly(session: PlannerSession, path: string, work: () => Promise<PlanTarget>): Promise<PlanTarget> {
  let target: PlanTarget | undefined
  const failure = await plannerOutcome(async () => {
    target = await work()
    return { kind: 'created', id: '' }
  })
  return target ?? { session, id: undefined, path, plan: undefined, failure, planRemarks: [] }
}

interface StoredPlan {
  readonly source: string
  readonly title: string
  readonly properties: JsonObject
}

async function open(planner: Planner, session: PlannerSession, stored: StoredPlan): Promise<PlanTarget> {
  const original = session.label === undefined ? await findPlan(planner, stored.source) : undefined
  if (original !== undefined && isInTarget(session, original))
    return await opened(planner, session, stored, stored.source, stored.title)
  const group = session.group ?? storedGroup(stored.properties)
  const plans = group === undefined ? undefined : await plansOfGroup(planner, group)
  if (group === undefined || plans === undefined) throw new EngineError('restore.no-plan')
  const title = claimTitle(session, group, stored)
  const there = plans.find((plan) => nameKey(text(plan, 'title') ?? '') === nameKey(title))
  if (there !== undefined) return await opened(planner, session, stored, text(there, 'id') ?? '', title)
  if (session.options.dryRun)
    return { session, id: undefined, path: title, plan: undefined, failure: undefined, planRemarks: [] }
  return await opened(planner, session, stored, await createPlan(planner, group, title, plans), title)
}

/** Into a group, only what is a plan of that group. */
function isInTarget({ root }: PlannerSession, plan: JsonObject): boolean {
  return root.kind !== 'group' || storedGroup(plan) === root.id
}

/** Two plans of one title stay two. */
function claimTitle({ claims, label }: PlannerSession, group: string, { title, source }: StoredPlan): string {
  const wanted = label === undefined ? title : `${title} (${label})`
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted} (${number})`
    const key = `${group} ${nameKey(name)}`
    const holder = claims.get(key) ?? source
    claims.set(key, holder)
    if (holder === source) return name
  }
}

async function opened(
  planner: Planner,
  session: PlannerSession,
  stored: StoredPlan,
  id: string,
  title: string,
): Promise<PlanTarget> {
  const isOriginal = id === stored.source
  const hints = new OrderHints(isOriginal)
  const buckets = new TargetBuckets(id, (list(stored.properties, 'buckets') ?? []).filter(isObject), hints)
  await buckets.load(planner)
  let details: PlanDetails = { remarks: [], otherLabels: new Set() }
  if (!isOriginal) {
    const own = record(stored.properties, 'details') ?? {}
    details = await restorePlanDetails(planner, id, own, session.options)
    if (!session.options.dryRun) await buckets.ensureAll(planner)
  }
  const plan: OpenPlan = { id, isOriginal, buckets, hints, otherLabels: details.otherLabels, existing: undefined }
  return { session, id, path: title, plan, failure: undefined, planRemarks: [...details.remarks] }
}

/** What no task says of the plans that got none. */
export async function untold({ targets, told }: PlannerSession): Promise<readonly UntoldPlan[]> {
  const opened = await Promise.all(targets.values())
  return opened
    .filter((target) => !told.has(target))
    .map(({ path, planRemarks, failure }) => ({
      path,
      remarks: failure === undefined ? planRemarks : [{ code: 'plan-not-restored' }],
    }))
    .filter(({ remarks }) => remarks.length > 0)
}

interface UntoldPlan {
  readonly path: string
  readonly remarks: readonly RestoreRemark[]
}

export function existingTasks(planner: Planner, plan: OpenPlan): Promise<ExistingTasks> {
  if (plan.existing !== undefined) return plan.existing
  const tasks = new ExistingTasks(plan.id)
  const loading = tasks.load(planner).then(() => tasks)
  plan.existing = loading
  loading.catch(() => (plan.existing = undefined))
  return loading
}
