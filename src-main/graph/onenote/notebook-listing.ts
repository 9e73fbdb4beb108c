import type { JsonObject } from '../../engine/model/json.ts'
import type { Container, ContainerListing } from '../../engine/ports/data-type.ts'
import { isObject, list, text } from '../item/fields.ts'
import { containerMetadata } from '../item/metadata.ts'
import { askNotes, type Notes } from './notes-access.ts'

/** Kinds of containers, as their `o365:Type`. */
export type NotesKind = 'notebook' | 'sectionGroup' | 'section'

/** https://learn.microsoft.com/graph/onenote-get-content ("Get all notebooks, sections, and section groups") */
const wholeTree = 'sections,sectionGroups($expand=sections,sectionGroups($levels=max;$expand=sections))'

/**
 * All notebooks with their section groups and sections, in one request as long as OneNote does not cut it into pages.
 * Times of change are left out of what is stored: they follow the pages.
 */
export async function listNotebooks(notes: Notes): Promise<ContainerListing> {
  const containers: Container[] = []
  const request = { path: '/notebooks', query: { $expand: wholeTree }, together: notes.owner }
  for await (const notebook of entries(notes, await askNotes(notes, request))) {
    containers.push(containerOf('notebook', notebook, undefined))
    await addChildren(notes, notebook, containers)
  }
  return { containers, cursor: undefined }
}

async function addChildren(notes: Notes, parent: JsonObject, containers: Container[]): Promise<void> {
  const id = text(parent, 'id') ?? ''
  for (const section of await expanded(notes, parent, 'sections')) containers.push(containerOf('section', section, id))
  for (const group of await expanded(notes, parent, 'sectionGroups')) {
    containers.push(containerOf('sectionGroup', group, id))
    await addChildren(notes, group, containers)
  }
}

/** What was expanded, and what did not fit on its page: a short list must not look like a deletion. */
async function expanded(notes: Notes, parent: JsonObject, name: string): Promise<readonly JsonObject[]> {
  const found: JsonObject[] = []
  const page = { value: list(parent, name) ?? [], '@odata.nextLink': parent[`${name}@odata.nextLink`] ?? null }
  for await (const entry of entries(notes, page)) found.push(entry)
  return found
}

async function* entries(notes: Notes, first: JsonObject): AsyncGenerator<JsonObject, void, undefined> {
  let page = first
  for (;;) {
    yield* (list(page, 'value') ?? []).filter(isObject)
    const link = text(page, '@odata.nextLink')
    if (link === undefined) return
    page = await notes.client.json<JsonObject>({ path: link, pool: notes.pool, signal: notes.signal })
  }
}

const volatile = new Set([
  'lastModifiedDateTime',
  'lastModifiedBy',
  'sections',
  'sectionGroups',
  'parentNotebook',
  'parentSectionGroup',
])

function containerOf(kind: NotesKind, entry: JsonObject, parentId: string | undefined): Container {
  const name = text(entry, 'displayName') ?? ''
  const lasting = Object.fromEntries(Object.entries(entry).filter(([key]) => !volatile.has(key)))
  return { id: text(entry, 'id') ?? '', parentId, name, properties: containerMetadata(kind, name, lasting) }
}
