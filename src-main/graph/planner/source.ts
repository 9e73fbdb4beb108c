import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer, BatchMember } from '../client/types.ts'
import { answerEntries } from '../item/batch-answers.ts'
import { filledText, list, text } from '../item/fields.ts'
import { plannerPool, plannerRequest } from './planner-request.ts'
import type { Planner } from './planner-request.ts'

/** A plan as it was found: by its id, or with what the listing of plans tells of it. */
export interface FoundPlan {
  readonly id: string
  readonly properties?: JsonObject
}

/** Which plans and which of their tasks belong to a root, as of one moment. */
export interface PlannerListing {
  readonly plans: readonly FoundPlan[]
  /** The first of the requests that `tasks` makes, if it can travel with those for the plan itself. */
  request?(plan: string): BatchMember
  /** Tasks of a plan, page by page; with `details` inside where the listing could bring them. `first`: answer to `request`. */
  tasks(planner: Planner, plan: string, first?: BatchAnswer): AsyncIterable<readonly JsonObject[]>
}

/** How plans and tasks of a root are found. */
export type PlannerSource = (planner: Planner, root: Root) => Promise<PlannerListing>

/** A group's plans, or the tasks assigned to a user. */
export function sourceOf(): PlannerSource {
  const form: TaskForm = { expands: true }
  return async (planner, root) =>
    root.kind === 'group' ? await groupPlans(planner, root, form) : await assignedTasks(planner, root)
}

/**
 * The tasks that are assigned to a user, told all at once; Planner itself keeps their number in bounds. The listing
 * brings the details along where Graph expands them, which it does though no document says so.
 * https://learn.microsoft.com/graph/api/planneruser-list-tasks
 */
const assignedTasks: PlannerSource = async (planner, root) => {
  const byPlan = new Map<string, JsonObject[]>()
  for await (const page of userTasks(planner, root.id)) {
    for (const task of page) {
      const plan = filledText(task, 'planId')
      if (plan === undefined) continue
      const tasks = byPlan.get(plan)
      if (tasks === undefined) byPlan.set(plan, [task])
      else tasks.push(task)
    }
  }
  return {
    plans: [...byPlan.keys()].map((id) => ({ id })),
    async *tasks(_planner, plan) {
      yield await Promise.resolve(byPlan.get(plan) ?? [])
    },
  }
}

const expansion = { $expand: 'details' } as const

async function* userTasks(planner: Planner, user: string): AsyncGenerator<readonly JsonObject[], void, undefined> {
  const path = graphPath`/users/${user}/planner/tasks`
  let begun = false
  try {
    const request = { ...plannerRequest(planner, path, expansion), together: user }
    for await (const page of planner.client.pages<JsonObject>(request)) {
      begun = true
      yield page.value
    }
    return
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) throw new EngineError('graph.no-planner', { cause: error })
    if (begun || !isEngineError(error, 'graph.request-refused')) throw error
  }
  for await (const page of planner.client.pages<JsonObject>(plannerRequest(planner, path))) yield page.value
}

/**
 * Whether Graph lets the listing of a plan's tasks bring their details along: found out once. It did not when people
 * asked for it. https://github.com/microsoftgraph/microsoft-graph-docs/issues/8730
 */
interface TaskForm {
  expands: boolean
}

/**
 * All plans of a group: one request tells that it has none. Only a Microsoft 365 group can have plans, and the listing of
 * groups says which are such. https://learn.microsoft.com/graph/api/plannergroup-list-plans
 */
async function groupPlans(planner: Planner, { id, properties = {} }: Root, form: TaskForm): Promise<PlannerListing> {
  if (list(properties, 'groupTypes')?.includes('Unified') === false) throw new EngineError('graph.no-planner')
  const plans: FoundPlan[] = []
  const request = { ...plannerRequest(planner, graphPath`/groups/${id}/planner/plans`), together: id }
  try {
    for await (const page of planner.client.pages<JsonObject>(request))
      plans.push(...page.value.map((plan) => ({ id: text(plan, 'id') ?? '', properties: plan })))
  } catch (error) {
    throw isEngineError(error, 'graph.not-found') ? new EngineError('graph.root-gone', { cause: error }) : error
  }
  return {
    plans,
    request: (plan) => tasksRequest(plan, form),
    tasks: (one, plan, first) => planTasks(one, plan, form, first),
  }
}

function tasksRequest(plan: string, { expands }: TaskForm): BatchMember {
  return { path: graphPath`/planner/plans/${plan}/tasks`, ...(expands ? { query: expansion } : {}) }
}

async function* planTasks(
  planner: Planner,
  plan: string,
  form: TaskForm,
  first: BatchAnswer | undefined,
): AsyncGenerator<readonly JsonObject[], void, undefined> {
  const isRefused = first?.ok === false && isEngineError(first.error, 'graph.request-refused')
  if (isRefused) form.expands = false
  if (first !== undefined && !isRefused) {
    yield await answerEntries(planner.client, first, { pool: plannerPool, signal: planner.signal })
    return
  }
  const { path } = tasksRequest(plan, { expands: false })
  for await (const page of planner.client.pages<JsonObject>(plannerRequest(planner, path))) yield page.value
}
