import type { ShardEdits } from '../../catalog/catalog.ts'
import type { CatalogContainer, CatalogRoot } from '../../catalog/model.ts'
import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { DataTypeReader } from '../../ports/data-type.ts'
import type { RunContext } from './context.ts'
import { CONTAINER_FILE, directoryNode, fileNode, sorted } from './layout.ts'
import { resolveNameClashes } from './name-clashes.ts'
import { contentPlane, metadataPlane, partsPlane, wholePlane, type Plane } from './planes.ts'

/** Trees of the base snapshot on the way to containers that were read last: siblings ask for the same ones. */
const TREES_KNOWN = 4

type Nodes = ReadonlyMap<string, TreeNode>

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
  readonly #beforeChildren: Map<string, CatalogContainer[]>
  readonly #baseTree: HexId | undefined
  readonly #changed = new Map<string, boolean>()
  readonly #trees = new Map<HexId, Nodes>()

  /** `baseTree`: the type's tree in the base snapshot, if it has one. `time`: ISO 8601, for changed folders. */
  constructor(run: RunContext, reader: DataTypeReader, root: CatalogRoot, baseTree: HexId | undefined, time: string) {
    this.#run = run
    this.#reader = reader
    this.#root = root
    this.#time = time
    this.#baseTree = baseTree
    const { catalog, seq, base } = run
    const before = base === undefined ? [] : catalog.containers(base.seq, root.key, reader.folder)
    this.#children = byParent(catalog.containers(seq, root.key, reader.folder))
    this.#beforeChildren = byParent(before)
    this.#before = new Map(before.map((container) => [container.graphId, container]))
  }

  /** The type's tree, or undefined if there is nothing in it. */
  async build(): Promise<HexId | undefined> {
    if (this.#reader.layout === 'apart') resolveNameClashes(this.#run, this.#root, this.#reader.folder)
    const nodes: TreeNode[] = []
    for (const top of this.#children.get('') ?? []) nodes.push(...(await this.#topNode(top)))
    if (nodes.length === 0) return undefined
    return this.#run.writer.addTree({ nodes: sorted(nodes) })
  }

  async #topNode(top: CatalogContainer): Promise<TreeNode[]> {
    if (this.#reader.layout === 'apart') return [await this.#apartNode(top)]
    const node = await this.#containerNode(wholePlane(this.#reader), top)
    return node === undefined ? [] : [node]
  }

  /** The topmost container of a type whose contents, metadata and parts are apart. */
  async #apartNode(top: CatalogContainer): Promise<TreeNode> {
    const base = await this.#baseNode(undefined, top)
    if (base !== undefined && !this.#isChanged(top)) return { ...base, name: top.dirName }
    const nodes = [await this.#metadataNode(top, await this.#nodes(base?.subtree))]
    for (const plane of [contentPlane(), metadataPlane(), partsPlane(this.#time)])
      for (const child of this.#children.get(top.graphId) ?? []) {
        const node = await this.#containerNode(plane, child)
        if (node !== undefined) nodes.push({ ...node, name: plane.folder ?? child.dirName })
      }
    return directoryNode(top.dirName, this.#run.writer.addTree({ nodes: sorted(nodes) }), this.#time)
  }

  async #containerNode(plane: Plane, container: CatalogContainer): Promise<TreeNode | undefined> {
    const base = await this.#baseNode(plane, container)
    if (!this.#isChanged(container)) return base === undefined ? undefined : { ...base, name: container.dirName }
    const kept = await this.#nodes(base?.subtree)
    const nodes = [
      ...(plane.hasMetadata ? [await this.#metadataNode(container, kept)] : []),
      ...(await this.#itemNodes(plane, container, kept)),
    ]
    for (const child of this.#children.get(container.graphId) ?? []) {
      const node = await this.#containerNode(plane, child)
      if (node !== undefined) nodes.push(node)
    }
    if (nodes.length === 0 && !plane.keepsEmpty) return undefined
    return directoryNode(container.dirName, this.#run.writer.addTree({ nodes: sorted(nodes) }), this.#time)
  }

  /** Whether anything in or below the container differs from the base snapshot. */
  #isChanged(container: CatalogContainer): boolean {
    const { graphId } = container
    const known = this.#changed.get(graphId)
    if (known !== undefined) return known
    const { catalog, seq } = this.#run
    const changed =
      !this.#before.has(graphId) ||
      catalog.isTouched(seq, this.#root.key, this.#reader.folder, graphId) ||
      (this.#children.get(graphId) ?? []).some((child) => this.#isChanged(child))
    this.#changed.set(graphId, changed)
    return changed
  }

  /** The container's node in the base snapshot, wherever it was there. */
  async #baseNode(plane: Plane | undefined, container: CatalogContainer): Promise<TreeNode | undefined> {
    const before = this.#before.get(container.graphId)
    if (before === undefined) return undefined
    const [top = '', files, ...rest] = before.path.split('/')
    const names = files === undefined ? [top] : [top, plane?.folder ?? files, ...rest]
    let tree = this.#baseTree
    let node: TreeNode | undefined
    for (const name of names) {
      if (tree === undefined) break
      node = (await this.#nodesOnTheWay(tree)).get(name)
      tree = node?.subtree
    }
    if (tree !== undefined) return node
    if (plane?.keepsEmpty === false) return undefined
    // The catalog says that the base snapshot has it: without its tree the new snapshot would lose what is in it.
    throw new EngineError('catalog.damaged', { context: { reason: 'container not in snapshot' } })
  }

  async #metadataNode({ properties }: CatalogContainer, kept: Nodes): Promise<TreeNode> {
    const { blobs, size } = await this.#run.writer.add(Buffer.from(properties), false)
    const node = kept.get(CONTAINER_FILE)
    return node?.content?.join() === blobs.join() ? node : fileNode(CONTAINER_FILE, blobs, size, this.#time)
  }

  /** What the container's folder has beside its metadata file and the containers in it, brought up to date. */
  async #itemNodes(plane: Plane, container: CatalogContainer, kept: Nodes): Promise<TreeNode[]> {
    const nodes = new Map(kept)
    nodes.delete(CONTAINER_FILE)
    for (const { dirName } of this.#beforeChildren.get(container.graphId) ?? []) nodes.delete(dirName)
    const { catalog, seq } = this.#run
    const { folder } = this.#reader
    const parts: ShardEdits[] = []
    for (const shard of catalog.touchedShards(seq, this.#root.key, folder, container.graphId)) {
      const edits = catalog.edits(seq, this.#root.key, folder, container.graphId, shard)
      if (shard === '') plane.apply(nodes, edits, this.#run.writer)
      else
        await this.#changeFolder(nodes, shard, (inside) => {
          plane.apply(inside, edits, this.#run.writer)
        })
      if (plane.partsFolder !== undefined) parts.push(...editsOfParts(edits))
    }
    // All shards have one folder for their parts. It is changed once: what was just added cannot be read yet.
    if (plane.partsFolder !== undefined && parts.length > 0)
      await this.#changeFolder(nodes, plane.partsFolder, (inside) => {
        for (const edits of parts) partsPlane(this.#time).apply(inside, edits, this.#run.writer)
      })
    return [...nodes.values()]
  }

  /** Changes what is in a folder of `nodes`; one that becomes empty goes. */
  async #changeFolder(
    nodes: Map<string, TreeNode>,
    name: string,
    change: (inside: Map<string, TreeNode>) => void,
  ): Promise<void> {
    const before = nodes.get(name)
    const inside = new Map(await this.#nodes(before?.subtree))
    change(inside)
    if (inside.size === 0) {
      nodes.delete(name)
      return
    }
    await this.#run.writer.ready()
    const tree = this.#run.writer.addTree({ nodes: sorted([...inside.values()]) })
    if (tree !== before?.subtree) nodes.set(name, directoryNode(name, tree, this.#time))
  }

  async #nodes(tree: HexId | undefined): Promise<Nodes> {
    if (tree === undefined) return new Map()
    const { nodes } = await this.#run.repository.tree(tree, this.#run.signal)
    return new Map(nodes.map((node) => [node.name, node]))
  }

  async #nodesOnTheWay(tree: HexId): Promise<Nodes> {
    const known = this.#trees.get(tree)
    if (known !== undefined) return known
    const nodes = await this.#nodes(tree)
    const [oldest] = this.#trees.keys()
    if (oldest !== undefined && this.#trees.size >= TREES_KNOWN) this.#trees.delete(oldest)
    this.#trees.set(tree, nodes)
    return nodes
  }
}

/** What of the edits is about parts: nothing for most items, so that it can be kept for all shards of a container. */
function editsOfParts({ removed, put }: ShardEdits): readonly ShardEdits[] {
  const withParts = put.filter(({ parts }) => parts.length > 0)
  return removed.length + withParts.length === 0 ? [] : [{ removed, put: withParts }]
}

/** Containers by the one above; "" for the topmost, and for those whose parent is unknown. */
function byParent(containers: readonly CatalogContainer[]): Map<string, CatalogContainer[]> {
  const known = new Set(containers.map(({ graphId }) => graphId))
  return Map.groupBy(containers, ({ parentGraphId: parent }) => (parent !== null && known.has(parent) ? parent : ''))
}
