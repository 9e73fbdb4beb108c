import type { JsonObject } from '../model/json.ts'
import type { Root } from './data-type.ts'

/** What became of one item of a restore. Remarks and codes are words of src-shared/text/restore-remarks.ts. */
export type ItemOutcome =
  | { readonly kind: 'created'; readonly id: string; readonly remarks?: readonly RestoreRemark[] }
  /** It is there already; `completed` if a restore that was interrupted had left it unfinished. */
  | { readonly kind: 'duplicate'; readonly completed?: boolean; readonly remarks?: readonly RestoreRemark[] }
  /** Left out on purpose: not asked for, or Graph takes nothing of the kind. */
  | { readonly kind: 'skipped'; readonly code: string }
  | { readonly kind: 'failed'; readonly code: string; readonly detail?: string }

/** Something that did not come back as it was, or may surprise; `detail` holds no content. */
export interface RestoreRemark {
  readonly code: string
  readonly detail?: string
}

/** A stored file of an item. */
export interface StoredFile {
  /** File name as in the snapshot. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** All of it in memory. */
  bytes(signal: AbortSignal): Promise<Uint8Array>
  /** Part by part from the byte `from` on (default 0), in bounded memory; may be called again. */
  stream(signal: AbortSignal, from?: number): AsyncIterable<Uint8Array>
}

export interface RestoreItem {
  /** The item's path in the snapshot, without extension: names it in the report. */
  readonly path: string
  /** The stored metadata object. */
  readonly metadata: JsonObject
  readonly content: StoredFile | undefined
  /** By name. */
  readonly parts: readonly StoredFile[]
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

/** What a restore does only when asked for it by name. */
export type OnRequest =
  | 'permissions'
  | 'sharing-links'
  | 'versions'
  | 'rules'
  | 'automatic-replies'
  | 'time-zone'
  | 'language'
  | 'working-hours'
  | 'profile'
  | 'photo'
  | 'members'
  | 'group-settings'

/** Finds the person in the target tenant who stands for one of the source: by id, userPrincipalName or address. */
export type PersonMap = (person: {
  readonly id?: string | undefined
  readonly address?: string | undefined
}) => { readonly id: string; readonly address: string } | undefined

export interface RestoreOptions {
  /** Count and look, but change nothing. */
  readonly dryRun: boolean
  /** Do not look for existing items, always create. */
  readonly ignoreExisting: boolean
  /** Name of the folder that takes what is restored, default "Restored"; "/" for the places where things were. */
  readonly targetFolder: string
  readonly onRequest: ReadonlySet<OnRequest>
  readonly people: PersonMap
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
  /**
   * To be called once, after the last item: gives containers what must come last (their times). Tells what did not come
   * back of them; paths are those of the target.
   */
  finished?(
    top: TargetContainer,
    signal: AbortSignal,
  ): Promise<readonly { readonly path: string; readonly remarks: readonly RestoreRemark[] }[]>
  /** Requests that creating the item takes, for the dry run's estimate. */
  requests(item: RestoreItem): number
  /**
   * Where the item comes among those of its container, smallest first, if Graph keeps the order in which they are
   * created; without it, in the order of their names.
   */
  order?(metadata: JsonObject): number
  /** Whether a container without items is made in the target too, when it was asked for. */
  readonly keepsEmpty?: boolean
  /** How many items may usefully be restored at the same time. */
  readonly concurrency: number
}
