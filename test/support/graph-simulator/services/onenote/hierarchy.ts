import { GraphError } from '../../http/errors.ts'
import type { Reply } from '../../http/exchange.ts'
import { jsonObject } from '../../routes/request-json.ts'
import { collection, entity, groupOf, notebookOf, parentOf, sectionOf, type NotesCall } from './calls.ts'
import { byName, expandedChildren, parseExpand } from './expand.ts'
import { nameLength, notebookNameLength } from './limits.ts'
import { renderGroup, renderNotebook, renderParent, renderSection, selected, type Json } from './render.ts'
import type { StoredGroup, StoredSection } from './state.ts'

const children = ['sections', 'sectionGroups']

/** GET onenote/notebooks */
export function listNotebooks(call: NotesCall): Reply {
  const expand = parseExpand(call.query.get('$expand'), children)
  const select = call.query.get('$select')
  const found = byName(call.notes.notebooks).map((notebook) => ({
    ...selected(renderNotebook(notebook, call.base), select),
    ...expandedChildren(notebook, expand, call.base),
  }))
  return collection(call, 'notebooks', found)
}

export function getNotebook(call: NotesCall): Reply {
  const expand = parseExpand(call.query.get('$expand'), children)
  const notebook = notebookOf(call)
  return entity(call, 'notebooks', 200, {
    ...renderNotebook(notebook, call.base),
    ...expandedChildren(notebook, expand, call.base),
  })
}

export function listGroups(call: NotesCall): Reply {
  call.query.get('$select')
  const groups =
    call.parameters.notebook === undefined && call.parameters.sectionGroup === undefined
      ? call.notes.groups()
      : parentOf(call).groups
  return collection(
    call,
    'sectionGroups',
    byName(groups).map((group) => groupJson(call, group)),
  )
}

export function getGroup(call: NotesCall): Reply {
  return entity(call, 'sectionGroups', 200, groupJson(call, groupOf(call)))
}

function groupJson(call: NotesCall, group: StoredGroup): Json {
  return { ...selected(renderGroup(group, call.base), call.query.get('$select')), ...parentsOf(call, group) }
}

export function listSections(call: NotesCall): Reply {
  call.query.get('$select')
  const sections =
    call.parameters.notebook === undefined && call.parameters.sectionGroup === undefined
      ? call.notes.sections()
      : parentOf(call).sections
  return collection(
    call,
    'sections',
    byName(sections).map((section) => sectionJson(call, section)),
  )
}

export function getSection(call: NotesCall): Reply {
  return entity(call, 'sections', 200, sectionJson(call, sectionOf(call)))
}

function sectionJson(call: NotesCall, section: StoredSection): Json {
  return { ...selected(renderSection(section, call.base), call.query.get('$select')), ...parentsOf(call, section) }
}

/** Both parents are expanded unless the request selects. */
function parentsOf(call: NotesCall, { parent }: StoredGroup | StoredSection): Json {
  if (call.query.get('$select') !== undefined) return {}
  let notebook = parent
  while (notebook.kind !== 'notebook') notebook = notebook.parent
  return {
    parentNotebook: renderParent(notebook, call.base),
    parentSectionGroup: parent.kind === 'sectionGroup' ? renderParent(parent, call.base) : null,
  }
}

export function createNotebook(call: NotesCall): Reply {
  const name = nameIn(call, notebookNameLength, /[?*\\/:<>|'"]/, '20115')
  refuseTaken(call.notes.notebooks, name)
  return entity(call, 'notebooks', 201, renderNotebook(call.notes.addNotebook(name), call.base))
}

const refused = /[?*\\/:<>|&#"%~]/

export function createGroup(call: NotesCall): Reply {
  const parent = parentOf(call)
  const name = nameIn(call, nameLength, refused, '20153')
  refuseTaken(parent.groups, name)
  return entity(call, 'sectionGroups', 201, renderGroup(call.notes.addGroup(parent, name), call.base))
}

export function createSection(call: NotesCall): Reply {
  const parent = parentOf(call)
  const name = nameIn(call, nameLength, refused, '20153')
  refuseTaken(parent.sections, name)
  return entity(call, 'sections', 201, renderSection(call.notes.addSection(parent, name), call.base))
}

function nameIn(call: NotesCall, longest: number, characters: RegExp, code: string): string {
  const body = jsonObject(call.request)
  const [other] = Object.keys(body).filter((key) => key !== 'displayName' && key !== '@odata.type')
  if (other !== undefined)
    throw new GraphError(400, '20126', `The field '${other}' is not supported for this operation.`)
  const name = body.displayName
  if (typeof name !== 'string' || name.trim() === '') throw new GraphError(400, '20152', 'There is no name value.')
  if (name.startsWith(' ')) throw new GraphError(400, '20154', 'The entity name cannot start with a space.')
  if (name.length > longest) throw new GraphError(400, '20155', 'The entity name is too long.')
  if (characters.test(name)) throw new GraphError(400, code, 'The entity name contains invalid characters.')
  return name
}

function refuseTaken(siblings: readonly { readonly displayName: string }[], name: string): void {
  if (!siblings.some(({ displayName }) => displayName.toLowerCase() === name.toLowerCase())) return
  throw new GraphError(409, '20117', 'An item with this name already exists in this location.')
}
