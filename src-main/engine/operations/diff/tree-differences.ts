import type { Difference } from '../../catalog/model.ts'
import type { HexId } from '../../model/ids.ts'
import { rootOf } from '../../model/root-path.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { HOLDFAST_FOLDER } from '../backup/layout.ts'

/** For what lies in no folder of a data type. */
const OTHER = 'files'

/**
 * The differences of two trees, file by file; equal subtrees are not read. Our own folder with reports and cursors is
 * left out: it is never the same.
 */
export async function* treeDifferences(
  repository: OpenRepository,
  from: HexId | undefined,
  to: HexId | undefined,
  signal: AbortSignal,
  path = '',
): AsyncGenerator<Difference, void, undefined> {
  signal.throwIfAborted()
  if (from === to) return
  const before = await nodesOf(repository, from, signal)
  const after = await nodesOf(repository, to, signal)
  for (const name of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const inside = path === '' ? name : `${path}/${name}`
    if (inside === HOLDFAST_FOLDER) continue
    const [one, other] = [before.get(name), after.get(name)]
    if (one !== undefined && one.type === other?.type && one.type !== 'dir') {
      if (!isSame(one, other)) yield { kind: 'changed', ...told(inside, other), content: true }
      continue
    }
    const isFolder = one?.type === 'dir' && other?.type === 'dir'
    if (one !== undefined && !isFolder) yield { kind: 'deleted', ...told(inside, one) }
    if (other !== undefined && !isFolder) yield { kind: 'added', ...told(inside, other) }
    yield* treeDifferences(repository, one?.subtree, other?.subtree, signal, inside)
  }
}

async function nodesOf(
  repository: OpenRepository,
  tree: HexId | undefined,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TreeNode>> {
  const { nodes } = tree === undefined ? { nodes: [] } : await repository.tree(tree, signal)
  return new Map(nodes.map((node) => [node.name, node]))
}

function isSame(one: TreeNode, other: TreeNode): boolean {
  return one.content?.join() === other.content?.join() && one.linktarget === other.linktarget
}

function told(path: string, { type, size }: TreeNode): Pick<Difference, 'what' | 'type' | 'path' | 'size'> {
  const folder = rootOf(path)?.rest[0] ?? OTHER
  return { what: type === 'dir' ? 'folder' : 'item', type: folder, path, size: size ?? 0 }
}
