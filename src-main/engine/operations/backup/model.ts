import type { Catalog } from '../../catalog/catalog.ts'
import type { SeriesKey } from '../../catalog/model.ts'
import type { ErrorCode } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ByRootKind, DataTypeReader, Root, UnlistedRoots } from '../../ports/data-type.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import type { SealOptions } from '../../repository/seal-messages.ts'

/** An item that could not be read. Carries no subject and no address of anybody but the mailbox's owner. */
export interface UnreadItem {
  /** Folder of its container in the snapshot. */
  readonly folder: string
  /** Short form of the Graph id, as in file names. */
  readonly id: string
  readonly code: string
}

/** Something that was not read anew: its content is that of the previous snapshot. */
export interface NotRefreshed {
  /** Path in the snapshot. */
  readonly path: string
  readonly code: ErrorCode
}

/** A remark that is no failure, e.g. a user without a mailbox. */
export interface Notice {
  readonly path: string
  /** An error's code, or a data type's own word; see src-shared/text/reasons.ts. */
  readonly code: string
  /** Of how many roots it is true, where "*" stands for them in the path. */
  readonly roots?: number
}

export interface BackupCounts {
  roots: number
  containers: number
  /** Items that are new or changed. */
  changed: number
  /** Of those: content read from Graph. */
  contentRead: number
  contentBytes: number
  /** Items of the previous snapshot that are gone; known once everything is read. */
  removed: number
}

export interface BackupProgress extends Readonly<BackupCounts> {
  /** Path of the container that was last turned to. */
  readonly current: string
  /** Items that the containers under way say they have, as far as known. */
  readonly expected: number
}

export interface BackupReport extends Readonly<BackupCounts> {
  readonly snapshot: HexId
  readonly tree: HexId
  readonly parent: HexId | undefined
  /** Items in the snapshot, and bytes of their contents. */
  readonly items: number
  readonly bytes: number
  readonly newBlobs: number
  /** Bytes that were new: plain, and as stored. */
  readonly added: number
  readonly addedPacked: number
  readonly unread: readonly UnreadItem[]
  readonly notRefreshed: readonly NotRefreshed[]
  readonly notices: readonly Notice[]
}

/** What of the chosen roots is stored. */
export interface ContentFilter {
  /** Stands for all of it: when the last run had another one, everything is listed again. Empty: no filter. */
  readonly fingerprint: string
  /** Whether items of a container are stored; its path in the snapshot. */
  takesContainer(path: string): boolean
  /** `time` in milliseconds since 1970, `size` in bytes where it is known before reading. */
  takesItem(container: string, item: { readonly time: number; readonly size: number | undefined }): boolean
}

export interface BackupOptions {
  /** Opened, locked, index loaded. */
  readonly repository: OpenRepository
  /** In step with the repository (see catalog sync). */
  readonly catalog: Catalog
  readonly series: SeriesKey
  /**
   * All roots of the series, complete: one that is missing counts as gone from the tenant, unless its kind could not be
   * listed. Taken one after the other, as there is time for them.
   */
  readonly roots: AsyncIterable<Root | UnlistedRoots> | Iterable<Root | UnlistedRoots>
  readonly readers: ByRootKind<DataTypeReader>
  /** Without it, everything. */
  readonly filter?: ContentFilter
  readonly clock: Clock
  /** Rejects if the repository's lock is lost: asked before anything that others see is written. */
  readonly confirmLock?: () => Promise<void>
  readonly program: string
  readonly signal: AbortSignal
  readonly seal?: Partial<SealOptions>
  /** Milliseconds between checkpoints: what a kill may cost. */
  readonly checkpointEvery?: number
  readonly onProgress?: (progress: BackupProgress) => void
  /** Figures of the requests made, for the run's report. */
  readonly requests?: () => Readonly<Record<string, number>>
}
