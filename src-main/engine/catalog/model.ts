import type { HexId } from '../model/ids.ts'

/** Snapshots of one source line up: same host (the tenant), same paths (the chosen roots, in any order). */
export interface SeriesKey {
  readonly host: string
  readonly paths: readonly string[]
}

/** A snapshot as the catalog knows it. `seq` grows with time within the catalog. */
export interface CatalogSnapshot {
  readonly seq: number
  readonly series: number
  readonly id: HexId
  /** Milliseconds since 1970. */
  readonly time: number
  readonly tree: HexId
}

/** A root (user, group, site) of a series. `path` is its folder in the snapshot, e.g. "users/ada@contoso.example". */
export interface CatalogRoot {
  readonly key: number
  readonly graphId: string
  readonly path: string
}

/** A container version, as of some run or snapshot. */
export interface CatalogContainer {
  /** The same for all versions of a container. */
  readonly key: number
  readonly root: number
  /** The data type's folder in the snapshot, e.g. "mailbox". */
  readonly type: string
  readonly graphId: string
  readonly parentGraphId: string | null
  /** Directory name in the snapshot: safe, unique beside its siblings. The last part of `path`. */
  readonly dirName: string
  /** Path below the data type's folder, "/" between dirNames. */
  readonly path: string
  /** The container's stored metadata file, as JSON text. */
  readonly properties: string
}

/** What an item looks like in lists; derived from what is stored, so that it can be rebuilt. */
export interface ItemRow {
  /** File name without extension. */
  readonly name: string
  /** Folder between container and item, "yyyy-mm" for mail; empty for none. */
  readonly shard: string
  /** Milliseconds since 1970: received, start, modified... */
  readonly time: number
  /** Bytes of the content (for mail: the MIME). */
  readonly size: number
  readonly title: string
  /** Names and addresses of the sender, organizer, author..., for lists and search. */
  readonly from: string
  /** Names and addresses of recipients, attendees..., for lists and search. */
  readonly to: string
  readonly hasAttachments: boolean
}

/** A file that belongs to an item beside its content. */
export interface StoredPart {
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly blobs: readonly HexId[]
}

export interface ItemVersion extends ItemRow {
  readonly root: number
  readonly type: string
  readonly graphId: string
  /** Graph id of the container; "" for the data type's folder itself. */
  readonly container: string
  readonly changeKey: string
  /** The metadata file's blobs. */
  readonly metadata: readonly HexId[]
  /** Metadata file's size in bytes. */
  readonly metadataSize: number
  /** The content file's blobs; null when the item has no content file. */
  readonly content: readonly HexId[] | null
  readonly parts: readonly StoredPart[]
  /** Rows of equal content share one entry of the full-text index; null: not indexed. */
  readonly textKey: number | null
}

/** What the full-text index takes of an item. */
export interface ItemText {
  readonly title: string
  readonly from: string
  readonly to: string
  readonly body: string
}

export interface ItemFailure {
  readonly container: string
  readonly graphId: string
  readonly code: string
}

export interface FindQuery {
  /** All must occur (as beginnings of words) in title, from, to or text. None: the other fields alone decide. */
  readonly words: readonly string[]
  /** Each of its words must begin a word of `from`; an address counts as a whole. Finds only indexed items. */
  readonly from?: string
  readonly to?: string
  /** Milliseconds since 1970; from this moment on. */
  readonly after?: number
  /** Milliseconds since 1970; before this moment. */
  readonly before?: number
  /** The data type's folder, e.g. "mailbox". */
  readonly type?: string
  readonly attachment?: boolean
  /**
   * Path of a folder as `list` and `FoundItem.path` have it: only what lay in it or below it in one of the snapshots. A
   * kind of roots, a root, a data type and a month are such folders too. Where nothing ever was, nothing is found.
   */
  readonly folder?: string
  /** Only in this snapshot; otherwise in any. */
  readonly snapshot?: HexId
  readonly limit: number
  readonly offset?: number
}

export interface FoundItem extends ItemRow {
  readonly type: string
  /** Full path in `lastSnapshot` (or in the snapshot asked for), without extension. */
  readonly path: string
  /** The first and the last snapshot that hold the item with this content, wherever it was. */
  readonly firstSnapshot: HexId
  readonly lastSnapshot: HexId
}

/** One line of a folder listing. */
export interface ListedEntry {
  readonly kind: 'folder' | 'item'
  readonly name: string
  readonly path: string
  /** What follows is undefined for folders. */
  readonly time: number | undefined
  readonly size: number | undefined
  readonly title: string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
}

/** Orders in which a container's items can be shown. Of equal ones, the newest comes first. */
export type ItemOrder = 'newest' | 'oldest' | 'title' | 'from' | 'size'

/** An item of a container, whichever month it lies in. */
export interface PagedItem extends ItemRow {
  /** The data type's folder, e.g. "mailbox". */
  readonly type: string
  /** From the snapshot's root, without extension. */
  readonly path: string
}

/** A folder as people look for it: without months, sites beside each other. */
export interface TreeFolder {
  /** From the snapshot's root. */
  readonly path: string
  /** As people know it. */
  readonly name: string
  readonly level: 'kind' | 'root' | 'type' | 'container'
  /** Whether there are folders in it. */
  readonly hasFolders: boolean
  /** Items directly in a container, and all of a data type; not counted for what is above. */
  readonly items: number | undefined
}

/** Roots of a snapshot, by path: some of them, and how many there are. */
export interface SnapshotRoots {
  readonly count: number
  readonly paths: readonly string[]
}

/** What became of an item or folder from one snapshot of a series to a later one. */
export type Difference = {
  readonly what: 'item' | 'folder'
  /** The data type's folder, e.g. "mailbox". */
  readonly type: string
  /** In the later snapshot; of what was deleted, in the earlier one. Without extension. */
  readonly path: string
  /** Bytes of the content; 0 for folders. */
  readonly size: number
} & (
  | { readonly kind: 'added' | 'deleted' }
  | { readonly kind: 'moved'; /** Where it was. */ readonly from: string }
  | {
      readonly kind: 'changed'
      /** Whether its content or one of its parts did; otherwise only what is known about it. */
      readonly content: boolean
      /** Where it was, if it moved, too. */
      readonly from?: string
    }
)
