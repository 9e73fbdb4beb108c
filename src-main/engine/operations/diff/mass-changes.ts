import type { Catalog } from '../../catalog/catalog.ts'
import type { HexId } from '../../model/ids.ts'
import { rootOf } from '../../model/root-path.ts'

/** From which on much is too much: both must be reached. */
export interface ChangeLimits {
  /** Percent of the items that a data type of a root had before. */
  readonly percent: number
  readonly items: number
}

/** Much of what one user, group or site had is gone, or has another content. */
export interface MassChange {
  readonly kind: 'deleted' | 'changed'
  /** The root's folder in the earlier snapshot. */
  readonly root: string
  readonly type: string
  readonly items: number
  /** Items that it had before. */
  readonly of: number
}

interface Tally {
  readonly root: string
  readonly type: string
  deleted: number
  changed: number
}

/**
 * What a run took away or changed in such amounts that somebody ought to look: a mailbox that was emptied, files that
 * something encrypted. `from` and `to` are snapshots of one series. Throws like `Catalog.differences`.
 */
export function massChanges(catalog: Catalog, from: HexId, to: HexId, limits: ChangeLimits): readonly MassChange[] {
  const tallies = new Map<string, Tally>()
  for (const difference of catalog.differences(from, to)) {
    if (difference.what !== 'item') continue
    const root = rootOf(('from' in difference ? difference.from : undefined) ?? difference.path)?.root
    if (root === undefined) continue
    const key = `${difference.type} ${root}`
    const tally = tallies.get(key) ?? { root, type: difference.type, deleted: 0, changed: 0 }
    tallies.set(key, tally)
    if (difference.kind === 'deleted') tally.deleted++
    else if (difference.kind === 'changed' && difference.content) tally.changed++
  }
  return [...tallies.values()].flatMap((tally) => {
    const { root, type } = tally
    const kinds = (['deleted', 'changed'] as const).filter((kind) => tally[kind] >= Math.max(1, limits.items))
    if (kinds.length === 0) return []
    const of = catalog.countItemsAt(from, root, type)
    return kinds
      .filter((kind) => tally[kind] * 100 >= limits.percent * of)
      .map((kind) => ({ kind, root, type, items: tally[kind], of }))
  })
}
