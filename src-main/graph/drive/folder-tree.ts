import type { Container } from '../../engine/ports/data-type.ts'

/** The folders of one drive while it is being listed, by id. The topmost ones are directly below the drive itself. */
export class FolderTree {
  readonly #drive: string
  readonly #folders = new Map<string, Container>()

  constructor(drive: string, known: readonly Container[] = []) {
    this.#drive = drive
    for (const folder of known) this.#folders.set(folder.id, folder)
  }

  has(id: string): boolean {
    return this.#folders.has(id)
  }

  get(id: string): Container | undefined {
    return this.#folders.get(id)
  }

  put(folder: Container): void {
    this.#folders.set(folder.id, folder)
  }

  remove(id: string): void {
    this.#folders.delete(id)
  }

  /** The folder that has all others. */
  get root(): Container | undefined {
    for (const folder of this.#folders.values()) if (folder.parentId === this.#drive) return folder
    return undefined
  }

  countsByParent(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const { parentId = '' } of this.#folders.values()) counts.set(parentId, (counts.get(parentId) ?? 0) + 1)
    return counts
  }

  idsIn(parent: string): readonly string[] {
    return [...this.#folders.values()].filter(({ parentId }) => parentId === parent).map(({ id }) => id)
  }

  /** All that hang together with the drive, parents before children. What lay in a folder that is gone is gone too. */
  listing(): readonly Container[] {
    const children = Map.groupBy(this.#folders.values(), ({ parentId }) => parentId)
    const found: Container[] = [...(children.get(this.#drive) ?? [])]
    for (const folder of found) found.push(...(children.get(folder.id) ?? []))
    return found
  }

  /** Whether folders are in each other's reach in a circle: then the listing told of moves in an order that we misread. */
  hasCircle(): boolean {
    const settled = new Set<string>([this.#drive])
    for (const start of this.#folders.keys()) {
      const way = new Set<string>()
      for (let id: string | undefined = start; id !== undefined && !settled.has(id); id = this.get(id)?.parentId) {
        if (way.has(id)) return true
        way.add(id)
      }
      for (const id of way) settled.add(id)
    }
    return false
  }
}
