import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import { rootOf } from '../../model/root-path.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { DataTypeRestorer } from '../../ports/restore-target.ts'
import { keepHeapSmall } from '../../small-heap.ts'
import { isDamage } from '../../repository/damage.ts'
import { RecentTrees } from '../../repository/recent-trees.ts'
import { severalRestorers, type SeveralRestorers } from './absent-targets.ts'
import type { TenantRestoreOptions, TenantRestoreReport } from './tenant-model.ts'
import { RestoreTally } from './restore-tally.ts'
import { TypeRestore } from './type-restore.ts'
import { splitPath } from './walk-tree.ts'

/**
 * Creates what the paths hold in the target root. One bad item never stops the others, nor does a data type that the
 * target has no place for, if there are others. Rejects when nothing can go on, when a path is not in the snapshot, or
 * when it holds nothing that one of the restorers knows.
 */
export async function restoreToTenant(options: TenantRestoreOptions): Promise<TenantRestoreReport> {
  keepHeapSmall()
  return new TenantRestore(options).run()
}

class TenantRestore {
  readonly #options: TenantRestoreOptions
  readonly #tally: RestoreTally
  readonly #trees: RecentTrees
  readonly #begun = new Map<DataTypeRestorer, TypeRestore>()
  readonly #restorers: SeveralRestorers

  constructor(options: TenantRestoreOptions) {
    this.#options = options
    this.#restorers = namesOneType(options.paths)
      ? { restorers: options.restorers, check: () => undefined }
      : severalRestorers(options.restorers)
    this.#tally = new RestoreTally(options)
    this.#trees = new RecentTrees(options.repository)
  }

  async run(): Promise<TenantRestoreReport> {
    if (this.#options.paths.length === 0) throw new EngineError('usage', { context: { reason: 'no-path' } })
    for (const path of this.#options.paths) await this.#path(splitPath(path), this.#options.tree, '')
    for (const type of this.#begun.values()) await type.finish()
    const places = await Promise.all([...this.#begun.values()].map((type) => type.place()))
    const begun = places.filter((place) => place !== undefined)
    if (begun.length === 0) throw new EngineError('restore.nothing-to-restore')
    this.#restorers.check()
    return this.#tally.report(begun[0] ?? '')
  }

  /** Walks down to the data types; `names` is what is left of the path that was asked for. */
  async #path(names: readonly string[], tree: HexId, path: string): Promise<void> {
    this.#options.signal.throwIfAborted()
    const { nodes } = await this.#trees.tree(tree, this.#options.signal)
    const [name, ...rest] = names
    const chosen = name === undefined ? nodes : nodes.filter((node) => node.name === name)
    if (chosen.length === 0 && name !== undefined) throw new EngineError('repository.path-not-found')
    for (const node of chosen) {
      if (node.subtree === undefined) continue
      const inside = path === '' ? node.name : `${path}/${node.name}`
      const { length } = rootOf(inside)?.rest ?? []
      if (length > 0) await this.#type(node, inside, rest)
      else if (name === undefined && this.#isOtherRoot(inside)) continue
      else await this.#readable(inside, name !== undefined, this.#path(rest, node.subtree, inside))
    }
  }

  /** A subsite lies in the folder of the site above it, and is none of what was asked for with that one. */
  #isOtherRoot(inside: string): boolean {
    const asked = this.#options.paths.map((path) => rootOf(path)?.root)
    return rootOf(inside)?.kind === 'site' && asked.includes(inside.slice(0, inside.lastIndexOf('/')))
  }

  async #type(node: TreeNode, path: string, names: readonly string[]): Promise<void> {
    const restorer = this.#restorers.restorers.find(({ folder }) => folder === node.name)
    const describer = this.#options.describers.find(({ folder }) => folder === node.name)
    if (restorer === undefined || describer === undefined || node.subtree === undefined) return
    const known = this.#begun.get(restorer)
    const type = known ?? new TypeRestore(this.#options, restorer, describer, this.#tally)
    this.#begun.set(restorer, type)
    await type.restore(node.subtree, path, names)
  }

  /** A damaged folder that was not asked for by name is one failure among others. */
  async #readable(path: string, isAskedFor: boolean, work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (error) {
      if (isAskedFor || !isDamage(error)) throw error
      this.#tally.count({ path, outcome: { kind: 'failed', code: error.code } }, 0)
    }
  }
}

/** Then nothing is to be done if the target has no place for it. */
function namesOneType(paths: readonly string[]): boolean {
  const types = new Set(paths.map((path) => rootOf(path)?.rest[0]))
  return types.size === 1 && !types.has(undefined)
}
