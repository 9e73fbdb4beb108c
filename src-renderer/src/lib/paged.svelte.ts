import { untrack } from 'svelte'
import { failureOf, type ApiFailure } from './api.ts'

export interface CursorPage<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null
}

/**
 * A list that comes in pages by cursor. `need` goes with `VirtualList`: it asks for the next page when the end shows.
 */
export class CursorRows<Row> {
  #rows = $state.raw<readonly Row[]>([])
  #next = $state.raw<string | null>(null)
  #isLoading = $state(false)
  #isBegun = $state(false)
  #failure = $state.raw<ApiFailure | null>(null)
  #turn = 0
  readonly #load: (cursor: string | null) => Promise<CursorPage<Row>>

  constructor(load: (cursor: string | null) => Promise<CursorPage<Row>>) {
    this.#load = load
  }

  get rows(): readonly Row[] {
    return this.#rows
  }

  /** Rows that are there, and one for those that are still to come. */
  get count(): number {
    return this.#rows.length + (this.#next === null ? 0 : 1)
  }

  get hasMore(): boolean {
    return this.#next !== null
  }

  get isLoading(): boolean {
    return this.#isLoading
  }

  /** Whether the first page is there. */
  get isBegun(): boolean {
    return this.#isBegun
  }

  get failure(): ApiFailure | null {
    return this.#failure
  }

  readonly row = (index: number): Row | undefined => this.#rows[index]

  readonly need = (_from: number, to: number): void => {
    // Asking is no reason to ask again when the answer comes.
    untrack(() => {
      if (to > this.#rows.length && this.#failure === null) void this.more()
    })
  }

  /** From the beginning, e.g. after another search. Rows stay until the first page is there, unless told otherwise. */
  async restart({ keep = true } = {}): Promise<void> {
    this.#turn++
    this.#isBegun = false
    if (!keep) this.#clear()
    await this.#read(null, [])
  }

  /** The next page, if there is one and it is not on its way. Also tries again after a failure. */
  async more(): Promise<void> {
    if (this.#isLoading) return
    if (!this.#isBegun) await this.#read(null, [])
    else if (this.#next !== null) await this.#read(this.#next, this.#rows)
  }

  #clear(): void {
    this.#rows = []
    this.#next = null
  }

  async #read(cursor: string | null, before: readonly Row[]): Promise<void> {
    const turn = this.#turn
    this.#isLoading = true
    this.#failure = null
    try {
      const { rows, next } = await this.#load(cursor)
      if (turn !== this.#turn) return
      this.#rows = [...before, ...rows]
      this.#next = next
      this.#isBegun = true
    } catch (cause) {
      if (turn !== this.#turn) return
      this.#failure = failureOf(cause)
    }
    this.#isLoading = false
  }
}

export interface OffsetPage<Row> {
  readonly count: number
  readonly rows: readonly Row[]
}

/** Pages on their way. */
const atOnce = 2

interface OffsetOptions {
  /** Rows of a page. */
  readonly size?: number
  /** Pages that are kept; those that were not looked at for longest go first. */
  readonly keep?: number
}

/**
 * A list of any length by offset, of which only the pages around what shows are kept. `row` and `need` go with
 * `VirtualTable`.
 */
export class OffsetRows<Row> {
  #count = $state(0)
  #isBegun = $state(false)
  #failure = $state.raw<ApiFailure | null>(null)
  #pages = $state.raw<Readonly<Record<number, readonly Row[]>>>({})
  /** Pages in the order in which they were looked at, the latest last. */
  #seen: readonly number[] = []
  /** Pages that are on their way. */
  #asked: readonly number[] = []
  /** Pages that show. */
  #wanted: readonly number[] = []
  #turn = 0
  readonly #size: number
  readonly #keep: number
  readonly #load: (offset: number, limit: number) => Promise<OffsetPage<Row>>

  constructor(
    load: (offset: number, limit: number) => Promise<OffsetPage<Row>>,
    { size = 100, keep = 30 }: OffsetOptions = {},
  ) {
    this.#load = load
    this.#size = size
    this.#keep = keep
  }

  get count(): number {
    return this.#count
  }

  /** Whether the first page is there, and with it the count. */
  get isBegun(): boolean {
    return this.#isBegun
  }

  /** Of the last page that was asked for. */
  get failure(): ApiFailure | null {
    return this.#failure
  }

  readonly row = (index: number): Row | undefined => this.#pages[Math.floor(index / this.#size)]?.[index % this.#size]

  /** Sees to it that the rows from `from` to `to - 1` are there. */
  readonly need = (from: number, to: number): void => {
    const first = Math.floor(from / this.#size)
    const last = Math.floor(Math.max(from, to - 1) / this.#size)
    this.#wanted = Array.from({ length: last - first + 1 }, (_, place) => first + place)
    for (const page of this.#wanted) this.#see(page)
    // Asking is no reason to ask again when the answer comes.
    untrack(() => this.#readWanted())
  }

  /** From the beginning: nothing that was known holds any more. */
  async restart(): Promise<void> {
    this.#turn++
    this.#asked = []
    this.#wanted = []
    this.#seen = []
    this.#pages = {}
    this.#isBegun = false
    this.#count = 0
    await this.#read(0)
  }

  /** Few at a time: whoever scrolls fast passes pages that nobody needs any more when their turn comes. */
  #readWanted(): void {
    for (const page of this.#wanted) {
      if (this.#asked.length >= atOnce) return
      if (this.#pages[page] === undefined && !this.#asked.includes(page)) void this.#read(page)
    }
  }

  async #read(page: number): Promise<void> {
    const turn = this.#turn
    this.#asked = [...this.#asked, page]
    try {
      const { count, rows } = await this.#load(page * this.#size, this.#size)
      if (turn === this.#turn) this.#take(page, count, rows)
    } catch (cause) {
      if (turn === this.#turn) this.#failure = failureOf(cause)
    }
    if (turn !== this.#turn) return
    this.#asked = this.#asked.filter((asked) => asked !== page)
    if (this.#failure === null) this.#readWanted()
  }

  #take(page: number, count: number, rows: readonly Row[]): void {
    this.#see(page)
    this.#seen = this.#seen.slice(-this.#keep)
    const held = this.#seen.flatMap((seen) => {
      const of = seen === page ? rows : this.#pages[seen]
      return of === undefined ? [] : [[seen, of] as const]
    })
    this.#pages = Object.fromEntries(held)
    this.#count = count
    this.#isBegun = true
    this.#failure = null
  }

  #see(page: number): void {
    this.#seen = [...this.#seen.filter((seen) => seen !== page), page]
  }
}
