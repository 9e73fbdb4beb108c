import type { Reply } from '../../http/exchange.ts'
import type { Service, ServiceRoute } from '../service.ts'
import { plannerCall } from './calls.ts'
import type { PlannerCall } from './calls.ts'
import {
  getAssignedFormat,
  getBucketFormat,
  getDetails,
  getProgressFormat,
  updateAssignedFormat,
  updateBucketFormat,
  updateDetails,
  updateProgressFormat,
} from './parts.ts'
import {
  createBucket,
  createPlan,
  deletePlan,
  getBucket,
  getPlan,
  getPlanDetails,
  listBuckets,
  listGroupPlans,
  updateBucket,
  updatePlan,
  updatePlanDetails,
} from './plans.ts'
import { createTask, deleteTask, getTask, listPlanTasks, listUserTasks, updateTask } from './tasks.ts'

const route = (permission: string, run: (call: PlannerCall) => Reply): ServiceRoute => ({
  permission,
  pool: 'planner',
  run: (call) => run(plannerCall(call)),
})

const read = (run: (call: PlannerCall) => Reply): ServiceRoute => route('readPlanner', run)
const write = (run: (call: PlannerCall) => Reply): ServiceRoute => route('writePlanner', run)

const plan = 'planner/plans/{plan}'
const bucket = 'planner/buckets/{bucket}'
const task = 'planner/tasks/{task}'

/** Microsoft Planner. https://learn.microsoft.com/graph/api/resources/planner-overview */
export const plannerService: Service = {
  collections: { plans: 'plan', buckets: 'bucket', tasks: 'task', groups: 'group' },
  operations: [],
  permissions: {
    readPlanner: ['Tasks.Read.All', 'Tasks.ReadWrite.All'],
    writePlanner: ['Tasks.ReadWrite.All'],
  },
  granted: ['Tasks.ReadWrite.All'],
  routes: {
    'GET users/{user}/planner/tasks': read(listUserTasks),
    'GET groups/{group}/planner/plans': read(listGroupPlans),
    'POST planner/plans': write(createPlan),
    [`GET ${plan}`]: read(getPlan),
    [`PATCH ${plan}`]: write(updatePlan),
    [`DELETE ${plan}`]: write(deletePlan),
    [`GET ${plan}/details`]: read(getPlanDetails),
    [`PATCH ${plan}/details`]: write(updatePlanDetails),
    [`GET ${plan}/buckets`]: read(listBuckets),
    [`GET ${plan}/tasks`]: read(listPlanTasks),
    'POST planner/buckets': write(createBucket),
    [`GET ${bucket}`]: read(getBucket),
    [`PATCH ${bucket}`]: write(updateBucket),
    'POST planner/tasks': write(createTask),
    [`GET ${task}`]: read(getTask),
    [`PATCH ${task}`]: write(updateTask),
    [`DELETE ${task}`]: write(deleteTask),
    [`GET ${task}/details`]: read(getDetails),
    [`PATCH ${task}/details`]: write(updateDetails),
    [`GET ${task}/assignedToTaskBoardFormat`]: read(getAssignedFormat),
    [`PATCH ${task}/assignedToTaskBoardFormat`]: write(updateAssignedFormat),
    [`GET ${task}/bucketTaskBoardFormat`]: read(getBucketFormat),
    [`PATCH ${task}/bucketTaskBoardFormat`]: write(updateBucketFormat),
    [`GET ${task}/progressTaskBoardFormat`]: read(getProgressFormat),
    [`PATCH ${task}/progressTaskBoardFormat`]: write(updateProgressFormat),
  },
}
