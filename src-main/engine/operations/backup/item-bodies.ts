import type { ItemVersion } from '../../catalog/model.ts'
import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Content, DataTypeReader, ItemBody } from '../../ports/data-type.ts'
import { INDEXED_BYTES, indexedPart } from '../catalog/indexed-part.ts'
import type { RunContext } from './context.ts'

/** An item's content and its entry in the full-text index, as they are stored. */
export interface StoredBody {
  /** Null if it has no content. */
  readonly blobs: readonly HexId[] | null
  readonly size: number
  readonly textKey: number | null
}

const EMPTY = new Uint8Array(0)

/** Stores contents of items and indexes their text. */
export class ItemBodies {
  readonly #run: RunContext
  readonly #reader: DataTypeReader

  constructor(run: RunContext, reader: DataTypeReader) {
    this.#run = run
    this.#reader = reader
  }

  async store({ content }: ItemBody, metadata: JsonObject, before: ItemVersion | undefined): Promise<StoredBody> {
    if (content === 'unchanged') return this.#unchanged(metadata, before)
    if (content === undefined) return this.#withText({ blobs: null, size: 0 }, metadata, EMPTY)
    const { writer, counts } = this.#run
    const kept: Uint8Array[] = []
    const { blobs, size } = await writer.add(
      content instanceof Uint8Array ? content : keepStart(content, kept),
      this.#reader.mimeContent,
    )
    counts.contentRead++
    counts.contentBytes += size
    return this.#withText({ blobs, size }, metadata, indexedPart(content instanceof Uint8Array ? [content] : kept))
  }

  async #unchanged(metadata: JsonObject, before: ItemVersion | undefined): Promise<StoredBody> {
    if (before === undefined) throw new EngineError('internal', { context: { reason: 'nothing to be unchanged' } })
    const { content: blobs, size, textKey } = before
    if (this.#reader.textFrom === 'content') return { blobs, size, textKey }
    return this.#withText({ blobs, size }, metadata, EMPTY)
  }

  async #withText(
    stored: Pick<StoredBody, 'blobs' | 'size'>,
    metadata: JsonObject,
    content: Uint8Array,
  ): Promise<StoredBody> {
    const { catalog, checkpoints } = this.#run
    const isFromContent = this.#reader.textFrom === 'content'
    if (isFromContent && stored.blobs === null) return { ...stored, textKey: null }
    const body = await this.#reader.searchText(metadata, isFromContent ? content : EMPTY)
    const { title, from, to } = this.#reader.row(metadata, stored.size)
    const textKey = await checkpoints.record(() => catalog.addText({ title, from, to, body }))
    return { ...stored, textKey }
  }
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
