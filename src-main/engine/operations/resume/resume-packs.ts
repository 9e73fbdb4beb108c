import { hash } from 'node:crypto'
import { isEngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { PackSpool } from '../../ports/pack-spool.ts'
import { isDamage } from '../../repository/damage.ts'
import { takeScannedIndex } from '../../repository/index-files.ts'
import { SCAN_WORDS } from '../../repository/index-scan.ts'
import { IndexWriter, type ListedPack } from '../../repository/index-writer.ts'
import { listedHeader, loadPackHeader } from '../../repository/pack-header.ts'
import { packName } from '../../repository/pack-list.ts'
import type { OpenRepository } from '../../repository/repository.ts'

export interface ResumePacksOptions {
  /** Opened and locked by the caller (shared). Nobody writes through it yet. */
  readonly repository: OpenRepository
  readonly spool: PackSpool
  /** Rejects if the lock is lost. */
  readonly confirmLock?: () => Promise<void>
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

export interface ResumePacksReport {
  /** Packs that were stored now. */
  readonly finished: number
  /** Packs that were stored already and that no index named. */
  readonly indexed: number
  /** Packs that are not whole, not of this repository, or whose contents are in others. */
  readonly dropped: number
}

/**
 * Stores the packs that an earlier process did not get through with, and lists them, and those that it did get through
 * with, in an index: what is in them counts as stored for whoever writes next. May be called again after any failure;
 * what the store cannot take for the moment is left for then.
 * Rejects with repository.index-damaged, repository.lock-lost, or the store's error.
 */
export async function resumePacks(options: ResumePacksOptions): Promise<ResumePacksReport> {
  return await new Resumption(options).run()
}

class Resumption {
  readonly #options: ResumePacksOptions
  readonly #listed: ListedPack[] = []
  #finished = 0
  #dropped = 0

  constructor(options: ResumePacksOptions) {
    this.#options = options
  }

  async run(): Promise<ResumePacksReport> {
    const { repository, spool, signal, onProgress } = this.#options
    const arrived = await spool.arrived()
    const unfinished = await spool.unfinished()
    if (arrived.length + unfinished.length === 0) return { finished: 0, indexed: 0, dropped: 0 }
    await repository.ensureIndex(signal)
    for (const pack of arrived) await this.#find(pack)
    let done = 0
    for (const pack of unfinished) {
      signal?.throwIfAborted()
      onProgress?.(done, unfinished.length)
      if (!(await this.#finish(pack))) break
      done++
    }
    await this.#list()
    // In this order: a pack is kept, or noted, until an index names it.
    for (const pack of unfinished.slice(0, done)) await spool.drop(pack)
    await spool.forgetArrived()
    return { finished: this.#finished, indexed: this.#listed.length - this.#finished, dropped: this.#dropped }
  }

  /** A pack that arrived. A prune may have removed it since: then nothing is lost but its transfer. */
  async #find(pack: HexId): Promise<void> {
    const { store, sealer } = this.#options.repository
    if (this.#isListed(pack)) return
    const size = await this.#storedSize(pack)
    if (size === undefined) return
    try {
      this.#listed.push(await loadPackHeader(store, sealer, pack, size, this.#options.signal))
    } catch (error) {
      if (!isDamage(error)) throw error
      this.#dropped++
    }
  }

  /** False if the store cannot take it for the moment: another session may hold its name. It is kept for the next time. */
  async #finish(pack: HexId): Promise<boolean> {
    if (this.#isListed(pack)) return true
    const bytes = await this.#options.spool.read(pack)
    const header = bytes === undefined ? undefined : this.#header(pack, bytes)
    if (bytes === undefined || header === undefined || this.#isNeedless(header)) {
      this.#dropped++
      return true
    }
    if ((await this.#storedSize(pack)) !== bytes.length && !(await this.#store(pack, bytes))) return false
    this.#listed.push(header)
    return true
  }

  async #store(pack: HexId, bytes: Uint8Array): Promise<boolean> {
    const { repository, signal } = this.#options
    try {
      await repository.store.put(packName(pack), [bytes], signal)
      this.#finished++
      return true
    } catch (error) {
      if (!isEngineError(error) || error.retry !== 'later') throw error
      return false
    }
  }

  /** Whether all that is in it is in other packs by now. */
  #isNeedless({ ids, places }: ListedPack): boolean {
    const { table } = this.#options.repository
    return Array.from({ length: ids.length / 32 }, (_, blob) => blob).every((blob) => {
      const type = places[blob * SCAN_WORDS] === 1 ? 'tree' : 'data'
      const slot = table.find(ids.subarray(blob * 32, blob * 32 + 32), type)
      return slot >= 0 && table.isStored(slot)
    })
  }

  /** Undefined for what was cut short, changed, or sealed with another repository's key. */
  #header(pack: HexId, bytes: Uint8Array): ListedPack | undefined {
    if (hash('sha256', bytes) !== pack) return undefined
    try {
      return listedHeader(pack, bytes, this.#options.repository.sealer)
    } catch (error) {
      if (!isDamage(error)) throw error
      return undefined
    }
  }

  #isListed(pack: HexId): boolean {
    return this.#options.repository.packs.number(pack) !== undefined || this.#listed.some(({ id }) => id === pack)
  }

  async #storedSize(pack: HexId): Promise<number | undefined> {
    const { repository, signal } = this.#options
    try {
      return await repository.store.size(packName(pack), signal)
    } catch (error) {
      if (isEngineError(error, 'store.not-found')) return undefined
      throw error
    }
  }

  async #list(): Promise<void> {
    const { repository, confirmLock, signal } = this.#options
    const { store, sealer, table, packs } = repository
    const index = new IndexWriter({ store, sealer, confirmLock, signal })
    for (const pack of this.#listed) await index.add(pack)
    await index.save()
    for (const { id, ids, places } of this.#listed)
      takeScannedIndex({ packs: [{ id, first: 0, end: ids.length / 32 }], ids, places }, table, packs)
  }
}
