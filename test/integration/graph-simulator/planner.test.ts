import { describe, expect, test } from 'vitest'
import { plannerState } from '../../support/graph-simulator/services/planner/state.ts'
import type { PlannerState } from '../../support/graph-simulator/services/planner/state.ts'
import { between, ordinally, placedHint } from '../../support/graph-simulator/services/planner/order-hints.ts'
import type { StoredPlan } from '../../support/graph-simulator/services/planner/stored.ts'
import { errorCode, textAt, valueOf } from './client.ts'
import type { Answer, Ask, Graph } from './client.ts'
import { Contract, contractFolder, documentedExamples } from './schema.ts'
import { alex, megan, withSmall } from './tenant.ts'

interface Scene {
  readonly graph: Graph
  readonly planner: PlannerState
  readonly plan: StoredPlan
  readonly user: (name: string) => string
}

function withPlanner(
  use: (scene: Scene) => Promise<void>,
  options: Parameters<typeof withSmall>[1] = {},
): Promise<void> {
  return withSmall(async ({ simulator, graph }) => {
    const planner = simulator.tenant.service(plannerState)
    const plan = planner.addPlan(planner.addGroup('g'), 'Plan', { category1: 'Red' })
    planner.addBucket(plan, 'To do')
    await use({ graph, planner, plan, user: (name) => planner.userId(name) })
  }, options)
}

const post = (json: unknown): Ask => ({ method: 'POST', json })

async function change(graph: Graph, path: string, json: unknown): Promise<Answer> {
  const etag = textAt((await graph(path)).json, '@odata.etag')
  const headers = { 'if-match': etag, prefer: 'return=representation' }
  return graph(path, { method: 'PATCH', json, headers, immutable: false })
}

const assignment = { '@odata.type': '#microsoft.graph.plannerAssignment', orderHint: ' !' }
const step = (title: string, orderHint = ' !'): object => ({
  '@odata.type': 'microsoft.graph.plannerChecklistItem',
  title,
  orderHint,
})
const guid = (number: number): string => `00000000-0000-4000-a000-00000000000${String(number)}`

describe('Planner in the simulator', () => {
  test('every change names the version that it is of: none, another one and "*" are refused with 412', () =>
    withPlanner(async ({ graph, planner, plan }) => {
      const task = planner.addTask(plan, { title: 'x' })
      const paths = [
        `/planner/plans/${plan.id}`,
        `/planner/plans/${plan.id}/details`,
        `/planner/buckets/${planner.buckets[0]?.id ?? ''}`,
        `/planner/tasks/${task.id}`,
        `/planner/tasks/${task.id}/details`,
        `/planner/tasks/${task.id}/bucketTaskBoardFormat`,
        `/planner/tasks/${task.id}/progressTaskBoardFormat`,
        `/planner/tasks/${task.id}/assignedToTaskBoardFormat`,
      ]
      for (const path of paths) {
        expect((await graph(path, { method: 'PATCH', json: {} })).status).toBe(412)
        for (const match of ['*', 'W/"x"'])
          expect((await graph(path, { method: 'PATCH', json: {}, headers: { 'if-match': match } })).status).toBe(412)
      }
      expect((await graph(`/planner/tasks/${task.id}`, { method: 'DELETE' })).status).toBe(412)
    }))

  test('a change answers with nothing, or with the object where that is preferred', () =>
    withPlanner(async ({ graph, planner, plan }) => {
      const path = `/planner/tasks/${planner.addTask(plan, { title: 'x' }).id}`
      const etag = textAt((await graph(path)).json, '@odata.etag')
      const silent = await graph(path, { method: 'PATCH', json: { title: 'y' }, headers: { 'if-match': etag } })
      expect([silent.status, silent.bytes.length]).toEqual([204, 0])
      const told = await change(graph, path, { title: 'z' })
      expect([told.status, told.json.title]).toEqual([200, 'z'])
    }))

  test('open types: values must say what they are, keys must be what they stand for', () =>
    withPlanner(async ({ graph, planner, plan, user }) => {
      const task = `/planner/tasks/${planner.addTask(plan, { title: 'x' }).id}`
      const details = `${task}/details`
      const reference = { '@odata.type': 'microsoft.graph.plannerExternalReference', alias: 'a' }
      const refused: readonly [string, unknown][] = [
        [task, { assignments: { [user(alex)]: { orderHint: ' !' } } }],
        [task, { assignments: { [user(alex)]: { '@odata.type': '#microsoft.graph.plannerAssignment' } } }],
        [task, { appliedCategories: { category26: true } }],
        [details, { checklist: { [guid(1)]: { title: 'a' } } }],
        [details, { checklist: { one: step('a') } }],
        [details, { references: { 'https://contoso.example': reference } }],
        [details, { references: { 'ftp%3A//contoso%2Eexample': reference } }],
      ]
      for (const [path, json] of refused) expect((await change(graph, path, json)).status).toBe(400)
      const right = { references: { 'https%3A//contoso%2Eexample': reference }, checklist: { [guid(1)]: step('a') } }
      expect((await change(graph, details, right)).status).toBe(200)
      const removed = await change(graph, details, { checklist: { [guid(1)]: null } })
      expect(removed.json.checklist).toEqual({})
    }))

  test('the task tells of its details only what it shows of them; each has its own etag', () =>
    withPlanner(async ({ graph, planner, plan }) => {
      const path = `/planner/tasks/${planner.addTask(plan, { title: 'x', description: 'a' }).id}`
      const before = textAt((await graph(path)).json, '@odata.etag')
      await change(graph, `${path}/details`, { description: 'b' })
      expect((await graph(path)).json['@odata.etag']).toBe(before)
      await change(graph, `${path}/details`, { checklist: { [guid(1)]: step('a') } })
      const after = (await graph(path)).json
      expect(after).toMatchObject({ hasDescription: true, checklistItemCount: 1, activeChecklistItemCount: 1 })
      expect(after['@odata.etag']).not.toBe(before)
    }))

  test('whoever is assigned anew would get a mail', () =>
    withPlanner(async ({ graph, planner, plan, user }) => {
      const body = { planId: plan.id, title: 'x', assignments: { [user(alex)]: assignment } }
      const path = `/planner/tasks/${textAt((await graph('/planner/tasks', post(body))).json, 'id')}`
      await change(graph, path, { assignments: { [user(alex)]: assignment, [user(megan)]: assignment } })
      expect(planner.notified).toBe(2)
    }))

  test('order hints are computed: what a client asks for, in the place that it means', () =>
    withPlanner(async ({ graph, plan }) => {
      const bucket = (name: string, orderHint: string): Promise<Answer> =>
        graph('/planner/buckets', post({ name, planId: plan.id, orderHint }))
      const [first] = valueOf(await graph(`/planner/plans/${plan.id}/buckets`))
      const hint = textAt(first ?? {}, 'orderHint')
      expect((await bucket('x', hint)).status).toBe(400)
      await bucket('last', `${hint} !`)
      await bucket('first', ` ${hint}!`)
      const all = valueOf(await graph(`/planner/plans/${plan.id}/buckets`))
      const sorted = all.toSorted((one, other) => ordinally(textAt(one, 'orderHint'), textAt(other, 'orderHint')))
      expect(sorted.map(({ name }) => name)).toEqual(['first', 'To do', 'last'])
      for (const one of all) expect(textAt(one, 'orderHint')).not.toContain('!')
    }))

  test('hints between any two others', () => {
    const sorted = ['a']
    for (let at = 0; at < 200; at++) {
      const index = (at * 7) % (sorted.length + 1)
      const made = between(sorted[index - 1] ?? '', sorted[index])
      sorted.splice(index, 0, made)
    }
    expect(sorted.toSorted(ordinally)).toEqual(sorted)
    expect(new Set(sorted).size).toBe(201)
    // Hints that clients made of such hints sort like them.
    const placed = placedHint(' a b!!', ['a', 'b'])
    expect(ordinally(placed, 'a')).toBe(-1)
  })

  test.each([
    ['tasksInPlan', 'MaximumTasksInProject', 'tasks', { title: 'x' }],
    ['bucketsInPlan', 'MaximumBucketsInProject', 'buckets', { name: 'x' }],
  ] as const)('%s is a 403 of its own', (limit, code, kind, json) =>
    withPlanner(async ({ graph, planner, plan }) => {
      planner.limits[limit] = 1
      planner.addTask(plan, { title: 'x' })
      const answer = await graph(`/planner/${kind}`, post({ ...json, planId: plan.id }))
      expect([answer.status, errorCode(answer)]).toEqual([403, code])
    }),
  )

  test('a refused change changes nothing', () =>
    withPlanner(async ({ graph, planner, plan, user }) => {
      planner.limits.assignees = 1
      const task = planner.addTask(plan, { title: 'x' })
      const people = { [user(alex)]: assignment, [user(megan)]: assignment }
      expect((await change(graph, `/planner/tasks/${task.id}`, { title: 'y', assignments: people })).status).toBe(403)
      expect([task.title, task.assignments, planner.notified]).toEqual(['x', {}, 0])
    }))

  test.each([
    ['a bucket of another plan', { bucketId: 'other' }],
    ['a start behind its end', { startDateTime: '2026-02-01T00:00:00Z', dueDateTime: '2026-01-01T00:00:00Z' }],
    ['a percentage above 100', { percentComplete: 101 }],
    ['what the service computes', { hasDescription: true }],
    ['its details, which are changed by themselves', { details: { description: 'x' } }],
  ])('a task with %s is refused', (_name, json) =>
    withPlanner(async ({ graph, planner, plan }) => {
      const other = planner.addBucket(planner.addPlan(plan.group, 'Other'), 'Elsewhere')
      const body = { planId: plan.id, title: 'x', ...json, ...('bucketId' in json ? { bucketId: other.id } : {}) }
      expect((await graph('/planner/tasks', post(body))).status).toBe(400)
    }),
  )

  test("a user's tasks: those of plans that are gone too, with details where they are asked for", () =>
    withPlanner(async ({ graph, planner, plan }) => {
      planner.addTask(plan, { title: 'mine', assignees: [alex], description: 'text' })
      planner.addTask(plan, { title: 'other', assignees: [megan] })
      const path = `/users/${alex}/planner/tasks`
      const [mine, ...more] = valueOf(await graph(`${path}?$expand=details`))
      expect(mine).toMatchObject({ title: 'mine', details: { description: 'text' } })
      expect(more).toEqual([])
      expect(valueOf(await graph(path))[0]).not.toHaveProperty('details')
      expect((await graph(`/planner/plans/${plan.id}/tasks?$expand=details`)).status).toBe(400)
      planner.removePlan('Plan')
      expect(valueOf(await graph(path))).toHaveLength(1)
      expect((await graph(`/planner/plans/${plan.id}`)).status).toBe(404)
    }))

  test('plans: an app makes them in groups; closed ones answer 403', () =>
    withPlanner(async ({ graph, planner, plan }) => {
      const container = { containerId: plan.group, type: 'group' }
      const created = await graph('/planner/plans', post({ title: 'New', container }))
      expect([created.status, created.json.title]).toEqual([200, 'New'])
      expect(
        (await graph('/planner/plans', post({ title: 'x', container: { ...container, containerId: 'no' } }))).status,
      ).toBe(403)
      expect(valueOf(await graph(`/groups/${plan.group}/planner/plans`))).toHaveLength(2)
      expect((await graph('/groups/none/planner/plans')).status).toBe(404)
      planner.forbidden.add(plan.id)
      expect((await graph(`/planner/plans/${plan.id}`)).status).toBe(403)
      expect((await graph('/planner/plans/short')).status).toBe(400)
    }))

  test('reading takes one role, writing another', () =>
    withPlanner(
      async ({ graph, plan }) => {
        expect((await graph(`/planner/plans/${plan.id}`)).status).toBe(200)
        expect((await graph('/planner/tasks', post({ planId: plan.id, title: 'x' }))).status).toBe(403)
      },
      { app: { roles: ['Tasks.Read.All'] } },
    ))

  test('answers fit the published schemas', () =>
    withPlanner(async ({ graph, planner, plan }) => {
      if (contractFolder === undefined) return
      const contract = new Contract(contractFolder)
      const task = planner.addTask(plan, {
        title: 'x',
        assignees: [alex],
        percentComplete: 100,
        checklist: [{ title: 'a' }],
        references: [{ url: 'https://contoso.example' }],
      })
      const path = `/planner/tasks/${task.id}`
      const shapes: readonly [string, string][] = [
        ['microsoft.graph.plannerPlan', `/planner/plans/${plan.id}`],
        ['microsoft.graph.plannerPlanDetails', `/planner/plans/${plan.id}/details`],
        ['microsoft.graph.plannerPlanCollectionResponse', `/groups/${plan.group}/planner/plans`],
        ['microsoft.graph.plannerBucketCollectionResponse', `/planner/plans/${plan.id}/buckets`],
        ['microsoft.graph.plannerTaskCollectionResponse', `/users/${alex}/planner/tasks?$expand=details`],
        ['microsoft.graph.plannerTask', path],
        ['microsoft.graph.plannerTaskDetails', `${path}/details`],
        ['microsoft.graph.plannerBucketTaskBoardTaskFormat', `${path}/bucketTaskBoardFormat`],
        ['microsoft.graph.plannerProgressTaskBoardTaskFormat', `${path}/progressTaskBoardFormat`],
        ['microsoft.graph.plannerAssignedToTaskBoardTaskFormat', `${path}/assignedToTaskBoardFormat`],
      ]
      for (const [schema, address] of shapes) expect(contract.problems(schema, (await graph(address)).json)).toEqual([])
    }))

  test.each([
    'create_plannerbucket_from_planner',
    'update_plannertaskdetails',
    'update_plannerplandetails',
    'update_plannerbuckettaskboardtaskformat',
    'update_plannerprogresstaskboardtaskformat',
  ])('the documented request %s is understood', (name) =>
    withPlanner(async ({ graph, planner, plan }) => {
      if (contractFolder === undefined) return
      const example = documentedExamples(contractFolder).get(name)
      if (example === undefined) throw new Error(`No example ${name}`)
      const task = planner.addTask(plan, { title: 'x' })
      task.checklist = {
        'd280ed1a-9f6b-4f9c-a962-fb4d00dc50ff': { title: 'a', isChecked: false, orderHint: 'P', modifiedAt: 0 },
      }
      const body = example.requestBody as Record<string, unknown>
      const json = 'planId' in body ? { ...body, planId: plan.id } : body
      const path = decodeURI(new URL(example.url).pathname)
        .replace('/v1.0', '')
        .replace('{task-id}', task.id)
        .replace('{plan-id}', plan.id)
      const answer = example.method === 'PATCH' ? await change(graph, path, json) : await graph(path, post(json))
      expect(answer.status).toBe(example.responseStatus)
    }),
  )
})
