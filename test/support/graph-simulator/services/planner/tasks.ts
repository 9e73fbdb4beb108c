import { GraphError } from '../../http/errors.ts'
import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { optionalText } from '../../routes/message-values.ts'
import { jsonObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import {
  bucketById,
  changedReply,
  invalid,
  notFound,
  overLimit,
  planById,
  plannerPage,
  planOf,
  requireMatch,
  taskOf,
} from './calls.ts'
import type { PlannerCall } from './calls.ts'
import { onlyWritable, openEntries, openType } from './open-types.ts'
import { placedHint } from './order-hints.ts'
import { etagOf, renderDetails, renderTask } from './render.ts'
import type { StoredTask } from './stored.ts'

/**
 * https://learn.microsoft.com/graph/api/planneruser-list-tasks. Those of plans that are gone are listed as well, and
 * details can be expanded here: https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/800
 */
export function listUserTasks(call: PlannerCall): Reply {
  const user = call.context.tenant.findUser(call.parameters.user ?? '')
  if (user === undefined) throw notFound()
  const mine = call.planner.tasks.filter((task) => user.id in task.assignments)
  return plannerPage(call, mine, taskView(call, call.planner.expandsDetails))
}

/** https://learn.microsoft.com/graph/api/plannerplan-list-tasks: nothing can be expanded here (the same issue). */
export function listPlanTasks(call: PlannerCall): Reply {
  const tasks = call.planner.tasksOf(planOf(call))
  return plannerPage(call, tasks, taskView(call, call.planner.expandsPlanTasks))
}

function taskView(call: PlannerCall, expands: boolean): (task: StoredTask) => object {
  const expand = call.query.get('$expand')
  if (expand !== undefined && (expand !== 'details' || !expands)) throw invalid('$expand is not supported.')
  return (task) => ({
    ...renderTask(call.context, task),
    ...(expand === undefined ? {} : { details: renderDetails(call.context, task) }),
  })
}

export function getTask(call: PlannerCall): Reply {
  return jsonReply(200, renderTask(call.context, taskOf(call)))
}

const writable = [
  'title',
  'bucketId',
  'orderHint',
  'assigneePriority',
  'percentComplete',
  'priority',
  'startDateTime',
  'dueDateTime',
  'conversationThreadId',
  'appliedCategories',
  'assignments',
] as const

/** https://learn.microsoft.com/graph/api/planner-post-tasks */
export function createTask(call: PlannerCall): Reply {
  const { planner } = call
  const body = jsonObject(call.request)
  onlyWritable(body, ['planId', ...writable])
  const plan = planById(call, optionalText(body, 'planId'))
  const title = optionalText(body, 'title') ?? ''
  if (title === '') throw invalid("The property 'title' is required.")
  if (planner.tasksOf(plan).length >= planner.limits.tasksInPlan) throw overLimit('MaximumTasksInProject')
  const task = planner.emptyTask(plan, undefined, title)
  applyWhole(call, task, body)
  planner.tasks.push(task)
  return jsonReply(201, renderTask(call.context, task))
}

/** https://learn.microsoft.com/graph/api/plannertask-update */
export function updateTask(call: PlannerCall): Reply {
  const task = taskOf(call)
  requireMatch(call, etagOf('Task', task.version))
  const body = jsonObject(call.request)
  onlyWritable(body, writable)
  applyWhole(call, task, body)
  task.version++
  return changedReply(call, () => renderTask(call.context, task))
}

export function deleteTask(call: PlannerCall): Reply {
  const task = taskOf(call)
  requireMatch(call, etagOf('Task', task.version))
  call.planner.removeTask(task)
  return emptyReply(204)
}

/** All of a change or, where something in it is refused, nothing of it. Whoever is assigned anew is told of it, by mail or in Teams. */
function applyWhole(call: PlannerCall, task: StoredTask, body: JsonObject): void {
  const draft = { ...task }
  apply(call, draft, body)
  const added = Object.keys(draft.assignments).filter((user) => !(user in task.assignments))
  call.planner.notified += added.length
  Object.assign(task, draft)
}

function apply(call: PlannerCall, task: StoredTask, body: JsonObject): void {
  const title = optionalText(body, 'title') ?? task.title
  if (title === '' || title.length > 255) throw invalid('The title is not valid.')
  task.title = title
  if (body.bucketId !== undefined) moveTo(call, task, optionalText(body, 'bucketId'))
  applyDates(task, body)
  applyNumbers(call, task, body)
  task.conversationThreadId = optionalText(body, 'conversationThreadId') ?? task.conversationThreadId
  applyLabels(task, openType(body, 'appliedCategories') ?? {})
  applyAssignments(call, task, openType(body, 'assignments') ?? {})
  const others = call.planner.tasks.filter((one) => one.id !== task.id)
  const inPlan = others.filter((one) => one.plan === task.plan)
  if (body.orderHint !== undefined)
    task.orderHint = placedHint(
      body.orderHint,
      inPlan.map((one) => one.orderHint),
    )
  if (body.assigneePriority !== undefined)
    task.assigneePriority = placedHint(
      body.assigneePriority,
      others.map((one) => one.assigneePriority).filter((hint) => hint !== ''),
    )
}

function moveTo(call: PlannerCall, task: StoredTask, id: string | undefined): void {
  const bucket = bucketById(call, id)
  if (bucket.plan !== task.plan) throw invalid('The bucket belongs to another plan.')
  task.bucket = bucket
}

function applyDates(task: StoredTask, body: JsonObject): void {
  for (const name of ['startDateTime', 'dueDateTime'] as const) {
    if (body[name] === undefined) continue
    const value = optionalText(body, name) ?? null
    if (value !== null && Number.isNaN(Date.parse(value))) throw invalid(`The value of '${name}' is not valid.`)
    task[name] = value
  }
  const { startDateTime, dueDateTime } = task
  if (startDateTime !== null && dueDateTime !== null && Date.parse(startDateTime) > Date.parse(dueDateTime))
    throw invalid('The start of the task is later than its due date.')
}

function applyNumbers(call: PlannerCall, task: StoredTask, body: JsonObject): void {
  const percent = numberValue(body.percentComplete, 100) ?? task.percentComplete
  if (percent === 100 && task.percentComplete !== 100) task.completedAt = call.now
  if (percent !== 100) task.completedAt = undefined
  task.percentComplete = percent
  task.priority = numberValue(body.priority, 10) ?? task.priority
}

function numberValue(value: unknown, most: number): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value
  throw invalid(`The value must be between 0 and ${String(most)}.`)
}

function applyLabels(task: StoredTask, labels: JsonObject): void {
  for (const [label, applied] of Object.entries(labels)) {
    if (label.startsWith('@')) continue
    if (!/^category([1-9]|1\d|2[0-5])$/.test(label) || typeof applied !== 'boolean')
      throw invalid('The label is not valid.')
    const rest = Object.keys(task.labels).filter((known) => known !== label)
    task.labels = Object.fromEntries([...rest, ...(applied ? [label] : [])].map((name) => [name, true as const]))
  }
}

function applyAssignments(call: PlannerCall, task: StoredTask, assignments: JsonObject): void {
  for (const [user, value] of openEntries(assignments, 'plannerAssignment')) {
    const { [user]: before, ...rest } = task.assignments
    task.assignments = rest
    if (value === null) continue
    if (call.context.tenant.findUser(user)?.id !== user) throw new GraphError(403, '', 'The assignee is not valid.')
    const hints = Object.values(rest).map((one) => one.orderHint)
    if (value.orderHint === undefined) throw invalid("The property 'orderHint' of an assignment is required.")
    const orderHint = placedHint(value.orderHint, hints)
    task.assignments = { ...rest, [user]: { assignedAt: before?.assignedAt ?? call.now, orderHint } }
  }
  if (Object.keys(task.assignments).length > call.planner.limits.assignees) throw overLimit('MaximumAssigneesInTasks')
}
