import type { HexId } from '../../model/ids.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { ItemDescriber } from '../../ports/data-type.ts'
import { RecentTrees, type TreeReader } from '../../repository/recent-trees.ts'
import { CONTAINER_FILE, PARTS_FOLDER, PLANES, isShard } from '../backup/layout.ts'

/** The same folder in each of the places where files of its items are; one tree three times where they lie beside each other. */
interface Trees {
  readonly metadata: HexId | undefined
  readonly content: HexId | undefined
  readonly parts: HexId | undefined
}

/** A container's folder, or the data type's own, as a snapshot has it. */
export interface FolderPlace {
  readonly dirName: string
  /** Below the data type's folder; "" for that itself. */
  readonly path: string
  readonly trees: Trees
}

/** Where items are: the container's folder itself (name "") or a month of it. */
export interface Shard {
  readonly name: string
  readonly trees: Trees
}

export interface StoredFolder {
  /** The container's own metadata file. */
  readonly file: TreeNode | undefined
  readonly folders: readonly FolderPlace[]
  readonly shards: readonly Shard[]
}

/** The files of one item. */
export interface StoredItem {
  readonly metadata: TreeNode
  readonly content: TreeNode | undefined
  /** The folder with its parts. */
  readonly parts: TreeNode | undefined
}

const METADATA = '.json'

/** Reads folders and items of one data type out of a snapshot, whatever its layout. */
export class StoredType {
  readonly #trees: RecentTrees
  readonly #describer: ItemDescriber
  readonly #signal: AbortSignal
  /** Of the shard that was asked for last. */
  #items: { readonly of: Trees; readonly items: ReadonlyMap<string, StoredItem> } | undefined

  constructor(repository: TreeReader, describer: ItemDescriber, signal: AbortSignal) {
    this.#trees = new RecentTrees(repository)
    this.#describer = describer
    this.#signal = signal
  }

  /** The data type's own folder; `tree` is what the snapshot has there. */
  top(tree: HexId): FolderPlace {
    return { dirName: '', path: '', trees: { metadata: tree, content: tree, parts: undefined } }
  }

  async open(place: FolderPlace): Promise<StoredFolder> {
    const depth = place.path === '' ? 0 : place.path.split('/').length
    if (this.#describer.layout === 'apart') return depth === 1 ? this.#openApartTop(place) : this.#openApart(place)
    const nodes = await this.#nodes(place.trees.metadata)
    if (depth === 0) return { file: undefined, folders: nodes.flatMap((node) => beside(place, node)), shards: [] }
    return openBeside(place, nodes)
  }

  /** The items of a shard by name. */
  async items({ trees }: Shard): Promise<ReadonlyMap<string, StoredItem>> {
    const known = this.#items
    if (known !== undefined && isSame(known.of, trees)) return known.items
    const items = await this.#readItems(trees)
    this.#items = { of: trees, items }
    return items
  }

  async #readItems(trees: Trees): Promise<ReadonlyMap<string, StoredItem>> {
    const nodes = await this.#nodes(trees.metadata)
    const contents = trees.content === trees.metadata ? byName(nodes) : byName(await this.#nodes(trees.content))
    const parts = byName(await this.#nodes(trees.parts))
    const { contentExtension } = this.#describer
    const items = new Map<string, StoredItem>()
    for (const node of nodes) {
      if (node.type !== 'file' || !node.name.endsWith(METADATA) || node.name === CONTAINER_FILE) continue
      const name = node.name.slice(0, -METADATA.length)
      const content = contentExtension === undefined ? undefined : contents.get(`${name}${contentExtension}`)
      items.set(name, {
        metadata: node,
        content: content?.type === 'file' ? content : undefined,
        parts: parts.get(name),
      })
    }
    return items
  }

  /** The files in an item's folder of parts. */
  async parts({ parts }: StoredItem): Promise<readonly TreeNode[]> {
    return (await this.#nodes(parts?.subtree)).filter(({ type }) => type === 'file')
  }

  /** `<top>` holds its own metadata and the three places; the containers below it begin with "files". */
  async #openApartTop(place: FolderPlace): Promise<StoredFolder> {
    const nodes = byName(await this.#nodes(place.trees.metadata))
    const tree = (name: string): HexId | undefined => nodes.get(name)?.subtree
    const trees = { metadata: tree(PLANES.metadata), content: tree(PLANES.content), parts: tree(PLANES.parts) }
    const files = { dirName: PLANES.content, path: `${place.path}/${PLANES.content}`, trees }
    return {
      file: nodes.get(CONTAINER_FILE),
      folders: trees.metadata === undefined ? [] : [files],
      shards: [],
    }
  }

  async #openApart(place: FolderPlace): Promise<StoredFolder> {
    const nodes = await this.#nodes(place.trees.metadata)
    if (place.path === '') return { file: undefined, folders: nodes.flatMap((node) => beside(place, node)), shards: [] }
    const content = byName(await this.#nodes(place.trees.content))
    const parts = byName(await this.#nodes(place.trees.parts))
    const folders = nodes.flatMap(({ name, type, subtree }) => {
      if (type !== 'dir') return []
      const trees = { metadata: subtree, content: content.get(name)?.subtree, parts: parts.get(name)?.subtree }
      return [{ dirName: name, path: `${place.path}/${name}`, trees }]
    })
    return {
      file: nodes.find(({ name }) => name === CONTAINER_FILE),
      folders,
      shards: [{ name: '', trees: place.trees }],
    }
  }

  async #nodes(tree: HexId | undefined): Promise<readonly TreeNode[]> {
    return tree === undefined ? [] : (await this.#trees.tree(tree, this.#signal)).nodes
  }
}

function isSame(one: Trees, other: Trees): boolean {
  return one.metadata === other.metadata && one.content === other.content && one.parts === other.parts
}

function openBeside(place: FolderPlace, nodes: readonly TreeNode[]): StoredFolder {
  const parts = nodes.find(({ name, type }) => type === 'dir' && name === PARTS_FOLDER)?.subtree
  const tree = place.trees.metadata
  const months = nodes.filter(({ name, type }) => type === 'dir' && isShard(name))
  return {
    file: nodes.find(({ name }) => name === CONTAINER_FILE),
    folders: nodes.filter(({ name }) => !isShard(name) && name !== PARTS_FOLDER).flatMap((node) => beside(place, node)),
    shards: [
      { name: '', trees: { metadata: tree, content: tree, parts } },
      ...months.map(({ name, subtree }) => ({ name, trees: { metadata: subtree, content: subtree, parts } })),
    ],
  }
}

function beside(parent: FolderPlace, { name, type, subtree }: TreeNode): FolderPlace[] {
  if (type !== 'dir' || subtree === undefined) return []
  const path = parent.path === '' ? name : `${parent.path}/${name}`
  return [{ dirName: name, path, trees: { metadata: subtree, content: subtree, parts: undefined } }]
}

function byName(nodes: readonly TreeNode[]): ReadonlyMap<string, TreeNode> {
  return new Map(nodes.map((node) => [node.name, node]))
}
