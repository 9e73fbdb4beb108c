import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { RestoreOptions, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, isObject, record, text } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { patch } from './etag-patch.ts'
import { plannerPool, plannerRequest } from './planner-request.ts'
import type { Planner } from './planner-request.ts'

/** Times that a plan is created whose creation has an unknown outcome. */
const attempts = 3

/** The plan of that id, if it is there and may be seen. */
export async function findPlan(planner: Planner, id: string): Promise<JsonObject | undefined> {
  try {
    return await planner.client.json<JsonObject>(plannerRequest(planner, graphPath`/planner/plans/${id}`))
  } catch (error) {
    if (isOutOfReach(error)) return undefined
    throw error
  }
}

/** The plans of a group; undefined if the tenant has no such group, or it may not be seen. */
export async function plansOfGroup(planner: Planner, group: string): Promise<readonly JsonObject[] | undefined> {
  const plans: JsonObject[] = []
  try {
    const request = plannerRequest(planner, graphPath`/groups/${group}/planner/plans`)
    for await (const page of planner.client.pages<JsonObject>(request)) plans.push(...page.value)
    return plans
  } catch (error) {
    if (isOutOfReach(error)) return undefined
    throw error
  }
}

function isOutOfReach(error: unknown): boolean {
  return ['graph.not-found', 'graph.forbidden', 'graph.request-refused'].some((code) =>
    isEngineError(error, code as never),
  )
}

/** A new plan in the group, whose plans before that are known. */
export async function createPlan(
  planner: Planner,
  group: string,
  title: string,
  before: readonly JsonObject[],
): Promise<string> {
  const { client, signal } = planner
  const body = { title, container: { containerId: group, type: 'group' } }
  const known = new Set(before.map((plan) => text(plan, 'id')))
  for (let left = attempts; ; left -= 1) {
    try {
      const request = { method: 'POST', path: '/planner/plans', body, pool: plannerPool, signal } as const
      return text(await client.json<JsonObject>(request), 'id') ?? ''
    } catch (error) {
      if (!hasUnknownOutcome(error)) throw error
      const plans = (await plansOfGroup(planner, group)) ?? []
      const made = plans.find((plan) => text(plan, 'title') === title && !known.has(text(plan, 'id')))
      if (made !== undefined) return text(made, 'id') ?? ''
      if (left <= 1) throw error
    }
  }
}

/** What came of a plan's own details. */
export interface PlanDetails {
  readonly remarks: readonly RestoreRemark[]
  /** Labels (category1...) that mean something else in the target. */
  readonly otherLabels: ReadonlySet<string>
}

/**
 * Gives the labels of the stored plan to one that has no names for them; names that are there are left alone. The plan
 * is shared again only when asked for.
 */
export async function restorePlanDetails(
  planner: Planner,
  plan: string,
  stored: JsonObject,
  options: RestoreOptions,
): Promise<PlanDetails> {
  const path = graphPath`/planner/plans/${plan}/details`
  const there = await planner.client.json<JsonObject>(plannerRequest(planner, path))
  const names = Object.entries(record(stored, 'categoryDescriptions') ?? {}).filter(([, name]) => isName(name))
  const given = record(there, 'categoryDescriptions') ?? {}
  const missing = names.filter(([label]) => !isName(given[label]))
  const other = names.filter(([label, name]) => isName(given[label]) && given[label] !== name)
  const shared = sharing(record(stored, 'sharedWith') ?? {}, record(there, 'sharedWith') ?? {}, options)
  const body = {
    ...(missing.length === 0 ? {} : { categoryDescriptions: Object.fromEntries(missing) }),
    ...(shared.ids.length === 0 ? {} : { sharedWith: Object.fromEntries(shared.ids.map((id) => [id, true])) }),
  }
  if (Object.keys(body).length > 0 && !options.dryRun)
    await patch(planner, { path, body }, filledText(there, '@odata.etag'))
  return { remarks: shared.remarks, otherLabels: new Set(other.map(([label]) => label)) }
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function sharing(
  stored: JsonObject,
  there: JsonObject,
  { onRequest, people }: RestoreOptions,
): { readonly ids: readonly string[]; readonly remarks: readonly RestoreRemark[] } {
  const wanted = Object.keys(stored).filter((id) => stored[id] === true)
  if (wanted.length === 0) return { ids: [], remarks: [] }
  if (!onRequest.has('permissions')) return { ids: [], remarks: [{ code: 'plan-not-shared' }] }
  const found = wanted.map((id) => people({ id })?.id)
  const ids = found.filter((id) => id !== undefined)
  const remarks = found.length > ids.length ? [{ code: 'person-unmapped' }] : []
  return { ids: ids.filter((id) => there[id] !== true), remarks }
}

/** The group that a stored plan was in; undefined for a plan of another kind. */
export function storedGroup(plan: JsonObject): string | undefined {
  const container = record(plan, 'container')
  if (!isObject(container)) return filledText(plan, 'owner')
  return text(container, 'type') === 'group' ? filledText(container, 'containerId') : undefined
}
