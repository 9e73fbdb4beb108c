import type { UnusedLimit } from './model.ts'

/** What is known of a stored pack that an index names. */
export interface PackUsage {
  /** Of the file. */
  readonly bytes: number
  /** That used blobs take of it. */
  readonly used: number
  /** That nothing needs: blobs that are not used, or are read from another pack. */
  readonly unused: number
  readonly kind: 'data' | 'tree' | 'mixed'
}

export type PackAction = 'keep' | 'remove' | 'repack'

export interface PackLimits {
  readonly maxUnused: UnusedLimit
  readonly maxRepackBytes: number
  readonly packSize: number
}

/** Packs smaller than this part of a full one are put together once there are so many of them. */
const SMALL_PART = 4
const MANY_SMALL = 16

/**
 * What becomes of each pack. Without used bytes: removed. Packs with trees, which every run reads, are written anew if
 * anything in them is not used; packs with data from the worst on until no more is unused than may be. As restic's
 * prune does. https://restic.readthedocs.io/en/stable/060_forget.html#customize-pruning
 */
export function planPacks(packs: readonly PackUsage[], limits: PackLimits): PackAction[] {
  const actions = packs.map(({ used }): PackAction => (used === 0 ? 'remove' : 'keep'))
  const budget = new RepackBudget(limits.maxRepackBytes)
  let unused = sum(packs, actions, ({ unused: bytes }) => bytes)
  const allowed = allowedBytes(
    limits.maxUnused,
    sum(packs, actions, ({ used }) => used),
  )
  for (const place of worstFirst(packs, actions)) {
    const pack = packs[place]
    if (pack === undefined) continue
    if (pack.kind === 'data' && unused <= allowed) break
    if (!budget.take(pack.bytes)) continue
    actions[place] = 'repack'
    unused -= pack.unused
  }
  for (const kind of ['tree', 'data'] as const) mergeSmall(packs, actions, kind, limits.packSize, budget)
  return actions
}

class RepackBudget {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }
}

/** Places of packs that are used in part: those with trees, then those with the greatest unused part. */
function worstFirst(packs: readonly PackUsage[], actions: readonly PackAction[]): number[] {
  const part = ({ unused, used }: PackUsage): number => unused / used
  return packs
    .map((pack, place) => ({ pack, place }))
    .filter(({ pack, place }) => actions[place] === 'keep' && (pack.unused > 0 || pack.kind === 'mixed'))
    .sort(
      (one, other) =>
        Number(one.pack.kind === 'data') - Number(other.pack.kind === 'data') ||
        part(other.pack) - part(one.pack) ||
        one.place - other.place,
    )
    .map(({ place }) => place)
}

function mergeSmall(
  packs: readonly PackUsage[],
  actions: PackAction[],
  kind: 'data' | 'tree',
  packSize: number,
  budget: RepackBudget,
): void {
  const small = packs.flatMap((pack, place) =>
    pack.kind === kind && actions[place] === 'keep' && pack.bytes < packSize / SMALL_PART ? [place] : [],
  )
  if (small.length < MANY_SMALL) return
  for (const place of small) if (budget.take(packs[place]?.bytes ?? 0)) actions[place] = 'repack'
}

function allowedBytes(limit: UnusedLimit, used: number): number {
  if ('bytes' in limit) return limit.bytes
  return limit.percent >= 100 ? Infinity : (limit.percent / (100 - limit.percent)) * used
}

/** Over the packs that are used. */
function sum(packs: readonly PackUsage[], actions: readonly PackAction[], bytes: (pack: PackUsage) => number): number {
  return packs.reduce((total, pack, place) => (actions[place] === 'remove' ? total : total + bytes(pack)), 0)
}
