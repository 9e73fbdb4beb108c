import type { CatalogRoot } from '../../catalog/model.ts'
import type { HexId } from '../../model/ids.ts'
import { kindOfRoot } from '../../model/root-path.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { DataTypeReader } from '../../ports/data-type.ts'
import type { RunContext } from './context.ts'
import { directoryNode, sorted } from './layout.ts'
import { TypeTree } from './type-tree.ts'

/** Folders of the base snapshot on the way to roots that were read last: roots come in the order of their paths. */
const FOLDERS_KNOWN = 8

type Nodes = ReadonlyMap<string, TreeNode>

/** A folder that is on the way to roots, or a root's own; a site's holds its subsites too. */
interface Folder {
  readonly path: string
  readonly nodes: TreeNode[]
  readonly folders: Map<string, Folder>
}

/** Builds a snapshot's tree from the base snapshot's and what the run changed. */
export class SnapshotTree {
  readonly #run: RunContext
  readonly #time: string
  readonly #known = new Map<string, Nodes>()

  /** `time`: ISO 8601, for folders that changed. */
  constructor(run: RunContext, time: string) {
    this.#run = run
    this.#time = time
  }

  /** `beside`: what the snapshot has beside its roots. */
  async build(beside: readonly TreeNode[]): Promise<HexId> {
    const top = emptyFolder('')
    for (const root of this.#run.catalog.roots(this.#run.seriesKey)) {
      const nodes = await this.#rootNodes(root)
      if (nodes.length > 0) folderAt(top, root.path).nodes.push(...nodes)
    }
    top.nodes.push(...beside)
    return (await this.#tree(top)).tree
  }

  async #rootNodes(root: CatalogRoot): Promise<readonly TreeNode[]> {
    const base = await this.#baseRootNodes(root)
    const nodes: TreeNode[] = []
    for (const reader of this.#run.readers[kindOfRoot(root.path)])
      nodes.push(...(await this.#typeNode(reader, root, base.get(reader.folder))))
    return nodes
  }

  async #typeNode(reader: DataTypeReader, root: CatalogRoot, before: TreeNode | undefined): Promise<TreeNode[]> {
    const tree = await new TypeTree(this.#run, reader, root, before?.subtree, this.#time).build()
    if (tree === undefined) return []
    return [tree === before?.subtree ? before : directoryNode(reader.folder, tree, this.#time)]
  }

  async #baseRootNodes({ key }: CatalogRoot): Promise<Nodes> {
    const { base, catalog } = this.#run
    const path = base === undefined ? undefined : catalog.rootPath(base.seq, key)
    return path === undefined ? new Map() : this.#baseNodes(path)
  }

  /** What a folder of the base snapshot holds. */
  async #baseNodes(path: string): Promise<Nodes> {
    const known = this.#known.get(path)
    if (known !== undefined) return known
    const { base, repository, signal } = this.#run
    const at = path.lastIndexOf('/')
    const tree =
      path === ''
        ? base?.tree
        : (await this.#baseNodes(path.slice(0, Math.max(at, 0)))).get(path.slice(at + 1))?.subtree
    const nodes = tree === undefined ? [] : (await repository.tree(tree, signal)).nodes
    const found = new Map(nodes.map((node) => [node.name, node]))
    const [oldest] = this.#known.keys()
    if (oldest !== undefined && this.#known.size >= FOLDERS_KNOWN) this.#known.delete(oldest)
    this.#known.set(path, found)
    return found
  }

  async #tree(folder: Folder): Promise<{ readonly tree: HexId; readonly node: TreeNode | undefined }> {
    const nodes = [...folder.nodes]
    for (const [name, inner] of folder.folders) {
      const { tree, node } = await this.#tree(inner)
      nodes.push(node ?? directoryNode(name, tree, this.#time))
    }
    await this.#run.writer.ready()
    const tree = this.#run.writer.addTree({ nodes: sorted(nodes) })
    return { tree, node: await this.#unchanged(folder.path, tree) }
  }

  /** The folder's node in the base snapshot, if it is the same one. */
  async #unchanged(path: string, tree: HexId): Promise<TreeNode | undefined> {
    if (path === '') return undefined
    const at = path.lastIndexOf('/')
    const before = (await this.#baseNodes(path.slice(0, Math.max(at, 0)))).get(path.slice(at + 1))
    return before?.subtree === tree ? before : undefined
  }
}

function emptyFolder(path: string): Folder {
  return { path, nodes: [], folders: new Map() }
}

function folderAt(top: Folder, path: string): Folder {
  let folder = top
  for (const name of path.split('/')) {
    const inner = folder.folders.get(name) ?? emptyFolder(folder.path === '' ? name : `${folder.path}/${name}`)
    folder.folders.set(name, inner)
    folder = inner
  }
  return folder
}
