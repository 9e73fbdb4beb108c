import { isEngineError } from '../engine/model/errors.ts'
import type { Root, RootLister } from '../engine/ports/data-type.ts'
import { seriesPaths, type RootFilter } from './root-filter.ts'

export interface ChosenRoots {
  readonly roots: readonly Root[]
  /** The paths by which the series of snapshots is known. */
  readonly paths: readonly string[]
  /** Names that nobody in the tenant has. */
  readonly missing: readonly string[]
}

/** Asks the tenant for the users that the filter means. */
export async function chooseRoots(filter: RootFilter, users: RootLister, signal: AbortSignal): Promise<ChosenRoots> {
  const chosen = new Map<string, Root>()
  const found = new Map<string, Root>()
  for (const name of filter.names) {
    const root = await findRoot(name, users, signal)
    if (root === undefined) continue
    found.set(name, root)
    chosen.set(root.id, root)
  }
  if (filter.patterns.length > 0 || filter.names.length === 0)
    for await (const root of users.roots(signal))
      if (filter.patterns.length === 0 || filter.isIncludedByPattern(root)) chosen.set(root.id, root)
  return {
    roots: [...chosen.values()].filter((root) => !filter.isExcluded(root)),
    paths: seriesPaths(filter, found),
    missing: filter.names.filter((name) => !found.has(name)),
  }
}

async function findRoot(name: string, users: RootLister, signal: AbortSignal): Promise<Root | undefined> {
  try {
    return await users.root(name, signal)
  } catch (error) {
    if (isEngineError(error, 'restore.target-not-found')) return undefined
    throw error
  }
}
