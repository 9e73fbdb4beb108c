import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'

/** The drives of a root as Graph shows them, the default one first. Rejects with graph.no-drive if there is none. */
export type FindDrives = (root: Root, signal: AbortSignal) => Promise<readonly JsonObject[]>
