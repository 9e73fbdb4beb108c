import type { CatalogContainer, CatalogRoot, ItemVersion } from '../../catalog/model.ts'
import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { DataTypeReader } from '../../ports/data-type.ts'
import type { RunContext } from './context.ts'
import { CONTAINER_FILE, directoryNode, fileNode, isShard, sorted } from './layout.ts'

/**
 * Builds the tree of one data type of one root from the base snapshot's tree and what the run changed. Containers
 * without changes keep their tree, so the work is in proportion to the changes.
 */
export class TypeTree {
  readonly #run: RunContext
  readonly #reader: DataTypeReader
  readonly #root: CatalogRoot
  readonly #time: string
  readonly #children: Map<string, CatalogContainer[]>
  readonly #before: ReadonlyMap<string, CatalogContainer>
  readonly #baseTree: HexId | undefined

  /** `baseTree`: the type's tree in the base snapshot, if it has one. `time`: ISO 8601, for changed folders. */
  constructor(run: RunContext, reader: DataTypeReader, root: CatalogRoot, baseTree: HexId | undefined, time: string) {
    this.#run = run
    this.#reader = reader
    this.#root = root
    this.#time = time
    this.#baseTree = baseTree
    const { catalog, seq, base } = run
    const now = catalog.containers(seq, root.key, reader.folder)
    const before = base === undefined ? [] : catalog.containers(base.seq, root.key, reader.folder)
    const known = new Set(now.map(({ graphId }) => graphId))
    this.#children = Map.groupBy(now, ({ parentGraphId: parent }) =>
      parent !== null && known.has(parent) ? parent : '',
    )
    this.#before = new Map(before.map((container) => [container.graphId, container]))
  }

  /** The type's tree, or undefined if there is nothing in it. */
  async build(): Promise<HexId | undefined> {
    const nodes = await this.#childNodes('')
    if (nodes.length === 0) return undefined
    return this.#run.writer.addTree({ nodes: sorted(nodes) })
  }

  async #childNodes(graphId: string): Promise<TreeNode[]> {
    const nodes: TreeNode[] = []
    for (const child of this.#children.get(graphId) ?? []) nodes.push(await this.#containerNode(child))
    return nodes
  }

  async #containerNode(container: CatalogContainer): Promise<TreeNode> {
    const base = await this.#baseNode(container)
    if (base !== undefined && !this.#isChanged(container)) return { ...base, name: container.dirName }
    const kept =
      base?.subtree === undefined ? [] : (await this.#run.repository.tree(base.subtree, this.#run.signal)).nodes
    const nodes = [
      await this.#metadataNode(container, kept),
      ...(await this.#shardNodes(container, kept)),
      ...(await this.#childNodes(container.graphId)),
    ]
    return directoryNode(container.dirName, this.#run.writer.addTree({ nodes: sorted(nodes) }), this.#time)
  }

  /** Whether anything in or below the container differs from the base snapshot. */
  #isChanged({ graphId }: CatalogContainer): boolean {
    if (!this.#before.has(graphId)) return true
    if (this.#run.catalog.isTouched(this.#run.seq, this.#root.key, this.#reader.folder, graphId)) return true
    return (this.#children.get(graphId) ?? []).some((child) => this.#isChanged(child))
  }

  /** The container's node in the base snapshot, wherever it was there. */
  async #baseNode(container: CatalogContainer): Promise<TreeNode | undefined> {
    const before = this.#before.get(container.graphId)
    if (before === undefined) return undefined
    let tree = this.#baseTree
    let node: TreeNode | undefined
    for (const name of before.path.split('/')) {
      if (tree === undefined) break
      node = (await this.#run.repository.tree(tree, this.#run.signal)).nodes.find((other) => other.name === name)
      tree = node?.subtree
    }
    // The catalog says that the base snapshot has it: without its tree the new snapshot would lose what is in it.
    if (tree === undefined)
      throw new EngineError('catalog.damaged', { context: { reason: 'container not in snapshot' } })
    return node
  }

  async #metadataNode({ properties }: CatalogContainer, kept: readonly TreeNode[]): Promise<TreeNode> {
    const { blobs, size } = await this.#run.writer.add(Buffer.from(properties), false)
    const node = kept.find(({ name }) => name === CONTAINER_FILE)
    return node?.content?.join() === blobs.join() ? node : fileNode(CONTAINER_FILE, blobs, size, this.#time)
  }

  async #shardNodes(container: CatalogContainer, kept: readonly TreeNode[]): Promise<TreeNode[]> {
    const shards = new Map(
      kept.filter((node) => node.type === 'dir' && isShard(node.name)).map((node) => [node.name, node]),
    )
    const { catalog, seq } = this.#run
    for (const shard of catalog.touchedShards(seq, this.#root.key, this.#reader.folder, container.graphId)) {
      const node = await this.#shardNode(container, shard, shards.get(shard))
      if (node === undefined) shards.delete(shard)
      else shards.set(shard, node)
    }
    return [...shards.values()]
  }

  async #shardNode(
    container: CatalogContainer,
    shard: string,
    base: TreeNode | undefined,
  ): Promise<TreeNode | undefined> {
    const { repository, catalog, seq, signal, writer } = this.#run
    const kept = base?.subtree === undefined ? [] : (await repository.tree(base.subtree, signal)).nodes
    const nodes = new Map(kept.map((node) => [node.name, node]))
    const edits = catalog.edits(seq, this.#root.key, this.#reader.folder, container.graphId, shard)
    for (const { name } of edits.removed) for (const file of this.#fileNames(name)) nodes.delete(file)
    for (const version of edits.put) for (const node of this.#itemNodes(version)) nodes.set(node.name, node)
    if (nodes.size === 0) return undefined
    await writer.ready()
    return directoryNode(shard, writer.addTree({ nodes: sorted([...nodes.values()]) }), this.#time)
  }

  #fileNames(name: string): string[] {
    const { contentExtension } = this.#reader
    return contentExtension === undefined ? [`${name}.json`] : [`${name}.json`, `${name}${contentExtension}`]
  }

  #itemNodes(version: ItemVersion): TreeNode[] {
    const time = new Date(version.time).toISOString()
    const metadata = fileNode(`${version.name}.json`, version.metadata, version.metadataSize, time)
    if (version.content === null) return [metadata]
    return [
      metadata,
      fileNode(`${version.name}${this.#reader.contentExtension ?? ''}`, version.content, version.size, time),
    ]
  }
}
