import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { RestoreItem, RestoreOptions, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, record, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { assignees, hasAssignees } from './assignees.ts'
import { detailsJson } from './details-json.ts'
import { patch, patchParts } from './etag-patch.ts'
import type { Part, PartAnswer } from './etag-patch.ts'
import type { ExistingTasks } from './existing-tasks.ts'
import { isOverLimit } from './failure.ts'
import type { Placement } from './order-hints.ts'
import { plannerPool } from './planner-request.ts'
import type { Planner } from './planner-request.ts'
import type { OpenPlan } from './restore-targets.ts'
import { plannerTitle, unfinishedTitle } from './unfinished.ts'

/** Times that a creation is tried whose outcome is unknown. */
const attempts = 3

/** Where a task is created. */
export interface TaskPlace {
  readonly planner: Planner
  readonly plan: OpenPlan
  readonly existing: ExistingTasks
  readonly options: RestoreOptions
  readonly bucket: string | undefined
}

/** Requests that a restored task takes at most. */
export function taskRequests(item: RestoreItem): number {
  const parts = partsOf(propertiesOf(item.metadata)).length
  return parts === 0 ? 1 : 2 + 2 * parts
}

/** Creates the task and everything that belongs to it; gives its Graph id. */
export async function createTask(
  place: TaskPlace,
  item: RestoreItem,
): Promise<{ readonly id: string; readonly remarks: readonly RestoreRemark[] }> {
  const properties = propertiesOf(item.metadata)
  const id = text(item.metadata, 'o365:Id') ?? ''
  const title = plannerTitle(text(properties, 'title') ?? '')
  const needsMore = partsOf(properties).length > 0 || hasAssignees(place.options, properties)
  const created = await place.plan.hints.exclusively(async () => {
    const placement = place.plan.hints.place('tasks', text(properties, 'orderHint') ?? '')
    const body = taskJson(place, properties, needsMore ? unfinishedTitle(title, id) : title, placement.hint)
    const task = await createOnce(place, body)
    placement.settle(text(task, 'orderHint'))
    return task
  })
  const task = text(created, 'id') ?? ''
  const remarks = remarksOf(place, properties)
  if (!needsMore) return { id: task, remarks }
  const more = await completeTask(place, item, { id: task, etag: filledText(created, '@odata.etag') })
  return { id: task, remarks: [...remarks, ...more] }
}

function taskJson({ plan, bucket }: TaskPlace, properties: JsonObject, title: string, orderHint: string): JsonObject {
  const kept = ['priority', 'percentComplete', 'startDateTime', 'dueDateTime'] as const
  const facts = kept.flatMap((name) => {
    const value = properties[name]
    return value === undefined || value === null ? [] : [[name, value] as const]
  })
  const labels = Object.entries(record(properties, 'appliedCategories') ?? {}).filter(([, applied]) => applied === true)
  const thread = plan.isOriginal ? filledText(properties, 'conversationThreadId') : undefined
  return {
    planId: plan.id,
    ...(bucket === undefined ? {} : { bucketId: bucket }),
    title,
    orderHint,
    ...Object.fromEntries(facts),
    ...(labels.length === 0 ? {} : { appliedCategories: Object.fromEntries(labels) }),
    ...(thread === undefined ? {} : { conversationThreadId: thread }),
  }
}

/** Creates it once, even if an answer gets lost: before another attempt the plan is looked at. */
async function createOnce({ planner, existing }: TaskPlace, body: JsonObject): Promise<JsonObject> {
  const { client, signal } = planner
  for (let left = attempts; ; left -= 1) {
    try {
      const request = { method: 'POST', path: '/planner/tasks', body, pool: plannerPool, signal } as const
      const created = await client.json<JsonObject>(request)
      existing.created(text(created, 'id') ?? '')
      return created
    } catch (error) {
      if (!hasUnknownOutcome(error)) throw error
      const there = await existing.findUnknown(planner, text(body, 'title') ?? '')
      if (there !== undefined) {
        existing.created(text(there, 'id') ?? '')
        return there
      }
      if (left <= 1) throw error
    }
  }
}

/** Puts details, places and people on a task, and takes the words of the unfinished out of its title at the end. */
export async function completeTask(
  place: TaskPlace,
  item: RestoreItem,
  task: { readonly id: string; readonly etag?: string | undefined },
): Promise<readonly RestoreRemark[]> {
  const properties = propertiesOf(item.metadata)
  const path = graphPath`/planner/tasks/${task.id}`
  const remarks = await place.plan.hints.exclusively(() => sendParts(place, path, properties))
  const people = assignees(place.options, properties)
  const assigned = Object.keys(people.json).length > 0
  const title = plannerTitle(text(properties, 'title') ?? '')
  const finish = (body: JsonObject): Promise<unknown> => patch(place.planner, { path, body }, task.etag)
  const also: RestoreRemark[] = []
  try {
    await finish({ title, ...(assigned ? { assignments: people.json, ...priorityJson(place, properties) } : {}) })
    if (assigned) await placeByAssignee(place, path, properties, people.ids)
  } catch (error) {
    if (!assigned || !isRefusal(error)) throw error
    also.push({ code: 'assignment-refused' })
    await finish({ title })
  }
  return [...remarks, ...people.remarks, ...also]
}

/** Graph understood it and does not want it. */
function isRefusal(error: unknown): boolean {
  return isEngineError(error, 'graph.request-refused') || isEngineError(error, 'graph.forbidden')
}

/** One of the objects beside a task, as it is stored, and the list of hints that it has a place in. */
interface StoredPart {
  readonly name: string
  readonly hints?: { readonly list: string; readonly property: string; readonly value: string }
  readonly body?: JsonObject
}

function partsOf(properties: JsonObject): readonly StoredPart[] {
  const details = detailsJson(record(properties, 'details') ?? {})
  const bucket = text(properties, 'bucketId') ?? ''
  return [
    ...(details === undefined ? [] : [{ name: 'details', body: details }]),
    ...placePart(properties, 'bucketTaskBoardFormat', 'orderHint', `bucket ${bucket}`),
    ...placePart(properties, 'progressTaskBoardFormat', 'orderHint', 'progress'),
    ...placePart(properties, 'assignedToTaskBoardFormat', 'unassignedOrderHint', 'unassigned'),
  ]
}

function placePart(properties: JsonObject, name: string, property: string, list: string): readonly StoredPart[] {
  const value = filledText(record(properties, name) ?? {}, property)
  return value === undefined ? [] : [{ name, hints: { list, property, value } }]
}

async function sendParts(
  { planner, plan }: TaskPlace,
  path: string,
  properties: JsonObject,
): Promise<readonly RestoreRemark[]> {
  const placements = new Map<Part, { readonly placement: Placement; readonly property: string }>()
  const parts = partsOf(properties).map(({ name, hints, body = {} }): Part => {
    if (hints === undefined) return { path: `${path}/${name}`, body }
    const placement = plan.hints.place(hints.list, hints.value)
    const part = { path: `${path}/${name}`, body: { [hints.property]: placement.hint } }
    placements.set(part, { placement, property: hints.property })
    return part
  })
  const answers = await patchParts(planner, parts)
  return parts.flatMap((part, index) => {
    const placed = placements.get(part)
    const answer = answers[index]
    if (answer?.ok === true) placed?.placement.settle(text(answer.value, placed.property))
    return remarkOf(answer, placed === undefined ? 'details-refused' : 'board-place-lost')
  })
}

/** What is refused for good is left out and told; anything else can go well the next time. */
function remarkOf(answer: PartAnswer | undefined, code: string): readonly RestoreRemark[] {
  if (answer === undefined || answer.ok) return []
  const { error } = answer
  const detail = error.context.graphCode
  if (error.code !== 'graph.request-refused' && !isOverLimit(error)) throw error
  return [{ code, ...(typeof detail === 'string' ? { detail } : {}) }]
}

/** Its place among all tasks of its assignees means something only next to the tasks that it was among. */
function priorityJson({ plan }: TaskPlace, properties: JsonObject): JsonObject {
  const priority = filledText(properties, 'assigneePriority')
  return plan.isOriginal && priority !== undefined ? { assigneePriority: `${priority} !` } : {}
}

/** The last step, since only who is assigned has a place; what is lost by an interruption here is that place. */
async function placeByAssignee(
  { planner, plan }: TaskPlace,
  path: string,
  properties: JsonObject,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const stored = record(record(properties, 'assignedToTaskBoardFormat') ?? {}, 'orderHintsByAssignee') ?? {}
  await plan.hints.exclusively(async () => {
    const places = [...ids].flatMap(([from, to]) => {
      const value = filledText(stored, from)
      return value === undefined ? [] : [[to, plan.hints.place(`assignee ${to}`, value)] as const]
    })
    if (places.length === 0) return
    const hints: Record<string, JsonValue> = Object.fromEntries(places.map(([to, { hint }]) => [to, hint]))
    const part = { path: `${path}/assignedToTaskBoardFormat`, body: { orderHintsByAssignee: hints } }
    const changed = record(await patch(planner, part), 'orderHintsByAssignee') ?? {}
    for (const [to, { settle }] of places) settle(text(changed, to))
  })
}

function remarksOf({ plan }: TaskPlace, properties: JsonObject): readonly RestoreRemark[] {
  const labels = Object.keys(record(properties, 'appliedCategories') ?? {})
  const bucket = filledText(properties, 'bucketId')
  const hasThread = filledText(properties, 'conversationThreadId') !== undefined
  return [
    ...(hasThread && !plan.isOriginal ? [{ code: 'conversation-not-restored' }] : []),
    ...(bucket !== undefined && !plan.buckets.knows(bucket) ? [{ code: 'bucket-unknown' }] : []),
    ...(labels.some((label) => plan.otherLabels.has(label)) ? [{ code: 'label-named-differently' }] : []),
    ...(properties.percentComplete === 100 ? [{ code: 'completion-date-new' }] : []),
  ]
}
