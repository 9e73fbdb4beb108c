import { isDamage, isEngineError, type FolderRestoreFinding } from '../../engine/index.ts'

/** Items and folders that could not be written, each once, by their paths in the snapshot. The others go on. */
export class FailureList {
  readonly #codes = new Map<string, FolderRestoreFinding['code']>()

  get all(): readonly FolderRestoreFinding[] {
    return Array.from(this.#codes, ([path, code]) => ({ path, code }))
  }

  get size(): number {
    return this.#codes.size
  }

  /** The first reason for a path counts. */
  add(path: string, code: FolderRestoreFinding['code']): void {
    if (!this.#codes.has(path)) this.#codes.set(path, code)
  }

  /** Takes an error that concerns this path alone; throws any other. */
  take(path: string, error: unknown): void {
    if (!isDamage(error) && !isEngineError(error, 'restore.target-exists')) throw error
    this.add(path, error.code)
  }

  /** Gives what the work gives; undefined if it failed for this path alone. */
  async tolerate<T>(path: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      this.take(path, error)
      return undefined
    }
  }
}
