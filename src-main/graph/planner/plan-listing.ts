import { isEngineError } from '../../engine/model/errors.ts'
import type { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Container } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer, BatchMember } from '../client/types.ts'
import { answerBody, answerEntries } from '../item/batch-answers.ts'
import { isObject, text } from '../item/fields.ts'
import { containerMetadata } from '../item/metadata.ts'
import { plannerPool } from './planner-request.ts'
import type { Planner } from './planner-request.ts'
import type { FoundPlan, PlannerListing } from './source.ts'
import { plainValue } from '../item/listed-value.ts'

export interface ListedPlans {
  readonly containers: readonly Container[]
  /** Plans that could not be read, by id, and why: what is stored of them stays. */
  readonly failures: ReadonlyMap<string, EngineError>
  /** First answers of the listings of tasks, by the id of the plan, where they were asked for. */
  readonly tasks: ReadonlyMap<string, BatchAnswer>
}

/**
 * The plans with their details and buckets, and their tasks if that is one request more, in batches: nothing tells that
 * these are unchanged. A plan that is gone is left out, although Graph goes on listing its tasks; one that cannot be read
 * (its group is closed to the caller) keeps what the last listing knew of it.
 */
export async function readPlans(
  planner: Planner,
  listing: PlannerListing,
  known: readonly Container[],
): Promise<ListedPlans> {
  const asked = listing.plans.map((plan) => membersOf(plan, listing))
  const members = asked.flatMap((one) => Object.values(one))
  const options = { pool: plannerPool, signal: planner.signal }
  const answers = members.length === 0 ? [] : await planner.client.batch(members, options)
  const byMember = new Map(members.map((member, index) => [member, answers[index]]))
  const containers: Container[] = []
  const failures = new Map<string, EngineError>()
  const tasks = new Map<string, BatchAnswer>()
  for (const [index, { id, properties }] of listing.plans.entries()) {
    const own = asked[index] ?? {}
    const answerOf = (name: PlanPart): BatchAnswer | undefined => {
      const member = own[name]
      return member === undefined ? undefined : byMember.get(member)
    }
    const firstTasks = answerOf('tasks')
    if (firstTasks !== undefined) tasks.set(id, firstTasks)
    try {
      containers.push(await planContainer(planner, properties, answerOf))
    } catch (error) {
      if (isEngineError(error, 'graph.not-found')) continue
      if (!isEngineError(error) || endsListing(error)) throw error
      failures.set(id, error)
      containers.push(known.find((container) => container.id === id) ?? unknownPlan(id))
    }
  }
  return { containers, failures, tasks }
}

type PlanPart = 'plan' | 'details' | 'buckets' | 'tasks'

/** What has to be asked of a plan. */
function membersOf({ id, properties }: FoundPlan, listing: PlannerListing): Partial<Record<PlanPart, BatchMember>> {
  const path = graphPath`/planner/plans/${id}`
  const tasks = listing.request?.(id)
  return {
    ...(properties === undefined ? { plan: { path } } : {}),
    details: { path: `${path}/details` },
    buckets: { path: `${path}/buckets` },
    ...(tasks === undefined ? {} : { tasks }),
  }
}

/** It concerns more than this plan. */
function endsListing({ code }: EngineError): boolean {
  return code === 'cancelled' || code === 'internal' || code === 'graph.unreachable' || code.startsWith('auth.')
}

async function planContainer(
  planner: Planner,
  known: JsonObject | undefined,
  answerOf: (name: PlanPart) => BatchAnswer | undefined,
): Promise<Container> {
  const plan = known ?? answerBody(answerOf('plan'))
  const details = answerBody(answerOf('details'))
  const request = { pool: plannerPool, signal: planner.signal }
  const buckets = await answerEntries(planner.client, answerOf('buckets'), request)
  const sorted = [...buckets].map(plainValue).filter(isObject).sort(byId)
  return asContainer({ ...plan, details: plainValue(details), buckets: sorted })
}

/** In an order of our own: the order in which Graph lists them means nothing, and must not look like a change. */
function byId(one: JsonObject, other: JsonObject): number {
  return (text(one, 'id') ?? '') < (text(other, 'id') ?? '') ? -1 : 1
}

function asContainer(properties: JsonObject): Container {
  const name = text(properties, 'title') ?? ''
  const id = text(properties, 'id') ?? ''
  return { id, parentId: undefined, name, properties: containerMetadata('plan', name, properties) }
}

function unknownPlan(id: string): Container {
  return asContainer({ id, title: id })
}
