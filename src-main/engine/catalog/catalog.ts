import type { HexId } from '../model/ids.ts'
import type {
  CatalogContainer,
  CatalogRoot,
  CatalogSnapshot,
  Difference,
  FindQuery,
  FoundItem,
  ItemFailure,
  ItemOrder,
  ItemText,
  ItemVersion,
  ListedEntry,
  PagedItem,
  SeriesKey,
  SnapshotRoots,
  TreeFolder,
} from './model.ts'

/** What a run changed in one shard, both sorted by name (as UTF-8 bytes). Apply `removed` first. */
export interface ShardEdits {
  /** Names that the base snapshot has and that went; a changed item's name is here and in `put`. */
  readonly removed: readonly { readonly name: string; readonly hadContent: boolean }[]
  /** Versions that came. */
  readonly put: readonly ItemVersion[]
}

/**
 * The local database for browsing, searching and incremental state. Disposable: everything in it can be rebuilt from
 * the repository.
 *
 * A run under way has a `seq` of its own. What it adds carries firstSeq = seq, what it takes away lastSeq = seq - 1, so
 * that readers of finished snapshots see nothing of it and `abandonRun` can undo it. Writes of every kind (finishRun,
 * abandonRun and dropSnapshots too) become durable at `checkpoint`, which the caller calls only after the blobs they
 * name are durable: after a kill, or a close without checkpoint, the catalog never names a blob that is not there.
 *
 * Methods throw EngineErrors: `catalog.damaged` (remove the file, rebuild), `catalog.busy` (another process writes),
 * `catalog.full`, `catalog.failed`. After a failed write nothing but `close` works: what was not durable is lost.
 */
export interface Catalog {
  close(): void

  /** Finds the series or adds it. */
  series(key: SeriesKey): number
  /** Finished snapshots, oldest first. */
  snapshots(series?: number): readonly CatalogSnapshot[]
  /** The newest finished snapshot of the series. */
  base(series: number): CatalogSnapshot | undefined
  /**
   * Forgets snapshots that the repository no longer has (ids unknown here are passed over), and versions that no
   * snapshot holds any more. If a series loses its newest snapshot, its run under way is abandoned, its state goes back
   * to the newest one left, and its cursors become unknown: blobs that only the lost snapshot named may be gone.
   */
  dropSnapshots(ids: readonly HexId[]): void

  /** The unfinished run of the series, begun now if there is none. `resumed` says which. */
  beginRun(series: number, time: number): { readonly seq: number; readonly resumed: boolean }
  finishRun(seq: number, snapshot: { readonly id: HexId; readonly time: number; readonly tree: HexId }): void
  /** Undoes all that the unfinished run of the series wrote, cursors included (they become unknown). */
  abandonRun(series: number): void
  /** Makes everything written so far durable. */
  checkpoint(): void

  /** Finds the root or adds it, in the run; a changed path (renamed user) holds from this run on. */
  root(seq: number, graphId: string, path: string): CatalogRoot
  /** Roots of the series as of now, by path. */
  roots(series: number): readonly CatalogRoot[]
  /** The root's folder as of the snapshot (or run) `seq`; undefined if it was not there. */
  rootPath(seq: number, root: number): string | undefined
  /** Closes the root with all its containers and items and forgets their cursors: it is gone from the tenant. */
  removeRoot(seq: number, root: number): void

  /** Data types that the root has containers of as of the run (or snapshot) `seq`. */
  types(seq: number, root: number): readonly string[]
  /** Closes all containers and items of the type and forgets their cursors. */
  removeType(seq: number, root: number, type: string): void

  /** Path of a container as it is now, below the data type's folder. */
  containerPath(root: number, type: string, graphId: string): string | undefined
  /** Containers of the root and type as of the run (or snapshot) `seq`, by path. */
  containers(seq: number, root: number, type: string): readonly CatalogContainer[]
  /** Adds a container or replaces its current version (nothing happens if it is equal). */
  putContainer(seq: number, container: Omit<CatalogContainer, 'key'>): void
  /** Closes the container and its items (not the containers below it) and forgets its cursor. */
  removeContainer(seq: number, root: number, type: string, graphId: string): void

  /** Opaque words kept per root, type and container ("" for the listing of the containers itself). */
  cursor(root: number, type: string, container: string): string | undefined
  setCursor(root: number, type: string, container: string, cursor: string | undefined): void
  /** Forgets all cursors and interrupted listings of the type. */
  forgetCursors(root: number, type: string): void
  /** The next page of an interrupted listing, and whether this run has finished the container. */
  progress(root: number, type: string, container: string): { readonly next?: string; readonly doneIn?: number }
  setProgress(root: number, type: string, container: string, next: string | undefined, doneIn?: number): void

  /** The item's newest version, even if it was closed. `open` tells whether it is still in its container. */
  latest(
    root: number,
    type: string,
    graphId: string,
  ): { readonly version: ItemVersion; readonly open: boolean } | undefined
  /** Closes the item's open version, wherever it is, and adds this one. A version that this run added is replaced. */
  putItem(seq: number, version: ItemVersion): void
  /** Closes the item's open version if it is in that container; without one, wherever it is. */
  removeItem(seq: number, root: number, type: string, container: string | undefined, graphId: string): void
  /** How many open items a container has. */
  countItems(root: number, type: string, container: string): number

  /** Items that the run put where another item of the same name already is: their files would be one. */
  nameClashes(
    seq: number,
    root: number,
    type: string,
  ): readonly { readonly key: number; readonly name: string; readonly graphId: string }[]
  renameItem(key: number, name: string): void

  /** Begins a full listing: every item put or marked from now on is seen... */
  beginListing(root: number, type: string, container: string): void
  markSeen(root: number, type: string, container: string, graphId: string): void
  /** ...and closes the open items that were not, and ends the listing. Gives their number. */
  removeUnseen(seq: number, root: number, type: string, container: string): number

  /** Whether the run changed the container, its items, or which containers are directly below it and how named. */
  isTouched(seq: number, root: number, type: string, container: string): boolean
  /** Shards of the container that the run changed, sorted. */
  touchedShards(seq: number, root: number, type: string, container: string): readonly string[]
  edits(seq: number, root: number, type: string, container: string, shard: string): ShardEdits

  /** How many items of the base the run closed that are in no container now. */
  countGone(seq: number): number
  /** Those items of a root and type, and where they were, in pages: `after` is the last key of the page before, or 0. */
  gone(
    seq: number,
    root: number,
    type: string,
    page: { readonly after: number; readonly limit: number },
  ): readonly { readonly key: number; readonly graphId: string; readonly container: string }[]

  failures(root: number, type: string): readonly ItemFailure[]
  /** Adds the item's failure or replaces it. */
  addFailure(root: number, type: string, failure: ItemFailure): void
  removeFailure(root: number, type: string, graphId: string): void

  /** Adds an entry to the full-text index and gives its key. It goes when the last version that uses it goes. */
  addText(text: ItemText): number

  /**
   * One level of a snapshot, folders first, each part sorted by name (as UTF-8 bytes), in pages. Path from the
   * snapshot's root; "" is the root. Throws `repository.snapshot-not-found`, `repository.path-not-found`.
   */
  list(snapshot: HexId, path: string, page: { readonly limit: number; readonly offset: number }): readonly ListedEntry[]
  /**
   * The folders in a folder, by name, in pages; those of months are passed over. "" has the kinds of roots. `query`: part
   * of the name, in whatever case. Throws as `list` does.
   */
  folders(
    snapshot: HexId,
    path: string,
    page: { readonly query: string; readonly limit: number; readonly offset: number },
  ): readonly TreeFolder[]
  /** A page of a container's items from all of its months, from whichever offset, and how many it has. Throws as `list` does. */
  page(
    snapshot: HexId,
    path: string,
    page: { readonly order: ItemOrder; readonly limit: number; readonly offset: number },
  ): { readonly count: number; readonly items: readonly PagedItem[] }
  /** What a snapshot has of an item, by its path without extension. Throws as `list` does. */
  itemAt(snapshot: HexId, path: string): ItemVersion
  /** The first roots of a snapshot, `limit` of them at most. Throws `repository.snapshot-not-found`. */
  snapshotRoots(snapshot: HexId, limit: number): SnapshotRoots
  /** Throws `internal` for one that there is not. */
  seriesKey(series: number): SeriesKey
  /** Newest first. Versions of an item that differ only in place or state, not in text, are one. */
  find(query: FindQuery): readonly FoundItem[]
  /**
   * What became of items and folders from one snapshot to a later one of the same series: folders first. Items in a
   * folder that moved are not told. Throws `repository.snapshot-not-found`; `usage` for snapshots of different series,
   * or in the other order.
   */
  differences(from: HexId, to: HexId): Generator<Difference, void, undefined>
  /** How many items a data type of a root (by its path then) had in a snapshot. */
  countItemsAt(snapshot: HexId, rootPath: string, type: string): number
  /** Number of open items of the series and bytes of their contents, for reports. */
  totals(series: number): { readonly items: number; readonly bytes: number }
}
