import { GraphError } from '../../http/errors.ts'
import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { optionalText } from '../../routes/message-values.ts'
import { isObject, jsonObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import {
  bucketById,
  changedReply,
  invalid,
  notFound,
  notVisible,
  overLimit,
  planById,
  plannerPage,
  planOf,
  requireMatch,
} from './calls.ts'
import type { PlannerCall } from './calls.ts'
import { isUnified } from '../groups/properties.ts'
import { groupDirectory } from '../groups/state.ts'
import { onlyWritable, openType } from './open-types.ts'
import { hintAtTop, placedHint } from './order-hints.ts'
import { etagOf, renderBucket, renderPlan, renderPlanDetails } from './render.ts'

/** https://learn.microsoft.com/graph/api/plannergroup-list-plans */
export function listGroupPlans(call: PlannerCall): Reply {
  const { group = '' } = call.parameters
  const found = groupDirectory(call.context.tenant).get(group)
  if (found === undefined) throw notFound()
  // Strict: nothing says what a security group answers, which can have no plans.
  if (!isUnified(found) || groupDirectory(call.context.tenant).forbidden.has(found.id)) throw notVisible()
  const plans = call.planner.plans.filter((plan) => plan.group === group)
  return plannerPage(call, plans, (plan) => renderPlan(call.context, plan))
}

export function getPlan(call: PlannerCall): Reply {
  return jsonReply(200, renderPlan(call.context, planOf(call)))
}

/** https://learn.microsoft.com/graph/api/planner-post-plans: an app may create plans in groups. */
export function createPlan(call: PlannerCall): Reply {
  const { planner } = call
  const body = jsonObject(call.request)
  onlyWritable(body, ['title', 'container', 'owner'])
  const title = optionalText(body, 'title') ?? ''
  if (title === '') throw invalid("The property 'title' is required.")
  const group = groupOf(body)
  if (!planner.groups.has(group)) throw new GraphError(403, '', 'The container of the plan cannot be accessed.')
  if (planner.plans.filter((plan) => plan.group === group).length >= planner.limits.plansInGroup)
    throw overLimit('MaximumProjectsOwnedByUser')
  return jsonReply(200, renderPlan(call.context, planner.addPlan(group, title)))
}

function groupOf(body: JsonObject): string {
  const { container } = body
  if (container === undefined) return optionalText(body, 'owner') ?? ''
  if (!isObject(container)) throw invalid("The property 'container' must be an object.")
  onlyWritable(container, ['containerId', 'type', 'url'])
  const { url } = container
  if (typeof url === 'string') return url.split('/').at(-1) ?? ''
  if (container.type !== 'group') throw invalid('The container of a plan must be a group.')
  return optionalText(container, 'containerId') ?? ''
}

export function updatePlan(call: PlannerCall): Reply {
  const plan = planOf(call)
  requireMatch(call, etagOf('Plan', plan.version))
  const body = jsonObject(call.request)
  onlyWritable(body, ['title'])
  plan.title = optionalText(body, 'title') ?? plan.title
  plan.version++
  return changedReply(call, () => renderPlan(call.context, plan))
}

export function deletePlan(call: PlannerCall): Reply {
  const plan = planOf(call)
  requireMatch(call, etagOf('Plan', plan.version))
  call.planner.removePlan(plan.id)
  return emptyReply(204)
}

export function getPlanDetails(call: PlannerCall): Reply {
  return jsonReply(200, renderPlanDetails(planOf(call)))
}

/** https://learn.microsoft.com/graph/api/plannerplandetails-update */
export function updatePlanDetails(call: PlannerCall): Reply {
  const plan = planOf(call)
  requireMatch(call, etagOf('PlanD', plan.detailsVersion))
  const body = jsonObject(call.request)
  onlyWritable(body, ['sharedWith', 'categoryDescriptions'])
  for (const [user, shared] of Object.entries(openType(body, 'sharedWith') ?? {})) {
    if (user.startsWith('@')) continue
    if (typeof shared !== 'boolean') throw invalid("The values of 'sharedWith' must be boolean.")
    if (shared && !(user in plan.sharedWith)) call.planner.shares++
    const rest = Object.entries(plan.sharedWith).filter(([known]) => known !== user)
    plan.sharedWith = Object.fromEntries([...rest, ...(shared ? [[user, true as const] as const] : [])])
  }
  const labels = openType(body, 'categoryDescriptions') ?? {}
  onlyWritable(labels, Object.keys(plan.categories))
  plan.categories = { ...plan.categories, ...(labels as Record<string, string | null>) }
  plan.detailsVersion++
  return changedReply(call, () => renderPlanDetails(plan))
}

export function listBuckets(call: PlannerCall): Reply {
  return plannerPage(call, call.planner.bucketsOf(planOf(call)), renderBucket)
}

export function getBucket(call: PlannerCall): Reply {
  return jsonReply(200, renderBucket(bucketById(call, call.parameters.bucket)))
}

/** https://learn.microsoft.com/graph/api/planner-post-buckets */
export function createBucket(call: PlannerCall): Reply {
  const { planner } = call
  const body = jsonObject(call.request)
  onlyWritable(body, ['name', 'planId', 'orderHint'])
  const name = optionalText(body, 'name') ?? ''
  if (name === '') throw invalid("The property 'name' is required.")
  const plan = planById(call, optionalText(body, 'planId'))
  const siblings = planner.bucketsOf(plan).map((bucket) => bucket.orderHint)
  if (siblings.length >= planner.limits.bucketsInPlan) throw overLimit('MaximumBucketsInProject')
  const orderHint = body.orderHint === undefined ? hintAtTop(siblings) : placedHint(body.orderHint, siblings)
  const bucket = { id: planner.newId(), plan, name, orderHint, version: 1 }
  planner.buckets.push(bucket)
  return jsonReply(201, renderBucket(bucket))
}

export function updateBucket(call: PlannerCall): Reply {
  const bucket = bucketById(call, call.parameters.bucket)
  requireMatch(call, etagOf('Bucket', bucket.version))
  const body = jsonObject(call.request)
  onlyWritable(body, ['name', 'orderHint'])
  bucket.name = optionalText(body, 'name') ?? bucket.name
  const others = call.planner.bucketsOf(bucket.plan).filter((one) => one !== bucket)
  if (body.orderHint !== undefined)
    bucket.orderHint = placedHint(
      body.orderHint,
      others.map((one) => one.orderHint),
    )
  bucket.version++
  return changedReply(call, () => renderBucket(bucket))
}
