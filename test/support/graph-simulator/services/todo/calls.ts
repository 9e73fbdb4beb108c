import { GraphError, idMalformed, itemNotFound } from '../../http/errors.ts'
import type { MailboxCall, RouteCall } from '../../routes/context.ts'
import { withMailbox } from '../../routes/require-mailbox.ts'
import { parseId } from '../../state/ids.ts'
import type { TodoBook } from './book.ts'
import { todoState } from './state.ts'
import type { StoredList, StoredTask } from './stored.ts'

export interface TodoCall extends MailboxCall {
  readonly book: TodoBook
}

export interface TaskCall extends TodoCall {
  readonly list: StoredList
  readonly task: StoredTask
}

export function todoCall(call: RouteCall): TodoCall {
  const mailboxCall = withMailbox(call)
  return { ...mailboxCall, book: call.context.tenant.service(todoState).bookOf(mailboxCall.user) }
}

export function listOf(call: TodoCall): StoredList {
  const id = call.parameters.list ?? ''
  if (parseId(id).kind !== 'folder') throw idMalformed()
  const list = call.book.lists.find((one) => one.id === id)
  if (list === undefined) throw itemNotFound()
  return list
}

/** The task that the path names; it must be in the list that the path names. */
export function taskCall(call: RouteCall): TaskCall {
  const inTodo = todoCall(call)
  const list = listOf(inTodo)
  const id = call.parameters.task ?? ''
  if (parseId(id).kind !== 'message') throw idMalformed()
  const task = list.tasks.find((one) => one.id === id)
  if (task === undefined) throw itemNotFound()
  return { ...inTodo, list, task }
}

export function childOf<T extends { readonly id: string }>(children: readonly T[], id: string | undefined): T {
  const child = children.find((one) => one.id === id)
  if (child === undefined) throw itemNotFound()
  return child
}

export const refused = (message: string): GraphError => new GraphError(400, 'invalidRequest', message)
