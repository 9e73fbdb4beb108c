import { GraphError, itemNotFound, unknownProperty } from '../../http/errors.ts'
import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { optionalBoolean, optionalText } from '../../routes/message-values.ts'
import { collectionPage } from '../../routes/paging.ts'
import { jsonObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { childOf, refused } from './calls.ts'
import type { TaskCall, TodoCall } from './calls.ts'
import { extensionInput, linkInput } from './input.ts'
import { extensionName, isoTime, renderChecklistItem, renderExtension, renderLink } from './render.ts'
import type { StoredChecklistItem, StoredExtension } from './stored.ts'

const pages = { defaultPage: 20, largestPage: 100 }

export function listChecklist(call: TaskCall): Reply {
  return collectionPage(call, call.task.checklist, { kind: 'checklistItems', ...pages, render: renderChecklistItem })
}

/** https://learn.microsoft.com/graph/api/todotask-post-checklistitems: both times may be given. */
export function addChecklistItem(call: TaskCall): Reply {
  const item = checklistInput(jsonObject(call.request), isoTime(call.now))
  return jsonReply(201, renderChecklistItem(call.book.addChecklistItem(call.task, item)))
}

function checklistInput(body: JsonObject, now: string): Omit<StoredChecklistItem, 'id'> {
  const known = new Set(['displayName', 'isChecked', 'createdDateTime', 'checkedDateTime'])
  for (const name of Object.keys(body))
    if (!known.has(name) && !name.includes('@')) throw unknownProperty(name, 'microsoft.graph.checklistItem')
  const displayName = optionalText(body, 'displayName') ?? ''
  if (displayName === '') throw refused("The required property 'displayName' is missing.")
  const isChecked = optionalBoolean(body, 'isChecked') ?? false
  const createdDateTime = optionalText(body, 'createdDateTime') ?? now
  const checkedDateTime = isChecked ? (optionalText(body, 'checkedDateTime') ?? now) : null
  return { displayName, isChecked, createdDateTime, checkedDateTime }
}

export function getChecklistItem(call: TaskCall): Reply {
  return jsonReply(200, renderChecklistItem(childOf(call.task.checklist, call.parameters.checklistItem)))
}

export function deleteChecklistItem(call: TaskCall): Reply {
  const item = childOf(call.task.checklist, call.parameters.checklistItem)
  call.task.checklist = call.task.checklist.filter((one) => one !== item)
  call.book.childChanged(call.task)
  return emptyReply(204)
}

export function updateChecklistItem(call: TaskCall): Reply {
  const item = childOf(call.task.checklist, call.parameters.checklistItem)
  const { id, ...before } = item
  const changed = { id, ...checklistInput({ ...before, ...jsonObject(call.request) }, isoTime(call.now)) }
  call.task.checklist = call.task.checklist.map((one) => (one === item ? changed : one))
  call.book.childChanged(call.task)
  return jsonReply(200, renderChecklistItem(changed))
}

export function listLinks(call: TaskCall): Reply {
  return collectionPage(call, call.task.links, { kind: 'linkedResources', ...pages, render: renderLink })
}

export function addLink(call: TaskCall): Reply {
  return jsonReply(201, renderLink(call.book.addLink(call.task, linkInput(jsonObject(call.request)))))
}

export function getLink(call: TaskCall): Reply {
  return jsonReply(200, renderLink(childOf(call.task.links, call.parameters.linkedResource)))
}

export function deleteLink(call: TaskCall): Reply {
  const link = childOf(call.task.links, call.parameters.linkedResource)
  call.task.links = call.task.links.filter((one) => one !== link)
  call.book.childChanged(call.task)
  return emptyReply(204)
}

/** A task or a list, which both may have extensions. */
interface Extended {
  extensions: StoredExtension[]
}

export function listExtensions(call: TodoCall, owner: Extended): Reply {
  return collectionPage(call, owner.extensions, { kind: 'extensions', ...pages, render: renderExtension })
}

export function addExtension(call: TodoCall, owner: Extended): Reply {
  const extension = extensionInput(jsonObject(call.request))
  if (owner.extensions.some(({ name }) => name === extension.name))
    throw new GraphError(409, 'ErrorNameAlreadyExists', 'An extension of that name exists.')
  owner.extensions.push(extension)
  return jsonReply(201, renderExtension(extension))
}

export function getExtension(call: TodoCall, owner: Extended): Reply {
  return jsonReply(200, renderExtension(extensionOf(call, owner)))
}

/** https://learn.microsoft.com/graph/api/opentypeextension-update. Strict: the data is replaced as a whole. */
export function updateExtension(call: TodoCall, owner: Extended): Reply {
  const extension = extensionOf(call, owner)
  const { values } = extensionInput({ extensionName: extension.name, ...jsonObject(call.request) })
  extension.values = values
  return jsonReply(200, renderExtension(extension))
}

export function deleteExtension(call: TodoCall, owner: Extended): Reply {
  const extension = extensionOf(call, owner)
  owner.extensions = owner.extensions.filter((one) => one !== extension)
  return emptyReply(204)
}

function extensionOf(call: TodoCall, owner: Extended): StoredExtension {
  const name = extensionName(call.parameters.extension ?? '')
  const extension = owner.extensions.find((one) => one.name === name)
  if (extension === undefined) throw itemNotFound()
  return extension
}
