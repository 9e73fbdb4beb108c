import { resolve } from 'node:path'

const MOST = 500

/** Paths that the program has told or that a person chose in its dialogs: only those are shown in the file manager. */
export class KnownPaths {
  readonly #paths = new Set<string>()

  add(path: string): void {
    const known = resolve(path)
    this.#paths.delete(known)
    this.#paths.add(known)
    const [oldest] = this.#paths
    if (this.#paths.size > MOST && oldest !== undefined) this.#paths.delete(oldest)
  }

  has(path: string): boolean {
    return this.#paths.has(resolve(path))
  }

  /** Notes the report files that an answer of the engine names, at its first level. */
  addFrom(value: unknown): void {
    if (typeof value !== 'object' || value === null || !('reportFile' in value)) return
    if (typeof value.reportFile === 'string') this.add(value.reportFile)
  }
}
