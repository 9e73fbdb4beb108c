import type { ItemRow } from '../catalog/model.ts'
import type { JsonObject } from '../model/json.ts'

/** A user, group or site that is read from or restored to. */
export interface Root {
  readonly kind: 'user' | 'group' | 'site'
  /** Graph id. */
  readonly id: string
  /** The name that makes its folder: for a user the userPrincipalName. */
  readonly name: string
}

/** Something that holds items: a mail folder, a calendar... */
export interface Container {
  /** Graph id; case-sensitive. */
  readonly id: string
  /** Graph id of the container above; undefined directly below the data type's folder. */
  readonly parentId: string | undefined
  /** The name as people see it. */
  readonly name: string
  /** What is stored as the container's own metadata, with its o365: fields (o365:Id, o365:Name). Nothing that changes without the container changing (counts). */
  readonly properties: JsonObject
  /** How many items it says it has now, for the progress display; not stored. */
  readonly items?: number | undefined
}

/** All containers of a root, complete, as of now. */
export interface ContainerListing {
  readonly containers: readonly Container[]
  /** Handed back on the next listing, so that only changes are read. */
  readonly cursor: string | undefined
}

export type Change =
  | {
      readonly kind: 'put'
      readonly id: string
      readonly properties: JsonObject
      /** True if the entry may carry only the changed properties: merge it with what is stored. */
      readonly partial: boolean
    }
  | { readonly kind: 'removed'; readonly id: string }

export interface ChangePage {
  readonly changes: readonly Change[]
  /** Where the listing goes on, if it does: enough to continue after an interruption. */
  readonly next: string | undefined
  /** On the last page: where the next run begins. */
  readonly cursor: string | undefined
}

/** Where to begin reading changes. With neither: everything. */
export interface ChangeStart {
  readonly cursor?: string | undefined
  /** A `next` of an interrupted listing. */
  readonly next?: string | undefined
}

/** A whole content in memory, or parts of one that is too large for that. */
export type Content = Uint8Array | AsyncIterable<Uint8Array>

/** What an item's stored metadata says about it. Pure functions: the catalog is rebuilt with them. */
export interface ItemDescriber {
  /** The data type as users name it in filters, e.g. "mail". */
  readonly type: string
  /** Its folder below the root, e.g. "mailbox". */
  readonly folder: string
  /** Extension of the content file, e.g. ".eml"; undefined if items have none. */
  readonly contentExtension: string | undefined
  /** Whether contents are mail: they are cut at their parts' boundaries. */
  readonly mimeContent: boolean
  /** Row for lists and names for files, from the stored metadata. `contentSize` in bytes, 0 for none. */
  row(metadata: JsonObject, contentSize: number): ItemRow
  /** Graph id and change key, from the stored metadata. */
  identity(metadata: JsonObject): { readonly id: string; readonly changeKey: string }
  /** Text for the full-text index, from a content (empty for none). Never throws: unreadable content has no text. */
  searchText(metadata: JsonObject, content: Uint8Array): Promise<string>
}

/** Reads one data type of one root. */
export interface DataTypeReader extends ItemDescriber {
  /**
   * All containers. `known` and `cursor` are what the last listing gave; the adapter asks for changes if it can.
   * Rejects with `graph.no-mailbox` (or alike) if the root has nothing of this type.
   */
  containers(root: Root, last: ContainerListing | undefined, signal: AbortSignal): Promise<ContainerListing>

  /**
   * Pages of changes of one container, oldest listing state first. The last page carries the new cursor.
   * Rejects with `graph.cursor-lost` if the cursor or `next` is dead: the caller then begins anew with neither, and
   * takes what does not show up as removed.
   */
  changes(root: Root, container: Container, start: ChangeStart, signal: AbortSignal): AsyncIterable<ChangePage>

  /** What is stored for an item: metadata object with the o365: fields around the properties. */
  metadata(properties: JsonObject): JsonObject

  /** The Graph properties that a stored metadata object carries (inverse of `metadata`). */
  properties(metadata: JsonObject): JsonObject

  /**
   * Whether the content read for `before` still is the content of `after` (stored metadata objects): only properties
   * that are not part of the content differ. When in doubt, no.
   */
  sameContent(before: JsonObject, after: JsonObject): boolean

  /** The item's content. Rejects with graph.not-found if it is gone, graph.item-unreadable if Graph cannot read it. */
  content(root: Root, container: Container, id: string, signal: AbortSignal): Promise<Content>

  /** The item's properties, for items that are tried again without a listing. */
  item(
    root: Root,
    id: string,
    signal: AbortSignal,
  ): Promise<{ readonly container: string; readonly properties: JsonObject }>
}

/** Finds roots in the tenant. */
export interface RootLister {
  /** The host name under which snapshots are kept: the tenant. */
  readonly tenant: string
  roots(signal: AbortSignal): AsyncIterable<Root>
  /** One root by id or name; rejects with restore.target-not-found. */
  root(idOrName: string, signal: AbortSignal): Promise<Root>
}
