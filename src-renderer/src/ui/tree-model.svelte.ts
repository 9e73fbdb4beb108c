import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { TreeNode, TreePage } from './types.ts'

export type LoadChildren = (node: TreeNode | null, cursor?: string) => Promise<TreePage>

interface Branch {
  readonly nodes: readonly TreeNode[]
  readonly state: 'loading' | 'ready' | 'failed'
  readonly next?: string | undefined
  readonly cause?: unknown
}

interface Place {
  /** Unique among the rows. */
  readonly key: string
  /** Level 1 is the roots'. */
  readonly level: number
  readonly parent: TreeNode | null
}

interface NodeRow extends Place {
  readonly kind: 'node'
  readonly node: TreeNode
  readonly position: number
  readonly siblings: number
}

interface LoadingRow extends Place {
  readonly kind: 'loading'
}

interface MoreRow extends Place {
  readonly kind: 'more'
}

interface EmptyRow extends Place {
  readonly kind: 'empty'
}

interface FailedRow extends Place {
  readonly kind: 'failed'
  readonly cause: unknown
}

export type TreeRow = NodeRow | LoadingRow | MoreRow | EmptyRow | FailedRow

/** What of a tree is loaded and open, and its rows from top to bottom. */
export class TreeModel {
  readonly #load: () => LoadChildren
  readonly #branches = new SvelteMap<string | null, Branch>()
  readonly #open = new SvelteSet<string>()
  /** Answers of an earlier start are not wanted any more. */
  #start = 0

  readonly rows: readonly TreeRow[] = $derived.by(() => this.#flatten(null, 1))

  constructor(load: () => LoadChildren) {
    this.#load = load
  }

  isOpen(node: TreeNode): boolean {
    return this.#open.has(node.id)
  }

  async open(node: TreeNode): Promise<void> {
    this.#open.add(node.id)
    if (this.#branches.get(node.id)?.state !== 'ready') await this.load(node)
  }

  close(node: TreeNode): void {
    this.#open.delete(node.id)
  }

  async toggle(node: TreeNode): Promise<void> {
    if (this.isOpen(node)) this.close(node)
    else await this.open(node)
  }

  async reload(): Promise<void> {
    this.#start++
    this.#branches.clear()
    this.#open.clear()
    await this.load(null)
  }

  /** Loads a node's children, or what comes after those that are there; again after a failure. */
  async load(node: TreeNode | null): Promise<void> {
    const id = node?.id ?? null
    const before = this.#branches.get(id)
    if (before?.state === 'loading') return
    const start = this.#start
    const known = { nodes: before?.nodes ?? [], next: before?.next }
    this.#branches.set(id, { ...known, state: 'loading' })
    const branch = await this.#fetch(node, known)
    if (start === this.#start) this.#branches.set(id, branch)
  }

  /** Opens every node on a way from a root down; answers the last one that was found. */
  async reveal(ids: readonly string[]): Promise<TreeNode | undefined> {
    let parent: TreeNode | null = null
    let found: TreeNode | undefined
    for (const id of ids) {
      found = await this.#find(parent, id)
      if (found === undefined) return undefined
      if (id !== ids.at(-1)) await this.open(found)
      parent = found
    }
    return found
  }

  async #find(parent: TreeNode | null, id: string): Promise<TreeNode | undefined> {
    const key = parent?.id ?? null
    for (;;) {
      const branch = this.#branches.get(key)
      const found = branch?.nodes.find((node) => node.id === id)
      if (found !== undefined) return found
      if (branch?.state === 'failed' || (branch?.state === 'ready' && branch.next === undefined)) return undefined
      if (branch?.state === 'loading') return undefined
      await this.load(parent)
    }
  }

  async #fetch(node: TreeNode | null, known: Pick<Branch, 'nodes' | 'next'>): Promise<Branch> {
    try {
      const page = await this.#load()(node, known.next)
      return { nodes: [...known.nodes, ...page.nodes], state: 'ready', next: page.next }
    } catch (cause) {
      return { ...known, state: 'failed', cause }
    }
  }

  #flatten(parent: TreeNode | null, level: number): readonly TreeRow[] {
    const branch = this.#branches.get(parent?.id ?? null)
    if (branch === undefined) return []
    const rows = branch.nodes.flatMap((node, index): readonly TreeRow[] => {
      const row: NodeRow = {
        kind: 'node',
        key: node.id,
        level,
        parent,
        node,
        position: index + 1,
        siblings: branch.next === undefined ? branch.nodes.length : -1,
      }
      return this.isOpen(node) ? [row, ...this.#flatten(node, level + 1)] : [row]
    })
    return [...rows, ...lastRow(branch, parent, level)]
  }
}

function lastRow(branch: Branch, parent: TreeNode | null, level: number): readonly TreeRow[] {
  const place = { key: `${parent?.id ?? ''}\u0000last`, level, parent }
  if (branch.state === 'loading') return [{ ...place, kind: 'loading' }]
  if (branch.state === 'failed') return [{ ...place, kind: 'failed', cause: branch.cause }]
  if (branch.next !== undefined) return [{ ...place, kind: 'more' }]
  return branch.nodes.length === 0 ? [{ ...place, kind: 'empty' }] : []
}
