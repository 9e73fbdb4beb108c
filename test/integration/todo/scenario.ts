import type { HeldType } from '../../support/adapter-round.ts'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import { todoState } from '../../support/graph-simulator/services/todo/state.ts'
import type { TodoState } from '../../support/graph-simulator/services/todo/state.ts'
import type { TenantWorld } from '../../support/tenant-pair.ts'

export const ada = 'ada@contoso.example'
export const grace = 'grace@fabrikam.example'

export function todoOf({ simulator }: TenantWorld): TodoState {
  return simulator.tenant.service(todoState)
}

const bigFile = Buffer.alloc(7_000_000, 'holdfast ')

const at = (dateTime: string, timeZone = 'UTC'): { dateTime: string; timeZone: string } => ({
  dateTime: `${dateTime}.0000000`,
  timeZone,
})

const weekly = {
  pattern: {
    type: 'weekly',
    interval: 2,
    month: 0,
    dayOfMonth: 0,
    daysOfWeek: ['monday', 'friday'],
    firstDayOfWeek: 'monday',
    index: 'first',
  },
  range: {
    type: 'numbered',
    startDate: '2026-02-02',
    endDate: '0001-01-01',
    recurrenceTimeZone: 'UTC',
    numberOfOccurrences: 10,
  },
}

/** Lists and tasks with everything that To Do has. */
export function fillTodo(todo: TodoState, user: string): void {
  todo.addTask(user, 'Tasks', {
    title: 'Plan the move',
    body: { content: '<html><body><p>Boxes &amp; tape</p></body></html>', contentType: 'html' },
    categories: ['Red category', 'Home'],
    importance: 'high',
    status: 'inProgress',
    dueDateTime: at('2026-03-01T00:00:00'),
    startDateTime: at('2026-02-01T09:30:00', 'Pacific Standard Time'),
    isReminderOn: true,
    reminderDateTime: at('2026-02-28T07:00:00'),
    checklistItems: [
      { displayName: 'Boxes', isChecked: true },
      { displayName: 'Tape' },
      { displayName: 'Boxes', isChecked: false },
    ],
    linkedResources: [
      { webUrl: 'https://contoso.example/1', applicationName: 'Mail', displayName: 'Offer', externalId: 'x-1' },
      { applicationName: 'Phone' },
    ],
    attachments: [
      { name: 'plan.txt', contentType: 'text/plain', bytes: Buffer.from('the plan') },
      { name: 'plan.txt', contentType: 'text/plain', bytes: Buffer.from('another plan') },
      { name: 'house.jpg', contentType: 'image/jpeg', bytes: bigFile },
    ],
    extensions: [{ name: 'com.contoso.crm', values: { deal: 42, open: true, tags: ['a', 'b'] } }],
  })
  todo.addTask(user, 'Tasks', { title: 'Water plants', dueDateTime: at('2026-02-02T00:00:00'), recurrence: weekly })
  todo.addTask(user, 'Tasks', {
    title: 'Done',
    status: 'completed',
    completedDateTime: at('2026-01-05T00:00:00'),
    importance: 'low',
  })
  todo.addList(user, 'Shopping', { extensions: [{ name: 'com.contoso.list', values: { colour: 'blue' } }] })
  for (const title of ['Milk', 'Milk', 'Bread']) todo.addTask(user, 'Shopping', { title })
  todo.addTask(user, 'Shopping', { title: '' })
  todo.addList(user, 'Empty')
}

/**
 * What the service assigns, so that two copies differ in it: ids; the times of the task itself, which cannot be given
 * to a create request; ids of steps, links and files, and the time at which a file was put there.
 */
const assigned: Readonly<Record<string, string>> = {
  id: 'assigned by the service',
  changeKey: 'made of the etag',
  createdDateTime: 'the moment of creation',
  lastModifiedDateTime: 'the moment of the last change',
  bodyLastModifiedDateTime: 'the moment of creation',
}
/** Steps keep the time at which they were made. */
const assignedInside: ReadonlySet<string> = new Set(['id', 'lastModifiedDateTime'])

export interface Comparable {
  readonly list: string
  readonly task: JsonObject
  readonly files: readonly string[]
}

/** The tasks without what the service assigns, in an order of their own. */
export function comparable(held: HeldType): readonly Comparable[] {
  const names = new Map(held.containers.map(({ id, name }) => [id, name]))
  const all = held.items.map((item) => ({
    list: names.get(item.container) ?? '',
    task: stripped(item.metadata.properties as JsonObject, new Set(Object.keys(assigned))) as JsonObject,
    files: [...item.parts].map(([name, bytes]) => `${name} ${Buffer.from(bytes).toString('base64')}`),
  }))
  return all.sort((one, other) => (key(one) < key(other) ? -1 : 1))
}

function key({ list, task }: Comparable): string {
  return `${list} ${JSON.stringify(task)}`
}

function stripped(value: unknown, names: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => stripped(one, assignedInside))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => !names.has(name))
  return Object.fromEntries(kept.map(([name, inner]) => [name, stripped(inner, assignedInside)]))
}
