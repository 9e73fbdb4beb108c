import { EngineError, RecentTrees, type HexId, type OpenRepository, type TreeReader } from '../../engine/index.ts'
import { rootOf } from '../../engine/model/root-path.ts'
import type { TreeNode } from '../../engine/model/tree.ts'
import { AskedPaths } from './asked-paths.ts'
import { describers } from './data-types.ts'
import { namesIn } from './path-pattern.ts'

/** What a path that a person typed leads to in a snapshot. */
export interface FoundPath {
  /** Without slashes around it. */
  readonly path: string
  /** Paths of the nodes: itself, or the files of an item that was named without an extension. */
  readonly nodes: readonly string[]
  /** For an item: its path, without an extension of the repository's. */
  readonly item?: string
}

export interface TreeAmount {
  readonly files: number
  readonly folders: number
  readonly bytes: number
}

/** The folder of contents of a data type whose files lie apart. */
const CONTENTS = 'files'
const EXTENSION = /^\.[a-z]{2,6}$/

/** Paths without those that are below another one of them, each once. */
export function outermost(paths: readonly string[]): string[] {
  const clean = [...new Set(paths.map((path) => namesIn(path).join('/')))]
  const asked = new AskedPaths(clean)
  return clean.filter((path) => !asked.isBelowOne(path))
}

/** Finds paths, in their order; rejects as `findPath` does. Folders on the way to several of them are read once. */
export async function findPaths(
  repository: TreeReader,
  tree: HexId,
  asked: readonly string[],
  signal: AbortSignal,
): Promise<readonly FoundPath[]> {
  const trees = new RecentTrees(repository)
  return await Promise.all(asked.map((path) => findPath(trees, tree, path, signal)))
}

/** Finds a path; an item may be named without its extension, as `ls` shows it. Rejects with repository.path-not-found. */
export async function findPath(
  repository: TreeReader,
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
  if (exact !== undefined) return { path, nodes: [path], ...(exact.type === 'dir' ? {} : { item: itemOf(path) }) }
  if (isContentApart(path)) throw new EngineError('repository.path-not-found', { context: { path } })
  const files = nodes.filter(
    ({ name, type }) => type === 'file' && name.startsWith(`${last}.`) && EXTENSION.test(name.slice(last.length)),
  )
  if (files.length === 0) throw new EngineError('repository.path-not-found', { context: { path } })
  return { path, nodes: files.map(({ name }) => above + name), item: path }
}

function itemOf(path: string): string {
  if (isContentApart(path)) return path
  const dot = path.lastIndexOf('.')
  return dot > path.lastIndexOf('/') + 1 && EXTENSION.test(path.slice(dot)) ? path.slice(0, dot) : path
}

/** Contents that lie apart have their own names: what looks like an extension is part of the item's name. */
function isContentApart(path: string): boolean {
  const rooted = rootOf(path)
  const [type, , plane] = rooted?.rest ?? []
  if (rooted === undefined || plane !== CONTENTS) return false
  return describers[rooted.kind].some(({ folder, layout }) => folder === type && layout === 'apart')
}

async function nodesOf(
  repository: TreeReader,
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
  const asked = new AskedPaths(paths)
  const open: { readonly tree: HexId | undefined; readonly path: string; readonly all: boolean }[] = [
    { tree, path: '', all: asked.covers('') },
  ]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    signal.throwIfAborted()
    for (const node of await nodesOf(repository, next.tree, signal)) {
      const path = next.path === '' ? node.name : `${next.path}/${node.name}`
      const all = next.all || asked.covers(path)
      if (node.type === 'dir' && (all || asked.leadsOn(path))) open.push({ tree: node.subtree, path, all })
      if (!all || !wants(path, node)) continue
      if (node.type === 'dir') total.folders++
      else total.files++
      total.bytes += node.size ?? 0
    }
  }
  return total
}
