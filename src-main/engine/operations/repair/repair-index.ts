import { BoundedWork } from '../../bounded-work.ts'
import { SEAL_OVERHEAD } from '../../crypto/seal.ts'
import { isHexId, type HexId } from '../../model/ids.ts'
import { isDamage } from '../../repository/damage.ts'
import { loadIndexFile } from '../../repository/index-files.ts'
import { SCAN_WORDS } from '../../repository/index-scan.ts'
import { IndexWriter, listedPack, type ListedPack } from '../../repository/index-writer.ts'
import { headerBound } from '../../repository/pack-format.ts'
import { loadPackHeader } from '../../repository/pack-header.ts'
import { removeFiles } from '../../repository/removal.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import type { RepairIndexOptions, RepairIndexReport, UnreadablePack } from './model.ts'

const PARALLEL_READS = 8

/**
 * Writes the index anew where it is damaged, from the packs' own headers: what a lost or damaged index file named, packs
 * that no index names, and packs that are not as long as the index says. Changes no pack and no snapshot. The new index
 * files are stored before the old ones go. The caller holds an exclusive lock (none for a dry run). Rejects with
 * repository.lock-lost or the store's error; may then be called again.
 */
export async function repairIndex(options: RepairIndexOptions): Promise<RepairIndexReport> {
  const { repository } = options
  try {
    return await new IndexRepair(options).run()
  } finally {
    repository.forgetIndex()
  }
}

class IndexRepair {
  readonly #options: RepairIndexOptions
  readonly #repository: OpenRepository
  readonly #index: IndexWriter
  readonly #damagedIndexes: HexId[] = []
  readonly #unreadable: UnreadablePack[] = []
  /** Packs that are listed from their headers. */
  readonly #read = new Set<HexId>()
  /** Packs of whose listing only a part can be true. */
  readonly #cut = new Set<HexId>()
  #sizes: ReadonlyMap<HexId, number> = new Map()

  constructor(options: RepairIndexOptions) {
    const { repository, confirmLock, signal } = options
    this.#options = options
    this.#repository = repository
    this.#index = new IndexWriter({ store: repository.store, sealer: repository.sealer, confirmLock, signal })
  }

  async run(): Promise<RepairIndexReport> {
    const { signal, onProgress } = this.#options
    onProgress?.({ stage: 'index', done: 0, total: 0 })
    this.#repository.forgetIndex()
    await this.#repository.loadIndex(signal, ({ context }) => {
      if (isHexId(context.file)) this.#damagedIndexes.push(context.file)
    })
    this.#sizes = await this.#storedPacks()
    await this.#readHeaders()
    const missingPacks = this.#repository.packs.ids().filter((id) => !this.#sizes.has(id))
    const obsolete = this.#obsoleteFiles()
    return {
      damagedIndexes: this.#damagedIndexes,
      missingPacks,
      readPacks: [...this.#read].sort(),
      unreadablePacks: this.#unreadable,
      indexFiles: await this.#rewrite(obsolete),
    }
  }

  async #storedPacks(): Promise<Map<HexId, number>> {
    const sizes = new Map<HexId, number>()
    for await (const { name, size } of this.#repository.store.list('data', this.#options.signal)) {
      const id = name.slice(name.lastIndexOf('/') + 1)
      if (isHexId(id)) sizes.set(id, size)
    }
    return sizes
  }

  async #readHeaders(): Promise<void> {
    const { signal, onProgress } = this.#options
    const suspects = [...this.#sizes].filter(([id, size]) => this.#isSuspect(id, size))
    const work = new BoundedWork(PARALLEL_READS)
    let done = 0
    try {
      for (const [id, size] of suspects) {
        signal?.throwIfAborted()
        await work.start(async () => {
          await this.#readHeader(id, size)
          onProgress?.({ stage: 'packs', done: ++done, total: suspects.length })
        })
      }
      await work.finish()
    } finally {
      await work.settle()
    }
  }

  #isSuspect(id: HexId, size: number): boolean {
    const { packs } = this.#repository
    const number = packs.number(id)
    if (number === undefined || this.#options.readAllPacks === true) return true
    const { count, end } = packs.extent(number)
    return size < end + SEAL_OVERHEAD || size > end + headerBound(count)
  }

  async #readHeader(id: HexId, size: number): Promise<void> {
    const { store, sealer, packs } = this.#repository
    const number = packs.number(id)
    let listed: ListedPack
    try {
      listed = await loadPackHeader(store, sealer, id, size, this.#options.signal)
    } catch (error) {
      if (!isDamage(error)) throw error
      this.#unreadable.push({ id, code: error.code })
      if (number !== undefined && size < packs.extent(number).end) this.#cut.add(id)
      return
    }
    if (number !== undefined && this.#isListed(listed, number)) return
    this.#read.add(id)
    if (this.#options.dryRun !== true) await this.#index.add(listed)
  }

  /** Whether the index says the same as the pack's header. */
  #isListed({ ids, places }: ListedPack, number: number): boolean {
    const { table, packs } = this.#repository
    const count = ids.length / 32
    if (packs.extent(number).count !== count) return false
    for (let blob = 0; blob < count; blob++) {
      const [tree, offset, length, plain] = places.subarray(blob * SCAN_WORDS)
      const slot = table.find(ids.subarray(blob * 32, blob * 32 + 32), tree === 1 ? 'tree' : 'data')
      if (slot < 0) return false
      const place = table.location(slot)
      if (place.pack !== number || place.offset !== offset || place.length !== length) return false
      if (place.uncompressedLength !== plain) return false
    }
    return true
  }

  /** Readable index files that say of some pack what is not so. */
  #obsoleteFiles(): readonly HexId[] {
    const { indexFiles, packs } = this.#repository
    const isWrong = (id: HexId): boolean => !this.#sizes.has(id) || this.#read.has(id) || this.#cut.has(id)
    return [...indexFiles]
      .filter(([, file]) => file.packs.some((number) => isWrong(packs.id(number))))
      .map(([id]) => id)
  }

  async #rewrite(obsolete: readonly HexId[]): Promise<RepairIndexReport['indexFiles']> {
    const { dryRun, confirmLock, signal } = this.#options
    const { store, sealer } = this.#repository
    if (dryRun === true) return { removed: 0, written: 0 }
    for (const file of obsolete) {
      signal?.throwIfAborted()
      const index = await loadIndexFile(store, sealer, file, signal)
      for (const pack of index.packs) await this.#relist(listedPack(index, pack))
    }
    await this.#index.save()
    const old = [...obsolete, ...this.#damagedIndexes].map((id) => `index/${id}`)
    await removeFiles(store, old, { confirmLock, signal })
    return { removed: old.length, written: this.#index.written.length }
  }

  async #relist(pack: ListedPack): Promise<void> {
    const size = this.#sizes.get(pack.id)
    if (size === undefined || this.#read.has(pack.id)) return
    await this.#index.add(this.#cut.has(pack.id) ? cutAt(pack, size) : pack)
  }
}

/** The blobs that lie wholly in the first so many bytes. */
function cutAt({ id, ids, places }: ListedPack, size: number): ListedPack {
  const blobs = Array.from({ length: ids.length / 32 }, (_, blob) => blob).filter((blob) => {
    const [, offset = 0, length = 0] = places.subarray(blob * SCAN_WORDS)
    return offset + length <= size
  })
  return {
    id,
    ids: Buffer.concat(blobs.map((blob) => ids.subarray(blob * 32, blob * 32 + 32))),
    places: Uint32Array.from(blobs.flatMap((blob) => [...places.subarray(blob * SCAN_WORDS, (blob + 1) * SCAN_WORDS)])),
  }
}
