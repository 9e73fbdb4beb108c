import type { CatalogRoot } from '../../catalog/model.ts'
import type { HexId } from '../../model/ids.ts'
import type { JsonObject } from '../../model/json.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { ItemDescriber } from '../../ports/data-type.ts'
import { INDEXED_BYTES, indexedPart } from './indexed-part.ts'
import type { IndexerOptions } from './model.ts'

export interface StoredItem {
  readonly root: CatalogRoot
  readonly describer: ItemDescriber
  readonly container: string
  readonly metadata: JsonObject
  readonly node: TreeNode
  readonly content: TreeNode | undefined
}

/** Takes an item of a snapshot into the catalog. Its text is read again only if its content is new there. */
export async function indexItem(options: IndexerOptions, item: StoredItem): Promise<void> {
  const { catalog, seq } = options
  const { root, describer, container, metadata, node, content } = item
  const { id, changeKey } = describer.identity(metadata)
  const row = describer.row(metadata, content?.size ?? 0)
  const latest = catalog.latest(root.key, describer.folder, id)?.version
  const blobs = content?.content ?? null
  const known = latest !== undefined && latest.content?.join() === blobs?.join()
  const text = known || blobs === null ? undefined : await readText(options, describer, metadata, blobs)
  const { title, from, to } = row
  catalog.putItem(seq, {
    ...row,
    root: root.key,
    type: describer.folder,
    graphId: id,
    container,
    changeKey,
    metadata: node.content ?? [],
    metadataSize: node.size ?? 0,
    content: blobs,
    textKey: text === undefined ? (latest?.textKey ?? null) : catalog.addText({ title, from, to, body: text }),
  })
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
