import { EngineError } from '../../model/errors.ts'
import { isHexId, type HexId } from '../../model/ids.ts'
import { PACK_SIZE } from '../../repository/blob-transfer.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import type { SlotSet } from '../../repository/slot-set.ts'
import { listSnapshots } from '../../repository/snapshots.ts'
import { UsedBlobs } from '../../repository/used-blobs.ts'
import type { PlanOptions, PruneFigures } from './model.ts'
import { packUsages } from './pack-usage.ts'
import { planPacks, type PackAction, type PackUsage } from './plan-packs.ts'
import { preferWholePacks } from './prefer-whole-packs.ts'

/** What a prune would do. Holds for the repository's index as it was read for it. */
export interface PrunePlan {
  readonly figures: PruneFigures
  /** By pack number. */
  readonly actions: readonly PackAction[]
  readonly usages: readonly PackUsage[]
  /** Packs that no index names. */
  readonly unnamed: readonly HexId[]
  readonly used: SlotSet
}

const MAX_UNUSED = { percent: 5 }

/**
 * Finds out which blobs no snapshot needs, and what is to become of the packs. Rejects, with what `check` would find, if
 * anything is missing or cannot be read: nothing must be removed then. (repository.index-damaged, .snapshot-damaged,
 * .pack-missing, .pack-truncated, .blob-missing, .blob-damaged, .tree-damaged)
 */
export async function planPrune(options: PlanOptions): Promise<PrunePlan> {
  const { repository, signal, onProgress, without = new Set<HexId>() } = options
  onProgress?.({ stage: 'index', done: 0, total: 0 })
  repository.forgetIndex()
  await repository.loadIndex(signal)
  const { sizes, unnamed } = await storedPacks(repository, signal)
  const { snapshots, damaged } = await listSnapshots(repository.store, repository.sealer, signal)
  if (damaged[0] !== undefined) throw damaged[0]
  const kept = snapshots.filter(({ id }) => !without.has(id))
  const used = await usedBy(
    options,
    kept.map(({ tree }) => tree),
  )
  const duplicates = await preferWholePacks(repository, used, sizes, signal)
  const usages = packUsages(repository, used, sizes)
  const { maxUnused = MAX_UNUSED, maxRepackBytes = Infinity, packSize = PACK_SIZE } = options
  const actions = planPacks(usages, { maxUnused, maxRepackBytes, packSize })
  const counted = { snapshots: kept.length, duplicates, unnamed: [...unnamed.values()] }
  const figures = figuresOf(repository, used, usages, actions, counted)
  return { figures, actions, usages, unnamed: [...unnamed.keys()], used }
}

/** Sizes of the packs that the indexes name, and of those that none does. */
async function storedPacks(
  { store, packs }: OpenRepository,
  signal?: AbortSignal,
): Promise<{ readonly sizes: Map<HexId, number>; readonly unnamed: Map<HexId, number> }> {
  const sizes = new Map<HexId, number>()
  const unnamed = new Map<HexId, number>()
  for await (const { name, size } of store.list('data', signal)) {
    const id = name.slice(name.lastIndexOf('/') + 1)
    if (isHexId(id)) (packs.number(id) === undefined ? unnamed : sizes).set(id, size)
  }
  const missing = packs.ids().find((id) => !sizes.has(id))
  if (missing !== undefined) throw new EngineError('repository.pack-missing', { context: { pack: missing } })
  return { sizes, unnamed }
}

async function usedBy({ repository, signal, onProgress }: PlanOptions, roots: readonly HexId[]): Promise<SlotSet> {
  const walk = new UsedBlobs(repository)
  try {
    const findings = await walk.mark(roots, {
      signal,
      stopAtFirst: true,
      onProgress: (done) => onProgress?.({ stage: 'trees', done, total: 0 }),
    })
    const [first] = findings
    if (first !== undefined)
      throw new EngineError(first.code, { context: { blob: first.id, findings: findings.length } })
    return walk.used
  } finally {
    await walk.close()
  }
}

interface Counted {
  readonly snapshots: number
  readonly duplicates: number
  readonly unnamed: readonly number[]
}

function figuresOf(
  { table }: OpenRepository,
  used: SlotSet,
  usages: readonly PackUsage[],
  actions: readonly PackAction[],
  { snapshots, duplicates, unnamed }: Counted,
): PruneFigures {
  const blobs = { total: 0, used: 0, duplicates }
  for (const slot of table.stored()) {
    blobs.total++
    if (used.has(slot)) blobs.used++
  }
  const of = (action: PackAction): readonly PackUsage[] => usages.filter((_, number) => actions[number] === action)
  const total = (packs: readonly PackUsage[], bytes: (pack: PackUsage) => number): number =>
    packs.reduce((sum, pack) => sum + bytes(pack), 0)
  const unnamedBytes = unnamed.reduce((sum, bytes) => sum + bytes, 0)
  const removed = unnamedBytes + total(of('remove'), ({ bytes }) => bytes)
  const repack = of('repack')
  return {
    snapshots,
    packs: {
      total: usages.length + unnamed.length,
      removed: of('remove').length,
      repacked: repack.length,
      unnamed: unnamed.length,
    },
    blobs,
    bytes: {
      total: unnamedBytes + total(usages, ({ bytes }) => bytes),
      removed,
      repacked: total(repack, ({ bytes }) => bytes),
      freed: removed + total(repack, ({ unused }) => unused),
      unusedAfter: total(of('keep'), ({ unused }) => unused),
    },
  }
}
