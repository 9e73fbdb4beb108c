import { sep } from 'node:path'
import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { TreeNode } from '../../model/tree.ts'
import { isDamage } from '../../repository/damage.ts'
import { nameProblem } from '../../repository/node-name.ts'
import type { TreeReader } from '../../repository/recent-trees.ts'
import type { OpenRepository } from '../../repository/repository.ts'

/** A node with its path from the snapshot's root, "/" between names. */
export interface WalkedNode {
  readonly path: string
  readonly node: TreeNode
  /**
   * Set when a directory's tree could not be read (repository...), or when the name is none that may be restored
   * (restore.unsafe-name); what is below it is missing from the walk.
   */
  readonly failure?: EngineError
  /** True when everything below a directory has been given. */
  readonly leaving?: boolean
}

/** The node at a path; undefined for the root itself. Rejects with repository.path-not-found. */
export async function nodeAt(
  repository: TreeReader,
  root: HexId,
  path: string,
  signal?: AbortSignal,
): Promise<TreeNode | undefined> {
  let node: TreeNode | undefined
  let tree: HexId | undefined = root
  for (const name of splitPath(path)) {
    if (tree === undefined || !isPlainName(name)) throw new EngineError('repository.path-not-found')
    const { nodes } = await repository.tree(tree, signal, { anyName: true })
    node = nodes.find((candidate) => candidate.name === name)
    if (node === undefined) throw new EngineError('repository.path-not-found')
    tree = node.subtree
  }
  return node
}

export function splitPath(path: string): string[] {
  return path.split('/').filter((name) => name !== '')
}

/**
 * Everything below a tree, depth first; a directory comes before what is in it and once more when it is left. What has
 * a name that leads elsewhere, or one that the directory has already given, comes as a failure, and nothing below it.
 */
export async function* walkTree(
  repository: OpenRepository,
  tree: HexId,
  path = '',
  signal?: AbortSignal,
): AsyncGenerator<WalkedNode> {
  signal?.throwIfAborted()
  const { nodes } = await repository.tree(tree, signal, { anyName: true })
  const names = new Set<string>()
  for (const node of nodes) {
    const nodePath = path === '' ? node.name : `${path}/${node.name}`
    if (isPlainName(node.name) && !names.has(node.name)) yield* walkNode(repository, node, nodePath, signal)
    else yield { path: nodePath, node, failure: new EngineError('restore.unsafe-name') }
    names.add(node.name)
  }
}

/** A node and everything below it. */
export async function* walkNode(
  repository: OpenRepository,
  node: TreeNode,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<WalkedNode> {
  yield { path, node }
  if (node.type !== 'dir') return
  try {
    if (node.subtree === undefined) throw new EngineError('repository.tree-damaged', { context: { reason: 'subtree' } })
    yield* walkTree(repository, node.subtree, path, signal)
  } catch (error) {
    if (!isDamage(error)) throw error
    yield { path, node, failure: error }
  }
  yield { path, node, leaving: true }
}

/** Whether a name stays in its folder on this machine. */
function isPlainName(name: string): boolean {
  return nameProblem(name) === undefined && (sep === '/' || !/[\\:]/.test(name))
}
