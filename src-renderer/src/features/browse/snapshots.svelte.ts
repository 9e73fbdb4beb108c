import type { SnapshotRow } from '../../../../src-shared/ipc/index.ts'
import { call, failureOf, type ApiFailure } from '../../lib/api.ts'

/** The snapshots of a destination, newest first: the first page at once, the rest behind it. */
export class Snapshots {
  readonly place: string
  #rows = $state.raw<readonly SnapshotRow[]>([])
  #isBegun = $state(false)
  #failure = $state.raw<ApiFailure | null>(null)
  #turn = 0

  constructor(place: string) {
    this.place = place
  }

  get rows(): readonly SnapshotRow[] {
    return this.#rows
  }

  /** Whether the first page is there. */
  get isBegun(): boolean {
    return this.#isBegun
  }

  get failure(): ApiFailure | null {
    return this.#failure
  }

  find(id: string): SnapshotRow | undefined {
    return this.#rows.find((row) => row.id === id)
  }

  /** Reads them anew. Resolves when the first page is there; what was known stays until then. */
  async read(): Promise<void> {
    const turn = ++this.#turn
    this.#failure = null
    const next = await this.#page(turn, [], null)
    if (next !== null) void this.#rest(turn, next)
  }

  /** What is still to come is for nobody. */
  close(): void {
    this.#turn++
  }

  async #rest(turn: number, from: string): Promise<void> {
    for (let cursor: string | null = from; cursor !== null;) cursor = await this.#page(turn, this.#rows, cursor)
  }

  async #page(turn: number, before: readonly SnapshotRow[], cursor: string | null): Promise<string | null> {
    try {
      const { rows, next } = await call('snapshots.list', { place: this.place, cursor })
      if (turn !== this.#turn) return null
      this.#rows = [...before, ...rows]
      this.#isBegun = true
      return next
    } catch (cause) {
      if (turn === this.#turn) this.#failure = failureOf(cause)
      return null
    }
  }
}
