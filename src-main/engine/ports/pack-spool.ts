import type { HexId } from '../model/ids.ts'

/**
 * What a process that ended too early has left of the packs that it was storing. Nothing rejects: what cannot be read is
 * not there, and what cannot be removed is left again.
 */
export interface PackSpool {
  /** Packs that were on their way, and are kept here. */
  unfinished(): Promise<readonly HexId[]>
  /** The bytes of one of them, as far as they were written; undefined if they cannot be read. */
  read(pack: HexId): Promise<Uint8Array | undefined>
  /** Keeps it no longer. Idempotent. */
  drop(pack: HexId): Promise<void>
  /** Packs that arrived, most of which an index names by now. */
  arrived(): Promise<readonly HexId[]>
  /** All of those are in an index. */
  forgetArrived(): Promise<void>
}
