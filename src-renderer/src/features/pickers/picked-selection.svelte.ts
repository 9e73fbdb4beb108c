import { Selection } from '../../ui/selection.svelte.ts'
import { isSameRoot, type PickedRoot } from './picked.ts'

interface Chosen {
  readonly all: () => readonly PickedRoot[]
  readonly row: (index: number) => PickedRoot | undefined
  readonly choose: (all: readonly PickedRoot[]) => void
}

/** The selection of a list as what was chosen, not as row numbers: it outlasts every search. */
export class PickedSelection extends Selection {
  readonly #chosen: Chosen

  constructor(chosen: Chosen) {
    super()
    this.#chosen = chosen
  }

  override get size(): number {
    return this.#chosen.all().length
  }

  override has(index: number): boolean {
    const row = this.#chosen.row(index)
    return row !== undefined && this.#chosen.all().some((root) => isSameRoot(root, row))
  }

  override only(index: number): void {
    this.toggle(index)
  }

  override toggle(index: number): void {
    const row = this.#chosen.row(index)
    if (row === undefined) return
    const rest = this.#chosen.all().filter((root) => !isSameRoot(root, row))
    this.#chosen.choose(rest.length < this.#chosen.all().length ? rest : [...rest, row])
  }

  override extend(one: number, other: number): void {
    const to = Math.max(one, other)
    for (let index = Math.min(one, other); index <= to; index++) if (!this.has(index)) this.toggle(index)
  }

  override all(count: number): void {
    this.extend(0, count - 1)
  }

  override clear(): void {
    this.#chosen.choose([])
  }
}
