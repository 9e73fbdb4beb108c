import { describe, expect, test } from 'vitest'
import { todoReader } from '../../../src-main/graph/todo/reader.ts'
import { readHeld } from '../../support/adapter-round.ts'
import { tenantWorld } from '../../support/tenant-pair.ts'
import { ada, comparable, fillTodo, todoOf } from './scenario.ts'

const signal = new AbortController().signal

describe('reading To Do', () => {
  test('first run, unchanged run, one change: requests', async () => {
    const world = await tenantWorld([ada])
    const todo = todoOf(world)
    fillTodo(todo, ada)
    const reader = todoReader(world.client)
    const root = world.root(ada)
    const { log } = world.simulator
    log.clear()
    const first = await readHeld(reader, root)
    // Lists, their extensions in one batch, four lists, a batch per task, three files.
    expect(world.requests()).toBe(1 + 1 + 4 + 7 + 3)
    log.clear()
    const second = await readHeld(reader, root, first)
    // Lists, and each list: nothing for the tasks.
    expect(log.entries().map(({ route }) => route)).toEqual([
      'users/{user}/todo/lists/delta',
      ...Array.from({ length: 4 }, () => 'users/{user}/todo/lists/{list}/tasks/delta'),
    ])
    expect(second.items).toEqual(first.items)
    const [move] = todo.list(ada, 'Tasks').tasks
    if (move === undefined) throw new Error('no task')
    todo.addChecklistItem(ada, move, 'Van')
    log.clear()
    const third = await readHeld(reader, root, second)
    // As before, and the task's one batch; its files are the same and stay unread.
    expect(world.requests()).toBe(1 + 4 + 1)
    expect(log.count({ content: true })).toBe(0)
    const changed = third.items.find(({ id }) => id === move.id)
    expect(changed?.metadata.properties).toMatchObject({ checklistItems: [{}, {}, {}, { displayName: 'Van' }] })
    expect(changed?.parts.size).toBe(3)
  })

  test('a delta that expands nothing is read all the same, with the children of each task', async () => {
    const world = await tenantWorld([ada])
    fillTodo(todoOf(world), ada)
    const root = world.root(ada)
    const expanded = await readHeld(todoReader(world.client), root)
    world.simulator.faults.add({
      kind: 'status',
      status: 400,
      code: 'invalidRequest',
      match: { path: /delta\?\$expand/ },
    })
    const plain = await readHeld(todoReader(world.client), root)
    expect(comparable(plain)).toEqual(comparable(expanded))
    // Only the first list had to find it out.
    expect(world.simulator.faults.appliedCount()).toBe(1)
  })

  test('dead cursors: of a list, and of the lists', async () => {
    const world = await tenantWorld([ada])
    const todo = todoOf(world)
    fillTodo(todo, ada)
    const reader = todoReader(world.client)
    const root = world.root(ada)
    const held = await readHeld(reader, root)
    todo.breakCursors(ada, 'Tasks')
    const container = held.containers.find(({ name }) => name === 'Tasks')
    const cursor = held.cursors.get(container?.id ?? '')
    const pages = reader.changes(root, container as never, { cursor }, signal)
    await expect(pages[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'graph.cursor-lost' })
    todo.breakCursors(ada)
    todo.removeList(ada, 'Empty')
    const last = { containers: held.containers, cursor: held.listingCursor }
    const listing = await reader.containers(root, last, signal)
    expect(listing.containers.map(({ name }) => name)).toEqual(['Tasks', 'Flagged Emails', 'Shopping'])
  })

  test('an interrupted listing goes on where it was', async () => {
    const world = await tenantWorld([ada], { delta: { maxPageSize: 2, emptyPageEvery: 2, repeatEvery: 0 } })
    fillTodo(todoOf(world), ada)
    const reader = todoReader(world.client)
    const root = world.root(ada)
    const { containers } = await reader.containers(root, undefined, signal)
    const shopping = containers.find(({ name }) => name === 'Shopping')
    if (shopping === undefined) throw new Error('no list')
    const ids: string[] = []
    let next: string | undefined
    for await (const page of reader.changes(root, shopping, {}, signal)) {
      ids.push(...page.changes.map(({ id }) => id))
      next = page.next
      break
    }
    for await (const page of reader.changes(root, shopping, { next }, signal))
      ids.push(...page.changes.map(({ id }) => id))
    expect(ids).toEqual(
      todoOf(world)
        .list(ada, 'Shopping')
        .tasks.map(({ id }) => id),
    )
  })

  test('what cannot be read concerns itself alone: a task, a file', async () => {
    const world = await tenantWorld([ada])
    fillTodo(todoOf(world), ada)
    const [move, water] = todoOf(world).list(ada, 'Tasks').tasks
    if (move === undefined || water === undefined) throw new Error('no tasks')
    const { faults } = world.simulator
    const bad = move.files[0]?.id ?? 'no file'
    faults.add({ kind: 'corrupt', match: { path: new RegExp(`/attachments/${encodeURIComponent(bad)}/`) } })
    faults.add({ kind: 'corrupt', match: { path: new RegExp(`/tasks/${encodeURIComponent(water.id)}/extensions`) } })
    const held = await readHeld(todoReader(world.client), world.root(ada))
    expect([...held.unread.keys()]).toEqual([water.id])
    expect(held.unread.get(water.id)).toMatchObject({ code: 'graph.item-unreadable' })
    expect(held.items).toHaveLength(6)
    const kept = held.items.find(({ id }) => id === move.id)
    expect(kept?.unreadParts).toEqual(['graph.item-unreadable'])
    expect(kept?.parts.size).toBe(2)
  })

  test('without the permission that extensions take, tasks are read without them', async () => {
    const world = await tenantWorld([ada], { app: { roles: ['User.Read.All', 'Tasks.Read.All'] } })
    fillTodo(todoOf(world), ada)
    const held = await readHeld(todoReader(world.client), world.root(ada))
    expect(held.unread.size).toBe(0)
    expect(held.items).toHaveLength(7)
    expect(held.items.filter(({ metadata }) => 'extensions' in (metadata.properties as object))).toEqual([])
  })

  test('a task by its id alone, and one that is gone', async () => {
    const world = await tenantWorld([ada])
    fillTodo(todoOf(world), ada)
    const reader = todoReader(world.client)
    const root = world.root(ada)
    const [milk] = todoOf(world).list(ada, 'Shopping').tasks
    if (milk === undefined) throw new Error('no task')
    const found = await reader.item(root, milk.id, signal)
    expect(found).toMatchObject({ container: milk.list.id, properties: { title: 'Milk', checklistItems: [] } })
    todoOf(world).removeTask(ada, milk)
    await expect(reader.item(root, milk.id, signal)).rejects.toMatchObject({ code: 'graph.not-found' })
  })

  test('a mailbox over its quota is listed without delta', async () => {
    const world = await tenantWorld([ada])
    fillTodo(todoOf(world), ada)
    world.simulator.faults.add({ kind: 'status', status: 507, code: 'ErrorQuotaExceeded', match: { path: /\/delta/ } })
    const held = await readHeld(todoReader(world.client), world.root(ada))
    expect(held.items).toHaveLength(7)
    expect(held.listingCursor).toBeUndefined()
    expect(held.cursors.size).toBe(0)
  })

  test('a user without a mailbox', async () => {
    const world = await tenantWorld([ada])
    world.simulator.tenant.removeMailbox(ada)
    await expect(readHeld(todoReader(world.client), world.root(ada))).rejects.toMatchObject({
      code: 'graph.no-mailbox',
    })
  })
})
