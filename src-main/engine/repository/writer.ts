import { hash } from 'node:crypto'
import { cutContent } from '../chunking/cut.ts'
import { MAX_CHUNK, gearTable, type GearTable } from '../chunking/gear.ts'
import { EngineError } from '../model/errors.ts'
import { hexId, type HexId } from '../model/ids.ts'
import type { Tree } from '../model/tree.ts'
import type { Content } from '../ports/data-type.ts'
import type { ContentIds } from './batch.ts'
import { indexText, type IndexedPack } from './index-files.ts'
import type { FinishedPack } from './pack-builder.ts'
import { packName } from './pack-list.ts'
import type { OpenRepository } from './repository.ts'
import type { SealCounts, SealOptions } from './seal-messages.ts'
import { SealPool } from './seal-pool.ts'
import { encodeTree } from './tree-json.ts'
import { saveUnpacked } from './unpacked-file.ts'

const DEFAULT_SEAL: SealOptions = { level: 1, selfCheck: true, packSize: 16 << 20 }

const INDEX_BLOBS = 50_000
// Parts of a streamed content are cut in windows of this many bytes.
const WINDOW = 2 * MAX_CHUNK
// A content from this size on is taken window by window too: else all of it would be copied at once.
const MAX_WHOLE = 64 << 20

/** Repositories that are being written to: what one writer has claimed and not stored, another would take as there. */
const writing = new WeakSet<OpenRepository>()

/** A stored content: its blobs in order, and bytes. */
export interface StoredContent {
  readonly blobs: readonly HexId[]
  readonly size: number
}

/** Puts contents and trees into a repository. Nothing is durable before `checkpoint` resolved. */
export class RepositoryWriter {
  readonly #repository: OpenRepository
  readonly #pool: SealPool
  readonly #gear: GearTable
  readonly #closing = new AbortController()
  #unindexed: IndexedPack[] = []
  #unindexedBlobs = 0
  /** Stored packs that no index file names yet. */
  readonly #unsaved = new Set<IndexedPack>()
  #saving: Promise<void> = Promise.resolve()

  constructor(repository: OpenRepository, seal: Partial<SealOptions> = {}, workers?: number) {
    const { key, config, table } = repository
    if (writing.has(repository)) throw new EngineError('internal', { context: { reason: 'second writer' } })
    writing.add(repository)
    this.#repository = repository
    this.#gear = gearTable(config.chunkerPolynomial)
    this.#pool = new SealPool({
      ...DEFAULT_SEAL,
      ...seal,
      key,
      polynomial: config.chunkerPolynomial,
      table,
      store: (pack) => this.#storePack(pack),
      ...(workers === undefined ? {} : { workers }),
    })
  }

  /** What was new so far. */
  get counts(): Readonly<SealCounts> {
    return this.#pool.counts
  }

  /** False while enough is waiting to be sealed: wait for `ready` before adding more. */
  get isReady(): boolean {
    return this.#pool.isReady
  }

  ready(): Promise<void> {
    return this.#pool.ready()
  }

  /** Takes a content of `size` bytes that `fill` writes at once into the given memory. */
  async fill(mime: boolean, size: number, fill: (target: Uint8Array<ArrayBuffer>) => void): Promise<StoredContent> {
    if (size === 0) return { blobs: [], size }
    const ids = await this.#pool.add(mime ? 'mail' : 'content', size, fill)
    return { blobs: splitIds(ids), size }
  }

  /** Takes a content. Waits while too much is on its way. */
  async add(content: Content, mime: boolean): Promise<StoredContent> {
    await this.ready()
    if (!(content instanceof Uint8Array)) return this.#addStream(content, mime)
    if (content.length > MAX_WHOLE) return this.#addStream(slices(content), mime)
    return this.fill(mime, content.length, (target) => {
      target.set(content)
    })
  }

  /** Takes a tree and gives its id at once; a failure shows at the next checkpoint. */
  addTree(tree: Tree): HexId {
    return this.addTreeBytes(encodeTree(tree))
  }

  /** Takes a tree that is encoded already, like `addTree`. */
  addTreeBytes(bytes: Uint8Array): HexId {
    const id = hash('sha256', bytes, 'buffer')
    if (this.#repository.table.find(id, 'tree') >= 0) return hexId(id)
    const added = this.#pool.add('tree', bytes.length, (target) => {
      target.set(bytes)
    })
    added.catch(() => undefined) // the pool keeps its failure and throws it from ready and flush
    return hexId(id)
  }

  /** Stores everything that was added and an index that names it. */
  async checkpoint(): Promise<void> {
    await this.#pool.flush()
    this.#saveIndex()
    await this.#saving
  }

  /** Stops the threads. What was not in a checkpoint is lost, and counts as new for the next writer. */
  async close(): Promise<void> {
    if (!writing.delete(this.#repository)) return
    this.#closing.abort()
    await this.#pool.close()
    await this.#saving.catch(() => undefined) // whoever wrote has seen the failure
    const { table } = this.#repository
    for (const { slots } of this.#unsaved) for (const slot of slots) table.forget(slot)
    table.forgetUnstored()
  }

  async #storePack(pack: FinishedPack): Promise<void> {
    const { store, table, packs } = this.#repository
    const id = hexId(pack.id)
    await store.put(packName(id), [new Uint8Array(pack.buffer, 0, pack.length)], this.#closing.signal)
    const number = packs.add(id)
    for (const slot of pack.slots) table.setPack(slot, number)
    const indexed = { id, slots: pack.slots }
    this.#unindexed.push(indexed)
    this.#unsaved.add(indexed)
    this.#unindexedBlobs += pack.slots.length
    if (this.#unindexedBlobs >= INDEX_BLOBS) this.#saveIndex()
  }

  #saveIndex(): void {
    const packs = this.#unindexed
    if (packs.length === 0) return
    this.#unindexed = []
    this.#unindexedBlobs = 0
    const { store, sealer, table } = this.#repository
    const saved = this.#saving.then(async () => {
      await saveUnpacked(store, sealer, 'index', indexText(packs, table))
      for (const pack of packs) this.#unsaved.delete(pack)
    })
    saved.catch(() => undefined) // checkpoint and close await it
    this.#saving = saved
  }

  /** Cuts a content that comes in parts; holds no more than a few windows of it. */
  async #addStream(parts: AsyncIterable<Uint8Array>, mime: boolean): Promise<StoredContent> {
    const blobs: HexId[] = []
    let size = 0
    let waiting: Uint8Array[] = []
    let length = 0
    let inBody = false
    for await (const part of parts) {
      size += part.length
      length += part.length
      waiting.push(part)
      if (length < WINDOW) continue
      const cut = this.#cutWindow(joined(waiting, length), mime, inBody)
      const rest = cut.blobs.pop() ?? new Uint8Array(0)
      blobs.push(...(await this.#addBlobs(cut.blobs)))
      waiting = [rest.slice()]
      length = rest.length
      inBody = cut.endsInBody
    }
    blobs.push(...(await this.#addBlobs(this.#cutWindow(joined(waiting, length), mime, inBody).blobs)))
    return { blobs, size }
  }

  /** The blobs of a window. Where the last one ends is not known before more comes. */
  #cutWindow(window: Uint8Array<ArrayBuffer>, mime: boolean, inBody: boolean): CutWindow {
    const blobs: Uint8Array<ArrayBuffer>[] = []
    const take = (start: number, end: number): void => {
      blobs.push(window.subarray(start, end))
    }
    return { blobs, endsInBody: cutContent(window, mime, this.#gear, take, inBody) }
  }

  async #addBlobs(blobs: readonly Uint8Array[]): Promise<HexId[]> {
    const added: Promise<ContentIds>[] = []
    for (const blob of blobs) {
      await this.ready()
      const ids = this.#pool.add('blob', blob.length, (target) => {
        target.set(blob)
      })
      ids.catch(() => undefined) // awaited below
      added.push(ids)
    }
    return (await Promise.all(added)).flatMap(splitIds)
  }
}

interface CutWindow {
  readonly blobs: Uint8Array<ArrayBuffer>[]
  /** Whether the last one begins inside a base64 part that goes on. */
  readonly endsInBody: boolean
}

async function* slices(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += WINDOW) yield await Promise.resolve(content.subarray(at, at + WINDOW))
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function splitIds(ids: Uint8Array): HexId[] {
  const list: HexId[] = []
  for (let at = 0; at < ids.length; at += 32) list.push(hexId(ids.subarray(at, at + 32)))
  return list
}
