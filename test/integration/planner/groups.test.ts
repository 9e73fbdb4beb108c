import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import type { ItemOutcome, PersonMap } from '../../../src-main/engine/ports/restore-target.ts'
import { plannerReader } from '../../../src-main/graph/planner/reader.ts'
import { plannerRestorer } from '../../../src-main/graph/planner/restorer.ts'
import { remarkText } from '../../../src-shared/text/restore-remarks.ts'
import { plainRestore, readHeld, restoreHeld } from '../../support/adapter-round.ts'
import type { HeldType } from '../../support/adapter-round.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
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
  remarkCodes,
} from './scenario.ts'

const hal = 'hal@fabrikam.example'
const signal = new AbortController().signal

interface GroupWorld extends TenantWorld {
  readonly group: Root
}

async function groupWorld(users: readonly string[], name: string): Promise<GroupWorld> {
  const world = await tenantWorld(users)
  return { ...world, group: rootOf(world, plannerOf(world).addGroup(name), name) }
}

function rootOf({ simulator }: TenantWorld, id: string, name: string): Root {
  const { groupTypes = [] } = groupDirectory(simulator.tenant).get(id) ?? {}
  return { kind: 'group', id, name, properties: { id, displayName: name, groupTypes } }
}

/** Contoso with the group "move", and two plans in it beside one of another group. */
async function filled(): Promise<GroupWorld> {
  const world = await groupWorld([ada, bob], 'move')
  const planner = plannerOf(world)
  fillPlanner(planner)
  const second = planner.addPlan(world.group.id, 'Garden', { category2: 'Green' })
  planner.addBucket(second, 'Spring')
  planner.addTask(second, { title: 'Sow', bucket: 'Spring', conversationThreadId: 'AAQkAGE=' })
  planner.addBucket(planner.addPlan(world.group.id, 'Only buckets'), 'Later')
  return world
}

const read = (world: GroupWorld, before?: HeldType): Promise<HeldType> =>
  readHeld(plannerReader(world.client), world.group, before)

function restore(
  world: GroupWorld,
  held: HeldType,
  more: { readonly targetFolder?: string; readonly people?: PersonMap; readonly dryRun?: boolean } = {},
  settings: { readonly group?: string } = {},
): Promise<Map<string, ItemOutcome>> {
  const onRequest = more.people === undefined ? new Set<never>() : new Set(['permissions'] as const)
  const restorer = plannerRestorer(world.client, settings)
  const options = { targetFolder: '/', onRequest, ...more }
  return restoreHeld(restorer, plannerReader(world.client), held, world.group, options)
}

const titles = (held: HeldType): readonly unknown[] =>
  held.items.map(({ metadata }) => (metadata.properties as JsonObject).title).sort()

const ids = (world: TenantWorld, users: readonly string[]): readonly string[] =>
  users.map((user) => world.root(user).id)

describe("a group's plans", () => {
  test('are read with all their tasks, whoever they are assigned to', async () => {
    const world = await filled()
    const held = await read(world)
    expect(held.containers.map(({ name }) => name).sort()).toEqual(['Garden', 'Move', 'Only buckets'])
    expect(titles(held)).toEqual(['Anywhere', 'Find a house', 'Not mine', 'Pack', 'Pack', 'Pack', 'Sow'])
    const move = held.containers.find(({ name }) => name === 'Move')
    expect(move?.properties.properties).toMatchObject({
      details: { categoryDescriptions: { category1: 'Urgent' } },
      container: { containerId: world.group.id, type: 'group' },
    })
    const house = held.items.find(({ metadata }) => (metadata.properties as JsonObject).title === 'Find a house')
    expect(house?.metadata.properties).toMatchObject({
      details: { description: 'Near the river.\nWith a garden.' },
      bucketTaskBoardFormat: { orderHint: expect.any(String) as string },
      progressTaskBoardFormat: {},
      assignedToTaskBoardFormat: {},
    })
    const sow = held.items.find(({ metadata }) => (metadata.properties as JsonObject).title === 'Sow')
    expect(sow?.metadata.properties).toMatchObject({ conversationThreadId: 'AAQkAGE=' })
    expect(world.simulator.log.unknown).toEqual([])
  })

  test('cost one request where there are none, and nothing where there can be none', async () => {
    const world = await groupWorld([ada], 'empty')
    const first = await read(world)
    expect(first.containers).toEqual([])
    world.simulator.log.clear()
    await read(world, first)
    expect(world.requests()).toBe(1)
    world.simulator.log.clear()
    const { id } = groupDirectory(world.simulator.tenant).add({ displayName: 'Guards', unified: false })
    const guards = rootOf(world, id, 'guards')
    await expect(readHeld(plannerReader(world.client), guards)).rejects.toMatchObject({ code: 'graph.no-planner' })
    expect(world.requests()).toBe(0)
    const untold: Root = { kind: 'group', id, name: 'guards' }
    await expect(readHeld(plannerReader(world.client), untold)).rejects.toMatchObject({ code: 'graph.forbidden' })
  })

  test('cost three round trips when nothing changed, and two where Graph brings details along', async () => {
    for (const expands of [false, true]) {
      const world = await filled()
      plannerOf(world).expandsPlanTasks = expands
      const reader = plannerReader(world.client)
      const first = await readHeld(reader, world.group)
      world.simulator.log.clear()
      const second = await readHeld(reader, world.group, first)
      expect(second.items).toEqual(first.items)
      // The plans; details, buckets and tasks of each; details of the tasks of one plan that have some.
      expect(world.requests()).toBe(expands ? 2 : 3)
    }
  })

  test('find out once that Graph does not bring details along', async () => {
    const world = await filled()
    const reader = plannerReader(world.client)
    await readHeld(reader, world.group)
    await readHeld(reader, world.group)
    const asked = world.simulator.log.entries({ path: /\/tasks\?\$expand=details/ })
    expect(asked.map(({ status }) => status)).toEqual([400, 400, 400])
  })

  test('show changes of texts, new tasks, moves, deletions and new plans', async () => {
    const world = await filled()
    const planner = plannerOf(world)
    const first = await read(world)
    const plan = planner.plan('Move')
    const find = (title: string) =>
      planner.tasksOf(plan).find((task) => task.title === title) ?? planner.addTask(plan, { title })
    planner.changeDescription(find('Find a house'), 'By the sea')
    planner.removeTask(find('Not mine'))
    planner.addTask(plan, { title: 'Unpack' })
    planner.removePlan('Garden')
    planner.addTask(planner.addPlan(world.group.id, 'Garage'), { title: 'Sweep' })
    const second = await read(world, first)
    expect(titles(second)).toEqual(['Anywhere', 'Find a house', 'Pack', 'Pack', 'Pack', 'Sweep', 'Unpack'])
    expect(comparable(second, [])).toEqual(comparable(await read(world), []))
  })

  test('that cannot be seen, and those that are gone, do not stop the others', async () => {
    const world = await filled()
    const first = await read(world)
    const planner = plannerOf(world)
    planner.forbidden.add(planner.plan('Garden').id)
    const reader = plannerReader(world.client)
    const { containers } = await reader.containers(
      world.group,
      { containers: first.containers, cursor: undefined },
      signal,
    )
    expect(containers.map(({ name }) => name).sort()).toEqual(['Garden', 'Move', 'Only buckets'])
    const codes = await Promise.all(
      containers.map(async (container) => {
        try {
          const pages = await Array.fromAsync(reader.changes(world.group, container, {}, signal))
          return pages.flatMap(({ changes }) => changes).length
        } catch (error) {
          return (error as { readonly code?: string }).code
        }
      }),
    )
    expect(codes.map(String).sort()).toEqual(['0', '6', 'graph.forbidden'])
    await reader.finished?.(world.group)
    groupDirectory(world.simulator.tenant).remove(world.group.id)
    await expect(read(world)).rejects.toMatchObject({ code: 'graph.root-gone' })
  })
})

describe("a group's plans, from one tenant to another", () => {
  test('come back equal, field by field, where assigning was asked for', async () => {
    const source = await filled()
    const target = await groupWorld([grace, hal], 'fabrikam')
    const held = await read(source)
    const people = peopleOf(source, [ada, bob], target, [grace, hal])
    const outcomes = await restore(target, held, { people })
    expect(kinds(outcomes)).toEqual(['created'])
    expect([...new Set(remarkCodes(outcomes))].sort()).toEqual(['completion-date-new', 'conversation-not-restored'])
    const back = await read(target)
    const withoutThread = comparable(held, ids(source, [ada, bob])).map((entry) => {
      const task = entry.task as JsonObject
      return { ...entry, task: { ...task, conversationThreadId: null } }
    })
    expect(comparable(back, ids(target, [grace, hal]))).toEqual(withoutThread)
    expect(boards(plannerOf(target), 'Move')).toEqual(boards(plannerOf(source), 'Move'))
    expect(plannerOf(target).plan('Garden').categories).toEqual(plannerOf(source).plan('Garden').categories)
    expect(plannerOf(target).plans.every(({ group }) => group === target.group.id)).toBe(true)
    expect(target.simulator.log.unknown).toEqual([])
    const before = plannerOf(target).tasks.length
    expect(kinds(await restore(target, held, { people }))).toEqual(['duplicate'])
    expect(plannerOf(target).tasks).toHaveLength(before)
  })

  test('a plan without tasks comes back with its buckets; nobody is told of anything', async () => {
    const source = await filled()
    const target = await groupWorld([grace, hal], 'fabrikam')
    const held = await read(source)
    const restorer = plannerRestorer(target.client)
    expect(restorer.keepsEmpty).toBe(true)
    const top = await restorer.begin(target.group, { ...plainRestore, targetFolder: '/' }, signal)
    const empty = held.containers.find(({ name }) => name === 'Only buckets')
    await restorer.container(top, { dirName: 'Only buckets', metadata: empty?.properties }, signal)
    expect(await restorer.finished?.(top, signal)).toEqual([])
    const made = plannerOf(target).plan('Only buckets')
    expect(
      plannerOf(target)
        .bucketsOf(made)
        .map(({ name }) => name),
    ).toEqual(['Later'])
    await restore(target, held)
    expect([plannerOf(target).notified, plannerOf(target).shares]).toEqual([0, 0])
    expect(plannerOf(target).plans).toHaveLength(3)
  })

  test('what cannot be said of a task is said of its plan', async () => {
    const source = await filled()
    const target = await groupWorld([grace], 'fabrikam')
    const held = await read(source)
    plannerOf(target).limits.plansInGroup = 0
    const restorer = plannerRestorer(target.client)
    const top = await restorer.begin(target.group, { ...plainRestore, targetFolder: '/' }, signal)
    const empty = held.containers.find(({ name }) => name === 'Only buckets')
    await restorer.container(top, { dirName: 'Only buckets', metadata: empty?.properties }, signal)
    expect(await restorer.finished?.(top, signal)).toEqual([
      { path: 'Only buckets', remarks: [{ code: 'plan-not-restored' }] },
    ])
    expect(remarkText('plan-not-restored')).not.toContain('plan-not-restored')
  })

  test('go into the plan of that title, and into plans of their own for a folder', async () => {
    const source = await filled()
    const target = await groupWorld([grace], 'fabrikam')
    const there = plannerOf(target).addPlan(target.group.id, 'Garden')
    plannerOf(target).addTask(there, { title: 'Mow' })
    const held = await read(source)
    await restore(target, held)
    const garden = plannerOf(target).plans.filter(({ title }) => title === 'Garden')
    expect(garden).toEqual([there])
    expect(
      plannerOf(target)
        .tasksOf(there)
        .map(({ title }) => title)
        .sort(),
    ).toEqual(['Mow', 'Sow'])
    await restore(target, held, { targetFolder: 'Restored' })
    expect(plannerOf(target).plans.map(({ title }) => title)).toContain('Garden (Restored)')
  })

  test('go into the group that is the target, though the plan is still there in its own', async () => {
    const world = await filled()
    const held = await read(world)
    const other = rootOf(world, plannerOf(world).addGroup('other'), 'other')
    const before = plannerOf(world).tasksOf(plannerOf(world).plan('Garden')).length
    await restore({ ...world, group: other }, held, {}, { group: world.group.id })
    expect(plannerOf(world).tasksOf(plannerOf(world).plan('Garden'))).toHaveLength(before)
    expect(
      plannerOf(world)
        .plans.filter(({ group }) => group === other.id)
        .map(({ title }) => title)
        .sort(),
    ).toEqual(['Garden', 'Move'])
    expect(kinds(await restore(world, held))).toEqual(['duplicate'])
  })
})
