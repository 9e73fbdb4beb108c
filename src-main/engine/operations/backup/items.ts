import type { CatalogRoot, ItemVersion } from '../../catalog/model.ts'
import { isEngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Change, Container, Content, DataTypeReader, Root } from '../../ports/data-type.ts'
import { INDEXED_BYTES, indexedPart } from '../catalog/indexed-part.ts'
import { isLocal, type RunContext } from './context.ts'

interface StoredBody {
  readonly blobs: readonly HexId[] | null
  readonly size: number
  readonly textKey: number | null
}

/** Takes the changes of one data type of one root into repository and catalog. */
export class ItemTaker {
  readonly #run: RunContext
  readonly #reader: DataTypeReader
  readonly #root: Root
  readonly #row: CatalogRoot
  /** Containers of the items that could not be read, by id, as in the catalog. */
  readonly #failing: Map<string, string>
  /** Items that are being taken, by id. */
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(run: RunContext, reader: DataTypeReader, root: Root, row: CatalogRoot) {
    this.#run = run
    this.#reader = reader
    this.#root = root
    this.#row = row
    const failures = run.catalog.failures(row.key, reader.folder)
    this.#failing = new Map(failures.map(({ graphId, container }) => [graphId, container]))
  }

  /**
   * Takes one change; changes of one item one after the other, since a partial one builds on what is stored. An item
   * that cannot be read is noted and tried again later; what is stored of it stays.
   */
  async take(container: Container, change: Change): Promise<void> {
    const before = this.#underWay.get(change.id)
    const taken = (before ?? Promise.resolve()).then(() => this.#take(container, change))
    const done = taken.then(
      () => undefined,
      () => undefined, // the caller sees it
    )
    this.#underWay.set(change.id, done)
    await taken.finally(() => {
      if (this.#underWay.get(change.id) === done) this.#underWay.delete(change.id)
    })
  }

  async #take(container: Container, change: Change): Promise<void> {
    this.#run.signal.throwIfAborted()
    if (change.kind === 'removed') return this.#remove(container, change.id)
    try {
      await this.put(container, change)
    } catch (error) {
      // Not found may mean that it is gone since, or that Graph hides it for a moment: the second attempt tells.
      if (!isLocal(error)) throw error
      await this.fail(container.id, change.id, error.code)
    }
  }

  /** Takes an item as it is now; rejects if it cannot be read. */
  async put(container: Container, change: Change & { kind: 'put' }): Promise<void> {
    const { catalog, counts } = this.#run
    const latest = catalog.latest(this.#row.key, this.#reader.folder, change.id)
    const stored = latest === undefined ? undefined : await this.#needsStored(change, latest.version)
    const metadata = await this.#metadata(change, stored)
    const { changeKey } = this.#reader.identity(metadata)
    const same = latest?.open === true && latest.version.container === container.id
    if (same && latest.version.changeKey === changeKey) return this.#seen(container, change.id)
    const reusable = latest !== undefined && this.#sameContent(latest.version, changeKey, stored, metadata)
    const body = reusable ? bodyOf(latest.version) : await this.#read(container, change.id, metadata)
    const file = await this.#run.writer.add(Buffer.from(JSON.stringify(metadata)), false)
    const version: ItemVersion = {
      ...this.#reader.row(metadata, body.size),
      root: this.#row.key,
      type: this.#reader.folder,
      graphId: change.id,
      container: container.id,
      changeKey,
      metadata: file.blobs,
      metadataSize: file.size,
      content: body.blobs,
      textKey: body.textKey,
    }
    await this.#run.checkpoints.record(() => {
      catalog.putItem(this.#run.seq, version)
      this.#removeFailure(change.id)
    })
    counts.changed++
    this.#run.tell()
  }

  /** The stored metadata, if deciding about the change takes it. */
  async #needsStored(change: Change & { kind: 'put' }, version: ItemVersion): Promise<JsonObject | undefined> {
    const { changeKey } = change.partial
      ? { changeKey: '' }
      : this.#reader.identity(this.#reader.metadata(change.properties))
    if (!change.partial && changeKey === version.changeKey) return undefined
    try {
      const bytes = await this.#run.repository.content(version.metadata, this.#run.signal)
      return JSON.parse(Buffer.from(bytes).toString()) as JsonObject
    } catch (error) {
      // Recorded in this very run and not stored yet: Graph is asked again instead.
      if (isEngineError(error, 'repository.blob-missing')) return undefined
      throw error
    }
  }

  async #metadata(change: Change & { kind: 'put' }, stored: JsonObject | undefined): Promise<JsonObject> {
    if (!change.partial) return this.#reader.metadata(change.properties)
    if (stored !== undefined) return this.#reader.metadata({ ...this.#reader.properties(stored), ...change.properties })
    const { properties } = await this.#reader.item(this.#root, change.id, this.#run.signal)
    return this.#reader.metadata(properties)
  }

  #sameContent(version: ItemVersion, changeKey: string, stored: JsonObject | undefined, metadata: JsonObject): boolean {
    if (version.changeKey === changeKey) return true
    return stored !== undefined && this.#reader.sameContent(stored, metadata)
  }

  async #read(container: Container, id: string, metadata: JsonObject): Promise<StoredBody> {
    const { writer, counts, signal, catalog, checkpoints } = this.#run
    if (this.#reader.contentExtension === undefined) return { blobs: null, size: 0, textKey: null }
    const content = await this.#reader.content(this.#root, container, id, signal)
    const kept: Uint8Array[] = []
    const stored = await writer.add(
      content instanceof Uint8Array ? content : keepStart(content, kept),
      this.#reader.mimeContent,
    )
    const start = indexedPart(content instanceof Uint8Array ? [content] : kept)
    const text = await this.#reader.searchText(metadata, start)
    counts.contentRead++
    counts.contentBytes += stored.size
    const { title, from, to } = this.#reader.row(metadata, stored.size)
    const textKey = await checkpoints.record(() => catalog.addText({ title, from, to, body: text }))
    return { blobs: stored.blobs, size: stored.size, textKey }
  }

  async #remove(container: Container, id: string): Promise<void> {
    const { catalog, checkpoints, seq } = this.#run
    await checkpoints.record(() => {
      catalog.removeItem(seq, this.#row.key, this.#reader.folder, container.id, id)
      // If it moved, where it is now may have failed to read it.
      if (this.#failing.get(id) === container.id) this.#removeFailure(id)
    })
    this.#run.tell()
  }

  async #seen(container: Container, id: string): Promise<void> {
    await this.#run.checkpoints.record(() => {
      this.#run.catalog.markSeen(this.#row.key, this.#reader.folder, container.id, id)
    })
  }

  /** Notes that an item could not be read: what is stored of it stays, and it is tried again. */
  async fail(container: string, id: string, code: string): Promise<void> {
    const { catalog, checkpoints } = this.#run
    await checkpoints.record(() => {
      catalog.markSeen(this.#row.key, this.#reader.folder, container, id)
      catalog.addFailure(this.#row.key, this.#reader.folder, { container, graphId: id, code })
      this.#failing.set(id, container)
    })
  }

  /** The item need not be tried again. */
  async forgetFailure(id: string): Promise<void> {
    await this.#run.checkpoints.record(() => {
      this.#removeFailure(id)
    })
  }

  #removeFailure(id: string): void {
    if (!this.#failing.delete(id)) return
    this.#run.catalog.removeFailure(this.#row.key, this.#reader.folder, id)
  }
}

function bodyOf(version: ItemVersion): StoredBody {
  return { blobs: version.content, size: version.size, textKey: version.textKey }
}

/** Passes the parts on and keeps the first ones. */
async function* keepStart(parts: Exclude<Content, Uint8Array>, kept: Uint8Array[]): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const part of parts) {
    if (length < INDEXED_BYTES) kept.push(part)
    length += part.length
    yield part
  }
}
