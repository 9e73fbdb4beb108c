import type { ErrorCode } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { SavedSnapshot } from '../../model/snapshot.ts'
import { BlobTransfer } from '../../repository/blob-transfer.ts'
import { IndexWriter } from '../../repository/index-writer.ts'
import { saveSnapshot } from '../../repository/snapshots.ts'
import { UsedBlobs } from '../../repository/used-blobs.ts'
import type { CopiedSnapshot, CopyOptions, CopyReport, UncopiedSnapshot } from './model.ts'

const CHECKPOINT_BYTES = 256 << 20

/** The copying of some snapshots, one after the other; blobs that several need are copied once. */
export class CopyRun {
  readonly #options: CopyOptions
  readonly #total: number
  readonly #index: IndexWriter
  readonly #transfer: BlobTransfer
  readonly #walk: UsedBlobs
  /** Snapshots whose blobs are on their way. */
  #waiting: SavedSnapshot[] = []
  /** Something that some snapshot needs cannot be read: it has to be found out which ones are whole. */
  #isHarmed = false
  readonly #copied: CopiedSnapshot[] = []
  readonly #failed: UncopiedSnapshot[] = []
  #done: number
  #bytesRead = 0
  #atCheckpoint = 0
  #blobs = 0
  #bytes = 0

  /** `total`: snapshots of the whole copy, of which `done` need nothing more. */
  constructor(options: CopyOptions, total: number, done: number) {
    const { from, to, confirmLock, packSize, signal } = options
    this.#options = options
    this.#total = total
    this.#done = done
    this.#index = new IndexWriter({ store: to.store, sealer: to.sealer, confirmLock, signal })
    this.#transfer = new BlobTransfer({
      from,
      to,
      index: this.#index,
      packSize,
      signal,
      onRead: (bytes) => {
        this.#bytesRead += bytes
        this.#tell()
      },
      onStored: ({ slots, length }) => {
        this.#blobs += slots.length
        this.#bytes += length
      },
    })
    this.#walk = new UsedBlobs(from)
  }

  async copy(snapshot: SavedSnapshot): Promise<void> {
    const { signal, checkpointBytes = CHECKPOINT_BYTES } = this.#options
    const needed = new Map<number, number[]>()
    const onMarked = (slots: Iterable<number>): void => {
      this.#choose(slots, needed)
    }
    const findings = await this.#walk.mark([snapshot.tree], { signal, onMarked })
    if (findings.length > 0) this.#isHarmed = true
    // Those of a snapshot that cannot be copied, too: they count as dealt with, and another one may need them.
    for (const [pack, slots] of needed) await this.#transfer.take(pack, slots)
    this.#waiting.push(snapshot)
    if (this.#bytesRead - this.#atCheckpoint >= checkpointBytes) await this.#checkpoint()
  }

  async finish(): Promise<Omit<CopyReport, 'present'>> {
    await this.#checkpoint()
    return { copied: this.#copied, failed: this.#failed, blobs: this.#blobs, bytes: this.#bytes }
  }

  async close(): Promise<void> {
    await Promise.all([this.#transfer.close(), this.#walk.close()])
  }

  /** Sorts what the target lacks by packs of the source. */
  #choose(slots: Iterable<number>, needed: Map<number, number[]>): void {
    const { from, to } = this.#options
    for (const slot of slots) {
      const there = to.table.find(from.table.idBytes(slot), from.table.type(slot))
      if (there >= 0 && to.table.isStored(there)) continue
      const { pack } = from.table.location(slot)
      const chosen = needed.get(pack)
      if (chosen === undefined) needed.set(pack, [slot])
      else chosen.push(slot)
    }
  }

  /** Makes durable what is on its way; then the snapshots may appear. */
  async #checkpoint(): Promise<void> {
    await this.#transfer.finish()
    await this.#index.save()
    this.#atCheckpoint = this.#bytesRead
    if (this.#transfer.damaged.length > 0) this.#isHarmed = true
    for (const snapshot of this.#waiting) {
      const harm = this.#isHarmed ? await this.#harmOf(snapshot) : undefined
      if (harm === undefined) this.#copied.push({ source: snapshot.id, target: await this.#save(snapshot) })
      else this.#failed.push({ source: snapshot.id, code: harm })
      this.#done++
      this.#tell()
    }
    this.#waiting = []
  }

  /** What is wrong with a snapshot, looked for from its root: what others have as well was passed over before. */
  async #harmOf({ tree }: SavedSnapshot): Promise<ErrorCode | undefined> {
    const walk = new UsedBlobs(this.#options.from)
    try {
      const [first] = await walk.mark([tree], { signal: this.#options.signal, stopAtFirst: true })
      if (first !== undefined) return first.code
      return this.#transfer.damaged.some((slot) => walk.used.has(slot)) ? 'repository.blob-damaged' : undefined
    } finally {
      await walk.close()
    }
  }

  async #save(snapshot: SavedSnapshot): Promise<HexId> {
    const { to, confirmLock, signal } = this.#options
    const { parent: _, ...fields } = snapshot
    signal?.throwIfAborted()
    await confirmLock?.()
    return saveSnapshot(to.store, to.sealer, { ...fields, original: snapshot.original ?? snapshot.id }, signal)
  }

  #tell(): void {
    this.#options.onProgress?.({ snapshots: this.#done, total: this.#total, bytes: this.#bytesRead })
  }
}
