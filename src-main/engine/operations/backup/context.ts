import type { CatalogSnapshot } from '../../catalog/model.ts'
import { EngineError, isEngineError } from '../../model/errors.ts'
import type { RepositoryWriter } from '../../repository/writer.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { BackupCounts, BackupOptions, Notice, NotRefreshed, UnreadItem } from './model.ts'

/** What all parts of one run share. */
export interface RunContext extends BackupOptions {
  readonly writer: RepositoryWriter
  readonly seriesKey: number
  /** The run's number in the catalog. */
  readonly seq: number
  readonly base: CatalogSnapshot | undefined
  readonly checkpoints: Checkpoints
  readonly counts: BackupCounts
  readonly unread: UnreadItem[]
  readonly notRefreshed: NotRefreshed[]
  readonly notices: Notice[]
  /** Ends the run: what is under way is cancelled. The first reason becomes the run's failure. */
  readonly stop: (reason: unknown) => void
  /** Tells progress; `current` names the container that is being read. */
  readonly tell: (current?: string, expected?: number) => void
}

/**
 * Whether an error concerns one item or container only. Everything else ends the run: nothing can be written, nobody
 * is signed in, Graph is out of reach, the user said stop.
 */
export function isLocal(error: unknown): error is EngineError {
  return isEngineError(error) && error.code.startsWith('graph.') && error.code !== 'graph.unreachable'
}
