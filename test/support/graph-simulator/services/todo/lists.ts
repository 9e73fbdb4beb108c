import { GraphError } from '../../http/errors.ts'
import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { listValue } from '../../routes/message-values.ts'
import { collectionPage } from '../../routes/paging.ts'
import { jsonObject, requiredText } from '../../routes/request-json.ts'
import { unknownProperty } from '../../http/errors.ts'
import { listOf, refused } from './calls.ts'
import type { TodoCall } from './calls.ts'
import { extensionInput } from './input.ts'
import { renderExtension, renderList } from './render.ts'

const pages = { defaultPage: 20, largestPage: 100 }

/** https://learn.microsoft.com/graph/api/todo-list-lists */
export function listLists(call: TodoCall): Reply {
  return collectionPage(call, call.book.lists, { kind: 'todo/lists', ...pages, render: renderList })
}

export function getList(call: TodoCall): Reply {
  return jsonReply(200, renderList(listOf(call)))
}

/** https://learn.microsoft.com/graph/api/todo-post-lists */
export function createList(call: TodoCall): Reply {
  const body = jsonObject(call.request)
  const displayName = requiredText(body, 'displayName')
  for (const name of Object.keys(body))
    if (name !== 'displayName' && name !== 'extensions' && !name.includes('@'))
      throw unknownProperty(name, 'microsoft.graph.todoTaskList')
  refuseTaken(call, displayName)
  const extensions = (listValue(body, 'extensions') ?? []).map(extensionInput)
  const list = call.book.addList(displayName, { extensions })
  const shown = extensions.length === 0 ? {} : { extensions: extensions.map(renderExtension) }
  return jsonReply(201, { ...renderList(list), ...shown })
}

/** The documents are silent on equal names. Strict: refused, as Exchange does with folders. */
function refuseTaken(call: TodoCall, displayName: string): void {
  const taken = call.book.lists.some((list) => list.displayName.toLowerCase() === displayName.toLowerCase())
  if (taken) throw new GraphError(409, 'ErrorFolderExists', 'A list with the specified name already exists.')
}

export function updateList(call: TodoCall): Reply {
  const list = listOf(call)
  if (list.wellknownListName !== 'none') throw refused('A well-known list cannot be renamed.')
  const displayName = requiredText(jsonObject(call.request), 'displayName')
  refuseTaken(call, displayName)
  list.displayName = displayName
  call.book.touchList(list)
  return jsonReply(200, renderList(list))
}

export function deleteList(call: TodoCall): Reply {
  const list = listOf(call)
  if (list.wellknownListName !== 'none') throw refused('A well-known list cannot be deleted.')
  call.book.removeList(list)
  return emptyReply(204)
}
