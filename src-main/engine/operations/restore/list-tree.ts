import type { ListedEntry } from '../../catalog/model.ts'
import type { HexId } from '../../model/ids.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { nodeAt } from './walk-tree.ts'

/** One level of any snapshot, read from its trees; for snapshots that the catalog does not hold. */
export async function listTree(
  repository: OpenRepository,
  tree: HexId,
  path: string,
  signal?: AbortSignal,
): Promise<readonly ListedEntry[]> {
  await repository.ensureIndex(signal)
  const node = await nodeAt(repository, tree, path, signal)
  if (node !== undefined && node.subtree === undefined) return [entry(node, path)]
  const { nodes } = await repository.tree(node?.subtree ?? tree, signal)
  const base = path.replaceAll(/^\/+|\/+$/g, '')
  return nodes.map((child) => entry(child, base === '' ? child.name : `${base}/${child.name}`))
}

function entry(node: TreeNode, path: string): ListedEntry {
  const folder = node.type === 'dir'
  return {
    kind: folder ? 'folder' : 'item',
    name: node.name,
    path,
    time: folder ? undefined : Date.parse(node.mtime),
    size: folder ? undefined : (node.size ?? 0),
    title: undefined,
    from: undefined,
    to: undefined,
  }
}
