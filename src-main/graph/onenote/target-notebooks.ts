import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type { RestoreContainer, RestoreOptions, TargetContainer } from '../../engine/ports/restore-target.ts'
import { nameKey } from '../../../src-shared/model/safe-name.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, isObject, list, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import type { NotesKind } from './notebook-listing.ts'
import { askNotes, type Notes } from './notes-access.ts'
import { SectionPages } from './section-pages.ts'
import { NameClaims, targetName } from './target-names.ts'

/** Times that a creation is tried whose outcome is unknown. */
const attempts = 3

/** One restore into the notebooks of one root. */
export interface NotesSession {
  readonly root: Root
  readonly options: RestoreOptions
  readonly claims: NameClaims
  readonly levels: Map<string, Promise<Map<string, JsonObject>>>
  readonly containers: Map<string, Promise<NotesTarget>>
  readonly pages: Map<string, Promise<SectionPages>>
  /** Highest place of a stored page that was created, by section. */
  readonly places: Map<string, number>
}

export interface NotesTarget extends TargetContainer {
  readonly session: NotesSession
  /** `all`: above the notebooks. */
  readonly kind: NotesKind | 'all'
}

export function asNotesTarget(target: TargetContainer): NotesTarget {
  if (!('session' in target)) throw new EngineError('internal', { context: { reason: 'foreign-target' } })
  // Nobody else makes targets with a session.
  return target as NotesTarget
}

/**
 * Where everything goes: "/" stands above the notebooks, each goes where it was; a name stands for a notebook, in which
 * the stored notebooks become section groups; "a/b" for a section group in that notebook.
 */
export async function beginNotes(notes: Notes, root: Root, options: RestoreOptions): Promise<NotesTarget> {
  const names = options.targetFolder.split('/').filter((name) => name.trim() !== '')
  const session: NotesSession = {
    root,
    options,
    claims: new NameClaims(),
    levels: new Map(),
    containers: new Map(),
    pages: new Map(),
    places: new Map(),
  }
  let target: NotesTarget = { session, kind: 'all', id: undefined, path: '' }
  // Tells at once whether the notebooks can be reached.
  if (names.length === 0) await levelOf(notes, target, 'notebook')
  for (const name of names)
    target = await below(notes, target, target.kind === 'all' ? 'notebook' : 'sectionGroup', name)
  return target
}

/** The container for one of the snapshot; asked again, the same. */
export function findNotesContainer(
  notes: Notes,
  parent: NotesTarget,
  container: RestoreContainer,
): Promise<NotesTarget> {
  const { containers } = parent.session
  const key = `${parent.path}\n${sourceOf(container)}`
  const known = containers.get(key)
  if (known !== undefined) return known
  const found = openContainer(notes, parent, container)
  containers.set(key, found)
  found.catch(() => containers.delete(key))
  return found
}

function sourceOf({ dirName, metadata }: RestoreContainer): string {
  return (metadata === undefined ? undefined : filledText(metadata, 'o365:Id')) ?? dirName
}

async function openContainer(notes: Notes, parent: NotesTarget, container: RestoreContainer): Promise<NotesTarget> {
  const metadata = container.metadata ?? {}
  // Nothing lies below a section: the snapshot was put together by somebody else.
  if (parent.kind === 'section') return parent
  const kind = kindBelow(parent, text(metadata, 'o365:Type'))
  if (kind === 'notebook' && propertiesOf(metadata).isDefault === true) {
    const own = await defaultNotebook(notes, parent)
    if (own !== undefined) return own
  }
  const wanted = filledText(metadata, 'o365:Name') ?? container.dirName
  const name = parent.session.claims.claim(parent.path, kind, wanted, sourceOf(container))
  return await below(notes, parent, kind, name)
}

function kindBelow(parent: NotesTarget, source: string | undefined): NotesKind {
  if (parent.kind === 'all') return 'notebook'
  return source === 'section' ? 'section' : 'sectionGroup'
}

/** Everybody has at most one, whatever it is called. */
async function defaultNotebook(notes: Notes, parent: NotesTarget): Promise<NotesTarget | undefined> {
  const notebooks = await levelOf(notes, parent, 'notebook')
  const own = [...notebooks.values()].find((notebook) => notebook.isDefault === true)
  if (own === undefined) return undefined
  return { session: parent.session, kind: 'notebook', id: text(own, 'id'), path: text(own, 'displayName') ?? '' }
}

/** The section for pages that lie where no pages can lie. */
export async function sectionFor(notes: Notes, target: NotesTarget): Promise<NotesTarget> {
  if (target.kind === 'section') return target
  const notebook = target.kind === 'all' ? await below(notes, target, 'notebook', 'Restored') : target
  return await below(notes, notebook, 'section', 'Pages')
}

async function below(notes: Notes, parent: NotesTarget, kind: NotesKind, wanted: string): Promise<NotesTarget> {
  const { session } = parent
  const name = targetName(kind, wanted)
  const path = parent.path === '' ? name : `${parent.path}/${name}`
  const target = { session, kind, path } as const
  if (parent.kind !== 'all' && parent.id === undefined) return { ...target, id: undefined }
  const found = (await levelOf(notes, parent, kind)).get(nameKey(name))
  if (found !== undefined) return { ...target, id: text(found, 'id') }
  if (session.options.dryRun) return { ...target, id: undefined }
  return { ...target, id: await create(notes, parent, kind, name) }
}

async function create(notes: Notes, parent: NotesTarget, kind: NotesKind, name: string): Promise<string> {
  const { levels, pages } = parent.session
  for (let left = attempts; ; left -= 1) {
    try {
      const request = { method: 'POST', path: collectionPath(parent, kind), body: { displayName: name } } as const
      const made = await askNotes<JsonObject>(notes, request)
      const id = text(made, 'id') ?? ''
      ;(await levelOf(notes, parent, kind)).set(nameKey(name), made)
      if (kind === 'section') pages.set(id, Promise.resolve(new SectionPages()))
      return id
    } catch (error) {
      const mayBeThere = isEngineError(error, 'graph.conflict') || hasUnknownOutcome(error)
      if (!mayBeThere) throw error
      levels.delete(collectionPath(parent, kind))
      const found = (await levelOf(notes, parent, kind)).get(nameKey(name))
      if (found !== undefined) return text(found, 'id') ?? ''
      if (isEngineError(error, 'graph.conflict') || left <= 1) throw error
    }
  }
}

function collectionPath({ kind, id = '' }: NotesTarget, wanted: NotesKind): string {
  if (kind === 'all') return '/notebooks'
  const parent = kind === 'notebook' ? graphPath`/notebooks/${id}` : graphPath`/sectionGroups/${id}`
  return `${parent}/${wanted}s`
}

/** What is below the parent, by name. */
function levelOf(notes: Notes, parent: NotesTarget, kind: NotesKind): Promise<Map<string, JsonObject>> {
  const { levels } = parent.session
  const path = collectionPath(parent, kind)
  const known = levels.get(path)
  if (known !== undefined) return known
  const listing = listLevel(notes, path)
  levels.set(path, listing)
  listing.catch(() => levels.delete(path))
  return listing
}

async function listLevel(notes: Notes, path: string): Promise<Map<string, JsonObject>> {
  const found = new Map<string, JsonObject>()
  let answer = await askNotes<JsonObject>(notes, { path })
  for (;;) {
    for (const entry of (list(answer, 'value') ?? []).filter(isObject)) {
      const key = nameKey(text(entry, 'displayName') ?? '')
      if (!found.has(key)) found.set(key, entry)
    }
    const link = text(answer, '@odata.nextLink')
    if (link === undefined) return found
    answer = await notes.client.json<JsonObject>({ path: link, pool: notes.pool, signal: notes.signal })
  }
}
