import { createSealer, type Sealer, type SealingKey } from '../crypto/seal.ts'
import { createZstd, type Zstd } from '../crypto/zstd.ts'
import { EngineError, isEngineError } from '../model/errors.ts'
import { idBytes, type HexId } from '../model/ids.ts'
import type { Tree } from '../model/tree.ts'
import type { ByteRange, DestinationStore } from '../ports/destination-store.ts'
import { keepHeapSmall } from '../small-heap.ts'
import { openBlob } from './blob-codec.ts'
import { BlobTable, type BlobType } from './blob-table.ts'
import { loadConfig, type RepositoryConfig } from './config.ts'
import { loadIndexFile, takeScannedIndex } from './index-files.ts'
import { openKey } from './keys.ts'
import { PackList, packName } from './pack-list.ts'
import { PackWindows } from './pack-window.ts'
import { decodeTree, type DecodeOptions } from './tree-json.ts'
import { listIds } from './unpacked-file.ts'

const PARALLEL_INDEX_READS = 2

export interface OpenOptions {
  readonly store: DestinationStore
  readonly passphrase: string
  readonly signal?: AbortSignal
}

/** What an index file names. */
export interface IndexFile {
  /** Numbers in the list of packs. */
  readonly packs: readonly number[]
  readonly blobs: number
}

/** An opened repository: the key is known. Blobs can be read once the index is loaded. */
export class OpenRepository {
  readonly store: DestinationStore
  readonly key: SealingKey
  readonly config: RepositoryConfig
  readonly sealer: Sealer
  /** The key file that opened the repository, if one did. */
  readonly keyId: HexId | undefined
  #table = new BlobTable()
  #packs = new PackList()
  #indexFiles = new Map<HexId, IndexFile>()
  readonly #zstd: Zstd = createZstd(1)
  #trees: PackWindows
  #index: Promise<void> | undefined

  constructor(store: DestinationStore, key: SealingKey, config: RepositoryConfig, keyId?: HexId) {
    this.store = store
    this.keyId = keyId
    this.#trees = new PackWindows(store)
    this.key = key
    this.config = config
    this.sealer = createSealer(key)
  }

  get table(): BlobTable {
    return this.#table
  }

  get packs(): PackList {
    return this.#packs
  }

  /** The index files that were read. */
  get indexFiles(): ReadonlyMap<HexId, IndexFile> {
    return this.#indexFiles
  }

  /**
   * Forgets the index: what was read before a lock was held may be wrong by now, and what a prune left in memory is.
   * Only while nothing is being read or written.
   */
  forgetIndex(): void {
    this.#table = new BlobTable()
    this.#packs = new PackList()
    this.#indexFiles = new Map()
    this.#trees = new PackWindows(this.store)
    this.#index = undefined
  }

  /**
   * Reads all index files. One that is unreadable rejects with repository.index-damaged (context: file), unless
   * `onDamaged` takes it: then the others are read all the same.
   */
  loadIndex(signal?: AbortSignal, onDamaged?: (error: EngineError) => void): Promise<void> {
    const loading = this.#loadIndexFiles(signal, onDamaged)
    this.#index = loading
    loading.catch(() => {
      if (this.#index === loading) this.#index = undefined
    })
    return loading
  }

  /** Reads the index files if that was not done. */
  async ensureIndex(signal?: AbortSignal): Promise<void> {
    await (this.#index ?? this.loadIndex(signal))
  }

  async #loadIndexFiles(signal?: AbortSignal, onDamaged?: (error: EngineError) => void): Promise<void> {
    // The texts of the files are large and short-lived: V8 would let hundreds of megabytes of them pile up.
    keepHeapSmall()
    const reading: Promise<void>[] = []
    for (const id of await listIds(this.store, 'index', signal)) {
      if (reading.length >= PARALLEL_INDEX_READS) await reading.shift()
      const read = this.#loadIndexFile(id, signal, onDamaged)
      read.catch(() => undefined) // awaited below, in order
      reading.push(read)
    }
    await Promise.all(reading)
  }

  async #loadIndexFile(id: HexId, signal?: AbortSignal, onDamaged?: (error: EngineError) => void): Promise<void> {
    try {
      const index = await loadIndexFile(this.store, this.sealer, id, signal)
      takeScannedIndex(index, this.table, this.packs)
      const packs = index.packs.flatMap((pack) => this.packs.number(pack.id) ?? [])
      this.#indexFiles.set(id, { packs, blobs: index.packs.at(-1)?.end ?? 0 })
    } catch (error) {
      if (!isEngineError(error, 'repository.index-damaged')) throw error
      const named = new EngineError(error.code, { context: { ...error.context, file: id }, cause: error })
      if (onDamaged === undefined) throw named
      onDamaged(named)
    }
  }

  /** Whether the repository has that blob. */
  has(id: HexId, type: BlobType): boolean {
    const slot = this.table.find(idBytes(id), type)
    return slot >= 0 && this.table.isStored(slot)
  }

  /**
   * A blob's plain bytes, checked. Rejects with repository.blob-missing, repository.blob-damaged or
   * repository.pack-missing (context: blob, pack), or with the store's error.
   */
  async blob(id: HexId, type: BlobType, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = idBytes(id)
    const slot = this.table.find(bytes, type)
    if (slot < 0 || !this.table.isStored(slot))
      throw new EngineError('repository.blob-missing', { context: { blob: id } })
    const { pack, offset, length, uncompressedLength } = this.table.location(slot)
    const sealed = await this.#fromPack(this.packs.id(pack), id, type, { offset, length }, signal)
    const plain = openBlob(sealed, { id: bytes, uncompressedLength }, this.sealer, this.#zstd)
    if (plain === undefined)
      throw new EngineError('repository.blob-damaged', { context: { blob: id, pack: this.packs.id(pack) } })
    return plain.slice()
  }

  async #fromPack(
    pack: HexId,
    blob: HexId,
    type: BlobType,
    range: ByteRange,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    try {
      if (type === 'tree') return await this.#trees.read(pack, range.offset, range.length, signal)
      return await this.store.get(packName(pack), range, signal)
    } catch (error) {
      if (!isEngineError(error, 'store.not-found')) throw error
      throw new EngineError('repository.pack-missing', { context: { blob, pack }, cause: error })
    }
  }

  /** A whole content from its blobs. */
  async content(blobs: readonly HexId[], signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const parts = await Promise.all(blobs.map((id) => this.blob(id, 'data', signal)))
    if (parts.length === 1 && parts[0] !== undefined) return parts[0]
    return Uint8Array.from(Buffer.concat(parts))
  }

  async tree(id: HexId, signal?: AbortSignal, options?: DecodeOptions): Promise<Tree> {
    return decodeTree(await this.blob(id, 'tree', signal), options)
  }
}

/** Opens the repository in the store. Rejects with repository.not-found, .wrong-passphrase, .version ... */
export async function openRepository({ store, passphrase, signal }: OpenOptions): Promise<OpenRepository> {
  const key = await openKey(store, passphrase, signal)
  const config = await loadConfig(store, createSealer(key), signal)
  return new OpenRepository(store, key, config, key.id)
}
