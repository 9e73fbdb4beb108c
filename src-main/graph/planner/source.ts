import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, text } from '../item/fields.ts'
import { plannerRequest } from './planner-request.ts'
import type { Planner } from './planner-request.ts'

/** Which plans and which of their tasks belong to a root, as of one moment. */
export interface PlannerListing {
  /** Graph ids. */
  readonly plans: readonly string[]
  /** Tasks of a plan, page by page; with `details` inside where the listing could bring them. */
  tasks(planner: Planner, plan: string): AsyncIterable<readonly JsonObject[]>
}

/** How plans and tasks of a root are found. */
export type PlannerSource = (planner: Planner, root: Root) => Promise<PlannerListing>

/**
 * The tasks that are assigned to a user, told all at once; Planner itself keeps their number in bounds. The listing
 * brings the details along where Graph expands them, which it does though no document says so.
 * https://learn.microsoft.com/graph/api/planneruser-list-tasks
 */
export const assignedTasks: PlannerSource = async (planner, root) => {
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
    plans: [...byPlan.keys()],
    async *tasks(_planner, plan) {
      yield await Promise.resolve(byPlan.get(plan) ?? [])
    },
  }
}

async function* userTasks(planner: Planner, user: string): AsyncGenerator<readonly JsonObject[], void, undefined> {
  const path = graphPath`/users/${user}/planner/tasks`
  let begun = false
  try {
    for await (const page of planner.client.pages<JsonObject>(plannerRequest(planner, path, { $expand: 'details' }))) {
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

/** All tasks of all plans of a group. https://learn.microsoft.com/graph/api/plannergroup-list-plans */
export const groupPlans: PlannerSource = async (planner, root) => {
  const plans: string[] = []
  const path = graphPath`/groups/${root.id}/planner/plans`
  for await (const page of planner.client.pages<JsonObject>(plannerRequest(planner, path)))
    plans.push(...page.value.flatMap((plan) => text(plan, 'id') ?? []))
  return { plans, tasks: planTasks }
}

async function* planTasks(planner: Planner, plan: string): AsyncGenerator<readonly JsonObject[], void, undefined> {
  const path = graphPath`/planner/plans/${plan}/tasks`
  for await (const page of planner.client.pages<JsonObject>(plannerRequest(planner, path))) yield page.value
}
