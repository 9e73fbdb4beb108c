import type { JsonObject } from '../model/json.ts'
import type { Root } from './data-type.ts'

/** What became of one item of a restore. */
export type ItemOutcome =
  | { readonly kind: 'created'; readonly id: string }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'failed'; readonly code: string; readonly detail?: string }

export interface RestoreItem {
  /** The item's path in the snapshot, without extension: names it in the report. */
  readonly path: string
  /** The stored metadata object. */
  readonly metadata: JsonObject
  /** Bytes of the content. */
  readonly size: number
  content(signal: AbortSignal): Promise<Uint8Array>
}

/** A container to restore: its stored metadata file, and its name in the snapshot. */
export interface RestoreContainer {
  readonly dirName: string
  readonly metadata: JsonObject | undefined
}

/** A container as it is in the target, or will be. */
export interface TargetContainer {
  /** Undefined in a dry run, where it would have been created. */
  readonly id: string | undefined
  readonly path: string
}

export interface RestoreOptions {
  /** Count and look, but change nothing. */
  readonly dryRun: boolean
  /** Do not look for existing items, always create. */
  readonly ignoreExisting: boolean
  /** Name of the folder that takes what is restored; default "Restored". */
  readonly targetFolder: string
}

/** Restores one data type into one root of a tenant. */
export interface DataTypeRestorer {
  readonly folder: string
  /** The container below which everything goes; created if need be. */
  begin(root: Root, options: RestoreOptions, signal: AbortSignal): Promise<TargetContainer>
  /** The container below `parent`, found by its name or created (looked up again if creation says it exists). */
  container(parent: TargetContainer, container: RestoreContainer, signal: AbortSignal): Promise<TargetContainer>
  /** Creates the item in the container unless it is there already. Never rejects for one bad item (but when cancelled,
   * or when nothing can go on: signed out, target gone). Never sends anything to anybody. */
  item(container: TargetContainer, item: RestoreItem, signal: AbortSignal): Promise<ItemOutcome>
  /** How many items may usefully be restored at the same time. */
  readonly concurrency: number
}
