import { badRequest, GraphError } from '../../http/errors.ts'
import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { plannerState } from './state.ts'
import type { PlannerState } from './state.ts'
import type { JsonRecord, StoredBucket, StoredPlan, StoredTask } from './stored.ts'

export interface PlannerCall extends RouteCall {
  readonly planner: PlannerState
}

export function plannerCall(call: RouteCall): PlannerCall {
  return { ...call, planner: call.context.tenant.service(plannerState) }
}

/** Planner leaves the code empty where it has none of its own. */
export const notFound = (): GraphError => new GraphError(404, '', 'The requested item is not found.')

export const invalid = (message: string): GraphError => badRequest(message, '')

export const notVisible = (): GraphError =>
  new GraphError(403, '', 'You do not have the required permissions to access this item.')

export const overLimit = (code: string): GraphError => new GraphError(403, code, 'A limit of the service was exceeded.')

function checkedId(id: string | undefined): string {
  if (id?.length !== 28) throw invalid('The identifier is not valid.')
  return id
}

function visible(call: PlannerCall, plan: StoredPlan | undefined): StoredPlan {
  if (plan === undefined || !call.planner.plans.includes(plan)) throw notFound()
  if (call.planner.forbidden.has(plan.id)) throw notVisible()
  return plan
}

export function planById(call: PlannerCall, id: string | undefined): StoredPlan {
  const wanted = checkedId(id)
  return visible(
    call,
    call.planner.plans.find((plan) => plan.id === wanted),
  )
}

export function planOf(call: PlannerCall): StoredPlan {
  return planById(call, call.parameters.plan)
}

export function bucketById(call: PlannerCall, id: string | undefined): StoredBucket {
  const wanted = checkedId(id)
  const bucket = call.planner.buckets.find((one) => one.id === wanted)
  if (bucket === undefined) throw notFound()
  visible(call, bucket.plan)
  return bucket
}

export function taskOf(call: PlannerCall): StoredTask {
  const wanted = checkedId(call.parameters.task)
  const task = call.planner.tasks.find((one) => one.id === wanted)
  if (task === undefined) throw notFound()
  visible(call, task.plan)
  return task
}

/** Every change names the version it is of; a missing or an older one is refused. "*" is none. */
export function requireMatch(call: PlannerCall, etag: string): void {
  const given = call.request.headers['if-match']
  if (given === etag) return
  const message = given === undefined ? 'The If-Match header must be specified.' : 'The If-Match header does not match.'
  throw new GraphError(412, '', message)
}

/** 204, or the changed object for who prefers it. */
export function changedReply(call: PlannerCall, json: () => JsonRecord): Reply {
  if (!/\breturn\s*=\s*representation\b/i.test(call.request.headers.prefer ?? '')) return emptyReply(204)
  return jsonReply(200, json(), { 'Preference-Applied': 'return=representation' })
}

/** A page of all; Planner goes on with a skip token. */
export function plannerPage<T>(call: PlannerCall, all: readonly T[], render: (one: T) => object): Reply {
  const from = Number(call.query.get('$skiptoken') ?? '0')
  const to = from + call.planner.pageSize
  const next = `${call.context.origin()}${call.request.path}?${nextQuery(call, to)}`
  return jsonReply(200, {
    value: all.slice(from, to).map(render),
    ...(to < all.length ? { '@odata.nextLink': next } : {}),
  })
}

function nextQuery(call: PlannerCall, to: number): string {
  const kept = call.request.queryText.split('&').filter((part) => part !== '' && !/skiptoken=/i.test(part))
  return [...kept, `$skiptoken=${String(to)}`].join('&')
}
