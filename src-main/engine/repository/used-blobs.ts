import { availableParallelism } from 'node:os'
import { isEngineError } from '../model/errors.ts'
import { hexId, idBytes, type HexId } from '../model/ids.ts'
import type { MarkFinding } from './open-messages.ts'
import { OpenPool, wholeMemory } from './open-pool.ts'
import { packName } from './pack-list.ts'
import type { OpenRepository } from './repository.ts'
import { SlotSet } from './slot-set.ts'
import { SLOT_RANGE_BYTES, slotRanges, type SlotRange } from './slots-by-pack.ts'

const MAX_WORKERS = 4
const MAX_FINDINGS = 10_000

export interface MarkOptions {
  readonly signal?: AbortSignal | undefined
  /** Whether the first finding is enough. */
  readonly stopAtFirst?: boolean
  /** Told of the number of trees read. */
  readonly onProgress?: (trees: number) => void
  /** Told of the slots that were marked now. */
  readonly onMarked?: (slots: Iterable<number>) => void
}

interface TreeRange {
  readonly pack: number
  readonly range: SlotRange
}

/** Finds out, with threads, which blobs trees refer to. The index must be loaded and must not change meanwhile. */
export class UsedBlobs {
  /** Slots of all blobs found so far, the trees among them. */
  readonly used: SlotSet
  readonly #repository: OpenRepository
  readonly #pool: OpenPool
  /** Slots of trees to be read, by pack. */
  readonly #pending = new Map<number, number[]>()
  readonly #ranges: TreeRange[] = []
  readonly #running = new Set<Promise<void>>()
  #findings: MarkFinding[] = []
  #trees = 0

  constructor(repository: OpenRepository) {
    const { table, key } = repository
    this.used = new SlotSet(table.slots)
    this.#repository = repository
    const workers = Math.min(availableParallelism(), MAX_WORKERS)
    this.#pool = new OpenPool(key, SLOT_RANGE_BYTES, {
      workers,
      marks: { segments: table.segments, used: this.used.words },
    })
  }

  /**
   * Marks the trees and everything below them; what is marked already is not read again. Gives what is not there or
   * cannot be read; of very much, a part. Rejects with the store's error, or the signal's reason.
   */
  async mark(roots: readonly HexId[], options: MarkOptions = {}): Promise<readonly MarkFinding[]> {
    this.#findings = []
    for (const root of roots) this.#markRoot(root, options)
    try {
      await this.#readPending(options)
    } finally {
      await Promise.allSettled(this.#running)
    }
    return this.#findings
  }

  async close(): Promise<void> {
    await this.#pool.close()
  }

  #markRoot(root: HexId, { onMarked }: MarkOptions): void {
    const { table } = this.#repository
    const slot = table.find(idBytes(root), 'tree')
    if (slot < 0 || !table.isStored(slot)) this.#findings.push({ id: root, code: 'repository.blob-missing' })
    else if (this.used.add(slot)) {
      onMarked?.([slot])
      this.#push(slot)
    }
  }

  #push(slot: number): void {
    const { pack } = this.#repository.table.location(slot)
    const slots = this.#pending.get(pack)
    if (slots === undefined) this.#pending.set(pack, [slot])
    else slots.push(slot)
  }

  async #readPending(options: MarkOptions): Promise<void> {
    for (;;) {
      options.signal?.throwIfAborted()
      if (options.stopAtFirst === true && this.#findings.length > 0) return
      const next = this.#running.size < this.#pool.places ? this.#nextRange() : undefined
      if (next === undefined) {
        if (this.#running.size === 0) return
        await Promise.race(this.#running)
        continue
      }
      const reading = this.#read(next, options).then(() => {
        this.#running.delete(reading)
        options.onProgress?.(this.#trees)
      })
      reading.catch(() => undefined) // the race above, or whoever waits for all, sees it
      this.#running.add(reading)
    }
  }

  #nextRange(): TreeRange | undefined {
    if (this.#ranges.length === 0) {
      const [pack, slots] = this.#pending.entries().next().value ?? []
      if (pack === undefined || slots === undefined) return undefined
      this.#pending.delete(pack)
      for (const range of slotRanges(this.#repository.table, slots)) this.#ranges.push({ pack, range })
    }
    return this.#ranges.pop()
  }

  async #read({ pack, range }: TreeRange, { signal, onMarked }: MarkOptions): Promise<void> {
    const { store, packs } = this.#repository
    const spare = this.#pool.memory()
    let bytes: Uint8Array<ArrayBuffer>
    try {
      bytes = await store.get(packName(packs.id(pack)), range, signal, spare)
    } catch (error) {
      this.#pool.giveBack(spare)
      if (!isEngineError(error, 'store.not-found')) throw error
      for (let at = 0; at < range.blobs.ids.length; at += 32)
        this.#findings.push({ id: hexId(range.blobs.ids.subarray(at, at + 32)), code: 'repository.pack-missing' })
      return
    }
    const memory = wholeMemory(bytes)
    if (memory !== spare) this.#pool.giveBack(spare)
    const answer = await this.#pool.run({ kind: 'mark', memory, length: bytes.length, blobs: range.blobs })
    this.#trees += range.slots.length
    if (this.#findings.length < MAX_FINDINGS) this.#findings.push(...answer.findings)
    for (const slot of answer.trees) this.#push(slot)
    onMarked?.(answer.trees)
    onMarked?.(answer.data)
  }
}
