import type { CatalogRoot, ItemRow, ItemVersion, StoredPart } from '../../catalog/model.ts'
import type { HexId } from '../../model/ids.ts'
import type { JsonObject } from '../../model/json.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { ItemDescriber } from '../../ports/data-type.ts'
import type { StoredItem } from '../stored/stored-folder.ts'
import { INDEXED_BYTES, indexedPart } from './indexed-part.ts'
import type { IndexerOptions } from './model.ts'

export interface IndexedItem {
  readonly root: CatalogRoot
  readonly describer: ItemDescriber
  readonly container: string
  /** As its files are called: see name-clashes. */
  readonly name: string
  readonly metadata: JsonObject
  readonly files: StoredItem
  readonly parts: readonly TreeNode[]
}

/** Takes an item of a snapshot into the catalog. Its text is read again only if its content is new there. */
export async function indexItem(options: IndexerOptions, item: IndexedItem): Promise<void> {
  const { catalog, seq } = options
  const { root, describer, container, name, metadata, files, parts } = item
  const { content } = files
  const { id, changeKey } = describer.identity(metadata)
  const row = { ...describer.row(metadata, content?.size ?? 0), name }
  const latest = catalog.latest(root.key, describer.folder, id)?.version
  const blobs = content?.content ?? null
  catalog.putItem(seq, {
    ...row,
    root: root.key,
    type: describer.folder,
    graphId: id,
    container,
    changeKey,
    metadata: files.metadata.content ?? [],
    metadataSize: files.metadata.size ?? 0,
    content: blobs,
    parts: parts.map(storedPart),
    textKey: await textKey(options, describer, metadata, row, blobs, latest),
  })
}

function storedPart({ name, size = 0, content }: TreeNode): StoredPart {
  return { name, size, blobs: content ?? [] }
}

/** The item's entry in the full-text index: the one it has, if its text is the same. */
async function textKey(
  options: IndexerOptions,
  describer: ItemDescriber,
  metadata: JsonObject,
  { title, from, to }: ItemRow,
  blobs: readonly HexId[] | null,
  latest: ItemVersion | undefined,
): Promise<number | null> {
  const isFromContent = describer.textFrom === 'content'
  if (isFromContent && blobs === null) return null
  if (isFromContent && latest !== undefined && latest.content?.join() === blobs?.join()) return latest.textKey
  const body = isFromContent
    ? await readText(options, describer, metadata, blobs ?? [])
    : await describer.searchText(metadata, new Uint8Array(0))
  return options.catalog.addText({ title, from, to, body })
}

async function readText(
  { repository, signal }: IndexerOptions,
  describer: ItemDescriber,
  metadata: JsonObject,
  blobs: readonly HexId[],
): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for (const blob of blobs) {
    if (length >= INDEXED_BYTES) break
    const part = await repository.blob(blob, 'data', signal)
    parts.push(part)
    length += part.length
  }
  return describer.searchText(metadata, indexedPart(parts))
}
