import type { Difference } from '../../catalog/model.ts'
import { treeDifferences } from './tree-differences.ts'
import type { DiffOptions, DifferenceCounts } from './model.ts'

/**
 * What became of everything in one snapshot, seen from another. Snapshots of one series are compared item by item, out
 * of the catalog: what moved is told as such. Others (of another source, or made by restic) are compared file by file.
 * Rejects with the damage of a snapshot's tree.
 */
export async function* diffSnapshots(options: DiffOptions): AsyncGenerator<Difference, void, undefined> {
  const { repository, catalog, from, to, signal } = options
  const known = catalog.snapshots()
  const [one, other] = [from, to].map(({ id }) => known.find((snapshot) => snapshot.id === id))
  if (one === undefined || one.series !== other?.series) {
    yield* treeDifferences(repository, from.tree, to.tree, signal)
    return
  }
  const backwards = one.seq > other.seq
  const differences = backwards ? catalog.differences(to.id, from.id) : catalog.differences(from.id, to.id)
  for (const difference of differences) {
    signal.throwIfAborted()
    yield backwards ? reversed(difference) : difference
  }
}

/** The same, seen from the other end. */
function reversed(difference: Difference): Difference {
  switch (difference.kind) {
    case 'added':
      return { ...difference, kind: 'deleted' }
    case 'deleted':
      return { ...difference, kind: 'added' }
    case 'moved':
      return { ...difference, path: difference.from, from: difference.path }
    case 'changed':
      return difference.from === undefined
        ? difference
        : { ...difference, path: difference.from, from: difference.path }
  }
}

/** Adds a difference to the counts of its data type. */
export function countDifference(counts: Map<string, DifferenceCounts>, { type, kind }: Difference): void {
  const own = counts.get(type) ?? { added: 0, changed: 0, moved: 0, deleted: 0 }
  own[kind]++
  counts.set(type, own)
}
