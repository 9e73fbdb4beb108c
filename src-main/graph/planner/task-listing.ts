import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Change, ChangePage, ItemBody, ListedItem } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer } from '../client/types.ts'
import { answerBody } from '../item/batch-answers.ts'
import { isObject, record, text } from '../item/fields.ts'
import { plannerPool } from './planner-request.ts'
import type { Planner } from './planner-request.ts'
import type { PlannerListing } from './source.ts'
import { plainValue } from '../item/listed-value.ts'
import { hasDetails, listedProperties } from './task-properties.ts'

/** Where a task stands on the boards: by assignee, by bucket, by progress. */
const formats = ['assignedToTaskBoardFormat', 'bucketTaskBoardFormat', 'progressTaskBoardFormat'] as const

/**
 * All tasks of a plan; there is no delta. Where the listing brought the details, an unchanged task costs nothing;
 * otherwise those that have some are asked for them, 20 in a round trip, since nothing else tells that a text changed.
 */
export async function* taskChanges(
  planner: Planner,
  listing: PlannerListing,
  plan: string,
  first?: BatchAnswer,
): AsyncGenerator<ChangePage, void, undefined> {
  for await (const page of listing.tasks(planner, plan, first)) {
    const entries = await withDetails(planner, page.filter(isListed))
    yield { changes: entries.map(asChange), next: undefined, cursor: undefined }
  }
}

function isListed(entry: JsonObject): boolean {
  return text(entry, 'id') !== undefined
}

function asChange(entry: JsonObject): Change {
  return { kind: 'put', id: text(entry, 'id') ?? '', properties: listedProperties(entry), partial: false }
}

async function withDetails(planner: Planner, tasks: readonly JsonObject[]): Promise<readonly JsonObject[]> {
  const asked = tasks.filter((task) => record(task, 'details') === undefined && hasDetails(task))
  if (asked.length === 0) return tasks
  const members = asked.map((task) => ({ path: graphPath`/planner/tasks/${text(task, 'id') ?? ''}/details` }))
  const answers = await planner.client.batch(members, { pool: plannerPool, signal: planner.signal })
  const found = new Map<JsonObject, JsonObject>()
  for (const [index, task] of asked.entries()) {
    const answer = answers[index]
    // What cannot be read now is asked for again with the rest of the task, which then says so.
    if (answer?.ok === true && isObject(answer.body)) found.set(task, { ...task, details: answer.body })
  }
  return tasks.map((task) => found.get(task) ?? task)
}

/** What a new or changed task has beside what the listing gave: its places on the boards, and its details if need be. */
export async function taskBody(planner: Planner, item: ListedItem): Promise<ItemBody> {
  const path = graphPath`/planner/tasks/${item.id}`
  const names = ['details' in item.properties ? [] : ['details'], formats].flat()
  const members = names.map((name) => ({ path: `${path}/${name}` }))
  const answers = await planner.client.batch(members, { pool: plannerPool, signal: planner.signal })
  const read = names.map((name, index) => [name, plainValue(answerBody(answers[index]))] as const)
  return { properties: { ...item.properties, ...Object.fromEntries(read) } }
}

/** A task as listings give it, with its details. */
export async function readTask(planner: Planner, id: string): Promise<JsonObject> {
  const path = graphPath`/planner/tasks/${id}`
  const options = { pool: plannerPool, signal: planner.signal }
  const [task, details] = await planner.client.batch([{ path }, { path: `${path}/details` }], options)
  const entry = answerBody(task)
  return details?.ok === false && isEngineError(details.error, 'graph.not-found')
    ? entry
    : { ...entry, details: answerBody(details) }
}
