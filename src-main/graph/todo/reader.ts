import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { DataTypeReader, ItemDescriber, Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'
import { isObject, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { listTodoLists } from './list-listing.ts'
import { taskBody } from './task-body.ts'
import { taskChanges, taskRequest } from './task-listing.ts'
import type { ListingForm } from './task-listing.ts'
import { listedProperties } from './task-properties.ts'
import { taskIdentity, taskMetadata, taskRow, taskText } from './task-row.ts'

/** To Do as it is stored: what the catalog is rebuilt with. */
export const todoDescriber: ItemDescriber = {
  type: 'tasks',
  folder: 'tasks',
  layout: 'beside',
  contentExtension: undefined,
  mimeContent: false,
  textFrom: 'metadata',
  row: taskRow,
  identity: taskIdentity,
  searchText: (metadata) => Promise.resolve(taskText(metadata)),
}

/** Reads the To Do lists of users. https://learn.microsoft.com/graph/api/resources/todo-overview */
export function todoReader(client: GraphClient): DataTypeReader {
  const mailbox = (root: Root, signal: AbortSignal): Mailbox => ({ client, user: root.id, signal })
  const form: ListingForm = { expands: true }
  return {
    ...todoDescriber,
    containers: (root, last, signal) => listTodoLists(mailbox(root, signal), last),
    changes: (root, container, start, signal) => taskChanges(mailbox(root, signal), container.id, start, form),
    metadata: taskMetadata,
    properties: propertiesOf,
    body: (root, container, item, signal) => taskBody(mailbox(root, signal), container.id, item),
    item: (root, id, signal) => findTask(mailbox(root, signal), id, form),
  }
}

/** A task can only be asked for in its list, so each list is asked for it. */
async function findTask(mailbox: Mailbox, id: string, form: ListingForm): ReturnType<DataTypeReader['item']> {
  const { client, user, signal } = mailbox
  const pool = mailboxPool(user)
  const path = graphPath`/users/${user}/todo/lists`
  for await (const page of client.pages<JsonObject>({ path, query: { $top: 100 }, pool, signal })) {
    const lists = page.value.map((list) => text(list, 'id') ?? '')
    const members = lists.map((list) => taskRequest(user, list, id, form))
    const answers = await client.batch(members, { pool, signal })
    for (const [index, answer] of answers.entries()) {
      if (answer.ok && isObject(answer.body))
        return { container: lists[index] ?? '', properties: listedProperties(answer.body) }
      if (!answer.ok && !isElsewhere(answer.error.code)) throw answer.error
    }
  }
  throw new EngineError('graph.not-found')
}

/** The list does not have it, or does not take an id of another list for one. */
function isElsewhere(code: string): boolean {
  return code === 'graph.not-found' || code === 'graph.request-refused'
}
