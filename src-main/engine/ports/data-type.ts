import type { ItemRow } from '../catalog/model.ts'
import type { ErrorCode } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'

export type RootKind = 'user' | 'group' | 'site'

/** A user, group or site that is read from or restored to. */
export interface Root {
  readonly kind: RootKind
  /** Graph id. */
  readonly id: string
  /**
   * The name that makes its folder: the userPrincipalName of a user, the mail address of a group (or its name and
   * " ~" and a short form of its id), the host and path of a site with "/" between (safe names, see root-names).
   */
  readonly name: string
  /** What the listing of roots told of it, as Graph gives it: saves readers a request, but they must do without. */
  readonly properties?: JsonObject
}

/** What there is for each kind of root, e.g. the data types that are read. */
export type ByRootKind<T> = Readonly<Record<RootKind, readonly T[]>>

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
  /**
   * The listing told the items' changes too (a drive's delta does): `changes` hands them out, and the cursor holds only
   * once that was done for every container. Until then the next listing gets the cursor before it.
   */
  readonly tellsItems?: boolean
}

export type Change =
  | {
      readonly kind: 'put'
      readonly id: string
      readonly properties: JsonObject
      /** True if the entry may carry only the changed properties: merge it with what is stored. */
      readonly partial: boolean
    }
  /** It is not in this container any more. */
  | { readonly kind: 'removed'; readonly id: string }
  /** It is gone, wherever it was. */
  | { readonly kind: 'gone'; readonly id: string }

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

/** A file that belongs to an item beside its content: an attachment, an inline picture, an earlier version. */
export interface Part {
  /** File name: safe (see safeName), unique among the item's parts regardless of case. */
  readonly name: string
  /** What was stored under this name for the item before is still right; then it is not opened. */
  readonly unchanged?: boolean
  /** Rejects with graph.item-unreadable, graph.not-found, graph.forbidden if it cannot be read: the item is stored without it. */
  open(signal: AbortSignal): Promise<Content>
}

/** What an item has beside the properties that the listing gave. */
export interface ItemBody {
  /** The properties, completed by further requests; as listed if absent. */
  readonly properties?: JsonObject
  /** Absent if the item has none; `unchanged` if what is stored for the previous version is still right. */
  readonly content?: Content | 'unchanged'
  readonly parts?: readonly Part[]
}

/** An item that is new or changed. */
export interface ListedItem {
  readonly id: string
  /** As listed; complete, partial changes are merged already. */
  readonly properties: JsonObject
  /** The stored metadata object of the version before, if there is one. */
  readonly previous: JsonObject | undefined
}

/** What an item's stored metadata says about it. Pure functions: the catalog is rebuilt with them. */
export interface ItemDescriber {
  /** The data type as users name it in filters, e.g. "mail". */
  readonly type: string
  /** Its folder below the root, e.g. "mailbox". */
  readonly folder: string
  /**
   * Where the files of an item are:
   * - beside: `<container>/<shard>/<name>.json`, the content beside it, parts in `<container>/attachments/<name>/`;
   * - apart: the topmost containers have one child "files". Contents are there under their own names,
   *   `<top>/files/<containers>/<name>`; metadata in `<top>/metadata/<containers>/<name>.json`, parts in
   *   `<top>/versions/<containers>/<name>/`.
   */
  readonly layout: 'beside' | 'apart'
  /** Extension of the content file, e.g. ".eml"; undefined if items have none; "" if the item's name has it. */
  readonly contentExtension: string | undefined
  /** Whether contents are mail: they are cut at their parts' boundaries. */
  readonly mimeContent: boolean
  /** What `searchText` is made of: with `metadata` the index follows every change, without a content too. */
  readonly textFrom: 'content' | 'metadata'
  /** Row for lists and names for files, from the stored metadata. `contentSize` in bytes, 0 for none. */
  row(metadata: JsonObject, contentSize: number): ItemRow
  /** Graph id and change key, from the stored metadata. */
  identity(metadata: JsonObject): { readonly id: string; readonly changeKey: string }
  /** Bytes that the content will have, where the listing tells; for filters by size. */
  listedSize?(metadata: JsonObject): number | undefined
  /** What is remarkable about an item without being a failure, as codes: told when the item is new or changed. */
  notices?(metadata: JsonObject): readonly string[]
  /** Text for the full-text index; `content` is empty where `textFrom` is metadata. Never throws: what is unreadable has no text. */
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
   * Pages of changes of one container, oldest listing state first. The last page carries the new cursor; without one
   * the next run lists the container whole again, which reads nothing of an item whose change key is the same.
   * Rejects with `graph.cursor-lost` if the cursor or `next` is dead: the caller then begins anew with neither, and
   * takes what does not show up as removed.
   */
  changes(root: Root, container: Container, start: ChangeStart, signal: AbortSignal): AsyncIterable<ChangePage>

  /** What is stored for an item: metadata object with the o365: fields around the properties. */
  metadata(properties: JsonObject): JsonObject

  /** The Graph properties that a stored metadata object carries (inverse of `metadata`). */
  properties(metadata: JsonObject): JsonObject

  /**
   * What else there is of an item that is new or changed. Rejects with graph.not-found if it is gone,
   * graph.item-unreadable if Graph cannot read it.
   */
  body(root: Root, container: Container, item: ListedItem, signal: AbortSignal): Promise<ItemBody>

  /** The item's properties as listings give them, for items that are tried again without a listing. */
  item(
    root: Root,
    id: string,
    signal: AbortSignal,
  ): Promise<{ readonly container: string; readonly properties: JsonObject }>

  /** The run is over with this root: what the reader keeps for it between `containers` and `changes` can go. */
  finished?(root: Root): Promise<void>
}

/** Roots that could not be listed: what is stored of them stays. */
export interface UnlistedRoots {
  readonly unlisted: RootKind
  /** Name of a root: only those below it; otherwise all of the kind. */
  readonly below?: string
  readonly code: ErrorCode
}

/** Finds roots in the tenant. */
export interface RootLister<Listed extends Root | UnlistedRoots = Root> {
  /** The host name under which snapshots are kept: the tenant. */
  readonly tenant: string
  roots(signal: AbortSignal): AsyncIterable<Listed>
  /** One root by id or name; rejects with restore.target-not-found. */
  root(idOrName: string, signal: AbortSignal): Promise<Root>
}
