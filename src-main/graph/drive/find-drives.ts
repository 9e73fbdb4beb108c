import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'

/** Graph ids of groups, and of the drives that are their files. */
export type GroupFiles = Readonly<Record<string, string>>

/** What the last listing knew. */
export interface DrivesBefore {
  /** Graph ids of the drives that it listed. */
  readonly known: ReadonlySet<string>
  readonly groupFiles: GroupFiles
}

/** The drives of a root as Graph shows them. */
export interface FoundDrives {
  readonly drives: readonly JsonObject[]
  /** Graph id of the one that the root has from the start; undefined if nobody asked, because none is new. */
  readonly main?: string | undefined
  /** Of the groups that have been asked for so far. */
  readonly groupFiles: GroupFiles
}

/** Finds the drives of a root. */
export interface FindDrives {
  /** Whether others may come: then every listing looks for them. */
  readonly mayGrow: boolean
  /** Rejects with graph.no-drive, graph.no-site or graph.root-gone if there is none to be had. */
  find(root: Root, before: DrivesBefore, signal: AbortSignal): Promise<FoundDrives>
}
