import type { JsonObject } from '../../engine/model/json.ts'
import type { Container } from '../../engine/ports/data-type.ts'
import { isObject, record, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { folderMetadata } from './metadata.ts'

/** A mail folder as far as the listing knows it. */
export interface Folder {
  readonly id: string
  readonly displayName: string
  readonly parentFolderId: string | undefined
  readonly isHidden: boolean
  /** A view of messages that live elsewhere: known, so that the counts add up, but not backed up. */
  readonly isSearch: boolean
  /** Messages in it, when Graph said so in this listing. */
  readonly items: number | undefined
}

/** What is remembered between two listings beside the folders themselves. */
export interface FolderCursor {
  readonly v: 1
  /** Delta link of all folders. */
  readonly delta: string
  /** Id of msgfolderroot. */
  readonly root: string
  /** Well-known name by folder id. */
  readonly wellKnown: Readonly<Record<string, string>>
  readonly searches: readonly Folder[]
}

/** Graph's entry as a folder; what a partial entry lacks is taken from what is known. */
export function readFolder(entry: JsonObject, known: Folder | undefined): Folder {
  const isSearch = text(entry, '@odata.type') === '#microsoft.graph.mailSearchFolder'
  const isHidden = entry.isHidden
  return {
    id: text(entry, 'id') ?? '',
    displayName: text(entry, 'displayName') ?? known?.displayName ?? '',
    parentFolderId: text(entry, 'parentFolderId') ?? known?.parentFolderId,
    isHidden: typeof isHidden === 'boolean' ? isHidden : (known?.isHidden ?? false),
    isSearch: isSearch || (known?.isSearch ?? false),
    items: typeof entry.totalItemCount === 'number' ? entry.totalItemCount : known?.items,
  }
}

/** How many folders Graph says are in it; undefined when the entry does not tell. */
export function childCount(entry: JsonObject): number | undefined {
  const count = entry.childFolderCount
  return typeof count === 'number' ? count : undefined
}

/** The folders of one mailbox while they are being listed. */
export class FolderState {
  readonly #folders = new Map<string, Folder>()
  readonly #removed = new Set<string>()

  constructor(known: Iterable<Folder>) {
    for (const folder of known) this.#folders.set(folder.id, folder)
  }

  get(id: string): Folder | undefined {
    return this.#folders.get(id)
  }

  put(folder: Folder): void {
    this.#folders.set(folder.id, folder)
    this.#removed.delete(folder.id)
  }

  remove(id: string): void {
    this.#folders.delete(id)
    this.#removed.add(id)
  }

  childrenOf(parentId: string): readonly Folder[] {
    return [...this.#folders.values()].filter((folder) => folder.parentFolderId === parentId)
  }

  /** Parents of hidden folders, whose listing only an explicit request shows. */
  parentsOfHidden(): readonly string[] {
    const hidden = [...this.#folders.values()].filter((folder) => folder.isHidden)
    return [...new Set(hidden.map((folder) => folder.parentFolderId).filter((id) => id !== undefined))]
  }

  /** Takes a complete listing of one folder's children: what is not in it is gone. */
  replaceChildren(parentId: string, children: readonly Folder[]): void {
    const ids = new Set(children.map((folder) => folder.id))
    for (const folder of this.childrenOf(parentId)) if (!ids.has(folder.id)) this.remove(folder.id)
    for (const folder of children) this.put(folder)
  }

  /** Everything that is still there, parents before children; what lay in a removed folder went with it. */
  folders(): readonly Folder[] {
    return [...this.#folders.values()]
      .map((folder) => ({ folder, depth: this.#depth(folder) }))
      .filter(({ depth }) => depth >= 0)
      .sort((one, other) => one.depth - other.depth || compare(one.folder.id, other.folder.id))
      .map(({ folder }) => folder)
  }

  /** Folders above it; negative if one of them was removed, or is the folder itself. */
  #depth(folder: Folder): number {
    let depth = 0
    const seen = new Set([folder.id])
    for (let parent = folder.parentFolderId; parent !== undefined; depth += 1) {
      if (this.#removed.has(parent) || seen.has(parent)) return -1
      seen.add(parent)
      parent = this.#folders.get(parent)?.parentFolderId
    }
    return depth
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

/** Folders as containers. Directly below the mailbox: no parent. A parent that is not backed up counts as that too. */
export function toContainers(folders: readonly Folder[], wellKnown: FolderCursor['wellKnown']): readonly Container[] {
  const real = folders.filter((folder) => !folder.isSearch)
  const ids = new Set(real.map((folder) => folder.id))
  return real.map((folder) => ({
    id: folder.id,
    parentId: folder.parentFolderId !== undefined && ids.has(folder.parentFolderId) ? folder.parentFolderId : undefined,
    name: folder.displayName,
    properties: folderMetadata(folderProperties(folder, wellKnown[folder.id])),
    items: folder.items,
  }))
}

function folderProperties(folder: Folder, wellKnownName: string | undefined): JsonObject {
  return {
    id: folder.id,
    displayName: folder.displayName,
    ...(folder.parentFolderId === undefined ? {} : { parentFolderId: folder.parentFolderId }),
    isHidden: folder.isHidden,
    ...(wellKnownName === undefined ? {} : { wellKnownName }),
  }
}

/** The folders of an earlier listing. */
export function knownFolders(containers: readonly Container[], cursor: FolderCursor): readonly Folder[] {
  const folders = containers.map(({ id, name, properties }) => {
    const kept = propertiesOf(properties)
    return readFolder({ ...kept, id, displayName: text(kept, 'displayName') ?? name }, undefined)
  })
  return [...folders, ...cursor.searches]
}

/** Undefined for a cursor of another version: the listing then begins anew. */
export function readCursor(cursor: string | undefined): FolderCursor | undefined {
  const value = parseObject(cursor ?? '')
  const [delta, root, wellKnown] = [text(value, 'delta'), text(value, 'root'), record(value, 'wellKnown')]
  if (value.v !== 1 || delta === undefined || root === undefined || wellKnown === undefined) return undefined
  const names = Object.entries(wellKnown).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  const searches = Array.isArray(value.searches) ? value.searches.filter(isObject) : []
  return {
    v: 1,
    delta,
    root,
    wellKnown: Object.fromEntries(names),
    searches: searches.map((entry) => ({ ...readFolder(entry, undefined), isSearch: true })),
  }
}

/** Empty if it is none. */
export function parseObject(json: string): JsonObject {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : {}
  } catch {
    // Not written by this version: as good as none.
    return {}
  }
}
