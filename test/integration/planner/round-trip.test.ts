import { describe, expect, test } from 'vitest'
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

async function twoTenants(): Promise<{ source: TenantWorld; target: TenantWorld; group: string }> {
  const source = await tenantWorld([ada, bob])
  const target = await tenantWorld([grace, hal])
  fillPlanner(plannerOf(source))
  return { source, target, group: plannerOf(target).addGroup('fabrikam') }
}

const idsOf = (world: TenantWorld, users: readonly string[]): readonly string[] =>
  users.map((user) => world.root(user).id)

describe('Planner, from one tenant to another', () => {
  test('everything comes back equal, field by field, where assigning was asked for', async () => {
    const { source, target, group } = await twoTenants()
    const held = await read(source, ada)
    expect(held.items).toHaveLength(6)
    expect(held.unread.size).toBe(0)
    const people = peopleOf(source, [ada, bob], target, [grace, hal])
    const outcomes = await restore(target, grace, held, { group, people })
    expect(kinds(outcomes)).toEqual(['created'])
    expect(remarkCodes(outcomes)).toEqual(['completion-date-new'])
    const there = await read(target, grace)
    expect(comparable(there, idsOf(target, [grace, hal]))).toEqual(comparable(held, idsOf(source, [ada, bob])))
    const mine = { shown: (title: string) => title !== 'Not mine' }
    expect(boards(plannerOf(target), 'Move')).toEqual(
      boards(plannerOf(source), 'Move', ({ title }) => mine.shown(title)),
    )
    expect(plannerOf(target).plan('Move').categories).toEqual(plannerOf(source).plan('Move').categories)
    expect(target.simulator.log.unknown).toEqual([])
    expect(source.simulator.log.unknown).toEqual([])
  })

  test('nobody is assigned and nothing shared unasked: nobody gets a mail', async () => {
    const { source, target, group } = await twoTenants()
    plannerOf(source).plan('Club').sharedWith = { [source.root(bob).id]: true }
    const outcomes = await restore(target, grace, await read(source, ada), { group })
    expect(kinds(outcomes)).toEqual(['created'])
    expect([...new Set(remarkCodes(outcomes))].sort()).toEqual([
      'assignments-left-out',
      'completion-date-new',
      'plan-not-shared',
    ])
    expect(plannerOf(target).notified).toBe(0)
    expect(plannerOf(target).shares).toBe(0)
    expect(plannerOf(target).tasks).toHaveLength(6)
  })

  test('people without a counterpart are left out, with a remark', async () => {
    const { source, target, group } = await twoTenants()
    plannerOf(source).plan('Club').sharedWith = { [source.root(bob).id]: true, [source.root(ada).id]: true }
    const people = peopleOf(source, [ada], target, [grace])
    const outcomes = await restore(target, grace, await read(source, ada), { group, people })
    expect(remarkCodes(outcomes).filter((code) => code === 'person-unmapped')).toHaveLength(2)
    const assignees = plannerOf(target).tasks.map(({ assignments }) => Object.keys(assignments))
    expect(assignees).toEqual(Array.from({ length: 6 }, () => [target.root(grace).id]))
    expect(plannerOf(target).plan('Club').sharedWith).toEqual({ [target.root(grace).id]: true })
  })

  test('the same after a second read; a second restore creates nothing', async () => {
    const { source, target, group } = await twoTenants()
    const planner = plannerOf(source)
    const first = await read(source, ada)
    const [house, pack] = planner.tasks
    if (house === undefined || pack === undefined) throw new Error('no tasks')
    planner.changeDescription(house, 'In the hills')
    planner.changeTitle(pack, 'Pack everything')
    planner.removeTask(planner.tasks.find(({ title }) => title === 'Anywhere') as never)
    planner.addTask(planner.plan('Club'), { title: 'Flowers', assignees: [ada] })
    const second = await read(source, ada, first)
    const users = idsOf(source, [ada, bob])
    expect(comparable(second, users)).toEqual(comparable(await read(source, ada), users))
    const people = peopleOf(source, [ada, bob], target, [grace, hal])
    await restore(target, grace, second, { group, people })
    const there = comparable(await read(target, grace), idsOf(target, [grace, hal]))
    expect(there).toEqual(comparable(second, users))
    expect(kinds(await restore(target, grace, second, { group, people }))).toEqual(['duplicate'])
    expect(plannerOf(target).plans).toHaveLength(2)
    expect(comparable(await read(target, grace), idsOf(target, [grace, hal]))).toEqual(there)
  })
})

describe('Planner, in its own tenant', () => {
  test('what is gone comes back into its plan and its place; the rest is left alone', async () => {
    const world = await tenantWorld([ada, bob])
    const planner = plannerOf(world)
    fillPlanner(planner)
    const held = await read(world, ada)
    const before = boards(planner, 'Move')
    const [house, , , dishes] = planner.tasks
    if (house === undefined || dishes === undefined) throw new Error('no tasks')
    planner.changeTitle(house, 'Find two houses')
    planner.removeTask(dishes)
    const outcomes = await restore(world, ada, held)
    expect([...outcomes.values()].filter(({ kind }) => kind === 'created')).toHaveLength(1)
    planner.changeTitle(house, 'Find a house')
    expect(boards(planner, 'Move')).toEqual(before)
  })

  test('into a named folder: a plan beside it in the same group', async () => {
    const world = await tenantWorld([ada, bob])
    fillPlanner(plannerOf(world))
    const held = await read(world, ada)
    expect(kinds(await restore(world, ada, held, { targetFolder: 'Restored' }))).toEqual(['created'])
    const plans = plannerOf(world).plans.map(({ title, group }) => [title, group] as const)
    const [move, club] = plans.map(([, group]) => group)
    expect(plans.slice(2)).toEqual([
      ['Move (Restored)', move],
      ['Club (Restored)', club],
    ])
    expect(kinds(await restore(world, ada, held, { targetFolder: 'Restored' }))).toEqual(['duplicate'])
  })

  test('without the plan and its group there is no place for a task', async () => {
    const world = await tenantWorld([ada, bob])
    const planner = plannerOf(world)
    fillPlanner(planner)
    const held = await read(world, ada)
    for (const plan of [...planner.plans]) {
      planner.removePlan(plan.id)
      planner.groups.delete(plan.group)
    }
    const outcomes = await restore(world, ada, held)
    expect([...outcomes.values()]).toEqual(held.items.map(() => ({ kind: 'failed', code: 'restore.no-plan' })))
  })
})
