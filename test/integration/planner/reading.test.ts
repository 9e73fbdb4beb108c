import { describe, expect, test } from 'vitest'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import { plannerReader } from '../../../src-main/graph/planner/reader.ts'
import { readHeld } from '../../support/adapter-round.ts'
import { tenantWorld } from '../../support/tenant-pair.ts'
import { ada, bob, comparable, fillPlanner, plannerOf, read } from './scenario.ts'

const signal = new AbortController().signal

describe('reading Planner', () => {
  test('first run, unchanged run, one change: requests', async () => {
    const world = await tenantWorld([ada, bob])
    fillPlanner(plannerOf(world))
    const { log } = world.simulator
    log.clear()
    const first = await read(world, ada)
    // The tasks, a batch for the plans, a batch for each task.
    expect(world.requests()).toBe(1 + 1 + 6)
    log.clear()
    const second = await read(world, ada, first)
    // The tasks and the plans: nothing for each task.
    expect(world.requests()).toBe(2)
    expect(log.count({ batched: true })).toBe(2 * 3)
    expect(second.items).toEqual(first.items)
    const [house] = plannerOf(world).tasks
    if (house === undefined) throw new Error('no task')
    // Of the task itself nothing changes by that, its etag neither.
    plannerOf(world).changeDescription(house, 'In the hills')
    log.clear()
    const third = await read(world, ada, second)
    expect(world.requests()).toBe(3)
    const properties = third.items.find(({ id }) => id === house.id)?.metadata.properties
    expect(properties).toMatchObject({ details: { description: 'In the hills' } })
  })

  test('where details cannot be expanded, those that there are are read, 20 at a time', async () => {
    const world = await tenantWorld([ada, bob])
    const planner = plannerOf(world)
    fillPlanner(planner)
    const expanded = await read(world, ada)
    planner.expandsDetails = false
    const first = await read(world, ada)
    const users = [world.root(ada).id, world.root(bob).id]
    expect(comparable(first, users)).toEqual(comparable(expanded, users))
    const { log } = world.simulator
    log.clear()
    const second = await read(world, ada, first)
    // Three tasks have details: one request each, where the reference system needs four for every task.
    expect(log.count({ route: 'planner/tasks/{task}/details' })).toBe(3)
    expect(log.count({ route: 'planner/tasks/{task}/bucketTaskBoardFormat' })).toBe(0)
    expect(second.items).toEqual(first.items)
    const [house] = planner.tasks
    if (house === undefined) throw new Error('no task')
    planner.changeDescription(house, 'In the hills')
    const third = await read(world, ada, second)
    expect(third.items.find(({ id }) => id === house.id)?.metadata.properties).toMatchObject({
      details: { description: 'In the hills' },
    })
  })

  test('a container holds the plan, its labels, whom it is shared with, and its buckets', async () => {
    const world = await tenantWorld([ada, bob])
    fillPlanner(plannerOf(world))
    const { containers } = await read(world, ada)
    expect(containers.map(({ name }) => name)).toEqual(['Move', 'Club'])
    expect(containers[0]?.properties).toMatchObject({
      'o365:Type': 'plan',
      'o365:Name': 'Move',
      properties: {
        container: { type: 'group' },
        details: { categoryDescriptions: { category1: 'Urgent' }, sharedWith: {} },
      },
    })
    expect(JSON.stringify(containers)).not.toContain('etag')
  })

  test('a plan that may not be seen keeps what is known of it, and its tasks are refused', async () => {
    const world = await tenantWorld([ada, bob])
    fillPlanner(plannerOf(world))
    const held = await read(world, ada)
    const [move, club] = held.containers
    if (move === undefined || club === undefined) throw new Error('no plans')
    plannerOf(world).forbidden.add(move.id)
    const reader = plannerReader(world.client)
    const root = world.root(ada)
    const last = { containers: held.containers, cursor: held.listingCursor }
    const listing = await reader.containers(root, last, signal)
    expect(listing.containers).toEqual(held.containers)
    const refused = reader.changes(root, move, {}, signal)[Symbol.asyncIterator]().next()
    await expect(refused).rejects.toMatchObject({ code: 'graph.forbidden' })
    const page = await reader.changes(root, club, {}, signal)[Symbol.asyncIterator]().next()
    expect(page.value).toMatchObject({ changes: [{ kind: 'put' }] })
  })

  test('tasks of a plan that is gone are not taken for tasks', async () => {
    const world = await tenantWorld([ada, bob])
    fillPlanner(plannerOf(world))
    plannerOf(world).removePlan('Move')
    const held = await read(world, ada)
    expect(held.containers.map(({ name }) => name)).toEqual(['Club'])
    expect(held.items).toHaveLength(1)
  })

  test('one task that cannot be read leaves its neighbours alone', async () => {
    const world = await tenantWorld([ada, bob])
    fillPlanner(plannerOf(world))
    const [house] = plannerOf(world).tasks
    const path = new RegExp(`${house?.id ?? ''}/progressTaskBoardFormat`)
    world.simulator.faults.add({ kind: 'status', status: 403, match: { path } })
    const held = await read(world, ada)
    expect([...held.unread]).toMatchObject([[house?.id, { code: 'graph.forbidden' }]])
    expect(held.items).toHaveLength(5)
  })

  test('pages of tasks and buckets', async () => {
    const world = await tenantWorld([ada, bob])
    fillPlanner(plannerOf(world))
    const whole = await read(world, ada)
    plannerOf(world).pageSize = 2
    expect(await read(world, ada)).toEqual(whole)
  })

  test('a task by its id alone has the change key of the listing', async () => {
    const world = await tenantWorld([ada, bob])
    fillPlanner(plannerOf(world))
    const held = await read(world, ada)
    const [house] = held.items
    const reader = plannerReader(world.client)
    const found = await reader.item(world.root(ada), house?.id ?? '', signal)
    expect(found.container).toBe(house?.container)
    expect(reader.identity(reader.metadata(found.properties))).toEqual(reader.identity(house?.metadata ?? {}))
  })

  test('a user whom Planner does not know', async () => {
    const world = await tenantWorld([ada])
    const gone: Root = { kind: 'user', id: '11111111-1111-4111-a111-111111111111', name: 'gone' }
    await expect(readHeld(plannerReader(world.client), gone)).rejects.toMatchObject({ code: 'graph.no-planner' })
  })

  test("a group's plans: all their tasks", async () => {
    const world = await tenantWorld([ada, bob])
    fillPlanner(plannerOf(world))
    const root: Root = { kind: 'group', id: plannerOf(world).plan('Move').group, name: 'move' }
    const reader = plannerReader(world.client)
    const held = await readHeld(reader, root)
    expect(held.containers.map(({ name }) => name)).toEqual(['Move'])
    expect(held.items).toHaveLength(6)
    expect(held.unread.size).toBe(0)
  })
})
