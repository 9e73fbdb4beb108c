import { describe, expect, test } from 'vitest'
import { todoReader } from '../../../src-main/graph/todo/reader.ts'
import { todoRestorer } from '../../../src-main/graph/todo/restorer.ts'
import { readHeld, restoreHeld } from '../../support/adapter-round.ts'
import type { HeldType } from '../../support/adapter-round.ts'
import type { ItemOutcome } from '../../../src-main/engine/ports/restore-target.ts'
import { tenantWorld } from '../../support/tenant-pair.ts'
import type { TenantWorld } from '../../support/tenant-pair.ts'
import { ada, comparable, fillTodo, grace, todoOf } from './scenario.ts'

const read = (world: TenantWorld, user: string, before?: HeldType): Promise<HeldType> =>
  readHeld(todoReader(world.client), world.root(user), before)

const restore = (
  world: TenantWorld,
  user: string,
  held: HeldType,
  targetFolder = '/',
): Promise<Map<string, ItemOutcome>> =>
  restoreHeld(todoRestorer(world.client), todoReader(world.client), held, world.root(user), { targetFolder })

const kinds = (outcomes: ReadonlyMap<string, ItemOutcome>): readonly string[] =>
  [...new Set([...outcomes.values()].map(({ kind }) => kind))].sort()

describe('To Do, from one tenant to another', () => {
  test('everything comes back equal, field by field', async () => {
    const source = await tenantWorld([ada])
    const target = await tenantWorld([grace])
    fillTodo(todoOf(source), ada)
    const held = await read(source, ada)
    expect(held.items).toHaveLength(7)
    expect(held.unread.size).toBe(0)
    const outcomes = await restore(target, grace, held)
    expect([...outcomes.values()]).toEqual(
      held.items.map(() => ({ kind: 'created', id: expect.any(String) as string })),
    )
    expect(comparable(await read(target, grace))).toEqual(comparable(held))
    expect(todoOf(target).list(grace, 'Shopping').extensions).toEqual(todoOf(source).list(ada, 'Shopping').extensions)
    expect(todoOf(target).book(grace).spawned).toBe(0)
    expect(target.simulator.log.unknown).toEqual([])
    expect(source.simulator.log.unknown).toEqual([])
  })

  test('the same after an incremental read, and a second restore creates nothing', async () => {
    const source = await tenantWorld([ada])
    const target = await tenantWorld([grace])
    const todo = todoOf(source)
    fillTodo(todo, ada)
    const first = await read(source, ada)
    const [move, water] = todo.list(ada, 'Tasks').tasks
    if (move === undefined || water === undefined) throw new Error('no tasks')
    todo.addChecklistItem(ada, move, 'Van')
    todo.changeTask(ada, water, { title: 'Water all plants' })
    todo.removeTask(ada, todo.list(ada, 'Shopping').tasks[0] as never)
    todo.renameList(ada, 'Shopping', 'Groceries')
    todo.moveTask(ada, todo.list(ada, 'Groceries').tasks[0] as never, 'Empty')
    const second = await read(source, ada, first)
    expect(comparable(second)).toEqual(comparable(await read(source, ada)))
    await restore(target, grace, second)
    expect(comparable(await read(target, grace))).toEqual(comparable(second))
    const again = await restore(target, grace, second)
    expect(kinds(again)).toEqual(['duplicate'])
    expect(comparable(await read(target, grace))).toEqual(comparable(second))
  })

  test('restoring in place leaves what is there alone', async () => {
    const world = await tenantWorld([ada])
    const todo = todoOf(world)
    fillTodo(todo, ada)
    const held = await read(world, ada)
    const [move] = todo.list(ada, 'Tasks').tasks
    if (move === undefined) throw new Error('no task')
    todo.changeTask(ada, move, { title: 'Renamed since' })
    todo.removeTask(ada, todo.list(ada, 'Shopping').tasks[0] as never)
    const outcomes = [...(await restore(world, ada, held)).values()].map(({ kind }) => kind)
    expect(outcomes.filter((kind) => kind === 'created')).toHaveLength(1)
    expect(
      todo
        .list(ada, 'Shopping')
        .tasks.map((task) => task.properties.title)
        .sort(),
    ).toEqual(['', 'Bread', 'Milk', 'Milk'])
  })

  test('into a named folder: lists beside those that are there', async () => {
    const world = await tenantWorld([ada])
    const todo = todoOf(world)
    fillTodo(todo, ada)
    todo.addList(ada, 'Shopping')
    todo.addTask(ada, todo.list(ada, 'Empty').id, { title: 'x' })
    const twin = todo.book(ada).lists.at(-1)?.id ?? ''
    todo.addTask(ada, twin, { title: 'Of the twin' })
    const held = await read(world, ada)
    await restore(world, ada, held, 'Restored')
    const names = todo.book(ada).lists.map((list) => `${list.displayName}: ${String(list.tasks.length)}`)
    expect(names.slice(5)).toEqual([
      'Tasks (Restored): 3',
      'Shopping (Restored): 4',
      'Empty (Restored): 1',
      'Shopping (Restored) (2): 1',
    ])
    expect(kinds(await restore(world, ada, held, 'Restored'))).toEqual(['duplicate'])
  })

  test('tasks of flagged mails become plain tasks in a list beside, and say so', async () => {
    const source = await tenantWorld([ada])
    const target = await tenantWorld([grace])
    todoOf(source).addTask(ada, 'Flagged Emails', { title: 'Answer' })
    const outcomes = await restore(target, grace, await read(source, ada))
    expect([...outcomes.values()]).toEqual([
      { kind: 'created', id: expect.any(String) as string, remarks: [{ code: 'flagged-email-as-task' }] },
    ])
    expect(todoOf(target).list(grace, 'Flagged Emails (Restored)').tasks).toHaveLength(1)
  })

  test('a list that was shared is not shared again, and says so once', async () => {
    const source = await tenantWorld([ada])
    const target = await tenantWorld([grace])
    todoOf(source).addList(ada, 'Family', { isShared: true, isOwner: false })
    for (const title of ['one', 'two']) todoOf(source).addTask(ada, 'Family', { title })
    const outcomes = [...(await restore(target, grace, await read(source, ada))).values()]
    expect(outcomes.map((outcome) => ('remarks' in outcome ? outcome.remarks : []))).toEqual([
      [{ code: 'list-not-shared' }],
      [],
    ])
  })

  test('a completed recurring task does not begin its series again', async () => {
    const source = await tenantWorld([ada])
    const target = await tenantWorld([grace])
    fillTodo(todoOf(source), ada)
    const [, water] = todoOf(source).list(ada, 'Tasks').tasks
    if (water === undefined) throw new Error('no task')
    todoOf(source).changeTask(ada, water, {
      status: 'completed',
      completedDateTime: { dateTime: '2026-02-02T00:00:00.0000000', timeZone: 'UTC' },
    })
    const outcomes = await restore(target, grace, await read(source, ada))
    expect(outcomes.get(water.id)).toMatchObject({ remarks: [{ code: 'recurrence-of-completed-left-out' }] })
    expect(todoOf(target).book(grace).spawned).toBe(0)
  })
})
