import type { FailureList } from '../parts/failure-list.ts'
import type { TargetFiles } from './target-files.ts'

/** Where items go, and what takes those that are damaged. */
export interface ExportPlace {
  readonly target: TargetFiles
  readonly failures: FailureList
  readonly signal: AbortSignal
}
