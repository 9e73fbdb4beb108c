import { BoundedWork } from '../../bounded-work.ts'
import type { CatalogRoot } from '../../catalog/model.ts'
import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import { kindOfRoot } from '../../model/root-path.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { ItemDescriber } from '../../ports/data-type.ts'
import { HOLDFAST_FOLDER } from '../backup/layout.ts'
import { takeCursors, type CursorsFile } from '../backup/snapshot-files.ts'
import { nodeAt } from '../restore/walk-tree.ts'
import { StoredType, type Shard, type StoredItem } from '../stored/stored-folder.ts'
import { containersIn, type FoundContainer } from './containers-in.ts'
import { indexItem } from './index-item.ts'
import type { IndexerOptions } from './model.ts'

const ITEMS_AT_ONCE = 8
// Rows after which what was read is made durable: the blobs already are.
const CHECKPOINT_ROWS = 20_000

type Items = ReadonlyMap<string, StoredItem>

/** The container whose items are read. */
interface ItemPlace {
  readonly root: CatalogRoot
  readonly describer: ItemDescriber
  readonly type: StoredType
  readonly container: string
}

/** Reads one snapshot into the catalog, by its difference to the base. */
export class SnapshotIndexer {
  readonly #options: IndexerOptions
  #rows = 0

  constructor(options: IndexerOptions) {
    this.#options = options
  }

  async run(): Promise<void> {
    const { catalog, series, seq, describers } = this.#options
    const cursors = await this.#cursors()
    const rows = cursors.roots.map(({ id, path }) => catalog.root(seq, id, path))
    const listed = new Set(rows.map(({ key }) => key))
    for (const root of catalog.roots(series)) if (!listed.has(root.key)) catalog.removeRoot(seq, root.key)
    for (const root of rows)
      for (const describer of describers[kindOfRoot(root.path)]) await this.#type(root, describer)
    takeCursors(catalog, rows, cursors, describers)
  }

  async #cursors(): Promise<CursorsFile> {
    const { repository, snapshot, signal } = this.#options
    const node = await nodeAt(repository, snapshot.tree, `${HOLDFAST_FOLDER}/cursors.json`, signal)
    const bytes = await repository.content(node?.content ?? [], signal)
    return JSON.parse(Buffer.from(bytes).toString()) as CursorsFile
  }

  async #type(root: CatalogRoot, describer: ItemDescriber): Promise<void> {
    const { base, catalog, snapshot } = this.#options
    const now = await this.#subtree(snapshot.tree, `${root.path}/${describer.folder}`)
    const basePath = base === undefined ? undefined : catalog.rootPath(base.seq, root.key)
    const before =
      base === undefined || basePath === undefined
        ? undefined
        : await this.#subtree(base.tree, `${basePath}/${describer.folder}`)
    if (now === before) return
    const type = new StoredType(this.#options.repository, describer, this.#options.signal)
    const found = await this.#containers(type, now)
    const had = await this.#containers(type, before)
    this.#takeContainers(root, describer, found, had)
    for (const container of found.values())
      await this.#items({ root, describer, type, container: container.graphId }, container, had.get(container.graphId))
  }

  #containers(type: StoredType, tree: HexId | undefined): Promise<Map<string, FoundContainer>> {
    const { repository, signal } = this.#options
    return tree === undefined
      ? Promise.resolve(new Map<string, FoundContainer>())
      : containersIn(repository, type, tree, signal)
  }

  async #subtree(tree: HexId, path: string): Promise<HexId | undefined> {
    const { repository, signal } = this.#options
    try {
      return (await nodeAt(repository, tree, path, signal))?.subtree
    } catch (error) {
      if (error instanceof EngineError && error.code === 'repository.path-not-found') return undefined
      throw error
    }
  }

  #takeContainers(
    root: CatalogRoot,
    describer: ItemDescriber,
    found: ReadonlyMap<string, FoundContainer>,
    had: ReadonlyMap<string, FoundContainer>,
  ): void {
    const { catalog, seq } = this.#options
    for (const { graphId, parentGraphId, dirName, path, properties } of found.values()) {
      const place = { graphId, parentGraphId, dirName, path, properties }
      catalog.putContainer(seq, { root: root.key, type: describer.folder, ...place })
    }
    for (const graphId of had.keys())
      if (!found.has(graphId)) catalog.removeContainer(seq, root.key, describer.folder, graphId)
  }

  async #items(place: ItemPlace, container: FoundContainer, before: FoundContainer | undefined): Promise<void> {
    for (const name of new Set([...container.shards.keys(), ...(before?.shards.keys() ?? [])])) {
      const now = container.shards.get(name)
      const then = before?.shards.get(name)
      if (now !== undefined && then !== undefined && isSameShard(now, then)) continue
      const nothing: Items = new Map()
      const items = now === undefined ? nothing : await place.type.items(now)
      await this.#shard(place, items, then === undefined ? nothing : await place.type.items(then))
    }
  }

  async #shard({ root, describer, type, container }: ItemPlace, now: Items, then: Items): Promise<void> {
    const { catalog, seq, signal } = this.#options
    const work = new BoundedWork(ITEMS_AT_ONCE)
    for (const [name, { metadata }] of then) {
      if (now.has(name)) continue
      const { id } = describer.identity(await this.#json(metadata))
      catalog.removeItem(seq, root.key, describer.folder, container, id)
    }
    for (const [name, item] of now) {
      signal.throwIfAborted()
      if (isSameItem(then.get(name), item)) continue
      await work.start(async () => {
        const metadata = await this.#json(item.metadata)
        const parts = await type.parts(item)
        await indexItem(this.#options, { root, describer, container, name, metadata, files: item, parts })
        this.#checkpoint()
        this.#options.onItem()
      })
    }
    await work.finish()
  }

  async #json(node: TreeNode): Promise<Record<string, never>> {
    const bytes = await this.#options.repository.content(node.content ?? [], this.#options.signal)
    return JSON.parse(Buffer.from(bytes).toString()) as Record<string, never>
  }

  #checkpoint(): void {
    if (++this.#rows % CHECKPOINT_ROWS === 0) this.#options.catalog.checkpoint()
  }
}

function isSameShard({ trees: one }: Shard, { trees: other }: Shard): boolean {
  return one.metadata === other.metadata && one.content === other.content && one.parts === other.parts
}

function isSameItem(one: StoredItem | undefined, other: StoredItem): boolean {
  return (
    one !== undefined &&
    isSameFile(one.metadata, other.metadata) &&
    isSameFile(one.content, other.content) &&
    one.parts?.subtree === other.parts?.subtree
  )
}

function isSameFile(one: TreeNode | undefined, other: TreeNode | undefined): boolean {
  return one?.content?.join() === other?.content?.join()
}
