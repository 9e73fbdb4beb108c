import type { CatalogRoot, ItemVersion, StoredPart } from '../../catalog/model.ts'
import { isEngineError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import { shortId } from '../../model/short-id.ts'
import type { Change, Container, DataTypeReader, ItemBody, Part, Root } from '../../ports/data-type.ts'
import { isLocal, type RunContext } from './context.ts'
import { ItemBodies, type StoredBody } from './item-bodies.ts'

/** What is remarked on items must not grow with a tenant. */
const MOST_NOTICES = 1_000

type Put = Change & { kind: 'put' }

/** What is stored of an item, and the first reason why a part of it is missing. */
interface StoredParts {
  readonly parts: readonly StoredPart[]
  readonly failure?: string
}

/** Takes the changes of one data type of one root into repository and catalog. */
export class ItemTaker {
  readonly #run: RunContext
  readonly #reader: DataTypeReader
  readonly #root: Root
  readonly #row: CatalogRoot
  readonly #bodies: ItemBodies
  /** Containers of the items that could not be read, by id, as in the catalog. */
  readonly #failing: Map<string, string>
  /** Items that are being taken, by id. */
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(run: RunContext, reader: DataTypeReader, root: Root, row: CatalogRoot) {
    this.#run = run
    this.#reader = reader
    this.#root = root
    this.#row = row
    this.#bodies = new ItemBodies(run, reader)
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
    if (change.kind === 'removed') return this.#remove(change.id, container.id)
    if (change.kind === 'gone') return this.#remove(change.id, undefined)
    try {
      await this.put(container, change)
    } catch (error) {
      // Not found may mean that it is gone since, or that Graph hides it for a moment: the second attempt tells.
      if (!isLocal(error)) throw error
      await this.fail(container.id, change.id, error.code)
    }
  }

  /**
   * Takes an item as it is now; rejects if it cannot be read. `again`: even if it is the same as before, since
   * something of it could not be read then.
   */
  async put(container: Container, change: Put, again = false): Promise<void> {
    const latest = this.#run.catalog.latest(this.#row.key, this.#reader.folder, change.id)
    const stored = latest === undefined ? undefined : await this.#needsStored(change, latest.version, again)
    const properties = await this.#properties(change, stored)
    const listed = this.#reader.metadata(properties)
    if (!this.#isWanted(container, listed)) return this.#remove(change.id, container.id)
    const { changeKey } = this.#reader.identity(listed)
    const isSame = latest?.version.changeKey === changeKey && !again
    if (isSame && latest.open && latest.version.container === container.id) await this.#seen(container, change.id)
    else if (isSame) await this.#record({ ...latest.version, container: container.id })
    else await this.#read(container, { id: change.id, properties, previous: stored }, latest?.version)
  }

  #isWanted({ id }: Container, metadata: JsonObject): boolean {
    const { filter, catalog } = this.#run
    if (filter === undefined) return true
    const path = catalog.containerPath(this.#row.key, this.#reader.folder, id) ?? ''
    const { time } = this.#reader.row(metadata, 0)
    const size = this.#reader.listedSize?.(metadata)
    return filter.takesItem(`${this.#row.path}/${this.#reader.folder}/${path}`, { time, size })
  }

  async #read(
    container: Container,
    item: { readonly id: string; readonly properties: JsonObject; readonly previous: JsonObject | undefined },
    before: ItemVersion | undefined,
  ): Promise<void> {
    const body = await this.#reader.body(this.#root, container, item, this.#run.signal)
    const metadata = this.#reader.metadata(body.properties ?? item.properties)
    const { parts, failure } = await this.#parts(body, before)
    const stored = await this.#bodies.store(body, metadata, before)
    const file = await this.#run.writer.add(Buffer.from(JSON.stringify(metadata)), false)
    await this.#record({
      ...this.#reader.row(metadata, stored.size),
      root: this.#row.key,
      type: this.#reader.folder,
      graphId: item.id,
      container: container.id,
      changeKey: this.#reader.identity(metadata).changeKey,
      metadata: file.blobs,
      metadataSize: file.size,
      ...contentOf(stored),
      parts,
    })
    this.#notice(container, item.id, metadata)
    if (failure !== undefined) await this.fail(container.id, item.id, failure)
  }

  #notice({ id }: Container, item: string, metadata: JsonObject): void {
    const codes = this.#reader.notices?.(metadata) ?? []
    if (codes.length === 0) return
    const { catalog, notices } = this.#run
    const folder = catalog.containerPath(this.#row.key, this.#reader.folder, id) ?? ''
    const path = `${this.#row.path}/${this.#reader.folder}/${folder} ~${shortId(item)}`
    for (const code of codes) if (notices.length < MOST_NOTICES) notices.push({ path, code })
  }

  async #record(version: ItemVersion): Promise<void> {
    const { catalog, checkpoints, counts, seq } = this.#run
    await checkpoints.record(() => {
      catalog.putItem(seq, version)
      this.#removeFailure(version.graphId)
    })
    counts.changed++
    this.#run.tell()
  }

  /** The stored metadata, if deciding about the change takes it. */
  async #needsStored(change: Put, version: ItemVersion, again: boolean): Promise<JsonObject | undefined> {
    const { changeKey } = change.partial
      ? { changeKey: '' }
      : this.#reader.identity(this.#reader.metadata(change.properties))
    if (!change.partial && changeKey === version.changeKey && !again) return undefined
    try {
      const bytes = await this.#run.repository.content(version.metadata, this.#run.signal)
      return JSON.parse(Buffer.from(bytes).toString()) as JsonObject
    } catch (error) {
      // Recorded in this very run and not stored yet: Graph is asked again instead.
      if (isEngineError(error, 'repository.blob-missing')) return undefined
      throw error
    }
  }

  async #properties(change: Put, stored: JsonObject | undefined): Promise<JsonObject> {
    if (!change.partial) return change.properties
    if (stored !== undefined) return { ...this.#reader.properties(stored), ...change.properties }
    return (await this.#reader.item(this.#root, change.id, this.#run.signal)).properties
  }

  /** One part that cannot be read takes neither the item nor what was stored of the part before. */
  async #parts({ parts = [] }: ItemBody, before: ItemVersion | undefined): Promise<StoredParts> {
    const stored: StoredPart[] = []
    let failure: string | undefined
    for (const part of parts) {
      const known = before?.parts.find(({ name }) => name === part.name)
      try {
        stored.push(part.unchanged === true && known !== undefined ? known : await this.#part(part))
      } catch (error) {
        if (!isLocal(error)) throw error
        failure ??= error.code
        if (known !== undefined) stored.push(known)
      }
    }
    return { parts: stored, ...(failure === undefined ? {} : { failure }) }
  }

  async #part(part: Part): Promise<StoredPart> {
    const { writer, counts, signal } = this.#run
    const { blobs, size } = await writer.add(await part.open(signal), false)
    counts.contentBytes += size
    return { name: part.name, size, blobs }
  }

  async #remove(id: string, container: string | undefined): Promise<void> {
    const { catalog, checkpoints, seq } = this.#run
    await checkpoints.record(() => {
      catalog.removeItem(seq, this.#row.key, this.#reader.folder, container, id)
      // If it moved, where it is now may have failed to read it.
      if (container === undefined || this.#failing.get(id) === container) this.#removeFailure(id)
    })
    this.#run.tell()
  }

  async #seen(container: Container, id: string): Promise<void> {
    await this.#run.checkpoints.record(() => {
      this.#run.catalog.markSeen(this.#row.key, this.#reader.folder, container.id, id)
    })
  }

  /** Notes that an item could not be read, or not all of it: what is stored of it stays, and it is tried again. */
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

function contentOf({ blobs, size, textKey }: StoredBody): Pick<ItemVersion, 'content' | 'size' | 'textKey'> {
  return { content: blobs, size, textKey }
}
