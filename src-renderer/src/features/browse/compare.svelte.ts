import type { DifferenceRow, ValueOf } from '../../../../src-shared/ipc/index.ts'
import { call, failureOf, type ApiFailure } from '../../lib/api.ts'

export type DifferenceKind = DifferenceRow['kind']
export type Totals = ValueOf<'browse.compare'>['totals']

export const differenceKinds: readonly DifferenceKind[] = ['added', 'changed', 'moved', 'deleted']

/** As many rows as a person can make sense of; totals count all. */
const most = 100_000

/** What changed from one snapshot to another. */
export class Comparison {
  readonly from: string
  readonly to: string
  #rows = $state.raw<readonly DifferenceRow[]>([])
  #totals = $state.raw<Totals | null>(null)
  #next = $state.raw<string | null>(null)
  #isLoading = $state(false)
  #failure = $state.raw<ApiFailure | null>(null)
  kinds = $state.raw<readonly string[]>([])
  readonly #place: string
  #isClosed = false

  /** Those of the chosen kinds; with none chosen, all. */
  readonly shown = $derived(
    this.kinds.length === 0 ? this.#rows : this.#rows.filter(({ kind }) => this.kinds.includes(kind)),
  )

  constructor(place: string, from: string, to: string) {
    this.#place = place
    this.from = from
    this.to = to
  }

  /** Null until the first page is there. */
  get totals(): Totals | null {
    return this.#totals
  }

  get isLoading(): boolean {
    return this.#isLoading
  }

  get failure(): ApiFailure | null {
    return this.#failure
  }

  get hasMore(): boolean {
    return this.#next !== null && this.#rows.length < most
  }

  close(): void {
    this.#isClosed = true
  }

  /** Reads page after page, from where it failed if it did. */
  async read(): Promise<void> {
    if (this.#isLoading) return
    this.#isLoading = true
    this.#failure = null
    try {
      do await this.#page()
      while (this.hasMore && !this.#isClosed)
    } catch (cause) {
      this.#failure = failureOf(cause)
    }
    this.#isLoading = false
  }

  async #page(): Promise<void> {
    const { from, to } = this
    const page = await call('browse.compare', { place: this.#place, from, to, cursor: this.#next })
    this.#rows = [...this.#rows, ...page.rows]
    this.#next = page.next
    this.#totals = page.totals
  }
}
