import type { SimulatorContext } from '../../routes/context.ts'
import type { JsonRecord, StoredBucket, StoredPlan, StoredTask } from './stored.ts'

/** Planner's own times have seven digits behind the second. */
function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '0000Z')
}

/** As in the documented examples, where it reads '1-Task  @@@@@@@@@@@@@@@@X'. */
export function etagOf(kind: string, version: number): string {
  const text = `'1-${kind.padEnd(6)}${version.toString(36).padStart(18, '@')}'`
  return `W/"${Buffer.from(text).toString('base64')}"`
}

const byApp = (context: SimulatorContext): JsonRecord => ({ application: { id: context.app.clientId } })

export function renderPlan(context: SimulatorContext, plan: StoredPlan): JsonRecord {
  return {
    '@odata.etag': etagOf('Plan', plan.version),
    createdDateTime: isoTime(plan.createdAt),
    owner: plan.group,
    title: plan.title,
    id: plan.id,
    createdBy: byApp(context),
    container: {
      containerId: plan.group,
      type: 'group',
      url: `${context.origin()}/v1.0/groups/${plan.group}`,
    },
  }
}

export function renderPlanDetails(plan: StoredPlan): JsonRecord {
  return {
    '@odata.etag': etagOf('PlanD', plan.detailsVersion),
    id: plan.id,
    sharedWith: plan.sharedWith,
    categoryDescriptions: plan.categories,
  }
}

export function renderBucket(bucket: StoredBucket): JsonRecord {
  const { id, plan, name, orderHint, version } = bucket
  return { '@odata.etag': etagOf('Bucket', version), name, planId: plan.id, orderHint, id }
}

export function renderTask(context: SimulatorContext, task: StoredTask): JsonRecord {
  const checklist = Object.values(task.checklist)
  const assignments = Object.entries(task.assignments).map(([user, { assignedAt, orderHint }]) => [
    user,
    {
      '@odata.type': '#microsoft.graph.plannerAssignment',
      assignedBy: byApp(context),
      assignedDateTime: isoTime(assignedAt),
      orderHint,
    },
  ])
  return {
    '@odata.etag': etagOf('Task', task.version),
    planId: task.plan.id,
    bucketId: task.bucket?.id ?? null,
    title: task.title,
    orderHint: task.orderHint,
    assigneePriority: task.assigneePriority,
    percentComplete: task.percentComplete,
    startDateTime: task.startDateTime,
    createdDateTime: isoTime(task.createdAt),
    dueDateTime: task.dueDateTime,
    hasDescription: task.description !== '',
    previewType: task.previewType,
    completedDateTime: task.completedAt === undefined ? null : isoTime(task.completedAt),
    completedBy: task.completedAt === undefined ? null : byApp(context),
    referenceCount: Object.keys(task.references).length,
    checklistItemCount: checklist.length,
    activeChecklistItemCount: checklist.filter(({ isChecked }) => !isChecked).length,
    conversationThreadId: task.conversationThreadId,
    priority: task.priority,
    id: task.id,
    createdBy: byApp(context),
    appliedCategories: task.labels,
    assignments: Object.fromEntries(assignments) as JsonRecord,
  }
}

export function renderDetails(context: SimulatorContext, task: StoredTask): JsonRecord {
  const references = Object.entries(task.references).map(([address, { modifiedAt, ...reference }]) => [
    address,
    { '@odata.type': '#microsoft.graph.plannerExternalReference', ...reference, ...modified(context, modifiedAt) },
  ])
  const checklist = Object.entries(task.checklist).map(([id, { modifiedAt, ...item }]) => [
    id,
    { '@odata.type': '#microsoft.graph.plannerChecklistItem', ...item, ...modified(context, modifiedAt) },
  ])
  return {
    '@odata.etag': etagOf('TaskD', task.detailsVersion),
    id: task.id,
    description: task.description,
    previewType: task.previewType,
    references: Object.fromEntries(references) as JsonRecord,
    checklist: Object.fromEntries(checklist) as JsonRecord,
  }
}

function modified(context: SimulatorContext, at: number): JsonRecord {
  return { lastModifiedDateTime: isoTime(at), lastModifiedBy: byApp(context) }
}

export function renderBucketFormat(task: StoredTask): JsonRecord {
  const { orderHint, version } = task.bucketFormat
  return { '@odata.etag': etagOf('BTBF', version), id: task.id, orderHint }
}

export function renderProgressFormat(task: StoredTask): JsonRecord {
  const { orderHint, version } = task.progressFormat
  return { '@odata.etag': etagOf('PTBF', version), id: task.id, orderHint }
}

export function renderAssignedFormat(task: StoredTask): JsonRecord {
  const { unassigned, byAssignee, version } = task.assignedFormat
  return {
    '@odata.etag': etagOf('ATBF', version),
    id: task.id,
    unassignedOrderHint: unassigned,
    orderHintsByAssignee: byAssignee,
  }
}
