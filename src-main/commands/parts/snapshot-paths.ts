import { EngineError, type HexId, type OpenRepository } from '../../engine/index.ts'
import type { TreeNode } from '../../engine/model/tree.ts'
import { namesIn } from './path-pattern.ts'

/** What a path that a person typed leads to in a snapshot. */
export interface FoundPath {
  /** Without slashes around it. */
  readonly path: string
  /** Paths of the nodes: itself, or the files of an item that was named without an extension. */
  readonly nodes: readonly string[]
  /** For an item: its path without an extension. */
  readonly item?: string
}

export interface TreeAmount {
  readonly files: number
  readonly folders: number
  readonly bytes: number
}

const EXTENSION = /^\.[a-z]{2,6}$/

/** Paths without those that are below another one of them, each once. */
export function outermost(paths: readonly string[]): string[] {
  const clean = [...new Set(paths.map((path) => namesIn(path).join('/')))]
  return clean.filter(
    (path) => !clean.some((above) => above !== path && (above === '' || path.startsWith(`${above}/`))),
  )
}

/** Finds a path; an item may be named without its extension, as `ls` shows it. Rejects with repository.path-not-found. */
export async function findPath(
  repository: OpenRepository,
  tree: HexId,
  asked: string,
  signal: AbortSignal,
): Promise<FoundPath> {
  const parts = namesIn(asked)
  const path = parts.join('/')
  const last = parts.pop()
  if (last === undefined) return { path, nodes: [path] }
  let folder: HexId | undefined = tree
  for (const name of parts)
    folder = (await nodesOf(repository, folder, signal)).find((node) => node.name === name)?.subtree
  const nodes = await nodesOf(repository, folder, signal)
  const above = parts.map((name) => `${name}/`).join('')
  const exact = nodes.find((node) => node.name === last)
  if (exact !== undefined)
    return { path, nodes: [path], ...(exact.type === 'dir' ? {} : { item: withoutExtension(path) }) }
  const files = nodes.filter(
    ({ name, type }) => type === 'file' && name.startsWith(`${last}.`) && EXTENSION.test(name.slice(last.length)),
  )
  if (files.length === 0) throw new EngineError('repository.path-not-found', { context: { path } })
  return { path, nodes: files.map(({ name }) => above + name), item: path }
}

function withoutExtension(path: string): string {
  const dot = path.lastIndexOf('.')
  return dot > path.lastIndexOf('/') + 1 && EXTENSION.test(path.slice(dot)) ? path.slice(0, dot) : path
}

async function nodesOf(
  repository: OpenRepository,
  tree: HexId | undefined,
  signal: AbortSignal,
): Promise<readonly TreeNode[]> {
  return tree === undefined ? [] : (await repository.tree(tree, signal)).nodes
}

/** How much the paths hold of what is wanted. */
export async function measure(
  repository: OpenRepository,
  tree: HexId,
  paths: readonly string[],
  signal: AbortSignal,
  wants: (path: string, node: TreeNode) => boolean = () => true,
): Promise<TreeAmount> {
  const total = { files: 0, folders: 0, bytes: 0 }
  const wanted = new Set(paths)
  const isWanted = (path: string): boolean => wanted.size === 0 || wanted.has('') || wanted.has(path)
  const leadsTo = (path: string): boolean => paths.some((other) => other.startsWith(`${path}/`))
  const open: { readonly tree: HexId | undefined; readonly path: string; readonly all: boolean }[] = [
    { tree, path: '', all: isWanted('') },
  ]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    signal.throwIfAborted()
    for (const node of await nodesOf(repository, next.tree, signal)) {
      const path = next.path === '' ? node.name : `${next.path}/${node.name}`
      const all = next.all || isWanted(path)
      if (node.type === 'dir' && (all || leadsTo(path))) open.push({ tree: node.subtree, path, all })
      if (!all || !wants(path, node)) continue
      if (node.type === 'dir') total.folders++
      else total.files++
      total.bytes += node.size ?? 0
    }
  }
  return total
}
