import type { ErrorCode } from '../../model/errors.ts'
import { idBytes, type HexId } from '../../model/ids.ts'
import type { TreeNode } from '../../model/tree.ts'
import { isDamage } from '../../repository/damage.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import type { CheckFinding } from './model.ts'

/** What is wrong with blobs that the index names, by their slots in the blob table. */
export type Harmed = ReadonlyMap<number, ErrorCode>

/** Everything below a tree that cannot be read, is harmed or is not there. Trees in `checked` are left out. */
export async function* checkTrees(
  repository: OpenRepository,
  root: HexId,
  checked: Set<HexId>,
  harmed: Harmed,
  signal?: AbortSignal,
): AsyncGenerator<CheckFinding> {
  const open: { tree: HexId; path: string }[] = [{ tree: root, path: '' }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    signal?.throwIfAborted()
    const { tree, path } = next
    if (checked.has(tree)) continue
    checked.add(tree)
    const nodes = await readNodes(repository, tree, signal)
    if ('code' in nodes) {
      yield { code: nodes.code, subject: 'tree', id: tree, path }
      continue
    }
    for (const node of nodes.nodes) {
      const nodePath = path === '' ? node.name : `${path}/${node.name}`
      if (node.type === 'dir' && node.subtree !== undefined) open.push({ tree: node.subtree, path: nodePath })
      else yield* nodeFindings(repository, node, nodePath, harmed)
    }
  }
}

async function readNodes(
  repository: OpenRepository,
  tree: HexId,
  signal?: AbortSignal,
): Promise<{ nodes: readonly TreeNode[] } | { code: CheckFinding['code'] }> {
  try {
    return await repository.tree(tree, signal)
  } catch (error) {
    if (!isDamage(error)) throw error
    return { code: error.code }
  }
}

function* nodeFindings(
  repository: OpenRepository,
  node: TreeNode,
  path: string,
  harmed: Harmed,
): Generator<CheckFinding> {
  if (node.type === 'dir') {
    yield { code: 'repository.tree-damaged', subject: 'tree', id: '', path }
  } else if (node.type === 'file') {
    for (const id of node.content ?? []) {
      const slot = repository.table.find(idBytes(id), 'data')
      const isStored = slot >= 0 && repository.table.isStored(slot)
      const code = isStored ? harmed.get(slot) : 'repository.blob-missing'
      if (code !== undefined) yield { code, subject: 'blob', id, path }
    }
  }
}
