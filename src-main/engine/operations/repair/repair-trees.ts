import { idBytes, type HexId } from '../../model/ids.ts'
import type { TreeNode } from '../../model/tree.ts'
import { isDamage } from '../../repository/damage.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { decodeTree, encodeTree } from '../../repository/tree-json.ts'
import { nodeTexts, treeBytes } from '../../repository/tree-text.ts'

const MAX_PATHS = 1000

/** A tree without what cannot be read. */
export interface RepairedTree {
  /** Undefined if the tree itself cannot be read. */
  readonly tree: HexId | undefined
  /** How many files and folders are left out. */
  readonly items: number
  /** Their paths below the tree; of very many, the first ones. */
  readonly paths: readonly string[]
}

interface KeptNode {
  readonly node: TreeNode
  readonly at: number
}

/** Makes trees anew without what is not there. Each tree is looked at once, however many snapshots have it. */
export class TreeRepair {
  readonly #repository: OpenRepository
  readonly #lost: ReadonlySet<HexId>
  readonly #addTree: (bytes: Uint8Array) => HexId | Promise<HexId>
  readonly #known = new Map<HexId, RepairedTree>()

  /** `lost`: blobs that count as not there. `addTree` stores a tree, or only names it. */
  constructor(
    repository: OpenRepository,
    lost: ReadonlySet<HexId>,
    addTree: (bytes: Uint8Array) => HexId | Promise<HexId>,
  ) {
    this.#repository = repository
    this.#lost = lost
    this.#addTree = addTree
  }

  async repair(tree: HexId, signal?: AbortSignal): Promise<RepairedTree> {
    const known = this.#known.get(tree)
    if (known !== undefined) return known
    signal?.throwIfAborted()
    const bytes = await this.#read(tree, signal)
    const repaired =
      bytes === undefined ? { tree: undefined, items: 0, paths: [] } : await this.#repairNodes(tree, bytes, signal)
    this.#known.set(tree, repaired)
    return repaired
  }

  async #read(tree: HexId, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    if (this.#lost.has(tree)) return undefined
    try {
      const bytes = await this.#repository.blob(tree, 'tree', signal)
      decodeTree(bytes, { anyName: true })
      return bytes
    } catch (error) {
      if (!isDamage(error)) throw error
      return undefined
    }
  }

  async #repairNodes(tree: HexId, bytes: Uint8Array, signal?: AbortSignal): Promise<RepairedTree> {
    const { nodes } = decodeTree(bytes, { anyName: true })
    const kept: KeptNode[] = []
    const paths: string[] = []
    let items = 0
    let isChanged = false
    for (const [at, node] of nodes.entries()) {
      const below = await this.#below(node, signal)
      if (below === undefined) {
        items++
        paths.push(node.name)
        continue
      }
      items += below.items
      paths.push(...below.paths.map((path) => `${node.name}/${path}`))
      if (below.tree !== node.subtree) isChanged = true
      kept.push({ at, node: below.tree === undefined ? node : { ...node, subtree: below.tree } })
    }
    if (!isChanged && kept.length === nodes.length) return { tree, items: 0, paths: [] }
    return { tree: await this.#addTree(rewritten(bytes, nodes, kept)), items, paths: paths.slice(0, MAX_PATHS) }
  }

  /** What becomes of what the node stands for; undefined if the node has to go. */
  async #below(node: TreeNode, signal?: AbortSignal): Promise<RepairedTree | undefined> {
    const whole = { tree: node.subtree, items: 0, paths: [] }
    if (node.type !== 'dir') return (node.content ?? []).every((id) => this.#has(id)) ? whole : undefined
    if (node.subtree === undefined) return undefined
    const repaired = await this.repair(node.subtree, signal)
    return repaired.tree === undefined ? undefined : repaired
  }

  #has(id: HexId): boolean {
    const { table } = this.#repository
    const slot = table.find(idBytes(id), 'data')
    return slot >= 0 && table.isStored(slot) && !this.#lost.has(id)
  }
}

/** The tree's text with the kept nodes only; what is in those stays as it was written. */
function rewritten(bytes: Uint8Array, nodes: readonly TreeNode[], kept: readonly KeptNode[]): Uint8Array {
  const texts = nodeTexts(bytes)
  if (texts?.length !== nodes.length) return encodeTree({ nodes: kept.map(({ node }) => node) })
  return treeBytes(
    kept.map(({ at, node }) => {
      const text = texts[at] ?? ''
      const before = nodes[at]?.subtree
      if (before === undefined || node.subtree === undefined || before === node.subtree) return text
      return text.replace(`"subtree":"${before}"`, `"subtree":"${node.subtree}"`)
    }),
  )
}
