import { hash } from 'node:crypto'
import type { HexId } from '../../model/ids.ts'
import type { SavedSnapshot } from '../../model/snapshot.ts'
import { removeFiles } from '../../repository/removal.ts'
import { listSnapshots, saveSnapshot, snapshotName } from '../../repository/snapshots.ts'
import { RepositoryWriter } from '../../repository/writer.ts'
import type { RepairedSnapshot, RepairSnapshotsOptions, RepairSnapshotsReport } from './model.ts'
import { TreeRepair, type RepairedTree } from './repair-trees.ts'

const TAG = 'repaired'

/**
 * Makes a new snapshot of each one that lacks something: the same without the files and folders that cannot be read,
 * with a tag, and with `original` naming what it is made of. What a repair has made already is not made again. Run
 * `repairIndex` before, and `repairPacks` or `lost` for damage that only reading all data shows. The caller holds an
 * exclusive lock if originals are to go, a shared one if not (none for a dry run). Rejects with
 * repository.index-damaged, repository.lock-lost or the store's error; may then be called again.
 */
export async function repairSnapshots(options: RepairSnapshotsOptions): Promise<RepairSnapshotsReport> {
  const { repository, dryRun = false, lost = new Set<HexId>(), signal } = options
  repository.forgetIndex()
  await repository.loadIndex(signal)
  const writer = dryRun ? undefined : new RepositoryWriter(repository, {}, 1)
  const addTree = async (bytes: Uint8Array): Promise<HexId> => {
    if (writer === undefined) return hash('sha256', bytes) as HexId
    await writer.ready()
    return writer.addTreeBytes(bytes)
  }
  try {
    return await new SnapshotRepair(options, new TreeRepair(repository, lost, addTree), writer).run()
  } finally {
    await writer?.close()
    repository.forgetIndex()
  }
}

interface Damaged {
  readonly snapshot: SavedSnapshot
  readonly repaired: RepairedTree & { readonly tree: HexId }
}

class SnapshotRepair {
  readonly #options: RepairSnapshotsOptions
  readonly #trees: TreeRepair
  readonly #writer: RepositoryWriter | undefined
  readonly #damaged: Damaged[] = []
  readonly #lost: HexId[] = []
  #sound = 0

  constructor(options: RepairSnapshotsOptions, trees: TreeRepair, writer: RepositoryWriter | undefined) {
    this.#options = options
    this.#trees = trees
    this.#writer = writer
  }

  async run(): Promise<RepairSnapshotsReport> {
    const { repository, ids, signal, onProgress } = this.#options
    const { snapshots, damaged } = await listSnapshots(repository.store, repository.sealer, signal)
    const chosen = snapshots.filter(({ id }) => ids?.includes(id) ?? true)
    for (const [done, snapshot] of chosen.entries()) {
      onProgress?.({ stage: 'snapshots', done, total: chosen.length })
      await this.#look(snapshot)
    }
    await this.#writer?.checkpoint()
    const repaired: RepairedSnapshot[] = []
    for (const one of this.#damaged) repaired.push(await this.#save(one, snapshots))
    const unreadable = ids === undefined ? damaged : []
    const files = unreadable.map(({ context }) => String(context.file).slice(snapshotName('' as HexId).length) as HexId)
    const removed = await this.#removeOriginals([...repaired.map(({ source }) => source), ...this.#lost, ...files])
    return { sound: this.#sound, repaired, lost: this.#lost, damaged: unreadable, removed }
  }

  async #look(snapshot: SavedSnapshot): Promise<void> {
    const repaired = await this.#trees.repair(snapshot.tree, this.#options.signal)
    const { tree } = repaired
    if (tree === undefined) this.#lost.push(snapshot.id)
    else if (tree === snapshot.tree) this.#sound++
    else this.#damaged.push({ snapshot, repaired: { ...repaired, tree } })
  }

  async #save({ snapshot, repaired }: Damaged, all: readonly SavedSnapshot[]): Promise<RepairedSnapshot> {
    const { repository, dryRun = false, tag = TAG, confirmLock, signal } = this.#options
    const { tree, items, paths } = repaired
    const { id: source, tags = [], ...fields } = snapshot
    const original = snapshot.original ?? source
    const there = all.find(
      (other) => other.tree === tree && other.original === original && other.time === snapshot.time,
    )
    if (there !== undefined || dryRun) return { source, target: there?.id, items, paths }
    signal?.throwIfAborted()
    await confirmLock?.()
    const made = { ...fields, tree, original, tags: [...new Set([...tags, tag])] }
    return { source, target: await saveSnapshot(repository.store, repository.sealer, made, signal), items, paths }
  }

  async #removeOriginals(ids: readonly HexId[]): Promise<readonly HexId[]> {
    const { repository, dryRun = false, removeOriginals = false, confirmLock, signal } = this.#options
    if (!removeOriginals || dryRun) return []
    await removeFiles(repository.store, ids.map(snapshotName), { confirmLock, signal })
    return ids
  }
}
