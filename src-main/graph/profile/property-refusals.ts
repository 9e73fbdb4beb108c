import type { EngineError } from '../../engine/model/errors.ts'

/** Users after whom what was refused of every one of them is taken to be refused of all. */
const enough = 3

/** Properties that take a permission of their own, or are given only in some tenants: which of them nobody has here. */
export class PropertyRefusals {
  readonly #refused = new Map<string, EngineError[]>()
  readonly #given = new Set<string>()

  note(name: string, error: EngineError | undefined): void {
    if (error === undefined) this.#given.add(name)
    else this.#refused.set(name, [...(this.#refused.get(name) ?? []), error].slice(0, enough))
  }

  /** Why it is not worth asking for; undefined if it is. */
  of(name: string): EngineError | undefined {
    const refused = this.#refused.get(name) ?? []
    return this.#given.has(name) || refused.length < enough ? undefined : refused[0]
  }
}
