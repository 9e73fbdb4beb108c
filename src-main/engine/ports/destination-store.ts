/** A file of the repository as listed: its name from the repository's root, with `/` between folders, and bytes. */
export interface StoredFile {
  readonly name: string
  readonly size: number
}

export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/**
 * Where a repository's files live. Names are those of restic's layout ("config", "keys/<id>", "data/ab/<id>").
 *
 * Every method rejects with an EngineError:
 * - `store.not-found` (retry never): no such file;
 * - `store.permission`, `store.read-only`, `store.full` (retry never): the user has to act;
 * - `store.unreachable` (retry later): a passing fault, the same call may go through;
 * - `store.failed` (retry never): anything else; `cause` says what;
 * - `cancelled` when the signal fired.
 *
 * A caller may repeat any call that failed. Files are never changed in place: a name's content is written once,
 * or replaced whole.
 */
export interface DestinationStore {
  /** The place, as shown to a person. Carries no secret. */
  readonly location: string

  /**
   * Makes the place ready for a new repository (folders). Idempotent.
   */
  prepare(signal?: AbortSignal): Promise<void>

  /**
   * Writes the parts, one after the other, as one file. Atomic and durable: when it resolves the file is complete
   * and survives a power cut; when it rejects, or the process dies, the name has its former content or none.
   * An existing file is replaced. Idempotent.
   */
  put(name: string, parts: readonly Uint8Array[], signal?: AbortSignal): Promise<void>

  /**
   * The file's bytes, or those of the range. A range that reaches past the end gives what is there (possibly nothing).
   * `memory` is the caller's, to be used for the result if it is large enough; a store may ignore it.
   */
  get(name: string, range?: ByteRange, signal?: AbortSignal, memory?: ArrayBuffer): Promise<Uint8Array<ArrayBuffer>>

  /** The file's size in bytes. */
  size(name: string, signal?: AbortSignal): Promise<number>

  /**
   * All files below the folder (recursively), in any order; a folder that does not exist is empty.
   * Unfinished writes are never listed. Files written or deleted meanwhile may or may not show.
   */
  list(folder: string, signal?: AbortSignal): AsyncIterable<StoredFile>

  /** Removes the file. Removing one that is not there succeeds. */
  remove(name: string, signal?: AbortSignal): Promise<void>
}
