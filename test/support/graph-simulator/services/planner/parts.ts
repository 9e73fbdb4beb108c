import { jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { optionalText, wordValue } from '../../routes/message-values.ts'
import { jsonObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { changedReply, invalid, overLimit, requireMatch, taskOf } from './calls.ts'
import type { PlannerCall } from './calls.ts'
import { onlyWritable, openEntries, openType } from './open-types.ts'
import { hintAtTop, placedHint } from './order-hints.ts'
import { etagOf, renderAssignedFormat, renderBucketFormat, renderDetails, renderProgressFormat } from './render.ts'
import type { StoredTask } from './stored.ts'

export function getDetails(call: PlannerCall): Reply {
  return jsonReply(200, renderDetails(call.context, taskOf(call)))
}

const previews = ['automatic', 'noPreview', 'checklist', 'description', 'reference'] as const

/** https://learn.microsoft.com/graph/api/plannertaskdetails-update */
export function updateDetails(call: PlannerCall): Reply {
  const task = taskOf(call)
  requireMatch(call, etagOf('TaskD', task.detailsVersion))
  const body = jsonObject(call.request)
  onlyWritable(body, ['description', 'previewType', 'checklist', 'references'])
  const draft = { ...task }
  draft.description = optionalText(body, 'description') ?? task.description
  if (body.previewType !== undefined) draft.previewType = wordValue(body.previewType, previews, 'previewType')
  applyChecklist(call, draft, openType(body, 'checklist') ?? {})
  applyReferences(call, draft, openType(body, 'references') ?? {})
  draft.detailsVersion++
  // The task's etag changes with what it shows of its details, and (strict) with nothing else of them.
  if (summary(draft) !== summary(task)) draft.version++
  Object.assign(task, draft)
  return changedReply(call, () => renderDetails(call.context, task))
}

function summary(task: StoredTask): string {
  const items = Object.values(task.checklist)
  const active = items.filter(({ isChecked }) => !isChecked).length
  return JSON.stringify([
    task.description !== '',
    task.previewType,
    items.length,
    active,
    Object.keys(task.references).length,
  ])
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function applyChecklist(call: PlannerCall, task: StoredTask, items: JsonObject): void {
  for (const [id, value] of openEntries(items, 'plannerChecklistItem')) {
    if (!guid.test(id)) throw invalid('The identifier of a checklist item must be a GUID.')
    const { [id]: before, ...rest } = task.checklist
    task.checklist = rest
    if (value === null) continue
    onlyWritable(value, ['title', 'isChecked', 'orderHint'])
    const hints = Object.values(rest).map((item) => item.orderHint)
    const title = optionalText(value, 'title') ?? before?.title ?? ''
    if (title === '') throw invalid("The property 'title' of a checklist item is required.")
    const orderHint =
      value.orderHint === undefined ? (before?.orderHint ?? hintAtTop(hints)) : placedHint(value.orderHint, hints)
    const isChecked = value.isChecked === undefined ? (before?.isChecked ?? false) : value.isChecked === true
    task.checklist = { ...rest, [id]: { title, isChecked, orderHint, modifiedAt: call.now } }
  }
  if (Object.keys(task.checklist).length > call.planner.limits.checklistItems)
    throw overLimit('MaximumChecklistItemsOnTask')
}

function applyReferences(call: PlannerCall, task: StoredTask, references: JsonObject): void {
  for (const [address, value] of openEntries(references, 'plannerExternalReference')) {
    if (/[.:@#]/.test(address) || !/^https?:\/\//i.test(decodeURIComponent(address)))
      throw invalid('The address of a reference is not valid.')
    const { [address]: before, ...rest } = task.references
    task.references = rest
    if (value === null) continue
    onlyWritable(value, ['alias', 'type', 'previewPriority'])
    const hints = Object.values(rest).map((reference) => reference.previewPriority)
    const { previewPriority: hint } = value
    const reference = {
      alias: optionalText(value, 'alias') ?? before?.alias ?? null,
      type: optionalText(value, 'type') ?? before?.type ?? null,
      previewPriority: hint === undefined ? (before?.previewPriority ?? hintAtTop(hints)) : placedHint(hint, hints),
      modifiedAt: call.now,
    }
    task.references = { ...rest, [address]: reference }
  }
  if (Object.keys(task.references).length > call.planner.limits.references) throw overLimit('MaximumReferencesOnTask')
}

export function getBucketFormat(call: PlannerCall): Reply {
  return jsonReply(200, renderBucketFormat(taskOf(call)))
}

export function updateBucketFormat(call: PlannerCall): Reply {
  const task = taskOf(call)
  requireMatch(call, etagOf('BTBF', task.bucketFormat.version))
  const siblings = siblingsOf(call, task).filter((one) => one.bucket === task.bucket)
  const hints = siblings.map((one) => one.bucketFormat.orderHint)
  task.bucketFormat = { orderHint: sentHint(call, hints), version: task.bucketFormat.version + 1 }
  return changedReply(call, () => renderBucketFormat(task))
}

export function getProgressFormat(call: PlannerCall): Reply {
  return jsonReply(200, renderProgressFormat(taskOf(call)))
}

export function updateProgressFormat(call: PlannerCall): Reply {
  const task = taskOf(call)
  requireMatch(call, etagOf('PTBF', task.progressFormat.version))
  const hints = siblingsOf(call, task).map((one) => one.progressFormat.orderHint)
  task.progressFormat = { orderHint: sentHint(call, hints), version: task.progressFormat.version + 1 }
  return changedReply(call, () => renderProgressFormat(task))
}

function sentHint(call: PlannerCall, siblings: readonly string[]): string {
  const body = jsonObject(call.request)
  onlyWritable(body, ['orderHint'])
  return placedHint(body.orderHint, siblings)
}

function siblingsOf(call: PlannerCall, task: StoredTask): readonly StoredTask[] {
  return call.planner.tasksOf(task.plan).filter((one) => one !== task)
}

export function getAssignedFormat(call: PlannerCall): Reply {
  return jsonReply(200, renderAssignedFormat(taskOf(call)))
}

/** https://learn.microsoft.com/graph/api/plannerassignedtotaskboardtaskformat-update */
export function updateAssignedFormat(call: PlannerCall): Reply {
  const task = taskOf(call)
  const { version, unassigned, byAssignee } = task.assignedFormat
  requireMatch(call, etagOf('ATBF', version))
  const body = jsonObject(call.request)
  onlyWritable(body, ['unassignedOrderHint', 'orderHintsByAssignee'])
  const others = siblingsOf(call, task).map((one) => one.assignedFormat)
  const unassignedHints = others.map((one) => one.unassigned)
  const hints = Object.entries(openType(body, 'orderHintsByAssignee') ?? {}).filter(([user]) => !user.startsWith('@'))
  const placed = hints.map(([user, hint]) => {
    if (!(user in task.assignments)) throw invalid('The task is not assigned to that user.')
    return [
      user,
      placedHint(
        hint,
        others.flatMap((one) => one.byAssignee[user] ?? []),
      ),
    ] as const
  })
  task.assignedFormat = {
    unassigned:
      body.unassignedOrderHint === undefined ? unassigned : placedHint(body.unassignedOrderHint, unassignedHints),
    byAssignee: { ...byAssignee, ...Object.fromEntries(placed) },
    version: version + 1,
  }
  return changedReply(call, () => renderAssignedFormat(task))
}
