import type { HexId } from '../model/ids.ts'
import type { Tree } from '../model/tree.ts'
import type { OpenRepository } from './repository.ts'

/** What reads trees: a repository, or one that remembers some. */
export type TreeReader = Pick<OpenRepository, 'tree'>

/** Enough for the way down to a folder and some beside it; trees can be large. */
const KEPT = 16

/** Trees of a repository, the last ones remembered: for many paths, which share most of their way. */
export class RecentTrees implements TreeReader {
  readonly #repository: TreeReader
  /** By what they were asked with, the one used last at the end. */
  readonly #trees = new Map<string, Promise<Tree>>()

  constructor(repository: TreeReader) {
    this.#repository = repository
  }

  async tree(...asked: Parameters<TreeReader['tree']>): Promise<Tree> {
    const [id, , options] = asked
    const key = keyOf(id, options)
    const tree = this.#trees.get(key) ?? this.#repository.tree(...asked)
    this.#trees.delete(key)
    this.#trees.set(key, tree)
    for (const [oldest] of this.#trees) {
      if (this.#trees.size <= KEPT) break
      this.#trees.delete(oldest)
    }
    try {
      return await tree
    } catch (error) {
      if (this.#trees.get(key) === tree) this.#trees.delete(key)
      throw error
    }
  }
}

function keyOf(id: HexId, options: Parameters<TreeReader['tree']>[2]): string {
  return options?.anyName === true ? `${id} any` : id
}
