import { idBytes, type HexId } from '../../model/ids.ts'
import type { BlobType } from '../../repository/blob-table.ts'
import { BlobTransfer } from '../../repository/blob-transfer.ts'
import { relistPacks } from '../../repository/index-rewrite.ts'
import { IndexWriter } from '../../repository/index-writer.ts'
import { packName } from '../../repository/pack-list.ts'
import { removeFiles } from '../../repository/removal.ts'
import { slotsByPack } from '../../repository/slots-by-pack.ts'
import type { RepairPacksOptions, RepairPacksReport } from './model.ts'

interface Lost {
  readonly id: HexId
  readonly type: BlobType
}

/**
 * Saves what can be read of damaged packs into new ones and removes the damaged ones; what is lost is in no index any
 * more, so that a check names it as missing, `repairSnapshots` does without it, and a backup stores it again where it
 * still exists. New packs and indexes are stored before the old ones go. The caller holds an exclusive lock (none for a
 * dry run, which only says which of the packs the index knows). Rejects with repository.index-damaged,
 * repository.lock-lost or the store's error; may then be called again.
 */
export async function repairPacks(options: RepairPacksOptions): Promise<RepairPacksReport> {
  const { repository, dryRun = false, signal } = options
  repository.forgetIndex()
  try {
    await repository.loadIndex(signal)
    const packs = [...new Set(options.packs)].filter((id) => repository.packs.number(id) !== undefined)
    if (dryRun || packs.length === 0) return { packs, saved: 0, lost: [] }
    const { saved, damaged } = await replace(options, packs)
    repository.forgetIndex()
    await repository.loadIndex(signal)
    const lost = damaged.filter(({ id, type }) => repository.table.find(idBytes(id), type) < 0)
    return { packs, saved, lost: lost.map(({ id }) => id) }
  } finally {
    repository.forgetIndex()
  }
}

async function replace(
  options: RepairPacksOptions,
  packs: readonly HexId[],
): Promise<{ readonly saved: number; readonly damaged: readonly Lost[] }> {
  const { repository, confirmLock, signal } = options
  const { store, sealer, indexFiles } = repository
  const gone = new Set(packs)
  const numbers = new Set(packs.flatMap((id) => repository.packs.number(id) ?? []))
  const index = new IndexWriter({ store, sealer, confirmLock, signal })
  const outcome = await save(options, numbers, index)
  const obsolete = [...indexFiles].filter(([, file]) => file.packs.some((number) => numbers.has(number)))
  const files = obsolete.map(([id]) => id)
  await relistPacks(repository, files, (pack) => gone.has(pack), index, signal)
  await index.save()
  const names = files.map((id) => `index/${id}`)
  await removeFiles(store, names, { confirmLock, signal })
  await removeFiles(store, packs.map(packName), { confirmLock, signal })
  return outcome
}

/** Takes over what can be read. */
async function save(
  { repository, packSize, signal, onProgress }: RepairPacksOptions,
  numbers: ReadonlySet<number>,
  index: IndexWriter,
): Promise<{ readonly saved: number; readonly damaged: readonly Lost[] }> {
  const { table, packs } = repository
  const slots = slotsByPack(table, packs.count, (slot) => numbers.has(table.location(slot).pack))
  let saved = 0
  const onStored = ({ slots: stored }: { readonly slots: Int32Array }): void => {
    saved += stored.length
  }
  const transfer = new BlobTransfer({ from: repository, to: repository, index, packSize, signal, onStored })
  try {
    for (const [done, number] of [...numbers].entries()) {
      onProgress?.({ stage: 'packs', done, total: numbers.size })
      await transfer.take(number, slots.of(number))
    }
    await transfer.finish()
  } finally {
    await transfer.close()
  }
  return { saved, damaged: transfer.damaged.map((slot) => ({ id: table.id(slot), type: table.type(slot) })) }
}
