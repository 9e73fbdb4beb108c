import { BoundedWork } from '../bounded-work.ts'
import { isEngineError } from '../model/errors.ts'
import { hexId } from '../model/ids.ts'
import type { CopiedPack } from './copy-messages.ts'
import { CopyPool } from './copy-pool.ts'
import type { IndexWriter } from './index-writer.ts'
import { wholeMemory } from './open-pool.ts'
import { packName } from './pack-list.ts'
import type { OpenRepository } from './repository.ts'
import { slotRanges, type SlotRange } from './slots-by-pack.ts'

export const PACK_SIZE = 16 << 20

export interface BlobTransferOptions {
  readonly from: OpenRepository
  /** May be the same one: then blobs are taken over as they are sealed. */
  readonly to: OpenRepository
  readonly index: IndexWriter
  readonly packSize?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Told of every new pack that is stored; its slots are those of `from`. */
  readonly onStored?: (pack: CopiedPack) => void
  /** Told of bytes that were read. */
  readonly onRead?: (bytes: number) => void
}

/**
 * Takes blobs over into new packs, without compressing them again. Every blob is opened and its hash compared before.
 * The new packs are listed in the index writer, which is to be saved afterwards.
 */
export class BlobTransfer {
  /** Slots (of `from`) of blobs that are damaged or gone: they were not taken over. */
  readonly damaged: number[] = []
  readonly #options: BlobTransferOptions
  readonly #pool: CopyPool
  readonly #work: BoundedWork

  constructor(options: BlobTransferOptions) {
    const { from, to, packSize = PACK_SIZE } = options
    this.#options = options
    this.#pool = new CopyPool({ from: from.key, to: from === to ? undefined : to.key, packSize })
    this.#work = new BoundedWork(this.#pool.places)
  }

  /** Takes blobs of one pack. Waits while too much is on its way. */
  async take(pack: number, slots: Iterable<number>): Promise<void> {
    for (const range of slotRanges(this.#options.from.table, slots)) {
      this.#options.signal?.throwIfAborted()
      await this.#work.start(() => this.#copy(pack, range))
    }
  }

  /** Stores all that was taken, even in packs that are not full. */
  async finish(): Promise<void> {
    await this.#work.finish()
    for (const pack of await this.#pool.finish()) await this.#work.start(() => this.#store(pack))
    await this.#work.finish()
  }

  async close(): Promise<void> {
    await this.#pool.close()
    await this.#work.settle()
  }

  async #copy(pack: number, range: SlotRange): Promise<void> {
    const { from, onRead } = this.#options
    const bytes = await this.#read(pack, range)
    if (bytes === undefined) {
      for (const slot of range.slots) this.damaged.push(slot)
      return
    }
    const trees = Uint8Array.from(range.slots, (slot) => (from.table.type(slot) === 'tree' ? 1 : 0))
    const memory = wholeMemory(bytes)
    const { length } = bytes
    const { packs, damaged } = await this.#pool.copy({ memory, length, blobs: range.blobs, slots: range.slots, trees })
    for (const i of damaged) this.damaged.push(range.slots[i] ?? -1)
    for (const copied of packs) await this.#store(copied)
    onRead?.(length)
  }

  async #read(pack: number, range: SlotRange): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { from, signal } = this.#options
    const spare = this.#pool.memory()
    try {
      const bytes = await from.store.get(packName(from.packs.id(pack)), range, signal, spare)
      if (bytes.buffer !== spare) this.#pool.giveBack(spare)
      return bytes
    } catch (error) {
      this.#pool.giveBack(spare)
      if (isEngineError(error, 'store.not-found')) return undefined
      throw error
    }
  }

  async #store(pack: CopiedPack): Promise<void> {
    const { to, index, signal, onStored } = this.#options
    const id = hexId(pack.id)
    await to.store.put(packName(id), [new Uint8Array(pack.buffer, 0, pack.length)], signal)
    this.#pool.giveBackPack(pack.buffer)
    onStored?.(pack)
    await index.add({ id, ids: pack.ids, places: pack.places }, pack.length)
  }
}
