import { badRequest } from '../../http/errors.ts'
import { extensionName, renderChecklistItem, renderExtension, renderLink } from './render.ts'
import type { JsonRecord, StoredTask } from './stored.ts'

interface TodoExpansion {
  readonly checklist: boolean
  readonly links: boolean
  /** Name of the one extension that is asked for. */
  readonly extension: string | undefined
}

const part =
  /\s*(checklistItems|linkedResources|extensions)\s*(?:\(\s*\$filter\s*=\s*id\s+eq\s+'([^']+)'\s*\))?\s*(?:,|$)/iy

/** `$expand` of tasks. An extension must be named by a filter, as everywhere in Outlook. */
export function todoExpansion(text: string | undefined): TodoExpansion {
  const found = { checklist: false, links: false, extension: undefined as string | undefined }
  if (text === undefined) return found
  part.lastIndex = 0
  while (part.lastIndex < text.length) {
    const [, name, id] = part.exec(text) ?? []
    if (name === undefined) throw badRequest(`Parsing OData Select and Expand failed: '${text}'.`)
    if (/^extensions$/i.test(name)) {
      if (id === undefined)
        throw badRequest('The expand of extensions needs a filter on the id.', 'ErrorInvalidUrlQuery')
      found.extension = extensionName(id)
    } else if (/^checklist/i.test(name)) found.checklist = true
    else found.links = true
  }
  return found
}

export function expanded(task: StoredTask, { checklist, links, extension }: TodoExpansion): JsonRecord {
  return {
    ...(checklist ? { checklistItems: task.checklist.map(renderChecklistItem) } : {}),
    ...(links ? { linkedResources: task.links.map(renderLink) } : {}),
    ...(extension === undefined
      ? {}
      : { extensions: task.extensions.filter(({ name }) => name === extension).map(renderExtension) }),
  }
}

/** `$filter=Extensions/any(f:f/id eq '...')`: the only filter on tasks that the documents show. */
export function extensionFilter(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const [, id] = /^\s*extensions\/any\(\s*(\w+)\s*:\s*\1\/id\s+eq\s+'([^']+)'\s*\)\s*$/i.exec(text)?.slice(1) ?? []
  if (id === undefined) throw badRequest('Invalid filter clause', 'ErrorInvalidUrlQueryFilter')
  return extensionName(id)
}
