import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import { BlobTransfer } from '../../repository/blob-transfer.ts'
import { relistPacks } from '../../repository/index-rewrite.ts'
import { IndexWriter } from '../../repository/index-writer.ts'
import { packName } from '../../repository/pack-list.ts'
import { removeFiles } from '../../repository/removal.ts'
import { slotsByPack } from '../../repository/slots-by-pack.ts'
import type { PruneOptions, PruneReport } from './model.ts'
import { planPrune, type PrunePlan } from './plan.ts'

/** Index files with fewer blobs than this are put together once there are so many of them. */
const SMALL_INDEX = 10_000
const MANY_SMALL = 16

/**
 * Removes what no snapshot needs. The caller holds an exclusive lock (none for a dry run). Blobs that an interrupted
 * backup has stored and that no snapshot names yet go as well: the next backup notices and reads them again.
 *
 * At any moment, also after a kill or a power cut, every blob of every snapshot is stored and named by an index: new
 * packs come first, then the indexes that name them, then the old indexes go, then the old packs. What an interrupted
 * prune leaves is removed by the next one. Rejects like `planPrune`, before anything is removed; with
 * repository.blob-damaged or .pack-missing if a blob that is to be taken over is not what it must be, which also
 * removes nothing; with repository.lock-lost or the store's error. The repository's index is read anew afterwards, when
 * it is needed.
 */
export async function prune(options: PruneOptions): Promise<PruneReport> {
  const { repository, dryRun = false } = options
  try {
    const plan = await planPrune(options)
    const indexFiles = dryRun ? { removed: 0, written: 0 } : await execute(options, plan)
    return { ...plan.figures, dryRun, indexFiles }
  } finally {
    repository.forgetIndex()
  }
}

async function execute(options: PruneOptions, plan: PrunePlan): Promise<PruneReport['indexFiles']> {
  const { repository, confirmLock, signal, onProgress } = options
  const { store, sealer, packs } = repository
  const gone = new Set(packs.ids().filter((_, number) => plan.actions[number] !== 'keep'))
  const obsolete = obsoleteIndexes(options, gone)
  const index = new IndexWriter({ store, sealer, confirmLock, signal })
  await repack(options, plan, index)
  await relistPacks(repository, obsolete, (pack) => gone.has(pack), index, signal)
  await index.save()
  const names = obsolete.map((id) => `index/${id}`)
  await removeFiles(store, names, { confirmLock, signal })
  const old = [...plan.unnamed, ...gone].map(packName)
  const onRemoved = (done: number): void => onProgress?.({ stage: 'delete', done, total: old.length })
  await removeFiles(store, old, { confirmLock, signal, onRemoved })
  return { removed: names.length, written: index.written.length }
}

/** Index files that name packs that go, and small ones if there are many. */
function obsoleteIndexes({ repository }: PruneOptions, gone: ReadonlySet<HexId>): readonly HexId[] {
  const { indexFiles, packs } = repository
  const files = [...indexFiles]
  const small = files.filter(([, { blobs }]) => blobs < SMALL_INDEX)
  const merged = new Set(small.length < MANY_SMALL ? [] : small.map(([id]) => id))
  return files
    .filter(([id, file]) => merged.has(id) || file.packs.some((number) => gone.has(packs.id(number))))
    .map(([id]) => id)
}

/** Takes the used blobs of the packs that are written anew over into new ones. */
async function repack(options: PruneOptions, plan: PrunePlan, index: IndexWriter): Promise<void> {
  const { repository, packSize, signal, onProgress } = options
  const { table, packs } = repository
  const chosen = plan.actions.flatMap((action, number) => (action === 'repack' ? [number] : []))
  if (chosen.length === 0) return
  const isChosen = new Set(chosen)
  const wanted = slotsByPack(
    table,
    packs.count,
    (slot) => plan.used.has(slot) && isChosen.has(table.location(slot).pack),
  )
  const total = plan.figures.bytes.repacked
  let done = 0
  const onRead = (bytes: number): void => onProgress?.({ stage: 'repack', done: (done += bytes), total })
  const transfer = new BlobTransfer({ from: repository, to: repository, index, packSize, signal, onRead })
  try {
    for (const number of chosen) {
      await transfer.take(number, wanted.of(number))
      requireWhole(transfer, options)
    }
    await transfer.finish()
    requireWhole(transfer, options)
  } finally {
    await transfer.close()
  }
}

function requireWhole({ damaged }: BlobTransfer, { repository: { table, packs } }: PruneOptions): void {
  const [slot] = damaged
  if (slot === undefined) return
  const context = { blob: table.id(slot), pack: packs.id(table.location(slot).pack) }
  throw new EngineError('repository.blob-damaged', { context })
}
