import { EngineError } from '../model/errors.ts'
import { isHexId, type HexId } from '../model/ids.ts'

/**
 * Tells what a tree refers to and looks at nothing else of it. Throws repository.tree-damaged if that cannot be told,
 * after having told some of it.
 */
export function readTreeRefs(bytes: Uint8Array, onBlob: (id: HexId) => void, onTree: (id: HexId) => void): void {
  for (const node of nodesOf(bytes)) {
    const { type, content, subtree } = node
    if (Array.isArray(content)) for (const id of content) onBlob(checked(id))
    else if (content !== null && content !== undefined) throw damaged('content')
    if (subtree !== null && subtree !== undefined) onTree(checked(subtree))
    else if (type === 'dir') throw damaged('subtree')
  }
}

function nodesOf(bytes: Uint8Array): readonly Readonly<Record<string, unknown>>[] {
  let tree: unknown
  try {
    tree = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString())
  } catch {
    throw damaged('json') // without the cause: it quotes names
  }
  if (!isRecord(tree)) throw damaged('tree')
  const nodes = tree.nodes ?? []
  if (!Array.isArray(nodes) || !nodes.every(isRecord)) throw damaged('nodes')
  return nodes
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checked(id: unknown): HexId {
  if (!isHexId(id)) throw damaged('id')
  return id
}

function damaged(reason: string): EngineError {
  return new EngineError('repository.tree-damaged', { context: { reason } })
}
