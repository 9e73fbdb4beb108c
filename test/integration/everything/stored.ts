import type { HexId } from '../../../src-main/engine/model/ids.ts'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { TreeNode } from '../../../src-main/engine/model/tree.ts'
import { nodeAt } from '../../../src-main/engine/operations/restore/walk-tree.ts'
import { StoredType, type FolderPlace } from '../../../src-main/engine/operations/stored/stored-folder.ts'
import type { ItemDescriber } from '../../../src-main/engine/ports/data-type.ts'
import type { OpenRepository } from '../../../src-main/engine/repository/repository.ts'

/** An item of a snapshot with everything that is stored for it. */
export interface SnapshotItem {
  /** Names of its containers as people see them, from the top. */
  readonly container: readonly string[]
  readonly metadata: JsonObject
  readonly content: Uint8Array | undefined
  readonly parts: ReadonlyMap<string, Uint8Array>
}

export interface SnapshotContainer {
  readonly path: readonly string[]
  readonly metadata: JsonObject
}

export interface SnapshotType {
  readonly containers: readonly SnapshotContainer[]
  readonly items: readonly SnapshotItem[]
}

const signal = new AbortController().signal

/** All that a snapshot holds of one data type of a root; `root`: its folder. */
export async function readType(
  repository: OpenRepository,
  tree: HexId,
  root: string,
  describer: ItemDescriber,
): Promise<SnapshotType> {
  const reading = new TypeReading(repository, describer)
  const { nodes } = await repository.tree((await nodeAt(repository, tree, root))?.subtree ?? tree)
  const type = nodes.find(({ name }) => name === describer.folder)
  if (type?.subtree !== undefined) await reading.folder(reading.stored.top(type.subtree), [])
  return reading
}

class TypeReading implements SnapshotType {
  readonly containers: SnapshotContainer[] = []
  readonly items: SnapshotItem[] = []
  readonly stored: StoredType
  readonly #repository: OpenRepository

  constructor(repository: OpenRepository, describer: ItemDescriber) {
    this.#repository = repository
    this.stored = new StoredType(repository, describer, signal)
  }

  async folder(place: FolderPlace, above: readonly string[]): Promise<void> {
    const { file, folders, shards } = await this.stored.open(place)
    const metadata = file === undefined ? {} : await this.#json(file)
    const path = place.path === '' ? [] : [...above, nameIn(metadata)]
    if (place.path !== '') this.containers.push({ path, metadata })
    for (const shard of shards)
      for (const item of (await this.stored.items(shard)).values()) {
        const parts = new Map<string, Uint8Array>()
        for (const node of await this.stored.parts(item)) parts.set(node.name, await this.#bytes(node))
        this.items.push({
          container: path,
          metadata: await this.#json(item.metadata),
          content: item.content === undefined ? undefined : await this.#bytes(item.content),
          parts,
        })
      }
    for (const inner of folders) await this.folder(inner, path)
  }

  #bytes(node: TreeNode): Promise<Uint8Array> {
    return this.#repository.content(node.content ?? [])
  }

  async #json(node: TreeNode): Promise<JsonObject> {
    return JSON.parse(Buffer.from(await this.#bytes(node)).toString()) as JsonObject
  }
}

function nameIn(metadata: JsonObject): string {
  const name = metadata['o365:Name']
  return typeof name === 'string' ? name : ''
}
