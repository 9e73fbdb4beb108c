import type { DataTypeRestorer, ItemOutcome, RestoreItem, RestoreRemark } from '../../engine/ports/restore-target.ts'
import type { GraphClient } from '../client/types.ts'
import { filledText, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { plannerOutcome } from './failure.ts'
import type { Planner } from './planner-request.ts'
import { asPlanTarget, begin, existingTasks, openTarget, untold } from './restore-targets.ts'
import type { OpenPlan, PlannerSession, PlanTarget } from './restore-targets.ts'
import { completeTask, createTask, taskRequests } from './task-creation.ts'
import type { TaskPlace } from './task-creation.ts'

/** Planner publishes no limits; what has a place on a board is sent one at a time anyway. */
const concurrency = 3

interface PlannerRestoreSettings {
  /** Graph id of the group that takes plans which have to be made; if undefined, the group that they were in. */
  readonly group?: string | undefined
}

/**
 * Restores Planner tasks.
 *
 * - "/" puts tasks back into their plan if it is there; otherwise, and across tenants, into the plan of the same title
 *   in the group, which is made with its buckets and labels if there is none. A target folder makes plans
 *   "<title> (<target folder>)". The group is the root itself, the one of the settings, or the one that the plan was in;
 *   where there is none, each task fails with restore.no-plan.
 * - A task is a duplicate if the plan has it itself, or one of the same title, bucket, dates, description, checklist and
 *   references that nothing else of the snapshot stands for.
 * - Planner has no hidden mark: until all of a task is there, its title ends in "(restoring ~...)", and the next restore
 *   completes it.
 * - Planner mails whoever is assigned to a task. So nobody is, and no plan is shared, unless `permissions` is asked for.
 * - Lost: who made and completed a task, and when; comments, which lie in the group's mailbox.
 *
 * https://learn.microsoft.com/graph/api/resources/planner-overview
 */
export function plannerRestorer(client: GraphClient, settings: PlannerRestoreSettings = {}): DataTypeRestorer {
  return {
    folder: 'planner',
    concurrency,
    keepsEmpty: true,
    requests: taskRequests,
    begin: (root, options) => Promise.resolve(begin(root, options, settings.group)),
    container: (parent, container, signal) => openTarget({ client, signal }, asPlanTarget(parent), container),
    item: async (container, item, signal) => {
      const target = asPlanTarget(container)
      target.session.told.add(target)
      return target.failure ?? (await plannerOutcome(() => createUnlessThere({ client, signal }, target, item)))
    },
    finished: (top) => untold(asPlanTarget(top).session),
  }
}

async function createUnlessThere(planner: Planner, target: PlanTarget, item: RestoreItem): Promise<ItemOutcome> {
  const { session, plan } = target
  const { dryRun, ignoreExisting } = session.options
  const remarks = (more: readonly RestoreRemark[] = []): { readonly remarks?: readonly RestoreRemark[] } => {
    const all = [...target.planRemarks.splice(0), ...more]
    return all.length === 0 ? {} : { remarks: all }
  }
  if (plan === undefined || (dryRun && ignoreExisting)) return { kind: 'created', id: '', ...remarks() }
  const place = await placeOf(planner, session, plan, item)
  const id = text(item.metadata, 'o365:Id') ?? ''
  const properties = propertiesOf(item.metadata)
  const met = ignoreExisting ? undefined : await place.existing.meet(planner, id, properties, place.bucket)
  if (met !== undefined) plan.hints.seed('tasks', text(properties, 'orderHint') ?? '', met.orderHint ?? '')
  if (met?.unfinished === false) return { kind: 'duplicate' }
  if (met !== undefined) {
    const more = dryRun ? [] : await completeTask(place, item, { id: met.id })
    return { kind: 'duplicate', completed: true, ...remarks(more) }
  }
  if (dryRun) return { kind: 'created', id: '', ...remarks() }
  const created = await createTask(place, item)
  return { kind: 'created', id: created.id, ...remarks(created.remarks) }
}

async function placeOf(
  planner: Planner,
  { options }: PlannerSession,
  plan: OpenPlan,
  item: RestoreItem,
): Promise<TaskPlace> {
  const existing = await existingTasks(planner, plan)
  const stored = filledText(propertiesOf(item.metadata), 'bucketId') ?? ''
  const bucket = await (options.dryRun ? plan.buckets.find(stored) : plan.buckets.ensure(planner, stored))
  return { planner, plan, existing, options, bucket }
}
