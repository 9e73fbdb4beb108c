import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { ItemOutcome } from '../../../src-main/engine/ports/restore-target.ts'
import type { HeldType } from '../../support/adapter-round.ts'
import { tenantWorld } from '../../support/tenant-pair.ts'
import type { TenantWorld } from '../../support/tenant-pair.ts'
import {
  ada,
  bob,
  boards,
  comparable,
  fillPlanner,
  grace,
  kinds,
  peopleOf,
  plannerOf,
  read,
  remarkCodes,
  restore,
} from './scenario.ts'

const hal = 'hal@fabrikam.example'
const writing = { method: ['POST', 'PATCH'], path: /\/planner\// }

async function backedUp(): Promise<{ source: TenantWorld; held: HeldType }> {
  const source = await tenantWorld([ada, bob])
  fillPlanner(plannerOf(source))
  return { source, held: await read(source, ada) }
}

async function emptyTarget(): Promise<{ target: TenantWorld; group: string }> {
  const target = await tenantWorld([grace, hal])
  return { target, group: plannerOf(target).addGroup('fabrikam') }
}

describe('restoring Planner', () => {
  test('stopped behind any of its requests, the next restore completes what is there', async () => {
    const { source, held } = await backedUp()
    const one = { ...held, items: held.items.slice(0, 1) }
    const users = [ada, bob].map((user) => source.root(user).id)
    let sent = 0
    for (let stopped = true; stopped && sent < 30; sent++) {
      const { target, group } = await emptyTarget()
      const people = peopleOf(source, [ada, bob], target, [grace, hal])
      const { faults } = target.simulator
      faults.add({ kind: 'status', status: 500, match: writing, skip: sent })
      await restore(target, grace, one, { group, people }).catch(() => undefined)
      stopped = faults.appliedCount() > 0
      faults.clear()
      const again = await restore(target, grace, one, { group, people })
      expect(kinds(again)).toHaveLength(1)
      expect(kinds(again)).not.toContain('failed')
      const ids = [grace, hal].map((user) => target.root(user).id)
      // Only who is assigned has a place on that board; people are assigned with the title, so it comes after the end.
      const isBehindTheEnd = stopped && kinds(again)[0] === 'duplicate' && !wasCompleted(again)
      const seen = isBehindTheEnd ? withoutPlaces : (tasks: readonly JsonObject[]) => tasks
      expect(seen(comparable(await read(target, grace), ids))).toEqual(seen(comparable(one, users)))
      expect(plannerOf(target).plans).toHaveLength(1)
      expect(plannerOf(target).bucketsOf(plannerOf(target).plan('Move'))).toHaveLength(4)
      expect(plannerOf(target).tasks).toHaveLength(1)
      expect(kinds(await restore(target, grace, one, { group, people }))).toEqual(['duplicate'])
    }
    // A plan, its labels, four buckets, the task, its details, three boards, its title and people (for an older version
    // first, which is refused), their places.
    expect(sent - 1).toBe(14)
  })

  test.each(['reset-after', 'done-but-failed'] as const)(
    '%s on every write once: nothing is made twice',
    async (kind) => {
      const { source, held } = await backedUp()
      const { target, group } = await emptyTarget()
      const people = peopleOf(source, [ada, bob], target, [grace, hal])
      target.simulator.faults.add({ kind, match: writing, perPath: 1 })
      expect(kinds(await restore(target, grace, held, { group, people }))).toEqual(['created'])
      const ids = [grace, hal].map((user) => target.root(user).id)
      const users = [ada, bob].map((user) => source.root(user).id)
      expect(comparable(await read(target, grace), ids)).toEqual(comparable(held, users))
      expect(plannerOf(target).plans).toHaveLength(2)
      expect(plannerOf(target).buckets).toHaveLength(5)
      expect(plannerOf(target).tasks).toHaveLength(6)
    },
  )

  test('somebody else changes a task meanwhile: its new version is read, and the change sent again', async () => {
    const { held } = await backedUp()
    const { target, group } = await emptyTarget()
    target.simulator.faults.add({ kind: 'status', status: 412, match: { method: 'PATCH' }, perPath: 1 })
    expect(kinds(await restore(target, grace, held, { group }))).toEqual(['created'])
    expect(target.simulator.faults.appliedCount()).toBeGreaterThan(20)
    expect(plannerOf(target).tasks.map(({ title }) => title)).not.toContainEqual(expect.stringContaining('restoring'))
  })

  test.each([
    ['tasksInPlan', 'MaximumTasksInProject', 3],
    ['plansInGroup', 'MaximumProjectsOwnedByUser', 1],
    ['bucketsInPlan', 'MaximumBucketsInProject', 2],
  ] as const)('the limit %s is a clear failure of the tasks that it concerns', async (limit, detail, most) => {
    const { held } = await backedUp()
    const { target, group } = await emptyTarget()
    plannerOf(target).limits[limit] = most
    const outcomes = [...(await restore(target, grace, held, { group })).values()]
    const failed = outcomes.filter(({ kind }) => kind === 'failed')
    expect(failed.length).toBeGreaterThan(0)
    for (const outcome of failed) expect(outcome).toEqual({ kind: 'failed', code: 'restore.planner-limit', detail })
    expect(outcomes.filter(({ kind }) => kind === 'created').length).toBeGreaterThan(0)
  })

  test('details over a limit are left out with a remark; the task is there', async () => {
    const { held } = await backedUp()
    const { target, group } = await emptyTarget()
    plannerOf(target).limits.checklistItems = 2
    const outcomes = await restore(target, grace, held, { group })
    expect(kinds(outcomes)).toEqual(['created'])
    expect(remarkCodes(outcomes)).toContain('details-refused')
    expect(plannerOf(target).tasks.map(({ title }) => title)).toContain('Find a house')
  })

  test('people whom Planner refuses do not keep the task away', async () => {
    const { source, held } = await backedUp()
    const { target, group } = await emptyTarget()
    plannerOf(target).limits.assignees = 1
    const people = peopleOf(source, [ada, bob], target, [grace, hal])
    const outcomes = await restore(target, grace, held, { group, people })
    expect(kinds(outcomes)).toEqual(['created'])
    expect(remarkCodes(outcomes)).toContain('assignment-refused')
  })

  test('a plan of that title takes the tasks; its labels keep their names', async () => {
    const { held } = await backedUp()
    const { target, group } = await emptyTarget()
    const planner = plannerOf(target)
    const plan = planner.addPlan(group, 'Move', { category1: 'Whenever' })
    planner.addBucket(plan, 'Done')
    planner.addTask(plan, { title: 'Pack', bucket: 'Done' })
    const outcomes = await restore(target, grace, held, { group })
    expect(planner.plans).toHaveLength(2)
    expect(planner.plan('Move').categories).toMatchObject({ category1: 'Whenever', category3: 'Outside' })
    expect(remarkCodes(outcomes).filter((code) => code === 'label-named-differently')).toHaveLength(1)
    // The one that is there stands for the equal one, and for no other of that name.
    expect([...outcomes.values()].filter(({ kind }) => kind === 'duplicate')).toHaveLength(1)
    expect(planner.tasksOf(plan).filter(({ title }) => title === 'Pack')).toHaveLength(3)
  })

  test('a dry run looks and changes nothing', async () => {
    const { held } = await backedUp()
    const { target, group } = await emptyTarget()
    const planner = plannerOf(target)
    const plan = planner.addPlan(group, 'Club')
    planner.addBucket(plan, 'Ideas')
    planner.addTask(plan, { title: 'Summer party', bucket: 'Ideas' })
    target.simulator.log.clear()
    const outcomes = await restore(target, grace, held, { group, dryRun: true })
    expect([...outcomes.values()].map(({ kind }) => kind).sort()).toEqual([
      'created',
      'created',
      'created',
      'created',
      'created',
      'duplicate',
    ])
    expect(target.simulator.log.entries({ path: /planner/ }).filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('told not to look, it creates everything again, in the same order', async () => {
    const { held } = await backedUp()
    const { target, group } = await emptyTarget()
    await restore(target, grace, held, { group })
    const before = boards(plannerOf(target), 'Move')
    expect(kinds(await restore(target, grace, held, { group, ignoreExisting: true }))).toEqual(['created'])
    expect(plannerOf(target).tasks).toHaveLength(12)
    expect(before).toMatchObject({ buckets: ['To do', 'Doing', 'Done', 'Doing'] })
  })

  test('comments stay with their group, which is said', async () => {
    const source = await tenantWorld([ada])
    const planner = plannerOf(source)
    const plan = planner.addPlan(planner.addGroup('one'), 'Talk')
    planner.addTask(plan, { title: 'Discuss', assignees: [ada], conversationThreadId: 'AAQkAD' })
    const held = await read(source, ada)
    const { target, group } = await emptyTarget()
    expect(remarkCodes(await restore(target, grace, held, { group }))).toContain('conversation-not-restored')
    planner.removeTask(planner.tasks[0] as never)
    expect(remarkCodes(await restore(source, ada, held))).toEqual(['assignments-left-out'])
    expect(planner.tasks[0]?.conversationThreadId).toBe('AAQkAD')
  })
})

function wasCompleted(outcomes: ReadonlyMap<string, ItemOutcome>): boolean {
  return [...outcomes.values()].some((outcome) => outcome.kind === 'duplicate' && outcome.completed === true)
}

function withoutPlaces(tasks: readonly JsonObject[]): readonly JsonObject[] {
  return tasks.map(({ task, ...rest }) => ({
    ...rest,
    task: { ...(task as JsonObject), assignedToTaskBoardFormat: {} },
  }))
}
