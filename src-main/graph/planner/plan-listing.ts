import { isEngineError } from '../../engine/model/errors.ts'
import type { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Container } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer } from '../client/types.ts'
import { answerBody, answerEntries } from '../item/batch-answers.ts'
import { isObject, text } from '../item/fields.ts'
import { containerMetadata } from '../item/metadata.ts'
import { plannerPool } from './planner-request.ts'
import type { Planner } from './planner-request.ts'
import { plainValue } from '../item/listed-value.ts'

/** Requests that tell of a plan: itself, its details, its buckets. */
const perPlan = 3

export interface ListedPlans {
  readonly containers: readonly Container[]
  /** Plans that could not be read, by id, and why: what is stored of them stays. */
  readonly failures: ReadonlyMap<string, EngineError>
}

/**
 * The plans with their details and buckets, in batches. A plan that is gone is left out, although Graph goes on listing
 * its tasks; one that cannot be read (its group is closed to the caller) keeps what the last listing knew of it.
 */
export async function readPlans(
  planner: Planner,
  ids: readonly string[],
  known: readonly Container[],
): Promise<ListedPlans> {
  const paths = ids.map((id) => graphPath`/planner/plans/${id}`)
  const members = paths.flatMap((path) => [{ path }, { path: `${path}/details` }, { path: `${path}/buckets` }])
  const options = { pool: plannerPool, signal: planner.signal }
  const answers = members.length === 0 ? [] : await planner.client.batch(members, options)
  const containers: Container[] = []
  const failures = new Map<string, EngineError>()
  for (const [index, id] of ids.entries()) {
    try {
      containers.push(await planContainer(planner, answers.slice(index * perPlan, (index + 1) * perPlan)))
    } catch (error) {
      if (isEngineError(error, 'graph.not-found')) continue
      if (!isEngineError(error) || endsListing(error)) throw error
      failures.set(id, error)
      containers.push(known.find((container) => container.id === id) ?? unknownPlan(id))
    }
  }
  return { containers, failures }
}

/** It concerns more than this plan. */
function endsListing({ code }: EngineError): boolean {
  return code === 'cancelled' || code === 'internal' || code === 'graph.unreachable' || code.startsWith('auth.')
}

async function planContainer(planner: Planner, answers: readonly BatchAnswer[]): Promise<Container> {
  const plan = answerBody(answers[0])
  const details = answerBody(answers[1])
  const request = { pool: plannerPool, signal: planner.signal }
  const buckets = await answerEntries(planner.client, answers[2], request)
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
