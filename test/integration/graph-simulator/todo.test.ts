import { describe, expect, test } from 'vitest'
import { todoState } from '../../support/graph-simulator/services/todo/state.ts'
import type { TodoState } from '../../support/graph-simulator/services/todo/state.ts'
import { errorCode, followDelta, textAt, valueOf } from './client.ts'
import type { Ask, Graph } from './client.ts'
import { Contract, contractFolder, documentedExamples } from './schema.ts'
import { alex, nobody, withSmall } from './tenant.ts'

interface Scene {
  readonly graph: Graph
  readonly todo: TodoState
  readonly lists: string
  readonly tasks: string
}

function withTodo(use: (scene: Scene) => Promise<void>, options: Parameters<typeof withSmall>[1] = {}): Promise<void> {
  return withSmall(async ({ simulator, graph }) => {
    const todo = simulator.tenant.service(todoState)
    const lists = `/users/${alex}/todo/lists`
    await use({ graph, todo, lists, tasks: `${lists}/${todo.list(alex, 'Tasks').id}/tasks` })
  }, options)
}

const post = (json: unknown): Ask => ({ method: 'POST', json })

describe('To Do in the simulator', () => {
  test('a new user has the default list and the one of flagged emails; both stay', () =>
    withTodo(async ({ graph, lists }) => {
      const all = valueOf(await graph(lists))
      expect(all.map(({ wellknownListName }) => wellknownListName)).toEqual(['defaultList', 'flaggedEmails'])
      for (const list of all) {
        const path = `${lists}/${textAt(list, 'id')}`
        expect((await graph(path, { method: 'DELETE' })).status).toBe(400)
        expect((await graph(path, { method: 'PATCH', json: { displayName: 'x' } })).status).toBe(400)
      }
      const flagged = textAt(all[1] ?? {}, 'id')
      expect((await graph(`${lists}/${flagged}/tasks`, post({ title: 'x' }))).status).toBe(400)
    }))

  test('lists: created, renamed, deleted; equal names are refused', () =>
    withTodo(async ({ graph, lists }) => {
      const created = await graph(lists, post({ displayName: 'Travel' }))
      expect(created.status).toBe(201)
      expect((await graph(lists, post({ displayName: 'travel' }))).status).toBe(409)
      const path = `${lists}/${textAt(created.json, 'id')}`
      expect((await graph(path, { method: 'PATCH', json: { displayName: 'Trips' } })).json).toMatchObject({
        displayName: 'Trips',
      })
      expect((await graph(path, { method: 'DELETE' })).status).toBe(204)
      expect(errorCode(await graph(path))).toBe('ErrorItemNotFound')
    }))

  test.each([
    ['a read-only property', { title: 'x', hasAttachments: true }],
    ['a time of its own', { title: 'x', createdDateTime: '2020-01-01T00:00:00Z' }],
    ['a checklist, which is created by itself', { title: 'x', checklistItems: [{ displayName: 'a' }] }],
    ['an unknown property', { subject: 'x' }],
    ['a date without a zone', { title: 'x', dueDateTime: { dateTime: '2026-01-01T00:00:00' } }],
    ['a status that there is not', { title: 'x', status: 'paused' }],
    ['a reminder without its time', { title: 'x', isReminderOn: true }],
    ['an extension without a type', { title: 'x', extensions: [{ extensionName: 'a' }] }],
    [
      'a recurrence without a due date',
      {
        title: 'x',
        recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'noEnd', startDate: '2026-01-01' } },
      },
    ],
  ])('a task with %s is refused', (_name, json) =>
    withTodo(async ({ graph, tasks }) => {
      expect((await graph(tasks, post(json))).status).toBe(400)
    }),
  )

  test('checklist, links and files: absent unless asked for; their changes show in the delta, not in the etag', () =>
    withTodo(async ({ graph, todo, tasks }) => {
      const task = todo.addTask(alex, 'Tasks', { title: 'x' })
      const first = await followDelta(graph, `${tasks}/delta?$expand=checklistItems,linkedResources`)
      expect(first.entities).toMatchObject([{ id: task.id, checklistItems: [], linkedResources: [] }])
      const path = `${tasks}/${task.id}`
      expect((await graph(`${path}/checklistItems`, post({ displayName: 'step' }))).status).toBe(201)
      expect((await graph(path)).json).not.toHaveProperty('checklistItems')
      const second = await followDelta(graph, first.deltaLink)
      expect(second.entities).toMatchObject([{ id: task.id, checklistItems: [{ displayName: 'step' }] }])
      expect(second.entities[0]?.['@odata.etag']).toBe(first.entities[0]?.['@odata.etag'])
      expect((await followDelta(graph, second.deltaLink)).entities).toEqual([])
    }))

  test('delta: removals, dead tokens, tokens of another list, refused options', () =>
    withTodo(async ({ graph, todo, lists, tasks }) => {
      const task = todo.addTask(alex, 'Tasks', { title: 'x' })
      const { deltaLink } = await followDelta(graph, `${tasks}/delta`)
      todo.removeTask(alex, task)
      expect((await followDelta(graph, deltaLink)).entities).toEqual([
        { id: task.id, '@removed': { reason: 'deleted' } },
      ])
      const other = `${lists}/${todo.addList(alex, 'Other').id}/tasks/delta`
      expect((await graph(`${other}?${new URL(deltaLink).searchParams.toString()}`)).status).toBe(400)
      todo.breakCursors(alex, 'Tasks')
      expect((await graph(deltaLink)).status).toBe(410)
      for (const query of [
        '$search=x',
        '$filter=title',
        '$expand=attachments',
        "$expand=extensions($filter=id eq 'a')",
      ])
        expect((await graph(`${tasks}/delta?${query}`)).status).toBe(400)
    }))

  test('delta pages hold as much as was asked for', () =>
    withTodo(async ({ graph, todo, tasks }) => {
      for (let number = 0; number < 5; number++) todo.addTask(alex, 'Tasks', { title: String(number) })
      const round = await followDelta(graph, `${tasks}/delta`, { pageSize: 2 })
      expect(round.pages.map((page) => page.length)).toEqual([2, 2, 1])
    }))

  test('a moved task gets another id', () =>
    withTodo(async ({ todo }) => {
      const task = todo.addTask(alex, 'Tasks', { title: 'x' })
      todo.addList(alex, 'Other')
      expect(todo.moveTask(alex, task, 'Other').id).not.toBe(task.id)
    }))

  test('extensions: found by a filter, replaced by an update, one of a name', () =>
    withTodo(async ({ graph, tasks }) => {
      const extension = { '@odata.type': 'microsoft.graph.openTypeExtension', extensionName: 'a.b', one: 1, two: 2 }
      const created = await graph(tasks, post({ title: 'x', extensions: [extension] }))
      await graph(tasks, post({ title: 'without' }))
      const id = 'microsoft.graph.openTypeExtension.a.b'
      expect(created.json).toMatchObject({ extensions: [{ id, extensionName: 'a.b', one: 1 }] })
      const filter = `$filter=Extensions/any(f:f/id eq '${id}')&$expand=extensions($filter=id eq '${id}')`
      const found = valueOf(await graph(`${tasks}?${filter}`))
      expect(found).toMatchObject([{ title: 'x', extensions: [{ id }] }])
      expect((await graph(`${tasks}?$expand=extensions`)).status).toBe(400)
      const path = `${tasks}/${textAt(created.json, 'id')}/extensions`
      expect((await graph(path, post(extension))).status).toBe(409)
      const change = { '@odata.type': 'microsoft.graph.openTypeExtension', one: 5 }
      expect((await graph(`${path}/${id}`, { method: 'PATCH', json: change })).json).toEqual({
        '@odata.type': '#microsoft.graph.openTypeExtension',
        id,
        extensionName: 'a.b',
        one: 5,
      })
    }))

  test('files: by POST below 3 MB, by a session up to 25 MB in ranges below 4 MB, signed in', () =>
    withTodo(async ({ graph, todo, tasks }) => {
      const task = todo.addTask(alex, 'Tasks', { title: 'x' })
      const files = `${tasks}/${task.id}/attachments`
      const file = (bytes: Buffer): Ask =>
        post({
          '@odata.type': '#microsoft.graph.taskFileAttachment',
          name: 'a.txt',
          contentBytes: bytes.toString('base64'),
        })
      expect((await graph(files, file(Buffer.from('hello')))).status).toBe(201)
      expect((await graph(files, file(Buffer.alloc(3 * 1024 * 1024)))).status).toBe(413)
      const ask = (size: number): Ask => post({ attachmentInfo: { attachmentType: 'file', name: 'b', size } })
      expect((await graph(`${files}/createUploadSession`, ask(26 * 1024 * 1024))).status).toBe(400)
      const session = textAt((await graph(`${files}/createUploadSession`, ask(10))).json, 'uploadUrl')
      const put = (range: string, bytes: string): ReturnType<Graph> =>
        graph(`${session}/content`, {
          method: 'PUT',
          body: Buffer.from(bytes),
          headers: { 'content-range': `bytes ${range}/10`, 'content-type': 'application/octet-stream' },
        })
      expect((await put('4-7', 'efgh')).status).toBe(416)
      expect((await put('0-3', 'abcd')).json).toMatchObject({ NextExpectedRanges: ['4'] })
      expect((await put('4-9', 'efghij')).headers.get('location')).toContain('/Attachments/')
      const listed = valueOf(await graph(files))
      expect(listed.map(({ name, size }) => `${String(name)} ${String(size)}`)).toEqual(['a.txt 5', 'b 10'])
      expect(listed[0]).not.toHaveProperty('contentBytes')
      const value = await graph(`${files}/${textAt(listed[1] ?? {}, 'id')}/$value`)
      expect(value.bytes.toString()).toBe('abcdefghij')
    }))

  test('who completes a recurring task gets the next one', () =>
    withTodo(async ({ graph, todo, tasks }) => {
      const recurrence = {
        pattern: { type: 'daily', interval: 1 },
        range: { type: 'noEnd', startDate: '2026-01-01' },
      }
      const dueDateTime = { dateTime: '2026-01-01T00:00:00', timeZone: 'UTC' }
      const created = await graph(tasks, post({ title: 'x', dueDateTime, recurrence }))
      await graph(`${tasks}/${textAt(created.json, 'id')}`, { method: 'PATCH', json: { status: 'completed' } })
      expect(todo.book(alex).spawned).toBe(1)
      expect(todo.list(alex, 'Tasks').tasks.map(({ properties }) => properties.status)).toEqual([
        'completed',
        'notStarted',
      ])
    }))

  test('roles, users without a mailbox, wrong ids', () =>
    withTodo(
      async ({ graph, lists, tasks }) => {
        expect((await graph(lists)).status).toBe(200)
        expect((await graph(lists, post({ displayName: 'x' }))).status).toBe(403)
        expect(errorCode(await graph(`/users/${nobody}/todo/lists`))).toBe('MailboxNotEnabledForRESTAPI')
        expect((await graph(`${lists}/nonsense`)).status).toBe(400)
        expect((await graph(`${tasks}/nonsense`)).status).toBe(400)
      },
      { app: { roles: ['Tasks.Read.All'] } },
    ))

  test('answers fit the published schemas', () =>
    withTodo(async ({ graph, todo, lists, tasks }) => {
      if (contractFolder === undefined) return
      const contract = new Contract(contractFolder)
      const task = todo.addTask(alex, 'Tasks', {
        title: 'x',
        dueDateTime: { dateTime: '2026-01-01T00:00:00.0000000', timeZone: 'UTC' },
        checklistItems: [{ displayName: 'a', isChecked: true }],
        linkedResources: [{ displayName: 'b' }],
        attachments: [{ name: 'c', bytes: Buffer.from('c') }],
      })
      const path = `${tasks}/${task.id}`
      const shapes: readonly [string, string][] = [
        ['microsoft.graph.todoTaskListCollectionResponse', lists],
        ['microsoft.graph.todoTaskCollectionResponse', `${tasks}?$expand=checklistItems,linkedResources`],
        ['microsoft.graph.todoTask', `${path}?$expand=checklistItems,linkedResources`],
        ['microsoft.graph.checklistItemCollectionResponse', `${path}/checklistItems`],
        ['microsoft.graph.linkedResourceCollectionResponse', `${path}/linkedResources`],
        ['microsoft.graph.attachmentBaseCollectionResponse', `${path}/attachments`],
      ]
      for (const [schema, address] of shapes) expect(contract.problems(schema, (await graph(address)).json)).toEqual([])
    }))

  test.each([
    'create_todotasklist_from_lists',
    'create_todotask_from_tasks',
    'update_todotask',
    'create_checklistitem_from_',
    'create_linkedresource_from_linkedresources',
    'attachmentbasethis.createuploadsession',
  ])('the documented request %s is understood', (name) =>
    withTodo(async ({ graph, todo, lists, tasks }) => {
      if (contractFolder === undefined) return
      const example = documentedExamples(contractFolder).get(name)
      if (example === undefined) throw new Error(`No example ${name}`)
      const task = todo.addTask(alex, 'Tasks', { title: 'x' })
      const path = new URL(example.url).pathname
        .replace(/^\/(v1\.0|beta)\/me\/todo\/lists/, lists)
        .replace(/(\/lists\/)[^/]+/, `$1${task.list.id}`)
        .replace(/(\/tasks\/)[^/]+/, `$1${task.id}`)
      expect(tasks).toContain(task.list.id)
      const answer = await graph(path, { method: example.method, json: example.requestBody })
      expect(answer.status).toBe(example.responseStatus)
    }),
  )
})
