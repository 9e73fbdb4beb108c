import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { appliedPreferences, parseSelect, propertyNames } from '../../odata/query.ts'
import { listValue } from '../../routes/message-values.ts'
import { collectionPage } from '../../routes/paging.ts'
import { jsonObject } from '../../routes/request-json.ts'
import { listOf, refused } from './calls.ts'
import type { TaskCall, TodoCall } from './calls.ts'
import { expanded, extensionFilter, todoExpansion } from './expansion.ts'
import { extensionInput, linkInput, taskInput } from './input.ts'
import { onlySelected, renderExtension, renderLink, renderTask } from './render.ts'
import { taskDefaults } from './stored.ts'
import type { StoredTask, TaskProperties } from './stored.ts'

export const taskNames = propertyNames([
  'id',
  'hasAttachments',
  'createdDateTime',
  'lastModifiedDateTime',
  'bodyLastModifiedDateTime',
  ...Object.keys(taskDefaults),
])

export const taskType = 'microsoft.graph.todoTask'

/** https://learn.microsoft.com/graph/api/todotasklist-list-tasks ("some of the OData query parameters") */
export function listTasks(call: TodoCall): Reply {
  const list = listOf(call)
  const selected = parseSelect(call.query.get('$select'), taskNames, taskType)
  const expansion = todoExpansion(call.query.get('$expand'))
  const wanted = extensionFilter(call.query.get('$filter'))
  // Strict: a collection shows an extension only where it is filtered by the same one, as the documents have it.
  if (expansion.extension !== undefined && expansion.extension !== wanted)
    throw refused('An extension of a collection can be expanded only beside a filter on it.')
  const tasks = list.tasks.filter(
    (task) => wanted === undefined || task.extensions.some((extension) => extension.name === wanted),
  )
  const render = (task: StoredTask): object => ({
    ...onlySelected(renderTask(task), selected),
    ...expanded(task, expansion),
  })
  return collectionPage(call, tasks, {
    kind: `todo/lists('${list.id}')/tasks`,
    defaultPage: 20,
    largestPage: 100,
    render,
  })
}

/** https://learn.microsoft.com/graph/api/todotask-get */
export function getTask(call: TaskCall): Reply {
  const selected = parseSelect(call.query.get('$select'), taskNames, taskType)
  const more = expanded(call.task, todoExpansion(call.query.get('$expand')))
  return jsonReply(
    200,
    { ...onlySelected(renderTask(call.task), selected), ...more },
    appliedPreferences(call.preferences),
  )
}

/** https://learn.microsoft.com/graph/api/todotasklist-post-tasks: with its links and extensions, not with its checklist. */
export function createTask(call: TodoCall): Reply {
  const list = listOf(call)
  if (list.wellknownListName === 'flaggedEmails')
    throw refused('Tasks cannot be created in the list of flagged emails.')
  const body = jsonObject(call.request)
  const properties = checked({ ...taskDefaults, ...taskInput(body, ['linkedResources', 'extensions']) }, call.now)
  const links = (listValue(body, 'linkedResources') ?? []).map(linkInput)
  const extensions = (listValue(body, 'extensions') ?? []).map(extensionInput)
  const task = call.book.addTask(list, properties, call.now)
  for (const link of links) call.book.addLink(task, link)
  task.extensions.push(...extensions)
  continueSeries(call, task, taskDefaults)
  return jsonReply(201, {
    ...renderTask(task),
    ...(links.length === 0 ? {} : { linkedResources: task.links.map(renderLink) }),
    ...(extensions.length === 0 ? {} : { extensions: extensions.map(renderExtension) }),
  })
}

/** https://learn.microsoft.com/graph/api/todotask-update */
export function updateTask(call: TaskCall): Reply {
  const before = call.task.properties
  call.book.change(call.task, checked({ ...before, ...taskInput(jsonObject(call.request)) }, call.now), call.now)
  continueSeries(call, call.task, before)
  return jsonReply(200, renderTask(call.task))
}

export function deleteTask(call: TaskCall): Reply {
  call.book.removeTask(call.task)
  return emptyReply(204)
}

function checked(properties: TaskProperties, now: number): TaskProperties {
  // The documents do not say it; without a due date there is nothing to count from.
  if (properties.recurrence !== null && properties.dueDateTime === null) throw refused('A recurrence needs a due date.')
  if (properties.isReminderOn && properties.reminderDateTime === null) throw refused('A reminder needs its time.')
  if (properties.status !== 'completed') return { ...properties, completedDateTime: null }
  const completed = { dateTime: `${new Date(now).toISOString().slice(0, 10)}T00:00:00.0000000`, timeZone: 'UTC' }
  return { ...properties, completedDateTime: properties.completedDateTime ?? completed }
}

/** Who completes a recurring task gets the next one. Strict: however it came to be completed. */
function continueSeries(call: TodoCall, task: StoredTask, before: TaskProperties): void {
  const { recurrence, status } = task.properties
  if (recurrence === null || status !== 'completed' || before.status === 'completed') return
  call.book.spawned++
  call.book.addTask(task.list, { ...task.properties, status: 'notStarted', completedDateTime: null }, call.now)
}
