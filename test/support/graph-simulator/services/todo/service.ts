import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import type { Service, ServiceRoute } from '../service.ts'
import { listOf, taskCall, todoCall } from './calls.ts'
import type { TaskCall, TodoCall } from './calls.ts'
import {
  addChecklistItem,
  addExtension,
  addLink,
  deleteChecklistItem,
  deleteExtension,
  deleteLink,
  getChecklistItem,
  getExtension,
  getLink,
  listChecklist,
  listExtensions,
  listLinks,
  updateChecklistItem,
  updateExtension,
} from './children.ts'
import { listsDelta, tasksDelta } from './delta.ts'
import {
  addFile,
  createSession,
  deleteFile,
  deleteSession,
  getFile,
  getFileValue,
  getSession,
  listFiles,
  putRange,
} from './files.ts'
import { createList, deleteList, getList, listLists, updateList } from './lists.ts'
import { createTask, deleteTask, getTask, listTasks, updateTask } from './tasks.ts'

const route = (permission: string, run: (call: RouteCall) => Reply, content = false): ServiceRoute => ({
  permission,
  pool: 'mailbox',
  content,
  run,
})

const read = (run: (call: TodoCall) => Reply): ServiceRoute => route('readTodo', (call) => run(todoCall(call)))
const write = (run: (call: TodoCall) => Reply): ServiceRoute => route('writeTodo', (call) => run(todoCall(call)))
const readTask = (run: (call: TaskCall) => Reply, content = false): ServiceRoute =>
  route('readTodo', (call) => run(taskCall(call)), content)
const writeTask = (run: (call: TaskCall) => Reply): ServiceRoute => route('writeTodo', (call) => run(taskCall(call)))

type Extended = Parameters<typeof listExtensions>[1]

/** Reading an extension takes the right to write. https://learn.microsoft.com/graph/api/opentypeextension-get */
const ofTask = (run: (call: TodoCall, owner: Extended) => Reply): ServiceRoute =>
  writeTask((call) => run(call, call.task))
const ofList = (run: (call: TodoCall, owner: Extended) => Reply): ServiceRoute =>
  write((call) => run(call, listOf(call)))

const lists = 'users/{user}/todo/lists'
const list = `${lists}/{list}`
const task = `${list}/tasks/{task}`
const file = `${task}/attachments/{attachment}`
const session = `${task}/attachmentSessions/{session}`
const checklistItem = `${task}/checklistItems/{checklistItem}`
const link = `${task}/linkedResources/{linkedResource}`

/** Microsoft To Do. https://learn.microsoft.com/graph/api/resources/todo-overview */
export const todoService: Service = {
  collections: {
    lists: 'list',
    tasks: 'task',
    checklistItems: 'checklistItem',
    linkedResources: 'linkedResource',
    extensions: 'extension',
  },
  operations: [],
  permissions: {
    readTodo: ['Tasks.Read.All', 'Tasks.ReadWrite.All'],
    writeTodo: ['Tasks.ReadWrite.All'],
  },
  granted: ['Tasks.ReadWrite.All'],
  routes: {
    [`GET ${lists}`]: read(listLists),
    [`POST ${lists}`]: write(createList),
    [`GET ${lists}/delta`]: read(listsDelta),
    [`GET ${list}`]: read(getList),
    [`PATCH ${list}`]: write(updateList),
    [`DELETE ${list}`]: write(deleteList),
    [`GET ${list}/extensions`]: ofList(listExtensions),
    [`POST ${list}/extensions`]: ofList(addExtension),
    [`GET ${list}/extensions/{extension}`]: ofList(getExtension),
    [`PATCH ${list}/extensions/{extension}`]: ofList(updateExtension),
    [`DELETE ${list}/extensions/{extension}`]: ofList(deleteExtension),

    [`GET ${list}/tasks`]: read(listTasks),
    [`POST ${list}/tasks`]: write(createTask),
    [`GET ${list}/tasks/delta`]: read(tasksDelta),
    [`GET ${task}`]: readTask(getTask),
    [`PATCH ${task}`]: writeTask(updateTask),
    [`DELETE ${task}`]: writeTask(deleteTask),

    [`GET ${task}/checklistItems`]: readTask(listChecklist),
    [`POST ${task}/checklistItems`]: writeTask(addChecklistItem),
    [`GET ${checklistItem}`]: readTask(getChecklistItem),
    [`PATCH ${checklistItem}`]: writeTask(updateChecklistItem),
    [`DELETE ${checklistItem}`]: writeTask(deleteChecklistItem),

    [`GET ${task}/linkedResources`]: readTask(listLinks),
    [`POST ${task}/linkedResources`]: writeTask(addLink),
    [`GET ${link}`]: readTask(getLink),
    [`DELETE ${link}`]: writeTask(deleteLink),

    [`GET ${task}/extensions`]: ofTask(listExtensions),
    [`POST ${task}/extensions`]: ofTask(addExtension),
    [`GET ${task}/extensions/{extension}`]: ofTask(getExtension),
    [`PATCH ${task}/extensions/{extension}`]: ofTask(updateExtension),
    [`DELETE ${task}/extensions/{extension}`]: ofTask(deleteExtension),

    [`GET ${task}/attachments`]: readTask(listFiles),
    [`POST ${task}/attachments`]: writeTask(addFile),
    [`POST ${task}/attachments/createUploadSession`]: writeTask(createSession),
    [`GET ${file}`]: readTask(getFile, true),
    [`DELETE ${file}`]: writeTask(deleteFile),
    [`GET ${file}/$value`]: readTask(getFileValue, true),
    [`PUT ${session}/content`]: writeTask(putRange),
    [`GET ${session}`]: writeTask(getSession),
    [`DELETE ${session}`]: writeTask(deleteSession),
  },
}
