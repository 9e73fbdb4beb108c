import { findPaths, measure } from '../../commands/parts/snapshot-paths.ts'
import { isEngineError, type Catalog, type HexId, type OpenRepository } from '../../engine/index.ts'
import { rootOf } from '../../engine/model/root-path.ts'
import { describerOf } from '../browse/apart.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'

const PAGE = 500
/** With more paths, looking for the files of each would take as long as restoring them. */
const MOST_PATHS = 500

/** Whether items of a data type count. */
export type Takes = (describer: ItemDescriber) => boolean

/** How many items lie at and below some paths of a snapshot. Rejects when cancelled; a path that is not there has none. */
export async function countItems(
  catalog: Catalog,
  snapshot: HexId,
  paths: readonly string[],
  takes: Takes,
  signal: AbortSignal,
): Promise<number> {
  let items = 0
  for (const [at, path] of paths.entries()) {
    items += await countAt(catalog, snapshot, path, takes, signal)
    if (at % 50 === 49) await others(signal)
  }
  return items
}

async function countAt(
  catalog: Catalog,
  snapshot: HexId,
  path: string,
  takes: Takes,
  signal: AbortSignal,
): Promise<number> {
  const rest = rootOf(path)?.rest ?? []
  const describer = describerOf(path)
  if (rest.length > 0 && (describer === undefined || !takes(describer))) return 0
  if (rest.length === 1) return typeItems(catalog, snapshot, path)
  const own = rest.length > 1 ? containerItems(catalog, snapshot, path) : 0
  // It is an item.
  if (own === undefined) return 1
  let items = own
  for (let offset = 0; ; offset += PAGE) {
    await others(signal)
    const folders = catalog.folders(snapshot, path, { query: '', limit: PAGE, offset })
    for (const folder of folders) items += await countAt(catalog, snapshot, folder.path, takes, signal)
    if (folders.length < PAGE) return items
  }
}

function typeItems(catalog: Catalog, snapshot: HexId, path: string): number {
  const root = path.slice(0, path.lastIndexOf('/'))
  const types = catalog.folders(snapshot, root, { query: '', limit: PAGE, offset: 0 })
  return types.find((type) => type.path === path)?.items ?? 0
}

/** Undefined for what is no container. */
function containerItems(catalog: Catalog, snapshot: HexId, path: string): number | undefined {
  try {
    return catalog.page(snapshot, path, { order: 'newest', limit: 0, offset: 0 }).count
  } catch (error) {
    if (isEngineError(error, 'repository.path-not-found')) return undefined
    throw error
  }
}

/** How many files lie at and below some paths; undefined for too many paths. */
export async function countFiles(
  repository: OpenRepository,
  tree: HexId,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<number | undefined> {
  if (paths.length > MOST_PATHS) return undefined
  await repository.ensureIndex(signal)
  const nodes = (await findPaths(repository, tree, paths, signal)).flatMap((found) => found.nodes)
  return (await measure(repository, tree, nodes, signal)).files
}

async function others(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal.throwIfAborted()
}
