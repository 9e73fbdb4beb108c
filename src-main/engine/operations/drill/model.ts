import type { SavedSnapshot } from '../../model/snapshot.ts'
import type { ByRootKind, DataTypeReader, ItemDescriber } from '../../ports/data-type.ts'
import type { OpenRepository } from '../../repository/repository.ts'

export interface DrillOptions {
  /** Opened, index loaded. */
  readonly repository: OpenRepository
  readonly snapshot: SavedSnapshot
  readonly describers: ByRootKind<ItemDescriber>
  /** Items of each data type that are restored at most. */
  readonly sample: number
  /** From 0 up to 1. */
  readonly random: () => number
  /** Then the items are read from their source again and compared. */
  readonly readers?: ByRootKind<DataTypeReader>
  readonly signal: AbortSignal
  readonly onProgress?: (progress: DrillProgress) => void
}

export interface DrillProgress {
  readonly stage: 'choose' | 'restore'
  readonly done: number
  /** 0 while it is not known. */
  readonly total: number
}

/** How the stored item and the one in the source compare. */
export type LiveOutcome =
  | 'same'
  /** It was changed after the snapshot. */
  | 'changed'
  | 'gone'
  /** The source says that it did not change, and yet its bytes are others. */
  | 'differs'
  /** The source did not give it. */
  | 'unread'

export interface DrilledItem {
  /** From the snapshot's root, without extension. */
  readonly path: string
  readonly type: string
  /** Of all its files. */
  readonly files: number
  readonly bytes: number
  /** What is wrong with what is stored; undefined: every byte is what it must be. */
  readonly code?: string
  /** Absent without a source. */
  readonly live?: LiveOutcome
  /** Why the source did not give it. */
  readonly liveCode?: string
}

export interface DrillTypeCounts {
  /** In the snapshot. */
  items: number
  restored: number
  bytes: number
  /** Cannot be restored as they were. */
  damaged: number
  /** As the source has them, of those that were compared. */
  same: number
  changed: number
  unread: number
  differs: number
}

export interface DrillReport {
  readonly snapshot: string
  /** By what people call the type. */
  readonly types: Readonly<Record<string, Readonly<DrillTypeCounts>>>
  /** Damaged ones, and those that differ from their source. */
  readonly bad: readonly DrilledItem[]
}
